/** The HTTP side of a twin: the vendor's routes on a free port of this machine, with troubles before and after their effect. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { isAfter, type Trouble, type Troubles } from './troubles.ts'

export interface TwinServerOptions {
  readonly troubles: Troubles
  /** The vendor's routes. Bodies of JSON are parsed; others as the routes' own parsers say. */
  routes(app: FastifyInstance): void | Promise<void>
  /** The vendor's own bodies (and headers) of these answers; `limits` always carries Retry-After unless it is set here. */
  readonly answers: Readonly<Record<'limits' | 'errors' | 'expired', (request: FastifyRequest) => VendorAnswer>>
  /** Paths that never go wrong: those that the vendor does not have. */
  readonly spared?: RegExp
}

export interface VendorAnswer {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** For a test to look at. */
export interface TwinCall {
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: unknown
  /** What was answered; undefined where there was no answer. */
  status?: number
  answer?: unknown
  trouble?: Trouble
}

export interface TwinServer {
  readonly url: string
  readonly calls: readonly TwinCall[]
  close(): Promise<void>
}

const keptCalls = 1_000
/** Longer than the hub waits for any answer. */
const hangMs = 30_000

export async function openTwinServer(options: TwinServerOptions): Promise<TwinServer> {
  const { troubles } = options
  const calls: TwinCall[] = []
  const made = new WeakMap<FastifyRequest, TwinCall>()
  const app = Fastify({ forceCloseConnections: true, bodyLimit: 50 * 1024 * 1024 }) as FastifyInstance
  const ending = new AbortController()

  // Not at the request's beginning: what goes wrong before its effect goes wrong after the body has come.
  app.addHook('preHandler', async (request, reply) => {
    const call: TwinCall = { method: request.method, path: request.url, headers: request.headers, body: request.body }
    made.set(request, call)
    calls.push(call)
    if (calls.length > keptCalls) calls.shift()
    if (options.spared?.test(request.url)) return
    call.trouble = troubles.ofCall(`${request.method} ${request.url}`)
    if (call.trouble && !isAfter(call.trouble)) await goWrong(call.trouble, request, reply)
  })
  app.addHook('onSend', async (request, reply, payload) => {
    const call = made.get(request)
    const trouble = call?.trouble
    const sent = trouble && isAfter(trouble) ? await goWrongAfter(trouble, request, reply, payload) : payload
    if (call && !reply.raw.destroyed) Object.assign(call, { status: reply.statusCode, answer: readable(sent) })
    return sent
  })

  const goWrong = async (trouble: Trouble, request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (trouble === 'slow') return pause(troubles.delayMs)
    if (trouble === 'hangs' || trouble === 'resets') {
      if (trouble === 'hangs') await pause(hangMs)
      reply.hijack()
      request.raw.socket.resetAndDestroy()
      return
    }
    const { status, body, headers } = options.answers[trouble as 'limits' | 'errors' | 'expired'](request)
    if (trouble === 'limits') reply.header('retry-after', String(troubles.retryAfterSeconds))
    await reply
      .code(status)
      .headers(headers ?? {})
      .send(body)
  }
  const goWrongAfter = async (trouble: Trouble, request: FastifyRequest, reply: FastifyReply, payload: unknown) => {
    if (trouble === 'errorsAfter') {
      const { status, body } = options.answers.errors(request)
      reply.code(status).removeHeader('content-length')
      return JSON.stringify(body)
    }
    if (trouble === 'malformed') {
      reply.code(200).removeHeader('content-length').header('content-type', 'text/html')
      return '<html><body>Bad gateway'
    }
    if (trouble === 'hangsAfter') await pause(hangMs)
    request.raw.socket.resetAndDestroy()
    return payload
  }
  const pause = async (ms: number) =>
    void (await sleep(ms, undefined, { signal: ending.signal, ref: false }).catch(() => {}))

  await options.routes(app)
  await app.listen({ host: '127.0.0.1', port: 0 })
  if (!app.server.listening) await once(app.server, 'listening')
  return {
    url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
    calls,
    async close() {
      ending.abort()
      await app.close()
    },
  }
}

function readable(payload: unknown): unknown {
  if (typeof payload !== 'string') return undefined
  try {
    return JSON.parse(payload)
  } catch {
    return payload
  }
}
