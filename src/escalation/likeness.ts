/** Are two messages the same thing said twice? By their content words, so that a changed number or name is a new thing. */
import { smallWords } from './language.ts'

const fillers = new Set([
  ...Object.values(smallWords).flatMap((words) => [...words]),
  ...`yes yeah yep ok okay sure right correct fine good great thanks thank you hi hello hey sir madam want need like get give tell
    know help looking look would could let lets make see again now right really very too actually also well oh um hmm
    ja nein danke hallo gut genau okay brauche wissen sagen helfen jetzt nochmal wieder
    oui merci bonjour bien besoin savoir dire aider maintenant encore si gracias hola bueno bien vale saber decir ayuda ahora otra vez
    sim obrigado obrigada ola bom bem certo saber dizer ajuda agora de novo`.split(/\s+/),
])

/** What a folded message is about: its words without fillers, and the numbers among them. */
export interface Content {
  readonly words: readonly string[]
  readonly numbers: string
}

export function contentOf(said: string): Content {
  const words = said.split(' ').filter((word) => word && !fillers.has(word))
  return { words, numbers: words.filter((word) => /\d/.test(word)).join(' ') }
}

/** 0 to 1: shared content words of both (Dice); single typing errors are forgiven, other numbers are another matter. */
export function likeness({ words: one, numbers }: Content, { words: other, numbers: others }: Content): number {
  if (one.length === 0 || other.length === 0 || numbers !== others) return 0
  const left = new Set(other)
  let shared = 0
  const unmatched: string[] = []
  for (const word of one) {
    if (left.delete(word)) shared++
    else unmatched.push(word)
  }
  for (const word of unmatched) {
    const twin = [...left].find((candidate) => isTypo(word, candidate))
    if (twin === undefined) continue
    left.delete(twin)
    shared++
  }
  return (2 * shared) / (one.length + other.length)
}

/** Equal but for one letter added, left out or changed; words of five letters or more. */
function isTypo(one: string, other: string): boolean {
  if (Math.min(one.length, other.length) < 5 || Math.abs(one.length - other.length) > 1) return false
  let start = 0
  while (start < one.length && one[start] === other[start]) start++
  const rest = (from: number, to: number) => one.slice(from) === other.slice(to)
  return rest(start + 1, start + 1) || rest(start + 1, start) || rest(start, start + 1)
}
