/** Holds the rows of a list still while somebody points at one: what came, went or moved waits until they say so. */
export interface Shown<Row> {
  readonly rows: readonly Row[]
  /** How many rows came, went, or stand elsewhere by now. */
  readonly changes: number
  /** Keys of rows that are no longer in the list. */
  readonly gone: ReadonlySet<string>
}

/**
 * `before`: keys in the order on the screen. Rows keep their place and show what is known of them now; one that is gone stays as
 * it was last.
 */
export function holdStill<Row>(before: readonly Row[], now: readonly Row[], keyOf: (row: Row) => string): Shown<Row> {
  const known = new Map(now.map((row) => [keyOf(row), row]))
  const keys = before.map(keyOf)
  const gone = new Set(keys.filter((key) => !known.has(key)))
  const shown = new Set(keys)
  const came = now.filter((row) => !shown.has(keyOf(row))).length
  return {
    rows: before.map((row) => known.get(keyOf(row)) ?? row),
    changes:
      came +
      gone.size +
      movedCount(
        keys.filter((key) => known.has(key)),
        now.map(keyOf).filter((key) => shown.has(key)),
      ),
    gone,
  }
}

/** The fewest rows that somebody would have to move to get from one order to the other. */
function movedCount(before: readonly string[], now: readonly string[]): number {
  const at = new Map(now.map((key, i) => [key, i]))
  // The longest run that keeps its order stays where it is.
  const ends: number[] = []
  for (const key of before) {
    const place = at.get(key)!
    let low = 0
    let high = ends.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (ends[middle]! < place) low = middle + 1
      else high = middle
    }
    ends[low] = place
  }
  return before.length - ends.length
}
