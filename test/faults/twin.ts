/** The outside of the hub as one HTTP server: it does what it is asked, remembers by key what that made, and can be told to misbehave. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../simulation/random.ts'

/** What goes wrong with a call. `…After`: its effect is there all the same. */
export const troubles = [
  'limits',
  'errors',
  'errorsAfter',
  'hangs',
  'hangsAfter',
  'resets',
  'resetsAfter',
  'malformed',
] as const
export type Trouble = (typeof troubles)[number]

/** A moment in a call: it has come, its effect is there, it was answered. */
export type Moment = 'call' | 'effect' | 'answer'

export interface Call {
  readonly connection: string
  readonly verb: string
  readonly key: string
  // biome-ignore lint/suspicious/noExplicitAny: the bodies are those of our own connectors
  readonly body: any
}

/** What one connection does with a call: an answer, or the status of a refusal. */
export type Vendor = {
  /** Whether a second call with a known key is answered without being done again. */
  dedupes(verb: string): boolean
  act(call: Call): { ref: string; [field: string]: unknown } | number
}

export interface Twin {
  readonly url: string
  /** From now on this share of the calls to these connections goes wrong in one of these ways. */
  misbehave(ways: readonly Trouble[], connections: readonly string[], share: number, random: Random): void
  behave(): void
  /** At the next call, at the named moment, `strike` is called; unless it was answered by then, it never is. */
  strikeAt(moment: Moment, strike: () => void): void
  /** Calls that went wrong as told. */
  readonly misbehaved: number
  close(): Promise<void>
}

/** Longer than the hub waits for any answer. */
const hangMs = 15_000

export async function openTwin(vendors: Readonly<Record<string, Vendor>>): Promise<Twin> {
  const made = new Map<string, { ref: string }>()
  let draw: (connection: string) => Trouble | undefined = () => undefined
  let misbehaved = 0
  let trap: { moment: Moment; strike: () => void } | undefined
  const isStruck = (moment: Moment): boolean => {
    if (trap?.moment !== moment) return false
    const { strike } = trap
    trap = undefined
    strike()
    return true
  }

  const act = (call: Call): object | number => {
    const vendor = vendors[call.connection]
    if (!vendor) return 404
    const name = `${call.connection} ${call.key}`
    const known = made.get(name)
    if (known && vendor.dedupes(call.verb)) return known
    const answer = vendor.act(call)
    if (typeof answer === 'object') made.set(name, answer)
    return answer
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, connection = '', verb = '', key = ''] = (request.url ?? '').split('/').map(decodeURIComponent)
    const text = await readAll(request)
    const trouble = draw(connection)
    if (trouble) misbehaved++
    if (trouble && !happensAfter(trouble)) return goWrong(trouble, response)
    if (request.method === 'GET') {
      const ref = made.get(`${connection} ${key}`)?.ref
      return send(response, 200, { found: ref !== undefined, ref })
    }
    if (isStruck('call')) return
    const done = act({ connection, verb, key: String(request.headers['idempotency-key']), body: JSON.parse(text) })
    if (isStruck('effect')) return
    if (trouble) return goWrong(trouble, response)
    if (typeof done === 'number') send(response, done, {})
    else send(response, 200, done)
    isStruck('answer')
  }

  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    // A hub that was killed in the middle of a call: what did not arrive whole is nothing.
    answer(request, response).catch(() => response.destroy())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    misbehave(ways, connections, share, random) {
      draw = (connection) => (connections.includes(connection) && random.chance(share) ? random.pick(ways) : undefined)
    },
    behave() {
      draw = () => undefined
      trap = undefined
    },
    strikeAt(moment, strike) {
      trap = { moment, strike }
    },
    get misbehaved() {
      return misbehaved
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const happensAfter = (trouble: Trouble): boolean => trouble.endsWith('After') || trouble === 'malformed'

async function goWrong(trouble: Trouble, response: ServerResponse): Promise<void> {
  switch (trouble) {
    case 'limits':
      response.setHeader('retry-after', '1')
      return send(response, 429, { error: 'slow down' })
    case 'errors':
    case 'errorsAfter':
      return send(response, 500, { error: 'internal' })
    case 'malformed':
      response.setHeader('content-type', 'text/html')
      response.end('<html><body>OK')
      return
    case 'hangs':
    case 'hangsAfter':
      await sleep(hangMs, undefined, { ref: false })
      response.destroy()
      return
    case 'resets':
    case 'resetsAfter':
      response.socket?.resetAndDestroy()
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  if (!request.complete) throw new Error('the call broke off')
  return Buffer.concat(chunks).toString()
}
