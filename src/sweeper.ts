/** Looks at the record by itself: lanes with due effects and no living lease, and time limits. Nothing depends on the queue for truth. */
import type { Logger } from 'pino'
import { ticks } from './clock.ts'

export interface Sweeps {
  /** Resolves to true when nobody else lives and nothing was found. */
  sweep(): Promise<boolean>
  /** Fires what is due and resolves to the milliseconds until the next time limit. */
  fire(): Promise<number | undefined>
}

const sweepEveryMs = 3_000
/** No other hub can die, and nothing is in hand: only a wake-up that got lost is looked for. */
const quietSweepEveryMs = 6_000
/** Every hub knows when the limits that it set are reached. These looks are for those of a hub that is gone. */
const lookEveryMs = 15_000

export class Sweeper {
  readonly #sweeps: Sweeps
  readonly #log: Logger
  #sweepTimer: NodeJS.Timeout | undefined
  #fireTimer: NodeJS.Timeout | undefined
  /** By `ticks()`. */
  #fireAt = Number.POSITIVE_INFINITY
  #isFiring = false
  #isSweeping = false
  #isStopped = false

  constructor(sweeps: Sweeps, log: Logger) {
    this.#sweeps = sweeps
    this.#log = log
  }

  async start(): Promise<void> {
    await this.#sweep()
    await this.#fire()
  }

  /** A time limit was set: be there when it is reached. */
  expectTimer(inMs: number | undefined): void {
    if (inMs !== undefined && ticks() + inMs < this.#fireAt) this.#schedule(inMs)
  }

  /** Looks now instead of at the next turn. */
  look(): void {
    if (this.#isStopped || this.#isSweeping) return
    clearTimeout(this.#sweepTimer)
    void this.#sweep()
  }

  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#sweepTimer)
    clearTimeout(this.#fireTimer)
  }

  async #sweep(): Promise<void> {
    this.#isSweeping = true
    const isQuiet = await this.#sweeps.sweep().catch((error: Error) => {
      this.#log.warn({ error: error.message }, 'the record could not be swept')
      return false
    })
    this.#isSweeping = false
    if (this.#isStopped) return
    this.#sweepTimer = setTimeout(() => void this.#sweep(), isQuiet ? quietSweepEveryMs : sweepEveryMs)
  }

  #schedule(inMs: number): void {
    if (this.#isStopped || this.#isFiring) return
    clearTimeout(this.#fireTimer)
    this.#fireAt = ticks() + inMs
    this.#fireTimer = setTimeout(() => void this.#fire(), Math.max(0, Math.min(inMs, lookEveryMs)))
  }

  async #fire(): Promise<void> {
    if (this.#isFiring) return
    this.#isFiring = true
    let next: number | undefined
    try {
      next = await this.#sweeps.fire()
    } catch (error) {
      this.#log.warn({ error: (error as Error).message }, 'time limits could not be looked at')
    } finally {
      this.#isFiring = false
    }
    this.#schedule(Math.min(next ?? Number.POSITIVE_INFINITY, lookEveryMs))
  }
}
