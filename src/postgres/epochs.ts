/** Control's epoch of conversations, always from the record; what is asked in one turn of the event loop is one statement. */
import type pg from 'pg'

interface Asked {
  readonly conversation: number
  resolve(epoch: number): void
  reject(error: unknown): void
}

export class Epochs {
  readonly #pool: pg.Pool
  #asked: Asked[] = []

  constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  /** -1 where there is no such conversation. */
  of(conversation: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#asked.push({ conversation, resolve, reject })
      if (this.#asked.length === 1) setImmediate(() => void this.#read())
    })
  }

  async #read(): Promise<void> {
    const asked = this.#asked
    this.#asked = []
    try {
      const { rows } = await this.#pool.query<{ id: number; epoch: number }>({
        name: 'epochs',
        text: 'SELECT id, epoch FROM conversations WHERE id = ANY($1)',
        values: [[...new Set(asked.map((one) => one.conversation))]],
      })
      const epochs = new Map(rows.map((row) => [row.id, row.epoch]))
      for (const { conversation, resolve } of asked) resolve(epochs.get(conversation) ?? -1)
    } catch (error) {
      for (const { reject } of asked) reject(error)
    }
  }
}
