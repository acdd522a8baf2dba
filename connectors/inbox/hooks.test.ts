import websocket from '@fastify/websocket'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { anOffice, type Office, person, tokenOf } from './office.ts'

let office: Office
let app: FastifyInstance

async function serve(over: Parameters<typeof anOffice>[1] = {}): Promise<void> {
  office = await anOffice([person('Ana', { capacity: 9 }), person('Ben', { skills: ['law'] })], over)
  app = Fastify()
  await app.register(websocket)
  await app.register(office.connection.hooks!, { prefix: '/hooks/people' })
  await app.ready()
}

async function stop(): Promise<void> {
  await app.close()
  await office.close()
}

type Method = 'GET' | 'POST'
const call = (method: Method, path: string, body?: object, token: string | undefined = tokenOf('Ana'), over = {}) =>
  app.inject({
    method,
    url: `/hooks/people${path}`,
    headers: token ? { authorization: `Bearer ${token}` } : {},
    ...(body ? { payload: body } : {}),
    ...over,
  })

describe('routes', () => {
  let ticket: string
  beforeAll(async () => {
    await serve()
    await office.online('Ana')
    ticket = await office.offer()
  })
  afterAll(stop)

  it('refuses who does not say who they are, on every route', async () => {
    for (const path of ['/me', '/tickets', `/tickets/${ticket}`]) {
      const answer = await call('GET', path, undefined, '')
      expect([answer.statusCode, answer.json().error]).toEqual([401, 'refused'])
      expect(answer.json().message).toContain('Authorization: Bearer')
    }
    for (const path of ['accept', 'decline', 'messages', 'notes', 'transfer', 'resolve', 'return', 'typing']) {
      const answer = await call('POST', `/tickets/${ticket}/${path}`, {}, `no-such-token-${path}`, {
        remoteAddress: `10.0.0.${path.length}`,
      })
      expect(answer.statusCode, path).toBe(401)
    }
    expect(office.told(ticket, 'desk-accepted')).toEqual([])
  })

  it('says who I am, and nothing secret', async () => {
    const answer = await call('GET', '/me')
    expect(answer.json()).toEqual({
      id: 'ana@example.com',
      name: 'Ana',
      skills: [],
      languages: [],
      capacity: 9,
      presence: 'online',
    })
    expect(answer.headers['cache-control']).toBe('no-store')
    for (const path of ['/me', '/tickets', `/tickets/${ticket}`])
      expect((await call('GET', path)).body).not.toMatch(/token|hash/)
  })

  it('shows what rings, then what I have, with the history first', async () => {
    expect((await call('GET', '/tickets')).json()).toMatchObject({
      me: { load: 1 },
      offers: [{ id: ticket, customer: 'Lena Fischer' }],
      mine: [],
    })
    expect((await call('POST', `/tickets/${ticket}/accept`)).statusCode).toBe(204)
    expect((await call('GET', '/tickets')).json()).toMatchObject({
      offers: [],
      mine: [{ id: ticket, status: 'accepted' }],
    })
    const view = (await call('GET', `/tickets/${ticket}`)).json()
    expect(view.context.transcript).toHaveLength(2)
    expect(view).toMatchObject({ messages: [], context: { asked: { 'order number': '4471' } } })
  })

  it('takes the second accept of the same agent, and tells the late one who was faster', async () => {
    expect((await call('POST', `/tickets/${ticket}/accept`)).statusCode).toBe(204)
    const late = await call('POST', `/tickets/${ticket}/accept`, undefined, tokenOf('Ben'))
    expect([late.statusCode, late.json()]).toEqual([409, { error: 'conflict', message: 'Ana took it' }])
    expect(office.told(ticket, 'desk-accepted')).toHaveLength(1)
  })

  it('lets one of two win who accept at once', async () => {
    const fresh = await office.offer({ mode: 'ticket' })
    const answers = await Promise.all([
      call('POST', `/tickets/${fresh}/accept`),
      call('POST', `/tickets/${fresh}/accept`, undefined, tokenOf('Ben')),
    ])
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([204, 409])
    expect(office.told(fresh, 'desk-accepted')).toHaveLength(1)
  })

  it('writes once for one id, however often it is sent', async () => {
    const message = { id: 'm-1', text: 'I can see both charges' }
    const answers = await Promise.all([1, 2, 3].map(() => call('POST', `/tickets/${ticket}/messages`, message)))
    expect(answers.map((answer) => answer.json().n)).toEqual([1, 1, 1])
    expect(office.told(ticket, 'agent-message')).toMatchObject([
      { visibility: 'public', message: { parts: [{ text: message.text }] } },
    ])
  })

  it('keeps a note internal', async () => {
    expect((await call('POST', `/tickets/${ticket}/notes`, { id: 'n-1', text: 'pays late' })).statusCode).toBe(200)
    expect(office.told(ticket, 'agent-message').at(-1)).toMatchObject({ visibility: 'internal' })
  })

  it.each<[string, string, object, string]>([
    ['no text', 'messages', { id: 'x' }, 'text'],
    ['only blanks', 'messages', { id: 'x', text: '  \n ' }, 'text'],
    ['too much text', 'messages', { id: 'x', text: 'a'.repeat(10_001) }, '10000'],
    ['an id that is none', 'notes', { id: 'a b', text: 'hi' }, 'id'],
    ['nobody to transfer to', 'transfer', {}, 'to'],
    ['no skills to transfer to', 'transfer', { to: { skills: [] } }, 'to'],
    ['an agent who is none', 'transfer', { to: { agent: 'nobody@example.com' } }, 'no such agent'],
    ['skills that nobody has', 'transfer', { to: { skills: ['tax'] } }, 'law'],
    ['a topic too long', 'resolve', { topic: 'a'.repeat(201) }, '200'],
    ['typing that is no yes or no', 'typing', { on: 'perhaps' }, 'boolean'],
  ])('refuses %s and changes nothing', async (_what, path, body, says) => {
    const before = office.told(ticket).length
    const answer = await call('POST', `/tickets/${ticket}/${path}`, body)
    expect([answer.statusCode, answer.json().error]).toEqual([400, 'invalid'])
    expect(answer.json().message).toContain(says)
    expect(office.told(ticket)).toHaveLength(before)
  })

  it.each([
    ['messages', { id: 'b-1', text: 'I butt in' }],
    ['transfer', { to: { skills: ['law'] } }],
    ['resolve', {}],
    ['return', {}],
  ])('refuses %s from who does not have the conversation', async (path, body) => {
    const before = office.told(ticket).length
    const answer = await call('POST', `/tickets/${ticket}/${path}`, body, tokenOf('Ben'))
    expect(answer.statusCode).toBe(409)
    expect(answer.json().message).toContain('Ana has this conversation')
    expect(office.told(ticket)).toHaveLength(before)
  })

  it('passes typing on from who has it, and from nobody else', async () => {
    await call('POST', `/tickets/${ticket}/typing`, { on: true }, tokenOf('Ben'))
    await call('POST', `/tickets/${ticket}/typing`, { on: true })
    expect(office.host.typing).toEqual([{ by: 'agent', ref: ticket, on: true }])
  })

  it('knows no ticket of somebody else', async () => {
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/accept'],
    ] as const)
      expect((await call(method, `/tickets/00000000-0000-0000-0000-000000000000${path}`)).statusCode).toBe(404)
  })

  it('resolves once, and says afterwards that it is over', async () => {
    for (const _ of [1, 2])
      expect((await call('POST', `/tickets/${ticket}/resolve`, { topic: 'billing' })).statusCode).toBe(204)
    expect(office.told(ticket, 'desk-ended')).toHaveLength(1)
    const late = await call('POST', `/tickets/${ticket}/messages`, { id: 'm-9', text: 'and another thing' })
    expect([late.statusCode, late.json().message]).toEqual([409, 'It was resolved; nothing more can be done here'])
  })

  it('refuses the demo sign-in when the setting is off', async () => {
    expect((await call('GET', '/welcome', undefined, '')).json()).toEqual({ demo: [] })
    expect((await call('POST', '/demo', { name: 'Ana' }, '')).statusCode).toBe(403)
  })

  it('counts wrong tokens by address, and leaves those in who were in', async () => {
    const from = { remoteAddress: '10.1.1.1' }
    expect((await call('GET', '/me', undefined, tokenOf('Ana'), from)).statusCode).toBe(200)
    for (let n = 0; n < 10; n++) expect((await call('GET', '/me', undefined, `guess-${n}`, from)).statusCode).toBe(401)
    const refused = await call('GET', '/me', undefined, 'guess-11', from)
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '60'])
    expect((await call('GET', '/me', undefined, tokenOf('Ben'), from)).statusCode).toBe(429)
    expect((await call('GET', '/me', undefined, tokenOf('Ana'), from)).statusCode).toBe(200)
    office.host.advance(60_000)
    expect((await call('GET', '/me', undefined, tokenOf('Ben'), from)).statusCode).toBe(200)
  })
})

describe('the demo', () => {
  beforeAll(() => serve({ demo: true, agents: [] }))
  afterAll(stop)
  const local = { headers: { host: 'localhost:8080' } }

  it('signs Ana in without a token, on this machine', async () => {
    expect((await call('GET', '/welcome', undefined, '', local)).json()).toEqual({ demo: ['Ana', 'Ben'] })
    const { token } = (await call('POST', '/demo', { name: 'Ana' }, '', local)).json()
    expect((await call('GET', '/me', undefined, token)).json().name).toBe('Ana')
  })

  it.each([
    ['from another machine', { ...local, remoteAddress: '192.168.1.7' }],
    ['by a name that only points here', { headers: { host: 'evil.example' } }],
  ])('refuses %s', async (_what, over) => {
    expect((await call('GET', '/welcome', undefined, '', over)).json()).toEqual({ demo: [] })
    const answer = await call('POST', '/demo', { name: 'Ana' }, '', over)
    expect([answer.statusCode, answer.json().token]).toEqual([403, undefined])
  })
})

describe('the socket', () => {
  beforeAll(() => serve())
  afterAll(stop)

  /** Opens a socket and waits for frames by their kind. */
  async function open() {
    const frames: Record<string, unknown>[] = []
    const waiting = new Set<() => void>()
    let closed: number | undefined
    const wake = () => {
      for (const check of waiting) check()
    }
    const socket = await app.injectWS(
      '/hooks/people/socket',
      {},
      {
        onInit: (ws) => {
          ws.on('message', (raw) => {
            frames.push(JSON.parse(raw.toString()))
            wake()
          })
          ws.on('close', (code) => {
            closed = code
            wake()
          })
        },
      },
    )
    const until = <T>(found: () => T | undefined) =>
      new Promise<T>((resolve) => {
        const check = () => {
          const value = found()
          if (value === undefined) return
          waiting.delete(check)
          resolve(value)
        }
        waiting.add(check)
        check()
      })
    return {
      send: (frame: unknown) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
      frame: (matches: (frame: Record<string, unknown>) => boolean) => until(() => frames.find(matches)),
      closed: () => until(() => closed),
      frames: frames as readonly Record<string, unknown>[],
      close: () => socket.terminate(),
    }
  }
  const list = (frame: Record<string, unknown>, name: string) => (frame[name] ?? []) as { id: string }[]

  it('gives the whole state first, then each change', async () => {
    const page = await open()
    page.send({ t: 'hello', token: tokenOf('Ana'), presence: 'online' })
    const first = await page.frame((frame) => frame.t === 'state')
    expect(first).toMatchObject({
      me: { name: 'Ana', presence: 'online' },
      offers: [],
      mine: [],
      queue: [],
      tickets: [],
    })
    const ticket = await office.offer()
    await page.frame((frame) => frame.t === 'state' && list(frame, 'offers').some((line) => line.id === ticket))
    await page.frame((frame) => frame.t === 'touched' && (frame.tickets as string[]).includes(ticket))
    await office.connection.desk!.typing!(ticket, true)
    expect(await page.frame((frame) => frame.t === 'typing')).toEqual({ t: 'typing', ticket, on: true })
    page.send({ t: 'ping' })
    await page.frame((frame) => frame.t === 'pong')
    page.close()
  })

  it.each([
    ['a token that is none', { t: 'hello', token: 'no-such-token' }, 4401],
    ['another frame first', { t: 'ping' }, 4400],
    ['what is no JSON', 'hello', 4400],
  ])('closes on %s', async (_what, frame, code) => {
    const page = await open()
    page.send(frame)
    expect(await page.closed()).toBe(code)
  })

  it('takes words with an id once, says so when they are on disk, and says why it cannot', async () => {
    const [page, ticket] = [await open(), await office.offer()]
    page.send({ t: 'hello', token: tokenOf('Ana'), presence: 'online' })
    await page.frame((frame) => frame.t === 'state')
    const words = { t: 'say', ticket, kind: 'reply', id: 'w-1', text: 'Good morning' }
    page.send(words)
    expect(await page.frame((frame) => frame.id === 'w-1')).toMatchObject({ t: 'error', code: 'conflict' })
    await call('POST', `/tickets/${ticket}/accept`)
    for (const _ of [1, 2]) page.send({ ...words, id: 'w-2' })
    await page.frame((frame) => frame.t === 'ack' && frame.id === 'w-2')
    page.send({ ...words, id: 'w-3', kind: 'note', text: 'ü'.repeat(10_000) })
    await page.frame((frame) => frame.t === 'ack' && frame.id === 'w-3')
    const said = (await call('GET', `/tickets/${ticket}`)).json().messages as { id: string; visibility: string }[]
    expect(said.map(({ id, visibility }) => [id, visibility])).toEqual([
      ['w-2', 'public'],
      ['w-3', 'internal'],
    ])
    page.close()
  })

  it('tells the agent’s own pages of a draft, and nobody else’s', async () => {
    const [ticket, mine, theirs] = [await office.offer(), await open(), await open()]
    mine.send({ t: 'hello', token: tokenOf('Ana') })
    theirs.send({ t: 'hello', token: tokenOf('Ben') })
    for (const page of [mine, theirs]) await page.frame((frame) => frame.t === 'state')
    await app.inject({
      method: 'PUT',
      url: `/hooks/people/tickets/${ticket}/drafts`,
      headers: { authorization: `Bearer ${tokenOf('Ana')}` },
      payload: { kind: 'reply', text: 'Dear' },
    })
    expect(await mine.frame((frame) => frame.t === 'draft')).toEqual({ t: 'draft', ticket })
    theirs.send({ t: 'ping' })
    await theirs.frame((frame) => frame.t === 'pong')
    expect(theirs.frames.filter(({ t }) => t === 'draft')).toEqual([])
    mine.close()
    theirs.close()
  })

  it('says what who has a conversation has seen, and not what a colleague sees or somebody says they will', async () => {
    const [ticket, ana, ben] = [await office.offer(), await open(), await open()]
    await call('POST', `/tickets/${ticket}/accept`)
    ana.send({ t: 'hello', token: tokenOf('Ana') })
    ben.send({ t: 'hello', token: tokenOf('Ben') })
    for (const page of [ana, ben]) await page.frame((frame) => frame.t === 'state')
    ben.send({ t: 'seen', ticket, until: 5 })
    ben.send({ t: 'ping' })
    await ben.frame((frame) => frame.t === 'pong')
    ana.send({ t: 'seen', ticket, until: 7 })
    await expect.poll(() => office.host.seen.length).toBe(1)
    ana.send({ t: 'seen', ticket, until: 8_000_000_000_000_000 })
    await expect
      .poll(() => office.host.seen)
      .toEqual([
        { ref: ticket, until: 7 },
        { ref: ticket, until: office.host.clock.now() },
      ])
    ana.close()
    ben.close()
  })

  it('tells colleagues who looks at a conversation, and that they are gone with their page', async () => {
    const [ticket, ana, ben] = [await office.offer(), await open(), await open()]
    ana.send({ t: 'hello', token: tokenOf('Ana') })
    ben.send({ t: 'hello', token: tokenOf('Ben') })
    for (const page of [ana, ben]) await page.frame((frame) => frame.t === 'state')
    ana.send({ t: 'here', ticket, writing: true })
    const here = { t: 'here', agent: (await office.agent('Ana')).id, name: 'Ana' }
    expect(await ben.frame((frame) => frame.t === 'here')).toEqual({ ...here, ticket, writing: true })
    ana.send({ t: 'ping' })
    await ana.frame((frame) => frame.t === 'pong')
    expect(ana.frames.filter(({ t }) => t === 'here')).toEqual([])
    ana.close()
    expect(await ben.frame(({ t, ticket }) => t === 'here' && ticket === null)).toEqual({
      ...here,
      ticket: null,
      writing: false,
    })
    ben.close()
  })

  it('brings online who arrives, unless they chose to be away', async () => {
    const arrive = async (chosen: 'offline' | 'away') => {
      await call('POST', '/presence', { presence: chosen })
      const page = await open()
      page.send({ t: 'hello', token: tokenOf('Ana'), arrives: true })
      const { me } = (await page.frame((frame) => frame.t === 'state')) as { me: { presence: string } }
      page.close()
      return me.presence
    }
    expect(await arrive('offline')).toBe('online')
    expect(await arrive('away')).toBe('away')
  })

  it('makes the agent online, and away when the page was not seen for a minute', async () => {
    const page = await open()
    page.send({ t: 'hello', token: tokenOf('Ben'), presence: 'online' })
    await page.frame((frame) => frame.t === 'state')
    const presence = async () =>
      (await call('GET', '/tickets')).json().agents.find((agent: { name: string }) => agent.name === 'Ben').presence
    expect(await presence()).toBe('online')
    page.close()
    office.host.advance(60_000)
    expect(await presence()).toBe('away')
  })
})
