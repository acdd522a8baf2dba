/** Personal data as somebody sees it who may see everything but that. */

/** "Lena Fischer" → "L. F." */
export const initials = (name: string): string =>
  name
    .trim()
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => `${[...word][0]!.toLocaleUpperCase()}.`)
    .join(' ')

export const hiddenWords = '(hidden)'
