/** Keeps a quota of calls per minute by itself, before Google has to say no. */
import type { Clock } from '#hub/clock.ts'
import { HubError } from '#hub/errors.ts'

/** Throws `busy` when the minute is full. */
export type Pace = () => void

export function createPace(callsPerMinute: number, clock: Clock): Pace {
  let made: number[] = []
  return () => {
    const now = clock.now()
    made = made.filter((at) => now - at < 60_000)
    if (made.length >= callsPerMinute)
      throw new HubError('busy', 'The minute’s quota of learning calls is used up', {
        retryAfterMs: made[0]! + 60_000 - now,
      })
    made.push(now)
  }
}
