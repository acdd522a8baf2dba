/** What the agent receives at a handoff. The tiers are field-tested: a line for a ticket field, a page for a note, the rest behind. */
import type { Conversation, HandoffState } from './conversation.ts'
import type { Customer } from './customer.ts'
import { findWish } from './escalation/wishes.ts'
import { readWords } from './escalation/words.ts'
import type { TranscriptEntry } from './handoff.ts'
import { plainText } from './message.ts'

export interface Context {
  readonly conversation: number
  readonly channel: string
  /** The criterion that fired, and one line in plain words. */
  readonly reason: { readonly criterion: string; readonly text: string }
  /** Four lines at most. */
  readonly summary: string
  /** What the agent of the desk before said to this one. */
  readonly passedOn?: { readonly by?: string; readonly note: string }
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

/** Puts the package together from what is on record. Pure. */
export function buildContext(
  conversation: Conversation,
  handoff: Pick<HandoffState, 'reason' | 'passedOn'>,
  transcript: readonly TranscriptEntry[],
): Context {
  const { customer, channel, language, understood, measures } = conversation
  const bySaid = transcript.filter((entry) => entry.by === 'customer')
  const wants = wantedNow(bySaid)
  const tried = transcript.filter((entry) => entry.by === 'bot').map((entry) => short(plainText(entry.message)))
  const who = customer.name ?? customer.email ?? 'The customer'
  const { passedOn } = handoff
  return {
    conversation: conversation.id,
    channel,
    reason: handoff.reason,
    summary: [
      `${who} wrote ${bySaid.length} ${bySaid.length === 1 ? 'message' : 'messages'}; the bot answered ${tried.length}.`,
      `Why a person: ${handoff.reason.text}`,
      `Wants: ${wants}`,
      ...(passedOn ? [`${passedOn.by ?? 'The agent before'} passed it on: ${short(passedOn.note)}`] : []),
    ].join('\n'),
    passedOn,
    wants,
    customer,
    language,
    intent: understood?.intent,
    confidence: understood?.confidence,
    tried: [...new Set(tried)].slice(-8),
    asked: measures.slots,
    sentiment: measures.felt.map((felt) => felt.score),
    signals: [handoff.reason.text],
    transcript,
  }
}

/** The last words that say something: asking for a person is why they are here, not what they want. */
function wantedNow(said: readonly TranscriptEntry[]): string {
  const words = said.map((entry) => plainText(entry.message).trim()).filter((line) => line.length > 0)
  const telling = words.findLast((line) => line.split(/\s+/).length >= 4 && findWish(readWords(line)).score < 0.5)
  return short(telling ?? words.at(-1) ?? '')
}

/** Cut between characters: half of one is no text that every desk can store. */
const short = (line: string): string =>
  line.length > 240 ? `${line.slice(0, 239).replace(/[\uD800-\uDBFF]$/, '')}…` : line
