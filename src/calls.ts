/** Bounds around a vendor call: how long it may take, and how many at a time. */
import { within } from './deadline.ts'
import type { Effect } from './effects.ts'
import type { Traffic } from './traffic.ts'

/** The call that carries out an effect: with its deadline, and counted. */
export const bound = <T>(
  traffic: Traffic,
  { connection, kind }: Pick<Effect, 'connection' | 'kind'>,
  ms: number,
  act: () => Promise<T>,
): Promise<T> => traffic.timed(connection, kind, within(ms, connection, act))

/** Calls to one connection at a time. */
class Slots {
  readonly #atOnce: number
  #free: number
  #queue: (() => void)[] = []

  constructor(atOnce: number) {
    this.#atOnce = atOnce
    this.#free = atOnce
  }

  /** Whether a call that comes now gets its turn before it has grown old, and before another process would have made it. */
  get hasRoom(): boolean {
    return this.#queue.length < 4 * this.#atOnce
  }

  async take(): Promise<void> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>((resolve) => this.#queue.push(resolve))
  }

  give(): void {
    const next = this.#queue.shift()
    if (next) next()
    else this.#free++
  }
}

/** The slots of every connection, as many as it allows. */
export class Switchboard {
  readonly #atOnceOf: (connection: string) => number
  readonly #slots = new Map<string, Slots>()

  constructor(atOnceOf: (connection: string) => number) {
    this.#atOnceOf = atOnceOf
  }

  /** Resolves when one more call may be made; what it resolves to is called when that call is over. */
  async enter(connection: string): Promise<() => void> {
    const slots = this.#of(connection)
    await slots.take()
    return () => slots.give()
  }

  hasRoom = (connection: string): boolean => this.#of(connection).hasRoom

  #of(connection: string): Slots {
    const slots = this.#slots.get(connection) ?? new Slots(this.#atOnceOf(connection))
    this.#slots.set(connection, slots)
    return slots
  }
}
