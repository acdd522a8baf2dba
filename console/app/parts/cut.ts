/** Cuts a text where marks begin and end. Pure, so that it can be tested without a browser. */
export interface Mark {
  readonly words: string
  /** The footnote's number. */
  readonly note?: number
}

export interface Piece {
  readonly at: number
  readonly words: string
  /** Undefined where nothing is marked. */
  readonly notes?: readonly number[]
}

/** Cuts a text wherever a mark begins or ends, so that overlapping ones show all their numbers. */
export function cut(text: string, marks: readonly Mark[]): Piece[] {
  const low = text.toLowerCase()
  const found = marks.flatMap(({ words, note }) => {
    const at = words === '' ? -1 : low.indexOf(words.toLowerCase())
    return at < 0 ? [] : [{ from: at, to: at + words.length, note }]
  })
  const edges = [...new Set([0, text.length, ...found.flatMap(({ from, to }) => [from, to])])].sort((a, b) => a - b)
  return edges.slice(0, -1).map((at, i) => {
    const to = edges[i + 1]!
    const over = found.filter((one) => one.from <= at && one.to >= to)
    // The number stands where the mark ends.
    const notes = over.filter((one) => one.to === to).flatMap(({ note }) => (note === undefined ? [] : [note]))
    return { at, words: text.slice(at, to), ...(over.length > 0 ? { notes } : {}) }
  })
}
