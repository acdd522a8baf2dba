/** Finds addresses in what somebody wrote. Only http and https lead anywhere; everything else stays words. Pure. */
export interface Piece {
  readonly at: number
  readonly words: string
  readonly href?: string
}

const address = /\bhttps?:\/\/[^\s<>"'`\\]+/gi

export function withLinks(text: string): Piece[] {
  const pieces: Piece[] = []
  let done = 0
  for (const found of text.matchAll(address)) {
    const words = trimmed(found[0])
    const href = safeUrl(words)
    if (!href) continue
    if (found.index > done) pieces.push({ at: done, words: text.slice(done, found.index) })
    pieces.push({ at: found.index, words, href })
    done = found.index + words.length
  }
  if (done < text.length) pieces.push({ at: done, words: text.slice(done) })
  return pieces
}

/** Undefined for an address that leads to anything but a page. */
export function safeUrl(words: string): string | undefined {
  if (!URL.canParse(words)) return undefined
  const { protocol, username, href } = new URL(words)
  // A name before the host makes one site look like another.
  return /^https?:$/.test(protocol) && username === '' ? href : undefined
}

/** A full stop ends the sentence, not the address; nor does a bracket that was opened before it belong to it. */
function trimmed(words: string): string {
  const short = words.replace(/[.,;:!?'"*_~]+$/, '')
  const count = (bracket: string) => short.split(bracket).length
  return short.endsWith(')') && count(')') > count('(') ? trimmed(short.slice(0, -1)) : short
}
