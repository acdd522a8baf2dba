/** What the twins of both products hear and say alike. */
import type { TwinLine } from '#hub/twin.ts'

export const orderIn = (words: string): string | undefined => /\b\d{5,}\b/.exec(words)?.[0]

const bad = /\b(awful|terrible|angry|worst|useless|third time)\b/gi
const good = /\b(great|thanks|love|perfect)\b/gi

export interface Feeling {
  readonly score: number
  readonly magnitude: number
}

/** Undefined where there is nothing to feel: a score of zero is left out (dialogflow.md 7). */
export function feelingIn(words: string): Feeling | undefined {
  const sum = (words.match(good)?.length ?? 0) - (words.match(bad)?.length ?? 0)
  const score = Math.max(-1, Math.min(1, sum * 0.7))
  return score === 0 ? undefined : { score, magnitude: Math.abs(score) }
}

export const textOf = (answer: object): string =>
  (answer as { readonly text?: { readonly text: readonly string[] } }).text?.text.join('\n') ?? ''

/** What is no text stands as its kind. */
export const linesOf = (say: readonly object[], at: number): TwinLine[] =>
  say.map((one) => ({ by: 'bot', text: textOf(one) || `(${Object.keys(one)[0]})`, at }))
