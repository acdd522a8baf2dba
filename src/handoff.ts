/** One escalation from the bot to people: its stages, its attempts at desks, how it ended, and what each side is told of it. */
import type { Context } from './context.ts'
import type { Customer } from './customer.ts'
import type { Message, Ref } from './message.ts'

/** In this order; stages a desk does not report are skipped. */
export const stages = ['offered', 'requested', 'opened', 'assigned', 'accepted', 'ended'] as const
export type Stage = (typeof stages)[number]

/**
 * How a handoff ended:
 * `resolved` by a person · `returned` to the bot · `deferred` to a ticket or callback · `declined` by the customer (an offer) ·
 * `abandoned` by the customer while waiting · `expired` (nobody took it, or nobody wrote any more) · `failed` (no desk could be reached)
 */
export const outcomes = ['resolved', 'returned', 'deferred', 'declined', 'abandoned', 'expired', 'failed'] as const
export type Outcome = (typeof outcomes)[number]

/** How a desk is asked: a person now, a ticket to be answered later, or a call back. */
export type Mode = 'live' | 'ticket' | 'callback'

/** Why one attempt at a desk is over, said to that desk. */
export type EndReason = 'resolved' | 'returned' | 'abandoned' | 'expired' | 'moved' | 'ended'

export interface Agent {
  readonly ref?: Ref
  readonly name?: string
}

/** What an agent must be able to do. */
export interface Skills {
  readonly skills: readonly string[]
  readonly language?: string
}

/** What a desk knows of its people right now; each field may be unknown. */
export interface Staffing {
  readonly open?: boolean
  readonly online?: number
  readonly waiting?: number
  readonly etaMs?: number
  /** Epoch milliseconds. */
  readonly nextOpenAt?: number
}

/** What a desk gets when it is asked. */
export interface Handoff {
  /** Stable across tries and attempts: `<conversation>-<number>`. */
  readonly id: string
  readonly conversation: number
  /** The handoff's number within its conversation, from 1. */
  readonly number: number
  readonly attempt: number
  readonly mode: Mode
  readonly customer: Customer
  readonly context: Context
  readonly need: Skills
  readonly priority: 'normal' | 'high' | 'urgent'
  /** The desk's own fields and what the mapping's templates made of them; empty ones are left out. */
  readonly fields?: Readonly<Record<string, string>>
}

/** What a bot is told of a handoff that left its hands. */
export interface HandoffNews {
  readonly what: 'accepted' | 'failed' | 'ended'
  readonly outcome?: Outcome
  /** What the person did, in a few lines; the bot resumes from it and does not greet again. */
  readonly digest?: string
  /** The intent the agent asked the bot to go on with. */
  readonly intent?: string
}

/** What a CRM is told after a handoff. */
export interface HandoffDigest {
  readonly handoff: string
  readonly customer: Customer
  readonly outcome: Outcome
  readonly reason: string
  readonly digest: string
  readonly startedAt: number
  readonly endedAt: number
}

/** A customer's answer to a survey. */
export interface Feedback {
  readonly handoff: number
  readonly score: number
  /** The score of full satisfaction: 5 for stars, 10 for NPS. */
  readonly scale: number
  readonly comment?: string
}

/** A message of a conversation as an agent or a bot is shown it. */
export interface TranscriptEntry {
  readonly seq: number
  /** Epoch milliseconds. */
  readonly at: number
  readonly by: 'customer' | 'bot' | 'agent' | 'hub'
  readonly name?: string
  readonly message: Message
}
