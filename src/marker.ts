/** Outcomes without events, gathered over one turn of the event loop into one statement. */
import type { Mark, Marked } from './postgres/lanes.ts'

interface Waiting {
  readonly mark: Mark
  resolve(marked: Marked | undefined): void
  reject(error: unknown): void
}

/** Tells those who watch a conversation what became of its effects: the conversations of one write, as numbers. */
export const markedTopic = 'marked'

export class Marker {
  readonly #write: (marks: readonly Mark[]) => Promise<Marked[]>
  readonly #marked: (marks: readonly Mark[]) => void
  #waiting: Waiting[] = []
  #isWriting = false

  constructor(write: (marks: readonly Mark[]) => Promise<Marked[]>, marked: (marks: readonly Mark[]) => void) {
    this.#write = write
    this.#marked = marked
  }

  /** Undefined: the lease was no longer ours, and nothing was changed. */
  mark(mark: Mark): Promise<Marked | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ mark, resolve, reject })
      if (!this.#isWriting && this.#waiting.length === 1) setImmediate(() => void this.#flush())
    })
  }

  async #flush(): Promise<void> {
    const batch = this.#waiting
    this.#waiting = []
    this.#isWriting = true
    try {
      await this.#record(batch)
    } finally {
      this.#isWriting = false
      if (this.#waiting.length > 0) setImmediate(() => void this.#flush())
    }
  }

  async #record(batch: readonly Waiting[], tries = 0): Promise<void> {
    try {
      const marked = await this.#write(batch.map((one) => one.mark))
      const byLane = new Map(marked.map((one) => [`${one.conversation} ${one.lane}`, one]))
      this.#marked(batch.map((one) => one.mark))
      for (const { mark, resolve } of batch) resolve(byLane.get(`${mark.conversation} ${mark.lane}`))
    } catch (error) {
      if ((error as { code?: string }).code === '40P01' && tries < 10) return this.#record(batch, tries + 1)
      for (const one of batch) one.reject(error)
    }
  }
}
