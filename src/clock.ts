/** The one place that knows the time. Everything else is told. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }

/** Milliseconds on a clock that nobody sets: for how long something lasts, never for when it was. It means nothing elsewhere. */
export const ticks = (): number => performance.now()

/**
 * How many of so many milliseconds are left, by whichever clock says least: one of them may be set back, the other stands still
 * while the machine sleeps.
 */
export function countdown(ms: number, clock: Clock): () => number {
  const [end, endTicks] = [clock.now() + ms, ticks() + ms]
  return () => Math.min(end - clock.now(), endTicks - ticks())
}
