/** The next conversation while it is being made: pure bookkeeping for `step`, no rule lives here. */
import {
  type Attempt,
  type Control,
  type Conversation,
  type HandoffState,
  moves,
  openHandoff,
} from '../conversation.ts'
import type { AttemptName, Decision, Effect, TimerChange, TimerName } from '../effects.ts'
import type { Agent } from '../handoff.ts'
import type { Mapping } from '../mapping.ts'
import { type Choice, type Message, type Part, text } from '../message.ts'
import { type WordKey, wording } from '../words.ts'

export interface Draft {
  conversation: Conversation
  readonly mapping: Mapping
  /** Epoch milliseconds of the event. */
  readonly at: number
  readonly effects: Effect[]
  readonly timers: TimerChange[]
  readonly decisions: Decision[]
}

export function change(d: Draft, patch: Partial<Conversation>): void {
  d.conversation = { ...d.conversation, ...patch }
}

/** Hands control over: the epoch grows, and every answer still on its way is late from here on. */
export function take(d: Draft, control: Control, why: string): void {
  const from = d.conversation.control
  if (from === control) return
  if (!(moves[from] as readonly Control[]).includes(control)) throw new Error(`No move from ${from} to ${control}`)
  change(d, { control, epoch: d.conversation.epoch + 1, asked: 0 })
  decide(d, 'control', `control ${from} → ${control}: ${why}`)
}

export function decide(d: Draft, kind: Decision['kind'], sentence: string, data?: unknown): void {
  d.decisions.push(data === undefined ? { kind, text: sentence } : { kind, text: sentence, data })
}

export function setTimer(d: Draft, name: TimerName, inMs: number): void {
  d.timers.push({ name, inMs })
}

export function clearTimers(d: Draft, ...names: TimerName[]): void {
  for (const name of names) d.timers.push({ name, clear: true })
}

/** Baton's own words; true only now, so they are fenced by the epoch. */
export function tell(
  d: Draft,
  key: WordKey,
  values: Record<string, string | number> = {},
  choices: Choice[] = [],
): void {
  const sentence = wording(d.mapping.words, d.conversation.language, key, values)
  const parts: Part[] = [{ kind: 'text', text: sentence }]
  if (choices.length > 0) parts.push({ kind: 'choices', choices })
  say(d, 'hub', { parts }, undefined, d.conversation.epoch)
}

export const choice = (d: Draft, key: WordKey, value: string): Choice => ({
  label: wording(d.mapping.words, d.conversation.language, key),
  value,
})

export const botSays = (d: Draft, message: Message): void => say(d, 'bot', message, undefined, d.conversation.epoch)

/** True for the epoch it was asked in: a customer who is being handed over again is not asked how the last time was. */
export const sayInvitation = (d: Draft, message: Message): void =>
  say(d, 'hub', message, undefined, d.conversation.epoch)

/**
 * What was said before control changed hands in the same step ("let me get somebody") belongs to the epoch the step ends in: with
 * the one before it would be late at once and never be heard.
 */
export function stamp(d: Draft): void {
  const { epoch } = d.conversation
  for (const [i, effect] of d.effects.entries()) {
    if (effect.kind === 'say' && effect.fence !== undefined) d.effects[i] = { ...effect, fence: epoch }
  }
}

/** An agent's words are never fenced out. */
export const agentSays = (d: Draft, agent: Agent | undefined, message: Message): void =>
  say(d, 'agent', message, agent?.name)

function say(d: Draft, by: 'bot' | 'agent' | 'hub', message: Message, name?: string, fence?: number): void {
  const body = name === undefined ? { by, message } : { by, name, message }
  d.effects.push({ connection: d.conversation.channel, role: 'channel', kind: 'say', body, fence })
}

/** Words for the agent of an attempt: the customer's, or a note of ours that no customer sees. */
export function passToDesk(d: Draft, attempt: Attempt, message: Message): void {
  toDesk(d, attempt, 'customer', 'public', message)
}

export function noteToDesk(d: Draft, attempt: Attempt, note: string): void {
  toDesk(d, attempt, 'hub', 'internal', text(note))
}

function toDesk(
  d: Draft,
  attempt: Attempt,
  by: 'customer' | 'hub',
  visibility: 'public' | 'internal',
  message: Message,
) {
  const body = { ...nameOf(d, attempt), ticket: attempt.ticket, by, visibility, message, at: d.at }
  d.effects.push({ connection: attempt.desk, role: 'desk', kind: 'pass', body })
}

export const nameOf = (d: Draft, attempt: Attempt): AttemptName => ({
  handoff: d.conversation.handoff?.number ?? 0,
  attempt: attempt.number,
})

export function changeHandoff(d: Draft, patch: Partial<HandoffState>): void {
  const handoff = d.conversation.handoff
  if (handoff) change(d, { handoff: { ...handoff, ...patch } })
}

export function changeAttempt(d: Draft, number: number, patch: Partial<Attempt>): void {
  const attempts = d.conversation.handoff?.attempts ?? []
  changeHandoff(d, {
    attempts: attempts.map((attempt) => (attempt.number === number ? { ...attempt, ...patch } : attempt)),
  })
}

/** The attempt an effect was about, if its handoff is still the latest one. */
export const attemptNamed = (d: Draft, name: AttemptName): Attempt | undefined =>
  d.conversation.handoff?.number === name.handoff
    ? d.conversation.handoff.attempts.find((attempt) => attempt.number === name.attempt)
    : undefined

export const isHandingOff = (d: Draft): boolean => openHandoff(d.conversation) !== undefined
