/** One kept-alive connection with at most one request under way, by hand: a client library would cost more than what is measured. */
import net from 'node:net'

export class Line {
  readonly #socket: net.Socket
  #received = ''
  #answered: ((status: number) => void) | undefined
  #isDead = false

  constructor(host: string, port: number) {
    this.#socket = net.connect({ host, port, noDelay: true })
    this.#socket.setEncoding('latin1')
    this.#socket.on('data', (piece: string) => this.#hear(piece))
    this.#socket.on('error', () => this.#die())
    this.#socket.on('close', () => this.#die())
  }

  get isDead(): boolean {
    return this.#isDead
  }

  /** Resolves to the status of the answer; 0: there was none. */
  ask(request: string): Promise<number> {
    if (this.#isDead) return Promise.resolve(0)
    return new Promise((resolve) => {
      this.#answered = resolve
      this.#socket.write(request)
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  #hear(piece: string): void {
    this.#received += piece
    const end = this.#received.indexOf('\r\n\r\n')
    if (end < 0 || this.#received.length < end + 4 + bodyLength(this.#received.slice(0, end))) return
    const status = Number(this.#received.slice(9, 12))
    this.#received = ''
    this.#settle(status)
  }

  #die(): void {
    this.#isDead = true
    this.#settle(0)
  }

  #settle(status: number): void {
    const answered = this.#answered
    this.#answered = undefined
    answered?.(status)
  }
}

const bodyLength = (head: string): number => Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0)
