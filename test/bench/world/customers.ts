/** The customers: they write over kept-alive connections, as a channel's webhooks would bring it, signed. */
import { createHmac } from 'node:crypto'
import { breathe, now, until } from './clock.ts'
import { type Spread, spread } from './figures.ts'
import type { Ledger } from './ledger.ts'
import { Line } from './line.ts'
import { Pool } from './pool.ts'
import { writer } from './words.ts'

export interface CustomersOptions {
  /** One for each process of the hub; a conversation stays with one. */
  readonly targets: readonly URL[]
  readonly secret: string
  readonly threads: readonly string[]
  /** Begins every message's id, so that no two runs share one. */
  readonly prefix: string
  /** False: a customer does not wait for the answer to the word before. Then their order means nothing. */
  readonly inTurn?: boolean
  /** Connections to one target in an open loop. Who finds all of them busy does not write at all. Default: as many as it takes. */
  readonly connections?: number
  /** Told of every answer: its status, 0 for none, and the milliseconds since the message was sent. */
  readonly heard?: (status: number, ms: number) => void
}

export interface Written {
  /** When the first message was sent. */
  readonly startedAt: number
  /** From due to the 200. */
  readonly answerMs: Spread
}

interface Said {
  readonly id: string
  readonly thread: string
  readonly text: string
}

export class Customers {
  readonly #options: CustomersOptions
  readonly #write = writer(7)
  readonly #seqs = new Map<string, number>()
  #count = 0

  constructor(options: CustomersOptions) {
    this.#options = options
  }

  /** A fixed number of messages, each customer's next one when the last was answered. */
  async closed(ledger: Ledger, { lines, messages }: { lines: number; messages: number }): Promise<Written> {
    const { threads } = this.#options
    const startedAt = now()
    const answerMs: number[] = []
    const used = Math.min(lines, threads.length)
    let left = messages
    const one = async (i: number): Promise<void> => {
      const line = this.#open(i)
      // A line owns its threads, so the order in which a customer writes is well defined.
      const own = threads.filter((_, k) => k % used === i)
      for (let k = 0; left > 0 && !line.isDead; k++) {
        left--
        const due = now()
        await this.#send(ledger, line, this.#next(ledger, own[k % own.length]!, due), i)
        answerMs.push(now() - due)
      }
      line.close()
    }
    await Promise.all(Array.from({ length: used }, (_, i) => one(i)))
    return { startedAt, answerMs: spread(answerMs) }
  }

  /** Messages at fixed instants, whatever the answers do: what a stall delays is charged with it. */
  async open(ledger: Ledger, { rate, seconds }: { rate: number; seconds: number }): Promise<Written> {
    const { threads, targets, connections } = this.#options
    const pools = targets.map((_, target) => new Pool(() => this.#open(target), connections))
    const lastOf = new Map<string, Promise<void>>()
    const answerMs: number[] = []
    const startedAt = now() + 5
    const all: Promise<void>[] = []
    for (let i = 0; i < rate * seconds; i++) {
      const due = startedAt + (i * 1_000) / rate
      await until(due)
      // Who is behind must still hear the answers, or the stall would be of our own making.
      if (i % 16 === 0) await breathe()
      const thread = threads[i % threads.length]!
      const target = (i % threads.length) % targets.length
      const pool = pools[target]!
      if (pool.isUsedUp) continue
      const said = this.#next(ledger, thread, due)
      const before = this.#options.inTurn === false ? undefined : lastOf.get(thread)
      const sent = (before ?? Promise.resolve()).then(async () => {
        const line = pool.take()
        const sentAt = now()
        const status = await this.#send(ledger, line, said, target)
        pool.give(line)
        answerMs.push(now() - due)
        this.#options.heard?.(status, now() - sentAt)
      })
      lastOf.set(thread, sent)
      all.push(sent)
    }
    await Promise.all(all)
    for (const pool of pools) pool.close()
    return { startedAt, answerMs: spread(answerMs) }
  }

  #open(i: number): Line {
    const { hostname, port } = this.#options.targets[i % this.#options.targets.length]!
    return new Line(hostname, Number(port))
  }

  #next(ledger: Ledger, thread: string, due: number): Said {
    const seq = (this.#seqs.get(thread) ?? 0) + 1
    this.#seqs.set(thread, seq)
    const id = `${this.#options.prefix}-${++this.#count}`
    ledger.send(id, thread, seq, due)
    return { id, thread, text: this.#write(id) }
  }

  async #send(ledger: Ledger, line: Line, said: Said, target: number): Promise<number> {
    const url = this.#options.targets[target % this.#options.targets.length]!
    const status = await line.ask(request(url, JSON.stringify(said), this.#options.secret))
    ledger.answer(said.id, status >= 200 && status < 300)
    return status
  }
}

/** Signed for either side, so that both cost the customers the same. */
export function request(url: URL, body: string, secret: string): string {
  const signature = createHmac('sha256', secret).update(body).digest('hex')
  return (
    `POST ${url.pathname} HTTP/1.1\r\nhost: ${url.host}\r\ncontent-type: application/json\r\n` +
    `x-signature: ${signature}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  )
}
