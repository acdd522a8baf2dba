/** Reads a trace of Chromium: how evenly frames were drawn while a page was scrolled, and what held them up. Pure. */
export interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  /** Microseconds. */
  readonly ts: number
  readonly dur?: number
  /** Of it, while the thread was running and not waiting for the processor. */
  readonly tdur?: number
  readonly args?: { readonly name?: string; readonly data?: unknown }
}

export interface Smoothness {
  readonly frames: number
  /** Milliseconds from one drawn frame to the next. */
  readonly p95: number
  readonly longest: number
  /** The longest time for which the page could do nothing else; and its processor time, which a busy machine hardly changes. */
  readonly task: number
  readonly cpu: number
}

export function measureTrace(events: readonly TraceEvent[]): Smoothness {
  const mark = (name: string) => {
    const found = events.find((event) => event.name === name)
    if (!found) throw new Error(`the trace has no mark "${name}"`)
    return found
  }
  const [begin, rest, on, end] = [
    mark('scroll-begins'),
    mark('scroll-rests'),
    mark('scroll-goes-on'),
    mark('scroll-ends'),
  ]
  const within = events.filter(({ ts, pid }) => ts >= begin.ts && ts <= end.ts && pid === begin.pid)
  const drawn = within
    .filter(({ name }) => name === 'DrawFrame')
    .map(({ ts }) => ts / 1_000)
    .sort((a, b) => a - b)
  // Between the two ways nothing moves, and nothing is drawn.
  const isRest = (from: number, to: number) => from <= on.ts / 1_000 && to >= rest.ts / 1_000
  const gaps = drawn.slice(1).flatMap((at, i) => (isRest(drawn[i]!, at) ? [] : [at - drawn[i]!]))
  gaps.sort((a, b) => a - b)
  const tasks = within.filter(({ name, tid }) => name.endsWith('RunTask') && tid === begin.tid)
  return {
    frames: drawn.length,
    p95: gaps[Math.floor(gaps.length * 0.95)] ?? Number.NaN,
    longest: gaps.at(-1) ?? Number.NaN,
    task: Math.max(0, ...tasks.map(({ dur = 0 }) => dur / 1_000)),
    cpu: Math.max(0, ...tasks.map(({ tdur = 0 }) => tdur / 1_000)),
  }
}
