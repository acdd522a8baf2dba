/** From a customer's sentence to intents: the whole message first, then its parts. Pure. */
import type { Guess } from './classifier.ts'
import type { FaqIntent } from './content.ts'
import { wordsOf } from './features.ts'
import type { Snapshot } from './model.ts'

export interface Recognised {
  /** Intents to answer, in the order they were mentioned; empty when nothing is sure enough. */
  readonly intents: readonly FaqIntent[]
  /** The best guess and its rival, sure or not. */
  readonly best?: Guess
  readonly next?: Guess
}

/** Two requests in one message are believed only when each part alone is this sure and this long. */
const partConfidence = 0.85
const partWords = 3
/** One part stands for a message that is not understood as a whole when it is this sure. */
const loneConfidence = 0.7

export function recognise(said: string, snapshot: Snapshot, threshold: number): Recognised {
  const [best, next] = snapshot.classifier.classify(said)
  const parts = partsOf(said)
  const real = parts.length > 1 ? parts.flatMap((part) => realGuess(part, snapshot, threshold)) : []
  const several = distinct(real.filter((guess) => guess.confidence >= partConfidence && guess.words >= partWords))
  if (several.length > 1)
    return { intents: several.map((guess) => snapshot.intents.get(guess.intent)!), best: surest(several) }

  const whole = best && best.confidence >= threshold ? snapshot.intents.get(best.intent)! : undefined
  const part = surest(real)
  // "Thanks, and where is my order?" is a question, however grateful; else one clear sentence among several is enough.
  const partWins = part !== undefined && (whole ? whole.smallTalk : part.confidence >= loneConfidence)
  if (partWins) return { intents: [snapshot.intents.get(part.intent)!], best: part }
  return { intents: whole ? [whole] : [], best, next }
}

const separator = /[.!?;,\n]+|\s(?:and|also|und|außerdem|et|aussi|y|también|e|também)\s/i

export const partsOf = (said: string): string[] => said.split(separator).filter((part) => wordsOf(part).length > 0)

type Part = Guess & { readonly words: number }

/** Small talk in a part is manners, not a request. */
function realGuess(part: string, snapshot: Snapshot, threshold: number): Part[] {
  const [guess] = snapshot.classifier.classify(part)
  if (!guess || guess.confidence < threshold || snapshot.intents.get(guess.intent)!.smallTalk) return []
  return [{ ...guess, words: wordsOf(part).length }]
}

const surest = <T extends Guess>(guesses: readonly T[]): T | undefined =>
  [...guesses].sort((a, b) => b.confidence - a.confidence)[0]

/** The first part of each intent. */
const distinct = (parts: readonly Part[]): Part[] =>
  parts.filter((part, index) => parts.findIndex((other) => other.intent === part.intent) === index)
