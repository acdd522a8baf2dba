import { generateKeyPairSync } from 'node:crypto'
import websocket from '@fastify/websocket'
import fastify, { type FastifyInstance } from 'fastify'
import { SignJWT } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { HubError } from '#hub/connector.ts'
import { text } from '#hub/message.ts'
import { migrate } from '../../src/postgres/migrate.ts'
import { channelConformance } from '../../test/conformance/channel.ts'
import { aDatabase, type TestDatabase } from '../../test/engines.ts'
import { aHost, type TestHost } from '../../test/host.ts'
import { webchatAt } from './index.ts'
import type { Settings } from './settings.ts'
import { greet, openSocket } from './visitor.ts'

const pace = { helloMs: 10_000, beatMs: 25_000, typingMs: 6000 }
const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

interface Site {
  host: TestHost
  app: FastifyInstance
  base: string
  origin: string
  channel: NonNullable<Awaited<ReturnType<ReturnType<typeof webchatAt>['open']>>['channel']>
  poll(): Promise<void>
  begin(body?: object, token?: string): Promise<{ token: string; thread: string; resume: { known: boolean } }>
  call(path: string, init?: { method?: string; token?: string; body?: unknown; headers?: object }): Promise<Response>
  close(): Promise<void>
}

const open: Site[] = []
let database: TestDatabase
beforeAll(async () => {
  database = await aDatabase()
  await migrate(database.pool, 'site', webchatAt(pace).migrations!)
})
afterEach(async () => {
  for (const site of open.splice(0)) await site.close()
  await database.pool.query('delete from webchat_files; delete from webchat_threads')
})
afterAll(() => database.drop())

async function aSite(settings: Settings = {}, at = pace, shared?: TestHost): Promise<Site> {
  const connector = webchatAt(at)
  const host = shared ?? (await aHost({ name: 'site', migrations: connector.migrations, database }))
  const { hooks, channel, poll } = await connector.open(settings, host)
  const app = fastify({ logger: false })
  await app.register(websocket, { options: { maxPayload: 65_536 } })
  await app.register(hooks!, { prefix: '/hooks/site' })
  const origin = await app.listen({ port: 0, host: '127.0.0.1' })
  const base = `${origin}/hooks/site`
  const site: Site = {
    host,
    app,
    base,
    origin,
    channel: channel!,
    poll: poll!.run,
    async begin(body = {}, token) {
      const response = await site.call('/sessions', { method: 'POST', body, token })
      expect(response.status).toBe(201)
      return (await response.json()) as never
    },
    call: (path, { method = 'GET', token, body, headers } = {}) =>
      fetch(base + path, {
        method,
        headers: {
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...(body && !(body instanceof FormData) ? { 'content-type': 'application/json' } : {}),
          ...headers,
        },
        body:
          body instanceof FormData ? body : typeof body === 'string' ? body : body ? JSON.stringify(body) : undefined,
      }),
    async close() {
      await app.close()
      if (!shared) await host.stop()
    },
  }
  open.push(site)
  return site
}

channelConformance(
  'webchat',
  async () => {
    const site = await aSite()
    const { token, thread } = await site.begin()
    const entered = new Set<string>()
    return {
      // The hub's record is the mailbox: what `send` took is entered once by its key, as the hub enters a done effect.
      channel: {
        ...site.channel,
        async send(visitor, message, key) {
          const sent = await site.channel.send(visitor, message, key)
          if (!entered.has(key)) site.host.record.putEntry(visitor, { id: key, ...message })
          entered.add(key)
          return sent
        },
      },
      visitor: thread,
      stranger: 'v-nobody',
      async seenByVendor() {
        const screen = await greet(site.base, site.origin, token)
        const wanted = (await site.host.record.read(thread, 0)).length
        while (screen.entries.length < wanted) await screen.until(() => screen.entries.length >= wanted)
        await screen.leave()
        return screen.entries.map((entry) => ({ key: entry.id, text: shown(entry.message.parts) }))
      },
    }
  },
  { skip: { lostAnswer: 'the mailbox is the hub’s own record; there is no answer of a vendor to lose' } },
)

// biome-ignore lint/suspicious/noExplicitAny: as it came over the wire
const shown = (parts: any[]): string =>
  parts
    .map((part) => {
      if (part.kind === 'choices') return part.choices.map(({ label }: { label: string }) => label).join(' ')
      if (part.kind === 'articles') return part.articles.map(({ title }: { title: string }) => title).join(' ')
      return part.text ?? part.name ?? part.question
    })
    .join(' ')

describe('a visitor’s socket', () => {
  it('greets with who is in control, then gives the history in order', async () => {
    const site = await aSite()
    const { token, thread } = await site.begin()
    for (const body of ['one', 'two', 'three']) site.host.record.putEntry(thread, { by: 'bot', message: text(body) })
    site.host.record.putState(thread, { control: 'agent', agent: 'Ana', language: 'de' })
    const screen = await greet(site.base, site.origin, token)
    await screen.until(() => screen.entries.length === 3)
    expect(screen.frames[0]).toMatchObject({ t: 'state', control: 'agent', agent: 'Ana', language: 'de', seq: 3 })
    expect(screen.entries.map((entry) => entry.message.parts[0].text)).toEqual(['one', 'two', 'three'])
  })

  it('resumes after its cursor: nothing twice, nothing missed', async () => {
    const site = await aSite()
    const { token, thread } = await site.begin()
    for (let n = 1; n <= 120; n++) site.host.record.putEntry(thread, { by: 'bot', message: text(`${n}`) })
    const screen = await greet(site.base, site.origin, token, 7)
    await screen.until(() => screen.entries.length >= 113)
    site.host.record.putEntry(thread, { by: 'agent', message: text('121') })
    await screen.until(() => screen.entries.length >= 114)
    expect(screen.entries.map((entry) => entry.seq)).toEqual(Array.from({ length: 114 }, (_, n) => n + 8))
  })

  it('acknowledges only when the hub has it on disk', async () => {
    const site = await aSite()
    const { token, thread } = await site.begin()
    const disk = Promise.withResolvers<void>()
    site.host.onReceive = () => disk.promise
    const screen = await greet(site.base, site.origin, token)
    screen.say('client-01', 'Where is my order?')
    // A ping behind it is answered in turn, so an early acknowledgement would be here before the pong.
    screen.send({ t: 'ping' })
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(screen.frames.filter((frame) => frame.t === 'ack')).toEqual([])
    disk.resolve()
    await screen.until((frame) => frame.t === 'ack' && frame.id === 'client-01')
    expect(site.host.received).toEqual([
      expect.objectContaining({
        type: 'customer-message',
        thread,
        externalId: `${thread}:client-01`,
        message: text('Where is my order?'),
      }),
    ])
  })

  it('says so, with the message’s id, when the hub could not take it', async () => {
    const site = await aSite()
    const { token } = await site.begin()
    site.host.onReceive = async () => {
      throw new HubError('busy', 'The database is away', { retryAfterMs: 2000 })
    }
    const screen = await greet(site.base, site.origin, token)
    screen.say('client-01', 'Hello')
    const error = await screen.until((frame) => frame.t === 'error')
    expect(error).toMatchObject({ id: 'client-01', code: 'busy', retryAfterMs: 2000 })
    expect(screen.frames.some((frame) => frame.t === 'ack')).toBe(false)
  })

  it('tells a visitor nothing of an unforeseen failure but that there is one', async () => {
    const site = await aSite()
    const { token } = await site.begin()
    site.host.onReceive = async () => {
      throw new Error('relation "secret_table" does not exist')
    }
    const screen = await greet(site.base, site.origin, token)
    screen.say('client-01', 'Hello')
    expect((await screen.until((frame) => frame.t === 'error')).message).toBe('Internal error')
  })

  it('acknowledges a repeated client id again, and the hub has it once', async () => {
    const site = await aSite()
    const { token } = await site.begin()
    const screen = await greet(site.base, site.origin, token)
    screen.say('client-01', 'Hello')
    screen.say('client-01', 'Hello')
    await screen.until(() => screen.frames.filter((frame) => frame.t === 'ack').length === 2)
    expect(site.host.received).toHaveLength(1)
  })

  it('gives what a slow disk delays to the hub in the order it was said', async () => {
    const site = await aSite()
    const { token } = await site.begin()
    let delay = 30
    site.host.onReceive = async () => {
      await new Promise((resolve) => setTimeout(resolve, delay))
      delay = 0
    }
    const screen = await greet(site.base, site.origin, token)
    for (const n of [1, 2, 3]) screen.say(`client-0${n}`, `${n}`)
    await screen.until((frame) => frame.id === 'client-03')
    expect(site.host.received.map((event) => event.externalId.slice(-1))).toEqual(['1', '2', '3'])
  })

  it('shows everything in every tab, with the client id at the visitor’s own words', async () => {
    const site = await aSite()
    const { token, thread } = await site.begin()
    const tabs = [await greet(site.base, site.origin, token), await greet(site.base, site.origin, token)]
    const externalId = `${thread}:client-01`
    site.host.record.putEntry(thread, { by: 'customer', externalId, message: text('Hello') })
    for (const tab of tabs) {
      await tab.until(() => tab.entries.length === 1)
      expect(tab.entries[0]).toMatchObject({ by: 'customer', client: 'client-01' })
    }
    tabs[0]!.send({ t: 'read', seq: 1 })
    await tabs[1]!.until((frame) => frame.t === 'read' && frame.seq === 1)
  })

  it('sends the state again when control changes, and typing while somebody speaks', async () => {
    const site = await aSite()
    const { token, thread } = await site.begin()
    const screen = await greet(site.base, site.origin, token)
    site.host.record.putState(thread, { control: 'waiting' })
    await screen.until((frame) => frame.t === 'state' && frame.control === 'waiting')
    await site.channel.typing!(thread, true)
    site.host.record.putState(thread, { control: 'agent', agent: 'Ana' })
    await screen.until((frame) => frame.t === 'state' && frame.control === 'agent')
    await site.channel.typing!(thread, true)
    expect(await screen.until((frame) => frame.t === 'typing')).toEqual({
      t: 'typing',
      on: true,
      by: 'agent',
      expiresIn: 6,
    })
    expect(screen.frames.filter((frame) => frame.t === 'typing')).toHaveLength(1)
  })

  it('passes on that the visitor types, and that they left', async () => {
    const site = await aSite()
    const { token, thread } = await site.begin()
    const screen = await greet(site.base, site.origin, token)
    screen.send({ t: 'typing', on: true })
    screen.send({ t: 'leave', id: 'leave-001' })
    await screen.until((frame) => frame.t === 'ack')
    expect(site.host.typing).toEqual([{ by: 'customer', ref: thread, on: true }])
    expect(site.host.received).toEqual([expect.objectContaining({ type: 'customer-left', thread })])
  })

  it('carries only the listed fields of the record', async () => {
    const site = await aSite()
    const { token, thread } = await site.begin()
    const article = { ref: 'CANARY', title: 'Returns', score: 0.4, url: 'https://help.example/r' }
    const entry = { by: 'bot' as const, message: { parts: [{ kind: 'articles' as const, articles: [article] }] } }
    site.host.record.putEntry(thread, { ...entry, note: 'CANARY' } as never)
    const screen = await greet(site.base, site.origin, token)
    await screen.until(() => screen.entries.length === 1)
    expect(JSON.stringify(screen.entries)).not.toContain('CANARY')
  })

  it.each([
    ['another site', 'https://evil.example'],
    ['no origin', undefined],
    ['a sandboxed frame', 'null'],
    ['the right name as a subdomain of a wrong one', 'http://127.0.0.1.evil.example'],
  ])('refuses the handshake of %s', async (_what, origin) => {
    const site = await aSite({ origins: ['https://shop.example'] })
    await expect(openSocket(site.base, origin)).rejects.toThrow('403')
  })

  it('permits a listed site, and with "*" any', async () => {
    const listed = await aSite({ origins: ['https://shop.example'] })
    await (await openSocket(listed.base, 'https://shop.example')).leave()
    const any = await aSite({ origins: ['*'] })
    await (await openSocket(any.base, 'https://whoever.example')).leave()
  })

  it('asks the browser to begin again when the token is wrong or has expired', async () => {
    const site = await aSite({ sessionDays: 2 })
    const { token } = await site.begin()
    const wrong = await openSocket(site.base, site.origin)
    wrong.send({ t: 'hello', token: 'A'.repeat(43), after: 0 })
    expect(await wrong.closed).toBe(4401)
    site.host.advance(2 * 86_400_000 + 1)
    const late = await openSocket(site.base, site.origin)
    late.send({ t: 'hello', token, after: 0 })
    expect(await late.closed).toBe(4401)
    expect(late.frames[0]).toMatchObject({ t: 'error', code: 'refused' })
  })

  it('keeps a session that is used alive', async () => {
    const site = await aSite({ sessionDays: 2 })
    const { token } = await site.begin()
    for (let day = 0; day < 4; day++) {
      site.host.advance(86_400_000)
      expect((await site.call('/messages', { token })).status).toBe(200)
    }
  })

  it('shows a token only its own thread', async () => {
    const site = await aSite()
    const mine = await site.begin()
    const other = await site.begin()
    site.host.record.putEntry(other.thread, { by: 'agent', message: text('not for you') })
    const screen = await greet(site.base, site.origin, mine.token)
    site.host.record.putEntry(mine.thread, { by: 'agent', message: text('for you') })
    await screen.until(() => screen.entries.length > 0)
    expect(screen.entries.map((entry) => entry.message.parts[0].text)).toEqual(['for you'])
    const { entries } = (await (await site.call('/messages', { token: mine.token })).json()) as { entries: unknown[] }
    expect(entries).toHaveLength(1)
  })

  it('closes on a visitor who does not say hello', async () => {
    const site = await aSite({}, { ...pace, helloMs: 50 })
    const screen = await openSocket(site.base, site.origin)
    expect(await screen.closed).toBe(1008)
    expect(screen.frames[0].message).toContain('hello')
  })

  it('hangs up on a browser that answers no ping', async () => {
    const site = await aSite({}, { ...pace, beatMs: 50 })
    const { token } = await site.begin()
    const screen = await greet(site.base, site.origin, token)
    screen.socket.pause()
    const until = Date.now() + 5000
    while (site.app.websocketServer.clients.size > 0 && Date.now() < until) await new Promise((r) => setTimeout(r, 10))
    expect(site.app.websocketServer.clients.size).toBe(0)
    screen.socket.terminate()
  })

  it('looks into the record at each beat, in case a wake-up was lost', async () => {
    const site = await aSite({}, { ...pace, beatMs: 50 })
    const { token, thread } = await site.begin()
    site.host.record.watch = () => () => {}
    const screen = await greet(site.base, site.origin, token)
    site.host.record.putEntry(thread, { by: 'agent', message: text('Hello') })
    await screen.until(() => screen.entries.length === 1)
  })

  it('cuts a reader that lets a megabyte pile up; it comes back and misses nothing', async () => {
    const site = await aSite()
    const { token, thread } = await site.begin()
    const screen = await greet(site.base, site.origin, token)
    screen.socket.pause()
    const long = 'x'.repeat(500_000)
    for (let n = 0; n < 40; n++) site.host.record.putEntry(thread, { by: 'agent', message: text(long) })
    const until = Date.now() + 10_000
    while (site.app.websocketServer.clients.size > 0 && Date.now() < until) {
      await site.channel.typing!(thread, true)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(site.app.websocketServer.clients.size).toBe(0)
    screen.socket.terminate()
    const again = await greet(site.base, site.origin, token)
    await again.until(() => again.entries.length === 40)
  })

  it.each([
    ['{', 'frame: found no JSON'],
    ['[]', 'body: found a list'],
    ['{"t":"shout"}', 't: found a string of 5 characters; right is one of hello'],
    ['{"t":"say","id":"client-01"}', 'message: found nothing said'],
    ['{"t":"say","id":"x","text":"a"}', 'id: found a string of 1 characters'],
    ['{"t":"say","id":"client-01","text":"   "}', 'text: found an empty text'],
    ['{"t":"say","id":"client-01","text":7}', 'text: found the number 7'],
    [JSON.stringify({ t: 'say', id: 'client-01', text: 'x'.repeat(4001) }), 'text: found 4001 characters'],
    ['{"t":"say","id":"client-01","file":"../etc"}', 'file: found a string of 6 characters'],
    ['{"t":"typing","on":"yes"}', 'on: found a string of 3 characters; right is true or false'],
    ['{"t":"read","seq":-1}', 'seq: found the number -1'],
    ['{"t":"hello","token":"abc"}', 'token: found a string of 3 characters'],
  ])('answers the bad frame %# with what would be right, and stays', async (frame, sentence) => {
    const site = await aSite()
    const { token } = await site.begin()
    const screen = await greet(site.base, site.origin, token)
    screen.send(frame)
    const error = await screen.until((other) => other.t === 'error')
    expect(error.message).toContain(sentence)
    screen.send({ t: 'ping' })
    await screen.until((other) => other.t === 'pong')
    expect(site.host.received).toEqual([])
  })

  it('gives up on a client that sends ten bad frames in a row, not on one that recovers', async () => {
    const site = await aSite()
    const { token } = await site.begin()
    const screen = await greet(site.base, site.origin, token)
    for (let n = 0; n < 9; n++) screen.send('{')
    screen.send({ t: 'ping' })
    for (let n = 0; n < 9; n++) screen.send('{')
    screen.send({ t: 'ping' })
    await screen.until(() => screen.frames.filter((frame) => frame.t === 'pong').length === 2)
    for (let n = 0; n < 10; n++) screen.send('{')
    expect(await screen.closed).toBe(1008)
  })

  it('takes out what the database cannot store, and keeps line breaks and emoji', async () => {
    const site = await aSite()
    const { token } = await site.begin()
    const screen = await greet(site.base, site.origin, token)
    screen.say('client-01', 'a\u0000b\ud800 😀\nnext')
    await screen.until((frame) => frame.t === 'ack')
    expect(site.host.received[0]).toMatchObject({ message: text('ab\ufffd 😀\nnext') })
  })

  it('asks to slow down, with the time to wait, after too many messages', async () => {
    const site = await aSite({ messagesPerMinute: 3 })
    const { token } = await site.begin()
    const screen = await greet(site.base, site.origin, token)
    for (let n = 1; n <= 4; n++) screen.say(`client-0${n}`, `${n}`)
    const error = await screen.until((frame) => frame.t === 'error')
    expect(error).toMatchObject({ id: 'client-04', code: 'busy' })
    expect(error.retryAfterMs).toBeGreaterThan(0)
    expect(error.retryAfterMs).toBeLessThanOrEqual(20_000)
    expect(site.host.received).toHaveLength(3)
    site.host.advance(error.retryAfterMs)
    screen.say('client-04', '4')
    await screen.until((frame) => frame.t === 'ack' && frame.id === 'client-04')
  })
})

describe('without a socket', () => {
  it('takes messages once by client id, and with a choice both its words and its value', async () => {
    const site = await aSite()
    const { token } = await site.begin()
    const body = { id: 'client-01', choice: 'human', text: 'Talk to a person' }
    for (let n = 0; n < 2; n++) {
      const response = await site.call('/messages', { method: 'POST', token, body })
      expect([response.status, await response.json()]).toEqual([200, { id: 'client-01' }])
    }
    expect(site.host.received).toHaveLength(1)
    expect(site.host.received[0]).toMatchObject({
      message: { choice: 'human', parts: [{ kind: 'text', text: 'Talk to a person' }] },
    })
  })

  it('wakes a long poll when something is said, and answers an idle one empty', async () => {
    const site = await aSite()
    const { token, thread } = await site.begin()
    const waiting = site.call('/messages?after=0&wait=25', { token })
    await new Promise((resolve) => setTimeout(resolve, 100))
    site.host.record.putEntry(thread, { by: 'agent', name: 'Ana', message: text('Hello') })
    const answer = (await (await waiting).json()) as { entries: object[]; control: string }
    expect(answer.entries).toEqual([expect.objectContaining({ seq: 1, by: 'agent', name: 'Ana' })])
    const idle = (await (await site.call('/messages?after=1&wait=1', { token })).json()) as { entries: object[] }
    expect(idle.entries).toEqual([])
  })

  it('leaves no watch behind when a poll ends', async () => {
    const site = await aSite()
    const { token } = await site.begin()
    let watches = 0
    site.host.record.watch = () => {
      watches++
      return () => void watches--
    }
    await site.call('/messages?after=0&wait=1', { token })
    expect(watches).toBe(0)
  })

  it('takes typing, read marks and leaving', async () => {
    const site = await aSite()
    const { token, thread } = await site.begin()
    expect((await site.call('/typing', { method: 'POST', token, body: { on: true } })).status).toBe(204)
    expect((await site.call('/read', { method: 'POST', token, body: { seq: 4 } })).status).toBe(204)
    expect((await site.call('/read', { method: 'POST', token, body: { seq: 2 } })).status).toBe(204)
    expect((await site.call('/leave', { method: 'POST', token, body: { id: 'leave-001' } })).status).toBe(200)
    expect(await (await site.call('/messages', { token })).json()).toMatchObject({ read: 4, control: 'bot' })
    expect(site.host.typing).toEqual([{ by: 'customer', ref: thread, on: true }])
    expect(site.host.received.map((event) => event.type)).toEqual(['customer-left'])
  })

  it.each([
    ['no token', 'GET', '/messages', {}, 401],
    ['a wrong token', 'GET', '/messages', { token: 'A'.repeat(43) }, 401],
    ['a token in the address', 'GET', '/messages?token=MINE', {}, 401],
    ['too long a wait', 'GET', '/messages?wait=26', { mine: true }, 400],
    ['a cursor that is none', 'GET', '/messages?after=x', { mine: true }, 400],
    ['no JSON', 'POST', '/messages', { mine: true, body: '{' }, 400],
    ['too much', 'POST', '/messages', { mine: true, body: { id: 'client-01', text: 'x'.repeat(70_000) } }, 413],
    ['too long a text', 'POST', '/messages', { mine: true, body: { id: 'client-01', text: 'x'.repeat(4001) } }, 400],
    ['a file of nobody', 'POST', '/messages', { mine: true, body: { id: 'client-01', file: 'B'.repeat(43) } }, 404],
    ['typing with a word', 'POST', '/typing', { mine: true, body: { on: 'yes' } }, 400],
    ['reading a word', 'POST', '/read', { mine: true, body: { seq: 'all' } }, 400],
    ['leaving without an id', 'POST', '/leave', { mine: true, body: {} }, 400],
    ['a language that is none', 'POST', '/sessions', { body: { language: '<b>' } }, 400],
    ['an identity nobody can check', 'POST', '/sessions', { body: { identity: 'a.b.c' } }, 400],
    ['another site', 'POST', '/sessions', { body: {}, headers: { origin: 'https://evil.example' } }, 403],
    ['no such file', 'GET', '/files/x', {}, 404],
    ['no upload', 'POST', '/files', { mine: true, body: {} }, 415],
  ])('refuses %s', async (_what, method, path, given: Record<string, unknown>, status) => {
    const site = await aSite()
    const { token } = await site.begin()
    const { mine, ...init } = given
    const response = await site.call(path.replace('MINE', token), { method, ...init, ...(mine ? { token } : {}) })
    expect(response.status).toBe(status)
    expect(await response.json()).toEqual({ error: expect.any(String), message: expect.stringMatching(/.{8,}/) })
    expect(site.host.received).toEqual([])
  })

  it('answers 429 with Retry-After to too many messages, and to too many new visitors', async () => {
    const site = await aSite({ messagesPerMinute: 1, sessionsPerMinute: 1 })
    const { token } = await site.begin()
    await site.call('/messages', { method: 'POST', token, body: { id: 'client-01', text: 'a' } })
    const message = await site.call('/messages', { method: 'POST', token, body: { id: 'client-02', text: 'b' } })
    const visitor = await site.call('/sessions', { method: 'POST', body: {} })
    for (const response of [message, visitor]) {
      expect(response.status).toBe(429)
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    }
  })

  it('lets the pages of listed sites read the answers', async () => {
    const site = await aSite({ origins: ['https://shop.example'] })
    const headers = { origin: 'https://shop.example' }
    const ask = await site.call('/messages', { method: 'OPTIONS', headers })
    expect([ask.status, ask.headers.get('access-control-allow-origin')]).toEqual([204, 'https://shop.example'])
    expect(ask.headers.get('access-control-allow-headers')).toContain('authorization')
    const config = await site.call('/config', { headers })
    expect(config.headers.get('vary')).toContain('Origin')
    expect(await config.json()).toMatchObject({ title: 'Chat', textLength: 4000 })
  })

  it('stores only the hash of a token', async () => {
    const site = await aSite()
    const { token } = await site.begin()
    const { rows } = await site.host.pool.query('select * from webchat_sessions')
    expect(rows).toHaveLength(1)
    expect(JSON.stringify(rows)).not.toContain(token)
  })

  it('sweeps what has expired, and keeps who may come back', async () => {
    const secret = 's'.repeat(32)
    const site = await aSite({ sessionDays: 1, identity: { secret } })
    await site.begin()
    const ana = await site.begin({ identity: await sign({ sub: 'ana' }, secret) })
    site.host.advance(2 * 86_400_000)
    const here = await site.begin()
    await site.poll()
    const { rows } = await site.host.pool.query('select thread from webchat_threads')
    expect(rows.map(({ thread }) => thread).sort()).toEqual([ana.thread, here.thread].sort())
    expect((await site.host.pool.query('select 1 from webchat_sessions')).rowCount).toBe(1)
  })
})

describe('files', () => {
  const upload = (site: Site, token: string, name: string, content: Buffer | string) => {
    const body = new FormData()
    body.append('file', new Blob([content as never]), name)
    return site.call('/files', { method: 'POST', token, body })
  }

  it('keeps a picture, lets it be said, and gives it out so that it can do no harm', async () => {
    const site = await aSite()
    const { token } = await site.begin()
    const response = await upload(site, token, 'my (photo)é.png', png)
    expect(response.status).toBe(201)
    const file = (await response.json()) as { id: string; url: string; name: string; mime: string; bytes: number }
    expect(file).toMatchObject({ name: 'my (photo)é.png', mime: 'image/png', bytes: png.length })
    expect(file.url).toMatch(/\/files\/[\w-]{43}$/)
    const said = await site.call('/messages', { method: 'POST', token, body: { id: 'client-01', file: file.id } })
    expect(said.status).toBe(200)
    expect(site.host.received[0]).toMatchObject({ message: { parts: [{ kind: 'file', url: file.url }] } })
    const got = await site.call(`/files/${file.id}`)
    expect(Buffer.from(await got.arrayBuffer())).toEqual(png)
    expect(Object.fromEntries(got.headers)).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
      'content-disposition': "inline; filename*=UTF-8''my%20%28photo%29%C3%A9.png",
    })
  })

  it.each([
    ['an empty one', 'a.txt', '', 400, 'empty'],
    ['too large a one', 'a.txt', 'x'.repeat(2049), 413, '2 KB'],
    ['a program', 'a.bin', Buffer.from('\x7fELF\x02\x01\x01\x00', 'latin1'), 415, 'not permitted'],
    ['a program called a picture', 'a.png', Buffer.from('MZ\x90\x00\x03', 'latin1'), 415, 'not permitted'],
    ['a page called a picture', 'a.png', '<script>alert(1)</script>', 415, 'the content is TXT'],
    ['a picture called a text', 'a.txt', png, 415, 'the content is PNG'],
    ['a drawing with scripts', 'a.svg', '<svg onload="alert(1)"/>', 415, 'ends in ".svg"'],
    ['a page', 'a.html', '<script>alert(1)</script>', 415, 'ends in ".html"'],
    ['a type that is switched off', 'a.pdf', '%PDF-1.7', 415, 'right is PNG, TXT'],
  ])('refuses %s', async (_what, name, content, status, sentence) => {
    const site = await aSite({ files: { maxBytes: 2048, types: ['image/png', 'text/plain'] } })
    const { token } = await site.begin()
    const response = await upload(site, token, name, content)
    expect(response.status).toBe(status)
    expect(((await response.json()) as { message: string }).message).toContain(sentence)
    expect((await site.host.pool.query('select 1 from webchat_files')).rowCount).toBe(0)
  })

  it('repairs the name of a picture, and takes paths out of names', async () => {
    const site = await aSite()
    const { token } = await site.begin()
    const name = async (given: string): Promise<string> => {
      const response = await upload(site, token, given, png)
      return ((await response.json()) as { name: string }).name
    }
    expect(await name('IMG.jpg')).toBe('IMG.png')
    expect(await name('..\\..\\passwd.png')).toBe('passwd.png')
    expect(await name('shot')).toBe('shot.png')
  })

  it('does not let one visitor say the file of another', async () => {
    const site = await aSite()
    const [mine, other] = [await site.begin(), await site.begin()]
    const { id } = (await (await upload(site, mine.token, 'a.png', png)).json()) as { id: string }
    const body = { id: 'client-01', file: id }
    expect((await site.call('/messages', { method: 'POST', token: other.token, body })).status).toBe(404)
  })

  it('limits all files of one visitor together, and forgets what no message carried', async () => {
    const site = await aSite({ files: { threadBytes: 1024 } })
    const { token } = await site.begin()
    expect((await upload(site, token, 'a.txt', 'x'.repeat(700))).status).toBe(201)
    expect((await upload(site, token, 'b.txt', 'x'.repeat(700))).status).toBe(413)
    site.host.advance(86_400_001)
    await site.poll()
    expect((await upload(site, token, 'b.txt', 'x'.repeat(700))).status).toBe(201)
  })
})

const secret = 'a secret of at least thirty-two bytes'
const inAnHour = () => Math.floor(Date.now() / 1000) + 3600
const sign = (claims: Record<string, unknown>, key = secret) =>
  new SignJWT({ exp: inAnHour(), ...claims }).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(key))

describe('a signed identity', () => {
  it('names the customer, on every device the same thread', async () => {
    const site = await aSite({ identity: { secret } })
    const identity = await sign({ sub: 'c-7', name: 'Lena', email: 'lena@example.com', locale: 'de' })
    const [phone, laptop] = [await site.begin({ identity }), await site.begin({ identity })]
    expect(laptop.thread).toBe(phone.thread)
    expect(laptop.token).not.toBe(phone.token)
    const body = { id: 'client-01', text: 'Hallo' }
    await site.call('/messages', { method: 'POST', token: phone.token, body })
    const customer = { id: 'c-7', name: 'Lena', email: 'lena@example.com', language: 'de', verified: true }
    expect(site.host.received[0]).toMatchObject({ customer, message: { language: 'de' } })
  })

  it('takes a public key too', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const site = await aSite({ identity: { publicKey: pem } })
    const identity = await new SignJWT({ sub: 'c-7', exp: inAnHour() })
      .setProtectedHeader({ alg: 'RS256' })
      .sign(privateKey)
    await site.begin({ identity })
    // The classic confusion: the public key, known to all, used as if it were a shared secret.
    const response = await site.call('/sessions', { method: 'POST', body: { identity: await sign({ sub: 'x' }, pem) } })
    expect(response.status).toBe(401)
  })

  it.each([
    ['expired', () => sign({ sub: 'c-7', exp: Math.floor(Date.now() / 1000) - 120 }), 'has expired'],
    ['signed by somebody else', () => sign({ sub: 'c-7' }, 'another secret, also long enough…'), 'signature'],
    ['unsigned', async () => `${btoa('{"alg":"none"}')}.${btoa('{"sub":"c-7"}')}.`, 'identity:'],
    ['about nobody', () => sign({ name: 'Lena' }), '"sub"'],
    ['good for ever', () => sign({ sub: 'c-7', exp: undefined }), '"exp"'],
    ['strange inside', () => sign({ sub: 'c-7', name: { first: 'Lena' } }), '"name"'],
    ['no token', async () => 'hello', 'no signed token'],
  ])('is refused when it is %s', async (_what, token, sentence) => {
    const site = await aSite({ identity: { secret } })
    const response = await site.call('/sessions', { method: 'POST', body: { identity: await token() } })
    expect(response.status).toBe(401)
    expect(((await response.json()) as { message: string }).message).toContain(sentence)
    expect((await site.host.pool.query('select 1 from webchat_threads')).rowCount).toBe(0)
  })

  it('can be required', async () => {
    const site = await aSite({ identity: { secret, required: true } })
    expect((await site.call('/sessions', { method: 'POST', body: {} })).status).toBe(401)
    await site.begin({ identity: await sign({ sub: 'c-7' }) })
  })

  it('joins a running anonymous chat, and the hub hears who it is', async () => {
    const site = await aSite({ identity: { secret } })
    const anonymous = await site.begin()
    site.host.record.putState(anonymous.thread, { control: 'bot' })
    const known = await site.begin({ identity: await sign({ sub: 'c-7', name: 'Lena' }) }, anonymous.token)
    expect([known.thread, known.token]).toEqual([anonymous.thread, anonymous.token])
    expect(site.host.received).toEqual([
      expect.objectContaining({ type: 'customer-identified', customer: expect.objectContaining({ id: 'c-7' }) }),
    ])
  })

  it('never shows the chat of one person to the next at the same browser', async () => {
    const site = await aSite({ identity: { secret } })
    const lena = await site.begin({ identity: await sign({ sub: 'lena' }) })
    const omar = await site.begin({ identity: await sign({ sub: 'omar' }) }, lena.token)
    expect(omar.thread).not.toBe(lena.thread)
    expect(omar.token).not.toBe(lena.token)
  })

  it.each([
    ['neither key', {}],
    ['both keys', { secret, publicKey: 'x' }],
    ['no PEM', { publicKey: 'x' }],
    ['a short secret', { secret: 'short' }],
  ])('needs settings that can work: %s', async (_what, identity) => {
    const host = await aHost({ name: 'site', database })
    await expect(webchatAt(pace).open({ identity }, host)).rejects.toMatchObject({ code: 'invalid' })
    await host.stop()
  })
})

it('survives a restart: the token, the thread and the read mark are on disk', async () => {
  const first = await aSite()
  const { token, thread } = await first.begin()
  await first.call('/read', { method: 'POST', token, body: { seq: 3 } })
  const second = await aSite({}, pace, first.host)
  second.host.record.putEntry(thread, { by: 'bot', message: text('Hello') })
  const screen = await greet(second.base, second.origin, token)
  expect(screen.frames[0]).toMatchObject({ t: 'state', read: 3 })
  await screen.until(() => screen.entries.length === 1)
})
