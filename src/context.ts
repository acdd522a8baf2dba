/** What the agent receives at a handoff. The tiers are field-tested: a line for a ticket field, a page for a note, the rest behind. */
import type { Customer } from './customer.ts'
import type { TranscriptEntry } from './handoff.ts'

export interface Context {
  readonly conversation: number
  readonly channel: string
  /** The criterion that fired, and one line in plain words. */
  readonly reason: { readonly criterion: string; readonly text: string }
  /** Three lines at most. */
  readonly summary: string
  /** What the customer wants now: their last own words that say it. */
  readonly wants: string
  readonly customer: Customer
  readonly language?: string
  readonly intent?: string
  /** 0 to 1. */
  readonly confidence?: number
  /** What the bot answered and which articles it showed. */
  readonly tried: readonly string[]
  /** What the bot asked and was told: slot to value. */
  readonly asked: Readonly<Record<string, string>>
  /** −1 to 1, oldest first. */
  readonly sentiment: readonly number[]
  /** Plain sentences, one for each signal that counted. */
  readonly signals: readonly string[]
  /** Everything said so far, oldest first. */
  readonly transcript: readonly TranscriptEntry[]
}
