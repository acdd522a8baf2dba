/**
 * One customer's thread on one channel, under one mapping.
 *
 * - **control**: who may speak to the customer. `bot`: the bot answers. `waiting`: a person is needed, none speaks yet.
 *   `agent`: a person holds the conversation. `closed`: nobody; the customer's next word opens it again.
 * - **epoch**: grows by one whenever control changes hands. What a bot says, and what Baton says, carries the epoch it was
 *   decided in; with another epoch it is late, is kept, and is never sent.
 * - **handoff**: one escalation, with its **attempts**: the desks that were asked, one at a time.
 *
 * The whole state is JSON. `step` is the only code that makes a new one.
 */
import type { Customer } from './customer.ts'
import { type Measures, noMeasures } from './escalation/signals.ts'
import type { Agent, Mode, Outcome, Skills, Stage } from './handoff.ts'
import type { Ref } from './message.ts'

/** Who may take control from whom. */
export const moves = {
  bot: ['waiting', 'agent', 'closed'],
  waiting: ['agent', 'bot', 'closed'],
  agent: ['waiting', 'bot', 'closed'],
  closed: ['bot', 'waiting', 'agent'],
} as const satisfies Record<string, readonly string[]>

export type Control = keyof typeof moves
export const controls = Object.keys(moves) as Control[]

export interface Conversation {
  readonly id: number
  readonly mapping: string
  /** The connection and its name for the visitor. */
  readonly channel: string
  readonly thread: Ref
  readonly control: Control
  readonly epoch: number
  /** Number of the last event on record. */
  readonly seq: number
  readonly startedAt: number
  readonly customer: Customer
  readonly language: string
  /** What escalation is decided from. */
  readonly measures: Measures
  /** Bot turns asked for and not answered yet, in this epoch. */
  readonly asked: number
  /** What the bot last recognised, for the agent. */
  readonly understood?: { readonly intent?: string; readonly confidence?: number }
  /** The handoff under way (from the moment it was offered), or the last one. */
  readonly handoff?: HandoffState
  readonly handoffs: number
  /** A ticket was promised and we do not know where to write to: the next words may be an address. */
  readonly contactWanted?: boolean
  readonly surveyedAt?: number
  readonly heardAt?: number
  /** The customer was silent so long that nobody waits for them; a late word finds the same agent. */
  readonly parked?: boolean
}

export interface Reason {
  /** The criterion that fired, or who asked for it: `human_request`, `staff`, `agent_spoke`… */
  readonly criterion: string
  /** One plain sentence. */
  readonly text: string
}

export interface HandoffState {
  readonly number: number
  readonly stage: Stage
  readonly outcome?: Outcome
  readonly reason: Reason
  readonly priority: 'normal' | 'high' | 'urgent'
  readonly need: Skills
  readonly startedAt: number
  readonly endedAt?: number
  readonly agent?: Agent
  readonly digest?: string
  readonly intent?: string
  /** What the agent of the desk before said to the next one. */
  readonly passedOn?: { readonly by?: string; readonly note: string }
  /** Steps of the mapping's chain not asked yet: index into `desks`, then into `fallback`. */
  readonly next: { readonly list: 'desks' | 'fallback'; readonly index: number }
  readonly attempts: readonly Attempt[]
  /** What the customer was told while waiting, so that they are told once. */
  readonly told: {
    readonly etaMs?: number
    readonly position?: number
    readonly reassured?: boolean
  }
  /** Since when the customer waits for the agent's next word; and whether the agent was reminded. */
  readonly unanswered?: { readonly since: number; readonly reminded: boolean }
}

/** One desk asked within a handoff. `asked → opened → assigned → accepted → over`; `closing` while its desk is being told that it is over. */
export interface Attempt {
  readonly number: number
  readonly desk: string
  readonly mode: Mode
  readonly stage: 'asked' | 'opened' | 'assigned' | 'accepted' | 'closing' | 'over'
  readonly ticket?: Ref
  readonly agent?: Agent
  readonly askedAt: number
  readonly openedAt?: number
  readonly assignedAt?: number
  readonly acceptedAt?: number
  readonly overAt?: number
  /** Why it is over, in plain words. */
  readonly why?: string
}

/** A conversation before its first event. */
export function newConversation(
  id: number,
  birth: { mapping: string; channel: string; thread: Ref; language: string; at: number },
): Conversation {
  return {
    id,
    mapping: birth.mapping,
    channel: birth.channel,
    thread: birth.thread,
    control: 'bot',
    epoch: 1,
    seq: 0,
    startedAt: birth.at,
    customer: {},
    language: birth.language,
    measures: noMeasures,
    asked: 0,
    handoffs: 0,
  }
}

/** The handoff that has no outcome yet, if there is one. */
export const openHandoff = (conversation: Conversation): HandoffState | undefined =>
  conversation.handoff && conversation.handoff.stage !== 'ended' ? conversation.handoff : undefined

/** The attempt that may still bring an agent. */
export const currentAttempt = (conversation: Conversation): Attempt | undefined =>
  openHandoff(conversation)?.attempts.findLast((attempt) => attempt.stage !== 'over' && attempt.stage !== 'closing')

export const attemptOf = (conversation: Conversation, ticket: Ref): Attempt | undefined =>
  conversation.handoff?.attempts.findLast((attempt) => attempt.ticket === ticket)
