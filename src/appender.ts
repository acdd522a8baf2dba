/**
 * The door of the record. What arrived in one turn of the event loop is one transaction; one batch at a time, while the next
 * one gathers. Resolves after the commit, so that a webhook may answer 200.
 */
import { HubError } from './errors.ts'
import { isDatabaseAway } from './postgres/database.ts'
import type { Batch, Entry, Fate } from './postgres/log.ts'

interface Waiting {
  readonly entry: Entry
  resolve(fate: Fate): void
  reject(error: unknown): void
  deferred: number
}

export interface AppenderLimits {
  /** Events of one batch. Default 256. */
  readonly batch?: number
  /** Events of one conversation in one batch. Default 32. */
  readonly each?: number
  /** Events waiting at the door, a second or so of work; more are refused with `busy`. Default 2,000. */
  readonly waiting?: number
}

export class Appender {
  readonly #write: (entries: readonly Entry[]) => Promise<Batch>
  readonly #committed: (batch: Batch) => void
  readonly #limits: Required<AppenderLimits>
  #waiting: Waiting[] = []
  #isScheduled = false
  #isWriting = false

  /** `write` runs one transaction; `committed` is told of each batch that is on record. */
  constructor(
    write: (entries: readonly Entry[]) => Promise<Batch>,
    committed: (batch: Batch) => void,
    limits: AppenderLimits = {},
  ) {
    this.#write = write
    this.#committed = committed
    this.#limits = { batch: 256, each: 32, waiting: 2_000, ...limits }
  }

  get isFull(): boolean {
    return this.#waiting.length >= this.#limits.waiting
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /** One fate for the entry; rejects when it cannot be recorded (`unreachable`: the record is away; anything else: a bad event). */
  append(entry: Entry): Promise<Fate> {
    // An outcome or a time limit is never refused: it ends work that is in hand.
    if (this.isFull && entry.settles === undefined && entry.timer === undefined) {
      return Promise.reject(new HubError('busy', 'Too many events are waiting to be recorded', { retryAfterMs: 1_000 }))
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entry, resolve, reject, deferred: 0 })
      this.#schedule()
    })
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isWriting || this.#waiting.length === 0) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      void this.#flush()
    })
  }

  async #flush(): Promise<void> {
    const batch = this.#gather()
    if (batch.length === 0) return
    this.#isWriting = true
    try {
      const locked = await this.#record(batch)
      // Ahead of what came later, so that a conversation keeps its order.
      this.#waiting = [...locked, ...this.#waiting]
      if (locked.length === batch.length) await new Promise((resolve) => setTimeout(resolve, 2))
    } finally {
      this.#isWriting = false
      this.#schedule()
    }
  }

  /** In order of arrival; what is over a conversation's share stays, and so does all of it that came later. */
  #gather(): Waiting[] {
    const share = new Map<string, number>()
    const batch: Waiting[] = []
    const left: Waiting[] = []
    for (const one of this.#waiting) {
      const { at } = one.entry
      const name = typeof at === 'number' ? String(at) : `${at.connection}\n${at.thread}`
      const count = (share.get(name) ?? 0) + 1
      share.set(name, count)
      if (batch.length < this.#limits.batch && count <= this.#limits.each) batch.push(one)
      else left.push(one)
    }
    this.#waiting = left
    return batch
  }

  /** Returns what was locked and belongs into the next batch. A batch that fails for a reason of its own is split until the bad event is alone. */
  async #record(batch: Waiting[], tries = 0): Promise<Waiting[]> {
    let written: Batch
    try {
      written = await this.#write(batch.map((one) => one.entry))
    } catch (error) {
      if (isConflict(error) && tries < 10) return this.#record(batch, tries + 1)
      if (isDatabaseAway(error)) {
        for (const one of batch)
          one.reject(new HubError('unreachable', 'The record cannot be reached', { retryAfterMs: 1_000, cause: error }))
        return []
      }
      if (batch.length === 1) {
        batch[0]!.reject(
          isUnreadable(error) ? new HubError('invalid', 'The record cannot store this event', { cause: error }) : error,
        )
        return []
      }
      const half = batch.length >> 1
      const first = await this.#record(batch.slice(0, half))
      return [...first, ...(await this.#record(batch.slice(half)))]
    }
    this.#committed(written)
    return this.#answer(batch, written.fates)
  }

  #answer(batch: readonly Waiting[], fates: readonly Fate[]): Waiting[] {
    const locked: Waiting[] = []
    batch.forEach((one, i) => {
      const fate = fates[i]!
      if (fate.is === 'failed') one.reject(fate.error)
      else if (fate.is !== 'locked') one.resolve(fate)
      // A lock is held for milliseconds; one that is held for seconds is another hub in trouble.
      else if (++one.deferred > 2_000)
        one.reject(new HubError('busy', 'The conversation is in use', { retryAfterMs: 1_000 }))
      else locked.push(one)
    })
    return locked
  }
}

/** Characters or numbers that the record has no place for. */
const isUnreadable = (error: unknown): boolean => (error as { code?: string }).code?.startsWith('22') ?? false

const isConflict = (error: unknown): boolean => {
  const code = (error as { code?: string }).code
  // deadlock, serialisation failure, and a duplicate that another transaction was faster to write
  return code === '40P01' || code === '40001' || code === '23505'
}
