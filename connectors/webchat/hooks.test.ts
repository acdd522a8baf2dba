import { describe, expect, it } from 'vitest'
import { text } from '#hub/message.ts'
import { aSite, secret, sign, useSites } from './site.ts'

useSites()

const manyFacts = Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`label ${n}`, 'x']))

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
    ['a detail nobody asked for', 'POST', '/details', { mine: true, body: { segment: 'gold' } }, 400],
    ['a name that is none', 'POST', '/details', { mine: true, body: { name: { first: 'Lena' } } }, 400],
    ['a fact too long', 'POST', '/details', { mine: true, body: { facts: { Page: 'x'.repeat(501) } } }, 400],
    ['facts without end', 'POST', '/details', { mine: true, body: { facts: manyFacts } }, 400],
    ['details of nobody', 'POST', '/details', { body: { name: 'Lena' } }, 401],
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

  it('takes what the page says of the visitor: marked as such, once, and never against what was vouched for', async () => {
    const site = await aSite({ identity: { secret } })
    const { token, thread } = await site.begin()
    const tell = async (body: object) =>
      expect((await site.call('/details', { method: 'POST', token, body })).status).toBe(204)
    await tell({ name: 'Lena', language: 'pt', facts: { Page: '/cart', Items: 3, Coupon: null } })
    // Nobody has said anything yet: the first words bring it.
    expect(site.host.received).toEqual([])
    await site.call('/messages', { method: 'POST', token, body: { id: 'client-01', text: 'Olá' } })
    const facts = { 'Page (not verified)': '/cart', 'Items (not verified)': '3' }
    expect(site.host.received).toMatchObject([
      { customer: { name: 'Lena', language: 'pt', facts }, message: { language: 'pt' } },
    ])
    site.host.record.putEntry(thread, { by: 'bot', message: text('Olá!') })
    const page = { facts: { Page: '/checkout' } }
    await tell(page)
    await tell(page)
    const more = { ...facts, 'Page (not verified)': '/checkout' }
    expect(site.host.received.slice(1)).toMatchObject([
      { type: 'customer-identified', thread, customer: { name: 'Lena', facts: more } },
    ])
    await site.begin({ identity: await sign({ sub: 'user-1', name: 'Magdalena' }) }, token)
    await tell({ name: 'Mallory', email: 'm@example.com', facts: { Page: '/' } })
    const { customer } = site.host.received.at(-1) as { customer: object }
    expect(customer).toMatchObject({ name: 'Magdalena', verified: true, facts: { 'Page (not verified)': '/' } })
    expect(customer).not.toHaveProperty('email')
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
