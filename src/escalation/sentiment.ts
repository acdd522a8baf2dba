/** How a customer feels, from their words: −1 (furious) to 1 (delighted). */
import { guessLanguage, primary } from './language.ts'
import { lexicon } from './lexicon.ts'
import { diminishers, intensifiers, isThanks, matters, moods, negators, swearing } from './moods.ts'
import { type Found, findPhrases } from './phrases.ts'
import { quote, readWords, type Words } from './words.ts'

export interface Feeling {
  /** −1 to 1, two decimals. */
  readonly score: number
  /** Written in capitals, or sworn. */
  readonly loud: boolean
  /** The customer's words that made it negative, or loud. */
  readonly evidence: readonly string[]
  readonly language: string
}

/** How much a lexicon word weighs: the English list was made by people, the others are machine translations of it. */
const lexiconShare: Record<string, number> = { en: 0.32 }
const translatedShare = 0.25
/** Single lexicon words may colour a message, but never make it a complaint alone. */
const lexiconLimit = 1.5
/** Sums become scores by s / √(s² + softness): −2 is −0.52, −2.5 is −0.6. */
const softness = 11
const negationReach = 3
const evidenceLimit = 4

export function feel(text: string, language?: string): Feeling {
  return feelWords(readWords(text), language)
}

export function feelWords(words: Words, given?: string, otherwise = 'en'): Feeling {
  const language = given ? primary(given) : guessLanguage(words, otherwise)
  const found = findPhrases(moods, words)
  const marks = [...weighPhrases(found, words), ...weighLexicon(found, words, language)]
  const oaths = findPhrases(swearing, words)
  const shouted = isShouting(words.text)
  const score = toScore(marks, shouted, words.text)
  const loud = oaths.length > 0 || (shouted && score <= 0)
  const negative = marks.filter((mark) => mark.weight < 0).map((mark) => mark.quote)
  const capitals = shouted && score <= 0 && negative.length === 0 ? [words.text.slice(0, 60)] : []
  const evidence = [...new Set([...oaths.map((oath) => oath.quote), ...negative, ...capitals])].slice(0, evidenceLimit)
  return { score, loud, evidence, language }
}

interface Mark {
  readonly weight: number
  readonly quote: string
}

function weighPhrases(found: readonly Found[], words: Words): Mark[] {
  return found.map((phrase) => {
    const single = phrase.from === phrase.to
    const turned = single && !isThanks(phrase.weight) ? turn(phrase.weight, words, phrase.from) : 1
    const weight = phrase.weight * emphasis(words, phrase.from) * turned
    const from = single && weight < 0 && phrase.weight > 0 ? negatorBefore(words, phrase.from) : phrase.from
    return { weight, quote: quote(words, from ?? phrase.from, phrase.to) }
  })
}

function weighLexicon(found: readonly Found[], words: Words, language: string): Mark[] {
  const coefficients = lexicon(language)
  if (coefficients.size === 0) return []
  const share = lexiconShare[language] ?? translatedShare
  const taken = new Set([...found, ...findPhrases(matters, words)].flatMap((phrase) => range(phrase.from, phrase.to)))
  const marks: Mark[] = []
  let sum = 0
  for (let at = 0; at < words.list.length; at++) {
    const coefficient = taken.has(at) ? undefined : coefficients.get(words.list[at]!)
    if (coefficient === undefined || Math.abs(coefficient) < 2) continue
    const full = coefficient * share * emphasis(words, at) * turn(coefficient, words, at)
    const weight = Math.max(-lexiconLimit - sum, Math.min(lexiconLimit - sum, full))
    sum += weight
    marks.push({ weight, quote: quote(words, at, at) })
  }
  return marks
}

/** "not helpful" is worse than silence, "not bad" is only not bad. */
function turn(weight: number, words: Words, at: number): number {
  if (negatorBefore(words, at) === undefined) return 1
  return weight > 0 ? -0.8 : -0.2
}

function negatorBefore(words: Words, at: number): number | undefined {
  for (let i = at - 1; i >= at - negationReach && i >= 0; i--) {
    if (words.clauses[i] !== words.clauses[at]) return
    if (negators.has(words.list[i]!)) return i
  }
}

function emphasis(words: Words, at: number): number {
  const before = words.list[at - 1]
  if (before === undefined || words.clauses[at - 1] !== words.clauses[at]) return 1
  if (intensifiers.has(before)) return 1.3
  return diminishers.has(before) ? 0.6 : 1
}

function toScore(marks: readonly Mark[], shouted: boolean, text: string): number {
  let sum = marks.reduce((total, mark) => total + mark.weight, 0)
  if (sum < 0 && shouted) sum *= 1.3
  if (sum < 0 && /[!?]{2}/.test(text)) sum *= 1.2
  // Insisting without a word of anger ("hello???") is a hint, no more.
  if (sum === 0 && /\?{3}|!{3}/.test(text)) sum = -0.8
  return Math.round((sum / Math.sqrt(sum * sum + softness)) * 100) / 100 + 0
}

/** At least three words and ten letters in capitals, with hardly a small letter: no order number, no abbreviation. */
function isShouting(text: string): boolean {
  let capitals = 0
  let small = 0
  for (const character of text) {
    if (character !== character.toLowerCase()) capitals++
    else if (character !== character.toUpperCase()) small++
  }
  if (capitals < 10 || small * 5 > capitals) return false
  return (text.match(/\p{Lu}{2,}/gu) ?? []).length >= 3
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i)
