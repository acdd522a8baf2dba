/** When the pass runs: every minute by itself, and at once when somebody asks for a report. */
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import { forget, type MappingOf, passOnce } from './pass.ts'

export interface Rollup {
  /**
   * Counts what has come, at most for this long; what is left goes on in the background. Resolves to the moment up to which
   * everything is counted.
   */
  catchUp(forMs: number): Promise<number>
  /** Counts everything again from the record. Resolves when it is begun. */
  rebuild(): Promise<void>
  stop(): Promise<void>
}

export interface RollupParts {
  readonly pool: pg.Pool
  readonly mappingOf: MappingOf
  readonly clock: Clock
  readonly log: Pick<Logger, 'warn'>
}

export const everyMs = 60_000
/** Room for the record's own work between two chunks. */
const breathMs = 20
/** Before anything was counted there is nothing to show meanwhile. */
const firstMs = 3_000
/** Whoever looks twice within this time sees the same. */
const freshMs = 1_000

export function openRollup({ pool, mappingOf, clock, log }: RollupParts): Rollup {
  let running: Promise<void> | undefined
  let doneAt = Number.NEGATIVE_INFINITY
  let isStopped = false

  const pass = async () => {
    for (;;) {
      if (isStopped) return
      const began = clock.now()
      const { isDone, counted } = await passOnce(pool, mappingOf)
      // Nothing counted and not done: another hub is at it.
      if (isDone || counted === 0) {
        doneAt = began
        return
      }
      await sleep(breathMs)
    }
  }
  const run = () => {
    running ??= pass()
      .catch((error: Error) =>
        log.warn({ error: error.message }, 'the figures of the reports could not be brought up to date'),
      )
      .finally(() => {
        running = undefined
      })
    return running
  }
  const timer = setInterval(() => void run(), everyMs)
  timer.unref()

  return {
    async catchUp(forMs) {
      if (clock.now() - doneAt < freshMs) return doneAt
      const patience = new AbortController()
      const patienceMs = Number.isFinite(doneAt) ? forMs : Math.max(forMs, firstMs)
      const late = sleep(patienceMs, undefined, { signal: patience.signal }).catch(() => {})
      await Promise.race([run(), late])
      patience.abort()
      return doneAt
    },
    async rebuild() {
      await forget(pool)
      doneAt = Number.NEGATIVE_INFINITY
      void run()
    },
    async stop() {
      isStopped = true
      clearInterval(timer)
      await running
    },
  }
}
