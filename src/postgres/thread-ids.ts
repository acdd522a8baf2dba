import type { Ref } from '../message.ts'

/** Thread → conversation id, so that a busy thread is looked up once. */
export class ThreadIds {
  readonly #ids = new Map<string, number>()
  readonly #limit = 50_000

  get(connection: string, thread: Ref): number | undefined {
    return this.#ids.get(`${connection}\n${thread}`)
  }

  forget(connection: string, thread: Ref): void {
    this.#ids.delete(`${connection}\n${thread}`)
  }

  set(connection: string, thread: Ref, id: number): void {
    if (this.#ids.size >= this.#limit) this.#ids.clear()
    this.#ids.set(`${connection}\n${thread}`, id)
  }
}
