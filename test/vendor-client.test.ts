/** The vendor client against small real servers that misbehave. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { Readable, Writable } from 'node:stream'
import { text as readText } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { AxiosError, type AxiosInstance, type AxiosRequestConfig } from 'axios'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HubError } from '../src/errors.ts'
import { freePort } from '../src/postgres/server.ts'
import { createVendorClient, discreetPath, retryAfterMs, toHubError } from '../src/vendor-client.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

const closers: Array<() => unknown> = []
let logged: string
let log: pino.Logger

beforeEach(() => {
  logged = ''
  const sink = new Writable({
    write(chunk, _encoding, done) {
      logged += chunk
      done()
    },
  })
  log = pino({ level: 'debug' }, sink)
})
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function serve(handler: Handler): Promise<string> {
  const server = createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function client(options: { deadlineMs?: number; concurrency?: number; maxAnswerBytes?: number } = {}): AxiosInstance {
  const stopping = new AbortController()
  closers.push(() => stopping.abort())
  return createVendorClient({ name: 'people', log, signal: stopping.signal, ...options })
}

const answer =
  (status: number, headers: Record<string, string> = {}, body = ''): Handler =>
  (request, response) => {
    request.resume()
    response.writeHead(status, headers).end(body)
  }

async function failureOf(call: Promise<unknown>): Promise<{ axios: AxiosError; hub: HubError }> {
  const thrown = await call.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(AxiosError)
  return { axios: thrown as AxiosError, hub: toHubError(thrown, 'Acme') }
}

async function statusAsHubError(status: number, headers: Record<string, string> = {}): Promise<HubError> {
  return (await failureOf(client().get(await serve(answer(status, headers))))).hub
}

describe('a call that succeeds', () => {
  it('sends JSON, query and headers, and reads JSON', async () => {
    const url = await serve(async (request, response) => {
      const seen = {
        url: request.url,
        method: request.method,
        body: await readText(request),
        auth: request.headers.authorization,
      }
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify(seen))
    })
    const http = client()
    const config: AxiosRequestConfig = {
      baseURL: `${url}/v1/`,
      params: { 'a b': 'ü' },
      auth: { username: 'u', password: 'p' },
    }
    const { data, status, headers } = await http.post('/tickets', { a: 1 }, config)
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('application/json')
    expect(data).toEqual({ url: '/v1/tickets?a+b=%C3%BC', method: 'POST', body: '{"a":1}', auth: 'Basic dTpw' })
  })

  it('keeps the connection', async () => {
    const ports = new Set<number | undefined>()
    const url = await serve((request, response) => {
      ports.add(request.socket.remotePort)
      response.end('ok')
    })
    const http = client()
    for (let i = 0; i < 8; i++) await http.get(url)
    // A call made the instant an answer is there finds its connection not yet free, so two are in use by turns.
    expect(ports.size).toBeLessThanOrEqual(2)
  })

  it.each([
    ['a buffer', () => Buffer.from('raw'), 'raw'],
    ['a stream', () => Readable.from(['ra', 'w']), 'raw'],
    ['nothing', () => undefined, ''],
  ])('sends %s', async (_name, body, seen) => {
    const url = await serve(async (request, response) => response.end(await readText(request)))
    expect((await client().post(url, body())).data).toBe(seen)
  })

  it('sends a form with a file, its length known', async () => {
    const url = await serve(async (request, response) => {
      const form = await new Response(await readText(request), {
        headers: { 'Content-Type': request.headers['content-type']! },
      }).formData()
      const file = form.get('file') as File
      response.end(
        JSON.stringify({
          name: file.name,
          text: await file.text(),
          length: request.headers['content-length'] !== undefined,
        }),
      )
    })
    const form = new FormData()
    form.set('file', new Blob(['hello'], { type: 'text/plain' }), 'hello.txt')
    expect((await client().post(url, form)).data).toEqual({ name: 'hello.txt', text: 'hello', length: true })
  })

  it('reads bytes, and what was packed unasked', async () => {
    const url = await serve(answer(200, {}, '\u0000x'))
    expect((await client().get(url, { responseType: 'arraybuffer' })).data).toEqual(Buffer.from('\u0000x'))
    const packed = await serve((_request, response) =>
      response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync('{"a":1}')),
    )
    expect((await client().get(packed)).data).toEqual({ a: 1 })
  })

  it('hands over a stream that may last longer than the deadline', async () => {
    const url = await serve(async (_request, response) => {
      for (const piece of ['a', 'b', 'c', 'd']) {
        response.write(piece)
        await new Promise((resolve) => setTimeout(resolve, 150))
      }
      response.end()
    })
    const { data } = await client({ deadlineMs: 400 }).get(url, { responseType: 'stream' })
    expect(await readText(data)).toBe('abcd')
  })
})

describe('a vendor that says no', () => {
  it.each([
    [400, 'invalid', true],
    [401, 'refused', true],
    [403, 'refused', true],
    [404, 'unknown', true],
    [409, 'conflict', true],
    [410, 'unknown', true],
    [422, 'invalid', true],
    [408, 'unreachable', false],
    [429, 'busy', true],
    [500, 'unreachable', false],
    [502, 'unreachable', false],
    [503, 'unreachable', false],
  ])('%i is %s, certain: %s', async (status, code, certain) => {
    const error = await statusAsHubError(status)
    expect(error).toMatchObject({ code, certain })
    expect(error.message).toMatch(/^Acme /)
    expect(error.message).toContain(String(status))
  })

  it('keeps the shape of an AxiosError', async () => {
    const url = await serve(answer(422, { 'Content-Type': 'application/json' }, '{"why":"x"}'))
    const { axios } = await failureOf(client().get(url))
    expect(axios.code).toBe('ERR_BAD_REQUEST')
    expect(axios.response).toMatchObject({ status: 422, data: { why: 'x' } })
  })

  it('says how long to wait, in seconds or as a date', async () => {
    expect(await statusAsHubError(429, { 'Retry-After': '7' })).toMatchObject({ code: 'busy', retryAfterMs: 7_000 })
    const headers = { Date: 'Wed, 21 Oct 2015 07:28:00 GMT', 'Retry-After': 'Wed, 21 Oct 2015 07:28:30 GMT' }
    expect(await statusAsHubError(503, headers)).toMatchObject({ code: 'busy', certain: true, retryAfterMs: 30_000 })
  })

  it('follows no redirect', async () => {
    let calls = 0
    const elsewhere = await serve((_request, response) => {
      calls++
      response.end()
    })
    const { hub } = await failureOf(client().post(await serve(answer(302, { Location: elsewhere })), 'x'))
    expect(hub.code).toBe('invalid')
    expect(calls).toBe(0)
  })
})

describe('a vendor that does not answer', () => {
  it('nobody listens: surely nothing happened', async () => {
    const { axios, hub } = await failureOf(client().post(`http://127.0.0.1:${await freePort()}/x`, 'x'))
    expect(axios.code).toBe('ECONNREFUSED')
    expect(hub).toMatchObject({ code: 'unreachable', certain: true })
  })

  it.each(['GET', 'PUT', 'POST'])('%s is made once when the connection breaks, also on a kept one', async (method) => {
    let calls = 0
    const url = await serve((request, response) => {
      if (request.url === '/first') return void response.end('ok')
      calls++
      request.resume().on('end', () => request.socket.destroy())
    })
    const http = client()
    await http.get(`${url}/first`)
    const { axios, hub } = await failureOf(http.request({ url, method, data: method === 'GET' ? undefined : 'x' }))
    expect(axios.code).toBe('ECONNRESET')
    expect(hub).toMatchObject({ code: 'unreachable', certain: false })
    expect(calls).toBe(1)
  })

  it.each<[string, Handler]>([
    ['says nothing', () => {}],
    [
      'drips its head',
      (_request, response) => drip(response.socket!, 'HTTP/1.1 200 OK\r\nX-A: aaaaaaaaaaaaaaaaaaaaaaaa'),
    ],
    ['drips its body', (_request, response) => drip(response, 'abcdefghijklmnopqrstuvwxyz')],
  ])('the deadline is for the whole: a server that %s', async (_name, handler) => {
    const { axios, hub } = await failureOf(client({ deadlineMs: 300 }).get(await serve(handler)))
    expect(axios.code).toBe('ETIMEDOUT')
    expect(hub).toMatchObject({ code: 'unreachable', certain: false })
  })

  it('a shorter limit of the call counts, a longer one does not', async () => {
    const url = await serve(() => {})
    const { axios } = await failureOf(client({ deadlineMs: 300 }).get(url, { timeout: 60_000 }))
    expect(axios.message).toContain('300 ms')
    expect((await failureOf(client().get(url, { timeout: 200 }))).axios.message).toContain('200 ms')
  })

  it('what waited for a free connection until the deadline was surely not sent, and never is', async () => {
    const seen: string[] = []
    const url = await serve((request, response) => {
      seen.push(request.url!)
      if (request.url === '/slow') setTimeout(() => response.end(), 500)
      else response.end()
    })
    const http = client({ concurrency: 1 })
    const slow = http.get(`${url}/slow`)
    const { hub } = await failureOf(http.post(`${url}/waits`, 'x', { timeout: 100 }))
    expect(hub).toMatchObject({ code: 'unreachable', certain: true })
    await slow
    await http.get(`${url}/after`)
    expect(seen).toEqual(['/slow', '/after'])
  })

  it.each<[string, Handler]>([
    ['announced', (_request, response) => response.end(Buffer.alloc(20_000))],
    ['without an end', (_request, response) => pour(response)],
    [
      'packed',
      (_request, response) =>
        response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(Buffer.alloc(20_000))),
    ],
  ])('an answer too large is cut off: %s', async (_name, handler) => {
    const { axios, hub } = await failureOf(client({ maxAnswerBytes: 10_000 }).get(await serve(handler)))
    expect(axios.message).toContain('larger than 10000 bytes')
    expect(hub).toMatchObject({ code: 'unreachable', certain: false })
  })

  it('a big answer within the limit is whole', async () => {
    const { data } = await client().get(await serve((_request, response) => response.end(Buffer.alloc(9_000_000, 'a'))))
    expect(data.length).toBe(9_000_000)
  })

  it('something that is not HTTP', async () => {
    const server = createTcpServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closers.push(() => server.close())
    const { hub } = await failureOf(client().get(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`))
    expect(hub).toMatchObject({ code: 'unreachable', certain: false })
  })

  it('stops when the caller says so', async () => {
    let closed: () => void
    const hungUp = new Promise<void>((resolve) => {
      closed = resolve
    })
    const stop = new AbortController()
    const url = await serve((request) => {
      request.socket.on('close', () => closed())
      stop.abort()
    })
    const { axios } = await failureOf(client().get(url, { signal: stop.signal }))
    expect(axios.code).toBe('ERR_CANCELED')
    await hungUp
  })

  it.each([
    ['an address that is none', { url: 'nowhere' }, 'ERR_INVALID_URL'],
    ['a method that is none', { url: 'http://127.0.0.1:9/', method: 'GET IT' }, 'ERR_BAD_OPTION'],
  ])('%s is the caller’s fault', async (_name, config, code) => {
    const { axios, hub } = await failureOf(client().request(config))
    expect(axios.code).toBe(code)
    expect(hub).toMatchObject({ code: 'invalid', certain: true })
  })
})

describe('the log', () => {
  it('has method, host, path, status and time, and neither query, body, header nor token', async () => {
    const http = client()
    const secret = { headers: { Authorization: 'Bearer s3cret' }, params: { key: 's3cret' } }
    const fine = await serve(answer(200, {}, 's3cret'))
    await http.post(`${fine}/v1/users/jo@s3cret.org/tickets`, { text: 's3cret' }, secret)
    const { axios, hub } = await failureOf(
      http.post(`${await serve(answer(500, {}, 's3cret'))}/v1/x`, 's3cret', secret),
    )
    log.error({ err: axios }, 'axios')
    log.error({ err: hub }, 'hub')
    log.error(axios)
    log.error({ plain: JSON.parse(JSON.stringify(axios)) })
    const first = JSON.parse(logged.split('\n')[0]!)
    expect(first).toMatchObject({ connection: 'people', method: 'POST', path: '/v1/users/*/tickets', status: 200 })
    expect(first.host).toBe(new URL(fine).host)
    expect(first.ms).toBeTypeOf('number')
    expect(logged).toContain('"status":500')
    expect(logged).not.toContain('s3cret')
  })

  it.each([
    ['/api/v2/tickets/35436', '/api/v2/tickets/35436'],
    ['/bot12345:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/sendMessage', '/*/sendMessage'],
    [
      '/v3/conversations/8f1d5a52-8f0e-4d64-9f39-b1f5f0b3a111',
      '/v3/conversations/8f1d5a52-8f0e-4d64-9f39-b1f5f0b3a111',
    ],
    ['/users/%2B4917012345678', '/users/*'],
    ['/crm/v3/objects/contacts/jo%40acme.org', '/crm/v3/objects/contacts/*'],
    ['/hooks/T024BE7LD/B024BE7LD/aBcDeFgHiJkLmNoPqRsTuV12', '/hooks/T024BE7LD/B024BE7LD/*'],
  ])('%s is shown as %s', (path, shown) => expect(discreetPath(path)).toBe(shown))
})

it('understands Retry-After, or says it does not', () => {
  const now = Date.parse('2026-01-01T00:00:00Z')
  expect(retryAfterMs({ 'retry-after': '1.5' }, now)).toBe(1_500)
  expect(retryAfterMs({ 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' }, now)).toBe(9_000)
  expect(retryAfterMs({ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' }, now)).toBe(0)
  expect(retryAfterMs({ 'retry-after': 'soon' }, now)).toBeUndefined()
  expect(retryAfterMs({}, now)).toBeUndefined()
})

function drip(to: NodeJS.WritableStream, what: string): void {
  let sent = 0
  const timer = setInterval(() => to.write(what[sent++ % what.length]!), 50)
  to.on('error', () => {})
  to.on('close', () => clearInterval(timer))
}

function pour(response: ServerResponse): void {
  const block = Buffer.alloc(4_096)
  const more = () => {
    while (!response.destroyed && response.write(block));
  }
  response.on('drain', more)
  more()
}
