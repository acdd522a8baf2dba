/** Looks for personal data in what is to become a phrase or an article: nothing of it may reach a vendor. Pure. */

export interface PersonalFinding {
  readonly what: 'e-mail address' | 'phone number' | 'card number' | 'account number' | 'name'
  /** Which of the texts, from 0, and where in it. */
  readonly at: number
  readonly from: number
  readonly to: number
}

const email = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu
const account = /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b/g
/** Digits with the signs that people put between them. */
const digits = /(?<![\p{L}\p{N}])\+?\d(?:[ ()./-]{0,2}\d){6,18}(?![\p{L}\p{N}])/gu
const shortestName = 3

/** `names`: of the customers whose words it was made of. */
export function findPersonal(texts: readonly string[], names: readonly string[]): PersonalFinding[] {
  const words = wordsOf(names)
  return texts.flatMap((text, at) => {
    const found: PersonalFinding[] = []
    const add = (what: PersonalFinding['what'], match: RegExpMatchArray) => {
      const from = match.index!
      const to = from + match[0].length
      if (!found.some((one) => from < one.to && one.from < to)) found.push({ what, at, from, to })
    }
    for (const match of text.matchAll(email)) add('e-mail address', match)
    for (const match of text.matchAll(account)) add('account number', match)
    for (const match of text.matchAll(digits)) {
      const only = match[0].replace(/\D/g, '')
      add(only.length >= 13 && isCard(only) ? 'card number' : 'phone number', match)
    }
    for (const match of text.matchAll(/\p{L}[\p{L}\p{M}’'-]*/gu)) if (words.has(fold(match[0]))) add('name', match)
    return found.sort((a, b) => a.from - b.from)
  })
}

const fold = (word: string): string => word.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

const wordsOf = (names: readonly string[]): Set<string> =>
  new Set(
    names
      .flatMap((name) => name.split(/[^\p{L}\p{M}’'-]+/u))
      .filter((word) => [...word].length >= shortestName)
      .map(fold),
  )

/** The check digit that payment cards have. */
function isCard(number: string): boolean {
  let sum = 0
  for (const [index, digit] of [...number].reverse().entries()) {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1)
    sum += value > 9 ? value - 9 : value
  }
  return number.length <= 19 && sum % 10 === 0
}
