/** What the classifier sees of a sentence: folded words, pairs of neighbours, and pieces of words that survive typos and endings. */

/** Feature name to weight, before rarity is counted in. */
export type Features = ReadonlyMap<string, number>

const pairWeight = 0.7
const pieceWeight = 0.35
const pieceLengths = [3, 4]

const contractions: ReadonlyArray<readonly [RegExp, string]> = [
  [/\bcan't\b/g, 'can not'],
  [/\bwon't\b/g, 'will not'],
  [/n't\b/g, ' not'],
  [/'m\b/g, ' am'],
  [/'re\b/g, ' are'],
  [/'ll\b/g, ' will'],
  [/'ve\b/g, ' have'],
  [/'s\b/g, ' is'],
  [/'d\b/g, ' would'],
]

/** Lower case, without accents, contractions written out: "Where's the café?" and "where is the cafe" become equal. */
export function fold(sentence: string): string {
  let folded = sentence
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[’‘`´]/g, "'")
    .replace(/ß/g, 'ss')
  for (const [short, long] of contractions) folded = folded.replace(short, long)
  return folded
}

export const wordsOf = (sentence: string): string[] => fold(sentence).match(/[\p{L}\p{N}]+/gu) ?? []

/** Single words are told from other features by this mark, since only they count for how much of a sentence is known. */
export const isWord = (feature: string): boolean => feature.startsWith('w ')

export function featuresOf(sentence: string): Features {
  const found = new Map<string, number>()
  const add = (feature: string, weight: number) => found.set(feature, (found.get(feature) ?? 0) + weight)
  const words = wordsOf(sentence)
  const bounded = ['^', ...words, '$']
  for (const word of words) add(`w ${word}`, 1)
  for (let i = 0; i + 1 < bounded.length; i++) add(`p ${bounded[i]} ${bounded[i + 1]}`, pairWeight)
  for (const word of words) for (const piece of piecesOf(word)) add(`c ${piece}`, pieceWeight)
  return found
}

function* piecesOf(word: string): Generator<string> {
  const bounded = `_${word}_`
  for (const length of pieceLengths)
    for (let i = 0; i + length <= bounded.length; i++) yield bounded.slice(i, i + length)
}
