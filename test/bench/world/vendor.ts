/**
 * The vendor's side of everything: desk, channel and bot, on one socket, answering at once. It notes what it sees in the ledger.
 * Below `/slow` lies another vendor, which can stop answering.
 */
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { Ledger } from './ledger.ts'
import { idOf, wantsAgent } from './words.ts'

interface Body {
  readonly text?: string
}

export class Vendor {
  ledger = new Ledger()
  /** Called with each new ticket, after the hub has its name. */
  onTicket: (ticket: string) => void = () => {}
  /** What is sent below `/slow` gets no answer and has no effect. */
  isHanging = false
  readonly #tickets = new Map<string, string>()
  readonly #keys = new Set<string>()
  readonly #server = http.createServer((request, response) => this.#answer(request, response))
  readonly url: string

  private constructor() {
    this.url = ''
  }

  static async open(): Promise<Vendor> {
    const vendor = new Vendor()
    const server = vendor.#server
    server.keepAliveTimeout = 60_000
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return Object.assign(vendor, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #answer(request: http.IncomingMessage, response: http.ServerResponse): void {
    if (this.isHanging && request.url?.startsWith('/slow')) return void request.resume()
    let text = ''
    request.setEncoding('utf8')
    request.on('data', (piece: string) => {
      text += piece
    })
    request.on('end', () => {
      const body = JSON.stringify(this.#hear(request, JSON.parse(text) as Body))
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
      response.end(body)
    })
  }

  #hear({ url: path, headers }: http.IncomingMessage, body: Body): object {
    const url = path?.replace(/^\/slow/, '')
    const id = idOf(body.text ?? '')
    if (url === '/bot') return botAnswer(id)
    if (url === '/tickets') return { ticket: this.#ticketOf(String(headers['idempotency-key'])) }
    if (this.#isRepeated(String(headers['idempotency-key']))) this.ledger.repeat()
    else this.ledger.arrive(id)
    return { ok: true }
  }

  /** What comes again under its key is dropped, as the connectors of this vendor are told. */
  #isRepeated(key: string): boolean {
    if (this.#keys.has(key)) return true
    this.#keys.add(key)
    return false
  }

  #ticketOf(key: string): string {
    const known = this.#tickets.get(key)
    if (known !== undefined) return known
    const ticket = `ticket-${this.#tickets.size + 1}`
    this.#tickets.set(key, ticket)
    setImmediate(() => this.onTicket(ticket))
    return ticket
  }
}

const botAnswer = (id: string): object =>
  id.startsWith(wantsAgent)
    ? { text: 'One moment.', intent: 'agent', confidence: 1, human: true }
    : { text: `${id} was looked up, and here is what there is to say about it.`, intent: 'question', confidence: 0.9 }
