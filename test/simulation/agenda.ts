/** The world's time: what will happen, by the moment it happens. Nothing waits for a real clock. */
export interface Agenda {
  readonly now: number
  /** Calls after this many milliseconds; what is due at the same moment happens in the order it was planned. */
  plan(inMs: number, happen: () => void): void
  /** Lets everything happen up to this moment. */
  runUntil(moment: number): void
}

interface Item {
  readonly at: number
  readonly n: number
  readonly happen: () => void
}

export function openAgenda(start: number): Agenda {
  const heap: Item[] = []
  let now = start
  let planned = 0
  return {
    get now() {
      return now
    },
    plan(inMs, happen) {
      push(heap, { at: now + Math.max(0, inMs), n: planned++, happen })
    },
    runUntil(moment) {
      while (heap.length > 0 && heap[0]!.at <= moment) {
        const { at, happen } = shift(heap)
        now = at
        happen()
      }
      now = Math.max(now, moment)
    },
  }
}

const isBefore = (a: Item, b: Item): boolean => a.at < b.at || (a.at === b.at && a.n < b.n)

function push(heap: Item[], item: Item): void {
  let i = heap.length
  heap.push(item)
  while (i > 0) {
    const parent = (i - 1) >> 1
    if (isBefore(heap[parent]!, item)) break
    heap[i] = heap[parent]!
    i = parent
  }
  heap[i] = item
}

function shift(heap: Item[]): Item {
  const first = heap[0]!
  const last = heap.pop()!
  if (heap.length === 0) return first
  let i = 0
  while (true) {
    let child = 2 * i + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++
    if (isBefore(last, heap[child]!)) break
    heap[i] = heap[child]!
    i = child
  }
  heap[i] = last
  return first
}
