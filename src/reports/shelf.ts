/** Keeps the last result of each report: a slow one is answered with it, and its age, while the new one is counted. */
import { setTimeout as sleep } from 'node:timers/promises'

export interface Kept<T> {
  readonly value: T
  /** Epoch milliseconds. */
  readonly asOf: number
  readonly isStale: boolean
}

interface Place<T> {
  last?: { readonly value: T; readonly asOf: number }
  counting?: Promise<void>
}

export interface ShelfOptions {
  now(): number
  /** Whoever asks again so soon gets the same. */
  readonly freshMs: number
  /** How long somebody waits for the new result while there is an older one. */
  readonly patienceMs: number
  /** Results kept. */
  readonly places: number
  /** Counted at the same time: the rest of the record's connections are for conversations. */
  readonly atOnce: number
}

export function openShelf<T>({ now, freshMs, patienceMs, places, atOnce }: ShelfOptions) {
  const shelf = new Map<string, Place<T>>()
  const turn = openTurnstile(atOnce)

  const placeOf = (key: string): Place<T> => {
    const place = shelf.get(key) ?? {}
    // Taken out and put back: the first one is the one longest unused.
    shelf.delete(key)
    shelf.set(key, place)
    if (shelf.size > places) shelf.delete(shelf.keys().next().value!)
    return place
  }

  return async (key: string, count: () => Promise<T>): Promise<Kept<T>> => {
    const place = placeOf(key)
    if (place.last && now() - place.last.asOf < freshMs) return { ...place.last, isStale: false }
    place.counting ??= turn(async () => {
      const asOf = now()
      place.last = { value: await count(), asOf }
    }).finally(() => {
      place.counting = undefined
    })
    const { last, counting } = place
    if (!last) await counting
    else {
      // What goes wrong in the background is told to whoever has to wait for it.
      const isDone = await Promise.race([counting.then(() => true), wait(patienceMs)])
      if (!isDone) {
        counting.catch(() => {})
        return { ...last, isStale: true }
      }
    }
    return { ...place.last!, isStale: false }
  }
}

const wait = (ms: number): Promise<false> => sleep(ms, false as const, { ref: false })

function openTurnstile(atOnce: number) {
  let inside = 0
  const queue: (() => void)[] = []
  return async <R>(work: () => Promise<R>): Promise<R> => {
    if (inside >= atOnce) await new Promise<void>((resolve) => queue.push(resolve))
    else inside++
    try {
      return await work()
    } finally {
      const next = queue.shift()
      if (next) next()
      else inside--
    }
  }
}
