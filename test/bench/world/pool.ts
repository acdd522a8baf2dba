/** Connections to one target, the one used last first, so that no more are opened than are needed at once. */
import type { Line } from './line.ts'

export class Pool {
  readonly #open: () => Line
  readonly #most: number
  readonly #all = new Set<Line>()
  #free: Line[] = []

  constructor(open: () => Line, most = Number.POSITIVE_INFINITY) {
    this.#open = open
    this.#most = most
  }

  /** Everything that may be opened is open and waits for an answer. */
  get isUsedUp(): boolean {
    return this.#free.length === 0 && this.#all.size >= this.#most
  }

  take(): Line {
    for (let line = this.#free.pop(); line; line = this.#free.pop()) {
      if (!line.isDead) return line
      this.#all.delete(line)
    }
    const line = this.#open()
    this.#all.add(line)
    return line
  }

  give(line: Line): void {
    if (line.isDead) this.#all.delete(line)
    else this.#free.push(line)
  }

  close(): void {
    for (const line of this.#all) line.close()
  }
}
