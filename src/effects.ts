/** All that the hub may ask of the outside. Stored with the state change that caused it, executed by the lanes afterwards. */
import type { DeskMessage } from './connector.ts'
import type { EndReason, HandoffNews } from './handoff.ts'
import type { Message, Ref } from './message.ts'

export type Role = 'channel' | 'bot' | 'desk' | 'survey' | 'crm'

/** Where an attempt at a desk is found: the number of its handoff in the conversation, and its own. */
export interface AttemptName {
  readonly handoff: number
  readonly attempt: number
}

export type Effect = { readonly connection: string; readonly fence?: number } & (
  | {
      readonly role: 'channel'
      readonly kind: 'say'
      readonly body: { by: 'bot' | 'agent' | 'hub'; name?: string; message: Message }
    }
  | { readonly role: 'bot'; readonly kind: 'turn'; readonly body: { message: Message } }
  | { readonly role: 'bot'; readonly kind: 'inform'; readonly body: HandoffNews }
  | { readonly role: 'desk'; readonly kind: 'open'; readonly body: AttemptName }
  | { readonly role: 'desk'; readonly kind: 'pass'; readonly body: AttemptName & DeskMessage & { ticket?: Ref } }
  /** Tells an agent who wrote outside of a handoff what was said since their ticket ended. */
  | { readonly role: 'desk'; readonly kind: 'brief'; readonly body: AttemptName & { ticket: Ref; since: number } }
  /** `unclear`: the key of an offer that may have made a ticket nobody has heard of yet. */
  | { readonly role: 'desk'; readonly kind: 'close'; readonly body: AttemptName & { why: EndReason; unclear?: string } }
  | { readonly role: 'survey'; readonly kind: 'invite'; readonly body: { handoff: number } }
  | { readonly role: 'crm'; readonly kind: 'identify'; readonly body: Record<string, never> }
  | { readonly role: 'crm'; readonly kind: 'log'; readonly body: { handoff: number } }
)
export type EffectKind = Effect['kind']

/** How an effect is executed, and when it is given up. */
export interface EffectRule {
  /** Drained by the process that recorded it, without a queue hop: always, while that process has room for more calls, or never. */
  readonly direct: 'always' | 'with room' | 'never'
  /** Refused credentials are a person's to renew: this waits for them instead of failing at once. */
  readonly outlastsRefusal?: boolean
  /** Total time of one vendor call. */
  readonly deadlineMs: number
  readonly attempts: number
  /** Age after which it is given up, however few the attempts. */
  readonly givenUpAfterMs: number
  /** Waits between attempts; the last one repeats. */
  readonly waitsMs: readonly number[]
  /** The conversation is told about a failure for good (`effect-failed`) because something depends on it. */
  readonly matters: boolean
}

const minute = 60_000
const patient = [1_000, 2_000, 5_000, 15_000, 30_000, minute] as const

/** Relayed in both directions: never held up by a queue, and waited for as long as anybody may still want them. */
const words: EffectRule = {
  direct: 'always',
  outlastsRefusal: true,
  deadlineMs: 10_000,
  attempts: 25,
  givenUpAfterMs: 15 * minute,
  waitsMs: patient,
  matters: true,
}

export const effectRules: Record<EffectKind, EffectRule> = {
  say: words,
  pass: words,
  // A customer who waits for a bot is better off with a person: two tries, then the criteria hear of it.
  turn: {
    direct: 'with room',
    deadlineMs: 8_000,
    attempts: 2,
    givenUpAfterMs: 20_000,
    waitsMs: [250],
    matters: true,
  },
  inform: {
    direct: 'never',
    deadlineMs: 10_000,
    attempts: 5,
    givenUpAfterMs: 5 * minute,
    waitsMs: patient,
    matters: false,
  },
  open: {
    direct: 'never',
    deadlineMs: 10_000,
    attempts: 4,
    givenUpAfterMs: 40_000,
    waitsMs: [500, 1_500, 4_000],
    matters: true,
  },
  brief: {
    direct: 'never',
    deadlineMs: 10_000,
    attempts: 6,
    givenUpAfterMs: 5 * minute,
    waitsMs: patient,
    matters: false,
  },
  close: {
    direct: 'never',
    deadlineMs: 10_000,
    attempts: 25,
    givenUpAfterMs: 2 * minute,
    // Soon again: what the same desk is asked next waits behind it.
    waitsMs: [1_000, 2_000, 5_000],
    matters: true,
  },
  invite: {
    direct: 'never',
    deadlineMs: 10_000,
    attempts: 8,
    givenUpAfterMs: 30 * minute,
    waitsMs: patient,
    matters: false,
  },
  identify: {
    direct: 'never',
    deadlineMs: 5_000,
    attempts: 3,
    givenUpAfterMs: minute,
    waitsMs: [500, 2_000],
    matters: false,
  },
  log: {
    direct: 'never',
    deadlineMs: 10_000,
    attempts: 12,
    givenUpAfterMs: 60 * minute,
    waitsMs: patient,
    matters: false,
  },
}

/** A limit on waiting: one row of `timers`, one name at a time in a conversation. */
export type TimerName = 'offer' | 'connect' | 'wait' | 'reassure' | 'agent' | 'idle' | 'park' | 'survey' | 'contact'
export type TimerChange =
  /** Counted from when it is recorded: what happened may be reported late, and by a clock that is wrong. */
  { readonly name: TimerName; readonly inMs: number } | { readonly name: TimerName; readonly clear: true }

/** Why something was done or left undone, for the timeline. */
export interface Decision {
  readonly kind: 'control' | 'escalation' | 'offer' | 'handoff' | 'stopped' | 'survey' | 'alarm' | 'note'
  readonly text: string
  /** Values and limits behind it, when there are any (the findings of the criteria). */
  readonly data?: unknown
}
