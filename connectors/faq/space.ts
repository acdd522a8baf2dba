/** Sentences as vectors: every feature seen in training has a number and a rarity (TF-IDF, length 1). */
import type { Breathe } from './breath.ts'
import { type Features, isWord } from './features.ts'

export interface Vector {
  readonly ids: Int32Array
  readonly values: Float32Array
  /** How much of the sentence's words was ever seen, rare words counting more; 0 to 1. Unknown words make us modest. */
  readonly known: number
}

export interface Space {
  readonly size: number
  vectorOf(features: Features): Vector
}

/** A feature seen once teaches nothing when there are thousands of sentences, but a lot when there are fifty. */
const manySentences = 2000

/** What handling the features of one sentence costs, in the units of `Breathe`. */
export const sentenceWork = 20_000

export async function openSpace(sentences: readonly Features[], breathe: Breathe): Promise<Space> {
  const seen = new Map<string, number>()
  for (const features of sentences) {
    for (const name of features.keys()) seen.set(name, (seen.get(name) ?? 0) + 1)
    await breathe(sentenceWork)
  }
  const ids = new Map<string, number>()
  const rarity: number[] = []
  const least = sentences.length > manySentences ? 2 : 1
  for (const [name, count] of seen) {
    if (count < least) continue
    ids.set(name, rarity.length)
    rarity.push(Math.log((1 + sentences.length) / (1 + count)) + 1)
  }
  const unseen = Math.log(1 + sentences.length) + 1
  return { size: rarity.length, vectorOf: (features) => toVector(features, ids, rarity, unseen) }
}

function toVector(features: Features, ids: Map<string, number>, rarity: readonly number[], unseen: number): Vector {
  const found: number[] = []
  const values: number[] = []
  let squares = 0
  let allWords = 0
  let knownWords = 0
  for (const [name, weight] of features) {
    const id = ids.get(name)
    if (isWord(name)) allWords += id === undefined ? unseen : rarity[id]!
    if (id === undefined) continue
    if (isWord(name)) knownWords += rarity[id]!
    const value = weight * rarity[id]!
    found.push(id)
    values.push(value)
    squares += value * value
  }
  const length = Math.sqrt(squares) || 1
  return {
    ids: Int32Array.from(found),
    values: Float32Array.from(values, (value) => value / length),
    known: allWords > 0 ? knownWords / allWords : 0,
  }
}
