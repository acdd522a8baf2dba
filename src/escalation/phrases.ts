/**
 * Lists of phrases, searched in linear time. One phrase a line, words as `fold` leaves them, with
 * `a|b` either word · `stem*` any word that begins so · `...` up to four words of the same sentence, or none ·
 * `word?` may be missing · `^` the message begins here · `$` the message ends here.
 */
import { fold, quote, type Words } from './words.ts'

const gapWords = 4
/** A first word given as a stem is found by its first letters; stems are at least this long. */
const stemKey = 4

interface Element {
  readonly exact: ReadonlySet<string>
  readonly stems: readonly string[]
  /** Words that may stand before this element. */
  readonly gap: number
}
interface Phrase {
  readonly weight: number
  readonly elements: readonly Element[]
  readonly atStart: boolean
  readonly atEnd: boolean
}

export interface PhraseBook {
  readonly byWord: ReadonlyMap<string, readonly Phrase[]>
  readonly byStem: ReadonlyMap<string, readonly Phrase[]>
}

export interface Found {
  readonly weight: number
  /** First and last word. */
  readonly from: number
  readonly to: number
  readonly quote: string
}

/** Each list has a weight that its matches carry. */
export function phraseBook(...lists: ReadonlyArray<readonly [weight: number, lines: string]>): PhraseBook {
  const byWord = new Map<string, Phrase[]>()
  const byStem = new Map<string, Phrase[]>()
  for (const [weight, lines] of lists) {
    for (const line of fold(lines).split('\n')) {
      for (const tokens of variants(line.split(/\s+/).filter(Boolean)))
        index(readPhrase(tokens, weight), byWord, byStem)
    }
  }
  return { byWord, byStem }
}

/** For each word at which phrases begin: the heaviest of them, the longest among equals. In order, not overlapping. */
export function findPhrases(book: PhraseBook, words: Words): Found[] {
  const found: Found[] = []
  let next = 0
  for (let at = 0; at < words.list.length; at++) {
    if (at < next) continue
    const best = bestAt(book, words, at)
    if (!best) continue
    found.push(best)
    next = best.to + 1
  }
  return found
}

function bestAt(book: PhraseBook, words: Words, at: number): Found | undefined {
  const word = words.list[at]!
  let best: Found | undefined
  for (const phrases of [book.byWord.get(word), book.byStem.get(word.slice(0, stemKey))]) {
    for (const phrase of phrases ?? []) {
      const to = matchAt(phrase, words, at)
      if (to === undefined || (best && better(best, phrase.weight, to))) continue
      best = { weight: phrase.weight, from: at, to, quote: quote(words, at, to) }
    }
  }
  return best
}

const better = (best: Found, weight: number, to: number): boolean =>
  Math.abs(best.weight) > Math.abs(weight) || (best.weight === weight && best.to >= to)

/** The last word of the phrase when it begins at `at`. */
function matchAt(phrase: Phrase, words: Words, at: number): number | undefined {
  if (phrase.atStart && at > 0) return
  if (!fits(phrase.elements[0]!, words.list[at]!)) return
  const to = matchRest(phrase.elements, 1, words, at)
  if (to === undefined || (phrase.atEnd && to !== words.list.length - 1)) return
  return to
}

function matchRest(elements: readonly Element[], nth: number, words: Words, last: number): number | undefined {
  const element = elements[nth]
  if (!element) return last
  for (let at = last + 1; at <= last + 1 + element.gap; at++) {
    const word = words.list[at]
    if (word === undefined || words.sentences[at] !== words.sentences[last]) return
    if (!fits(element, word)) continue
    const to = matchRest(elements, nth + 1, words, at)
    if (to !== undefined) return to
  }
}

const fits = (element: Element, word: string): boolean =>
  element.exact.has(word) || element.stems.some((stem) => word.startsWith(stem))

/** A phrase with words that may be missing, as all the phrases it stands for. */
function variants(tokens: readonly string[]): string[][] {
  if (tokens.length === 0) return []
  const at = tokens.findIndex((token) => token.endsWith('?'))
  if (at < 0) return [[...tokens]]
  const present = tokens.with(at, tokens[at]!.slice(0, -1))
  return [...variants(present), ...variants(tokens.toSpliced(at, 1))]
}

function readPhrase(tokens: readonly string[], weight: number): Phrase {
  const elements: Element[] = []
  let gap = 0
  for (const token of tokens) {
    if (token === '^' || token === '$') continue
    if (token === '...') gap = gapWords
    else {
      elements.push(readElement(token, gap))
      gap = 0
    }
  }
  return { weight, elements, atStart: tokens[0] === '^', atEnd: tokens.at(-1) === '$' }
}

function readElement(token: string, gap: number): Element {
  const choices = token.split('|')
  return {
    exact: new Set(choices.filter((choice) => !choice.endsWith('*'))),
    stems: choices.filter((choice) => choice.endsWith('*')).map((choice) => choice.slice(0, -1)),
    gap,
  }
}

function index(phrase: Phrase, byWord: Map<string, Phrase[]>, byStem: Map<string, Phrase[]>): void {
  const { exact, stems } = phrase.elements[0]!
  for (const word of exact) put(byWord, word, phrase)
  for (const stem of new Set(stems.map((stem) => stem.slice(0, stemKey)))) put(byStem, stem, phrase)
}

function put(map: Map<string, Phrase[]>, key: string, phrase: Phrase): void {
  const list = map.get(key)
  if (list) list.push(phrase)
  else map.set(key, [phrase])
}
