/** A message as words: folded for matching, each with its place in the original so that evidence can quote it. */

/** Characters of a message that are looked at; what comes after is not measured. */
export const textLimit = 2000

export interface Words {
  /** The original, cut to `textLimit`. */
  readonly text: string
  /** Lower case, without accents, apostrophes of contractions removed: "Don't" is `dont`, "l'été" is `l`, `ete`. */
  readonly list: readonly string[]
  /** Where each word begins and ends in `text`. */
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  /** Number of the sentence, and of the clause (commas count), that each word stands in. */
  readonly sentences: readonly number[]
  readonly clauses: readonly number[]
}

const piece = /[\p{L}\p{N}\p{M}]+(?:['’][\p{L}\p{M}]+)?|\p{Extended_Pictographic}|[.!?;,:؟؛،\n]/gu
const mark = /^[.!?;,:؟؛،\n]$/
const sentenceMark = /^[.!?;؟؛\n]$/
const contraction = /^(?:t|s|m|re|ve|ll|d)$/i

export function readWords(original: string): Words {
  const text = original.slice(0, textLimit)
  const words = { text, list: [], starts: [], ends: [], sentences: [], clauses: [] } as {
    text: string
    list: string[]
    starts: number[]
    ends: number[]
    sentences: number[]
    clauses: number[]
  }
  let sentence = 0
  let clause = 0
  const add = (raw: string, start: number) => {
    words.list.push(fold(raw))
    words.starts.push(start)
    words.ends.push(start + raw.length)
    words.sentences.push(sentence)
    words.clauses.push(clause)
  }
  for (const found of text.matchAll(piece)) {
    const raw = found[0]
    if (mark.test(raw)) {
      clause++
      if (sentenceMark.test(raw)) sentence++
      continue
    }
    const cut = raw.search(/['’]/)
    if (cut < 0 || contraction.test(raw.slice(cut + 1))) add(raw, found.index)
    else {
      add(raw.slice(0, cut), found.index)
      add(raw.slice(cut + 1), found.index + cut + 1)
    }
  }
  return words
}

/** Lower case without accents: "Möchte" is `mochte`, "Straße" is `strasse`. */
export function fold(raw: string): string {
  const lower = raw.toLowerCase().replace(/['’]/g, '')
  if (isAscii(lower)) return lower
  return lower.normalize('NFD').replace(/\p{M}/gu, '').replace(/ß/g, 'ss').replace(/œ/g, 'oe')
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false
  return true
}

/** The customer's own spelling of the words `from` to `to`, both included. */
export function quote(words: Words, from: number, to: number): string {
  return words.text.slice(words.starts[from], words.ends[to])
}
