/** The event loop's end of the record: what comes while one transaction is written is the next one. */
import { Worker } from 'node:worker_threads'

export interface Kept {
  readonly thread: string
  readonly id: string
  readonly body: string
}

export interface Outcome {
  /** False: it was on record already. */
  readonly isNew: boolean
  readonly n: number
}

/** One transaction. */
export interface Deed {
  readonly kept: readonly Kept[]
  readonly delivered: readonly number[]
}

export type Undelivered = Kept & { readonly n: number }

interface Waiting {
  resolve(outcome: Outcome): void
  reject(error: Error): void
}

type Answer = { open: Undelivered[] } | { outcomes: Outcome[] } | { error: string }

export class Record {
  readonly #worker: Worker
  #kept: Kept[] = []
  #waiting: Waiting[] = []
  #delivered: number[] = []
  #written: Waiting[] | undefined
  #isScheduled = false
  /** What an earlier life left behind. */
  readonly undelivered: Promise<Undelivered[]>

  constructor(file: string) {
    this.#worker = new Worker(new URL('./writer.ts', import.meta.url), { workerData: { file } })
    this.undelivered = new Promise((resolve) =>
      this.#worker.on('message', (answer: Answer) => ('open' in answer ? resolve(answer.open) : this.#settle(answer))),
    )
  }

  /** Resolves when it is on disk. */
  keep(message: Kept): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#kept.push(message)
      this.#waiting.push({ resolve, reject })
      this.#schedule()
    })
  }

  /** Goes with the next transaction. */
  deliver(n: number): void {
    this.#delivered.push(n)
    this.#schedule()
  }

  #schedule(): void {
    if (this.#isScheduled || this.#written) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      this.#flush()
    })
  }

  #flush(): void {
    if (this.#kept.length === 0 && this.#delivered.length === 0) return
    this.#worker.postMessage({ kept: this.#kept, delivered: this.#delivered } satisfies Deed)
    this.#written = this.#waiting
    this.#kept = []
    this.#waiting = []
    this.#delivered = []
  }

  #settle(answer: Exclude<Answer, { open: Undelivered[] }>): void {
    const written = this.#written ?? []
    this.#written = undefined
    written.forEach((one, i) => {
      if ('error' in answer) one.reject(new Error(answer.error))
      else one.resolve(answer.outcomes[i]!)
    })
    this.#flush()
  }
}
