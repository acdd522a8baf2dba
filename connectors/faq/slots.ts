/** Asking for what an intent needs before its answer: an order number, a postcode. Pure. */

import { answerOf, confidenceOf, type Decision, type Situation, type Speak } from './answer.ts'
import type { FaqIntent, FaqSlot } from './content.ts'
import type { Snapshot } from './model.ts'
import type { Recognised } from './recognise.ts'
import type { Pending } from './session.ts'

/** Surer than this of another intent, we believe the customer changed the subject. */
const changedSubject = 0.8
/** After so many answers that are none, the bot says it does not understand instead of asking for ever. */
const mostMisses = 2

/** Is this message to be read as the answer to our open question? */
export function isPending(
  pending: Pending | undefined,
  words: string,
  found: Recognised,
  snapshot: Snapshot,
): pending is Pending {
  const intent = pending && snapshot.intents.get(pending.intent)
  const need = intent && openNeeds(intent, pending.filled)[0]
  if (!need) return false
  if (need.pattern && valueIn(words, need) !== undefined) return true
  const [first] = found.intents
  return !first || first.name === pending.intent || (found.best?.confidence ?? 0) < changedSubject
}

export function beginSlots(
  situation: Situation,
  intent: FaqIntent,
  words: string,
  found: Recognised,
  speak: Speak,
): Decision {
  // What has a pattern may already be in the first sentence: "where is order 12345?"
  const filled: Record<string, string> = {}
  for (const need of intent.needs) {
    const value = need.pattern ? valueIn(words, need) : undefined
    if (value !== undefined) filled[need.slot] = value
  }
  return proceed(situation, intent, { intent: intent.name, filled, misses: 0 }, confidenceOf(found), speak)
}

export function answerPending(situation: Situation, words: string, speak: Speak): Decision {
  const pending = situation.session.pending!
  const intent = situation.snapshot.intents.get(pending.intent)!
  const need = openNeeds(intent, pending.filled)[0]
  const value = need && valueIn(words, need)
  const certain = { intent: intent.name, confidence: 1 }
  if (need && value !== undefined) {
    const filled = { ...pending.filled, [need.slot]: value }
    return proceed(situation, intent, { ...pending, filled, misses: 0 }, certain, speak)
  }
  const misses = pending.misses + 1
  const missed = proceed(situation, intent, { ...pending, misses }, { intent: intent.name, confidence: 0 }, speak)
  const turn = { ...missed.turn, noMatch: true }
  return misses < mostMisses ? { ...missed, turn } : { turn, session: { ...situation.session, pending: undefined } }
}

/** The next question, or the answer when nothing is missing. */
function proceed(
  { session }: Situation,
  intent: FaqIntent,
  pending: Pending,
  confidence: ReturnType<typeof confidenceOf>,
  speak: Speak,
): Decision {
  const open = openNeeds(intent, pending.filled)
  const slots = { open: open.length, filled: pending.filled }
  if (open[0]) {
    const question = { parts: [{ kind: 'text' as const, text: speak(open[0].ask) }] }
    return { turn: { ...confidence, messages: [question], slots }, session: { ...session, pending } }
  }
  const messages = answerOf(intent, speak, session, pending.filled)
  const turn = { ...confidence, messages, slots, ...(intent.wants && { wants: intent.wants }) }
  return { turn, session: session.pending ? { ...session, pending: undefined } : session }
}

const openNeeds = (intent: FaqIntent, filled: Readonly<Record<string, string>>): FaqSlot[] =>
  intent.needs.filter((need) => filled[need.slot] === undefined)

function valueIn(words: string, { pattern }: FaqSlot): string | undefined {
  const value = pattern ? pattern.exec(words)?.[0] : words.trim()
  return value || undefined
}
