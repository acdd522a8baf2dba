/** All that a connector may report to the hub. Immutable, stored once: a second copy with the same external id is dropped. */
import type { BotTurn } from './connector.ts'
import type { Customer } from './customer.ts'
import type { AttemptName, EffectKind, Role, TimerName } from './effects.ts'
import type { ErrorCode } from './errors.ts'
import type { Agent, Feedback, Mode, Outcome, Staffing } from './handoff.ts'
import type { Message, Ref, Visibility } from './message.ts'

/** Handed on by an agent, to a desk of the mapping's chain. */
export interface Passed {
  readonly to: { readonly desk: string; readonly mode: Mode }
  readonly agent: Agent
  /** For whoever gets it; the customer never sees it. */
  readonly note?: string
}

interface Reported {
  /** Stable across redeliveries; unique within the connection. */
  readonly externalId: string
  /** Epoch milliseconds at the source; the hub's own time where the source gives none. */
  readonly at: number
}

/** From a channel. `thread` names the visitor's conversation there; an unknown one begins a conversation. */
export type ChannelEvent = Reported & { readonly thread: Ref } & (
    | { readonly type: 'customer-message'; readonly message: Message; readonly customer?: Customer }
    | { readonly type: 'customer-identified'; readonly customer: Customer }
    /** The customer closed the conversation; mere disconnection is no event. */
    | { readonly type: 'customer-left' }
  )

/** From a desk. `ticket` is what `offer` returned; one that is not known yet is kept until it is. */
export type DeskEvent = Reported & { readonly ticket: Ref } & (
    | { readonly type: 'desk-assigned'; readonly agent: Agent }
    | { readonly type: 'desk-accepted'; readonly agent: Agent }
    | {
        readonly type: 'agent-message'
        readonly message: Message
        readonly agent: Agent
        readonly visibility: Visibility
      }
    | { readonly type: 'desk-queue'; readonly position?: number; readonly etaMs?: number }
    | { readonly type: 'agent-left'; readonly agent: Agent }
    /** The desk gave it up: its queue refused or lost it, or its agent passed it to another desk. */
    | { readonly type: 'desk-declined'; readonly reason: string; readonly passed?: Passed }
    | {
        readonly type: 'desk-ended'
        readonly outcome: Extract<Outcome, 'resolved' | 'returned' | 'abandoned' | 'expired'>
        readonly agent?: Agent
        /** What was done, in the agent's words. */
        readonly digest?: string
        /** With `returned`: the intent the bot should go on with. */
        readonly intent?: string
      }
  )

/** From a survey: an answer belongs to a conversation and a handoff of it. */
export type SurveyEvent = Reported & { readonly conversation: number } & {
  readonly type: 'feedback'
  readonly feedback: Feedback
}

export type HubEvent = ChannelEvent | DeskEvent | SurveyEvent

/** What the hub reports to itself: outcomes of effects, time limits, and what staff asked for. */
export type InternalEvent = { readonly at: number } & (
  | { readonly type: 'bot-answered'; readonly turn: BotTurn; readonly epoch: number }
  | { readonly type: 'desk-opened'; readonly name: AttemptName; readonly ticket: Ref; readonly staffing?: Staffing }
  /** The desk says beforehand that nobody can take it. */
  | { readonly type: 'desk-unstaffed'; readonly name: AttemptName; readonly staffing: Staffing }
  /** `ticket`: one that was found only when it was to be ended. */
  | { readonly type: 'desk-closed'; readonly name: AttemptName; readonly ticket?: Ref }
  | { readonly type: 'customer-found'; readonly customer: Customer }
  | { readonly type: 'survey-ready'; readonly handoff: number; readonly message?: Message }
  /** Given up for good; `text` is for operators. */
  | {
      readonly type: 'effect-failed'
      readonly effect: {
        readonly role: Role
        readonly kind: EffectKind
        readonly name?: AttemptName
        readonly epoch?: number
        /** Where it may have been carried out all the same: what to ask for it, and whom. */
        readonly unclear?: { readonly connection: string; readonly key: string }
      }
      readonly code: ErrorCode
      readonly text: string
    }
  | { readonly type: 'timer'; readonly name: TimerName }
  | { readonly type: 'staff-command'; readonly command: StaffCommand; readonly by: string }
)

export type StaffCommand =
  /** Ask the next desk of the chain. */
  | { readonly do: 'move' }
  | { readonly do: 'end'; readonly outcome: Extract<Outcome, 'resolved' | 'abandoned' | 'expired'> }
  | { readonly do: 'escalate' }

/** Everything the record holds. */
export type RecordEvent = (HubEvent & { readonly connection: string }) | InternalEvent
