/**
 * What goes over each connection, counted in memory where it happens: a few additions for a call, and no look at the record.
 * What has changed is written every few seconds (`postgres/traffic.ts`), so that any hub can show the figures of all.
 */
import { randomUUID } from 'node:crypto'
import { HubError } from './errors.ts'

/** One call, without what names a person: no query, no body, and pieces of the path that look like a person or a secret as `*`. */
export interface CallSeen {
  readonly at: number
  /** Of HTTP; of a connection that speaks otherwise, what was asked of it. */
  readonly method: string
  readonly path: string
  /** The answer's status, or why there was none. */
  readonly status: number | string
  readonly ms: number
}

export interface RefusedHook {
  readonly at: number
  readonly method: string
  readonly path: string
  readonly status: number
  readonly why: string
}

/** Five minutes of one connection at one hub. */
export interface Slice {
  readonly at: number
  calls: number
  errors: number
  cameIn: number
  /** Calls by how long they took, in the steps of `spreadSteps`. */
  spread: number[]
}

export interface Last {
  lastIn: number | null
  lastOut: number | null
  /** The minute that was counted last, and its calls. */
  minute: number
  minuteCalls: number
  calls: CallSeen[]
  refused: RefusedHook[]
}

export interface Change {
  readonly connection: string
  readonly slices: readonly Slice[]
  readonly last: Last
}

interface Tally {
  slice: Slice
  /** Past ones that are not written yet. */
  past: Slice[]
  readonly last: Last
  isChanged: boolean
  speaksHttp: boolean
}

export const sliceMs = 300_000
const minuteMs = 60_000
const keptCalls = 50
const keptRefusals = 20
/** While the record is away for long, the oldest are let go. */
const keptSlices = 24

/** Upper ends of the steps in milliseconds, each half as long again as the one before; the last step has none. */
export const spreadSteps: readonly number[] = Array.from({ length: 19 }, (_, step) => 5 * 1.5 ** step)

export class Traffic {
  /** This life of this hub: what it wrote is its own, and is never added to. */
  readonly id = randomUUID()
  /** Where webhooks arrive, by connection. */
  readonly hookPaths = new Map<string, string[]>()
  readonly #now: () => number
  readonly #tallies = new Map<string, Tally>()

  constructor(now: () => number) {
    this.#now = now
  }

  /** A call over `host.http`. */
  called(connection: string, call: Omit<CallSeen, 'at'>): void {
    const tally = this.#of(connection)
    tally.speaksHttp = true
    this.#count(tally, call, typeof call.status !== 'number' || call.status >= 400)
  }

  /** An effect carried out: what counts at a connection that does not use `host.http`, as the built-in ones. */
  timed<T>(connection: string, kind: string, work: Promise<T>): Promise<T> {
    const began = performance.now()
    const done = (status: string, failed: boolean) => {
      const tally = this.#of(connection)
      if (tally.speaksHttp) return
      this.#count(tally, { method: kind, path: '', status, ms: Math.round(performance.now() - began) }, failed)
    }
    work.then(
      () => done('done', false),
      (error: unknown) => done(error instanceof HubError ? error.code : 'failed', true),
    )
    return work
  }

  /** Something came from there: a webhook that was taken, or events by any other way. */
  came(connection: string): void {
    const tally = this.#of(connection)
    tally.slice.cameIn++
    tally.last.lastIn = this.#now()
    tally.isChanged = true
  }

  refused(connection: string, hook: Omit<RefusedHook, 'at'>): void {
    const tally = this.#of(connection)
    tally.last.refused.push({ at: this.#now(), ...hook, why: hook.why.slice(0, 300) })
    if (tally.last.refused.length > keptRefusals) tally.last.refused.shift()
    tally.isChanged = true
  }

  /** What was not written yet. It counts as written unless it is given back. */
  take(): Change[] {
    const changes: Change[] = []
    for (const [connection, tally] of this.#tallies) {
      if (!tally.isChanged) continue
      changes.push({
        connection,
        slices: [...tally.past, { ...tally.slice, spread: [...tally.slice.spread] }],
        last: structuredClone(tally.last),
      })
      tally.past = []
      tally.isChanged = false
    }
    return changes
  }

  giveBack(changes: readonly Change[]): void {
    for (const { connection, slices } of changes) {
      const tally = this.#of(connection)
      const past = slices.filter(({ at }) => at < tally.slice.at)
      tally.past = [...past, ...tally.past].slice(-keptSlices)
      tally.isChanged = true
    }
  }

  #count(tally: Tally, call: Omit<CallSeen, 'at'>, failed: boolean): void {
    const { last, slice } = tally
    const now = this.#now()
    slice.calls++
    if (failed) slice.errors++
    const step = stepOf(call.ms)
    slice.spread[step] = slice.spread[step]! + 1
    const minute = now - (now % minuteMs)
    last.minuteCalls = last.minute === minute ? last.minuteCalls + 1 : 1
    last.minute = minute
    last.lastOut = now
    last.calls.push({ at: now, ...call })
    if (last.calls.length > keptCalls) last.calls.shift()
    tally.isChanged = true
  }

  #of(connection: string): Tally {
    const now = this.#now()
    const at = now - (now % sliceMs)
    const known = this.#tallies.get(connection)
    if (!known) {
      const last = { lastIn: null, lastOut: null, minute: 0, minuteCalls: 0, calls: [], refused: [] }
      const tally = { slice: newSlice(at), past: [], last, isChanged: false, speaksHttp: false }
      this.#tallies.set(connection, tally)
      return tally
    }
    if (known.slice.at !== at) {
      if (known.isChanged) known.past = [...known.past, known.slice].slice(-keptSlices)
      known.slice = newSlice(at)
    }
    return known
  }
}

const newSlice = (at: number): Slice => ({
  at,
  calls: 0,
  errors: 0,
  cameIn: 0,
  spread: new Array(spreadSteps.length + 1).fill(0),
})

function stepOf(ms: number): number {
  const step = spreadSteps.findIndex((end) => ms <= end)
  return step === -1 ? spreadSteps.length : step
}

/** The time within which this share of the calls ended, as exact as the steps are: within a third. Undefined without calls. */
export function quantile(spread: readonly number[], share: number): number | undefined {
  const all = spread.reduce((sum, count) => sum + count, 0)
  if (all === 0) return undefined
  let wanted = all * share
  for (const [step, count] of spread.entries()) {
    if (count > 0 && wanted <= count) {
      const from = step === 0 ? 0 : spreadSteps[step - 1]!
      const to = spreadSteps[step] ?? from * 1.5
      return Math.round(from + (to - from) * (wanted / count))
    }
    wanted -= count
  }
  return undefined
}
