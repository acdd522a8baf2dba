/** Coming in: what works, and what whoever should not come in may try. */
import { createHook } from 'node:async_hooks'
import { Writable } from 'node:stream'
import Fastify, { type FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createDoor } from '../../src/http/auth.ts'
import { answerError } from '../../src/http/errors.ts'
import { createThrottle } from '../../src/staff/throttle.ts'
import { aRunningApp, type Running } from '../app.ts'
import { aBrowser, adminEmail, adminPassword, aMember, type Browser, browserOf, knock, linkOf } from './browser.ts'

// A password costs a second of work, and much more beside other tests.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

let hub: Running
let logged = ''
const paper = new Writable({
  write(line, _encoding, done) {
    logged += line
    done()
  },
})
const log = pino({ level: 'trace' }, paper)
beforeAll(async () => {
  hub = await aRunningApp({ log, env: { BATON_TRUST_PROXY: 'true' } })
})
afterAll(() => hub.stop())

const rows = async (text: string, ...values: unknown[]) => (await hub.database.pool.query(text, values)).rows
const use = (browser: Browser, body: object) => browser.ask('/setup', { method: 'POST', body })
/** Forgets what was counted, so that tests do not count for each other. */
const forgive = () => rows('DELETE FROM sign_in_failures')
/** The admin, signed in without the work of a password. */
const kim = async (at?: string) => browserOf(hub, (await rows('SELECT min(id) AS id FROM users'))[0].id, at)
const wrongPassword = 'not the right password'

describe('the first admin', () => {
  const person = { email: adminEmail, name: 'Kim', password: adminPassword }

  it('is missed, and said to be', async () => {
    const { status, json } = await aBrowser(hub.url).ask('/session')
    expect(status).toBe(401)
    expect(json).toMatchObject({ error: 'unauthorized', setup: true, demo: [], provider: null })
  })

  it.each([
    ['short', 'short one'],
    ['12 times the same', 'aaaaaaaaaaaa'],
    ['the e-mail address', 'kim.larsen@example.com'],
    ['the name of the mailbox', 'KimLarsen1234'],
    ['famous', 'Password12345!'],
    ['famous in figures', 'P455w0rd2024!'],
    ['a run of keys', 'qwertyuiopas'],
    ['something small, repeated', 'abcabcabcabcabc'],
  ])('gets no password that is %s', async (_what, password) => {
    const link = linkOf((await hub.app.firstAdminLink())!)
    const { status, json, text } = await use(aBrowser(hub.url), { ...person, link, password })
    expect([status, json.error]).toEqual([400, 'invalid'])
    expect(json.message).toContain('The password')
    expect(text).not.toContain(password)
  })

  it('is not made by a link that is invented, cut, expired or given without a name', async () => {
    const link = linkOf((await hub.app.firstAdminLink())!)
    for (const wrong of ['x'.repeat(43), link.slice(0, -1), `${link}A`]) {
      const answer = await use(aBrowser(hub.url), { ...person, link: wrong })
      expect([answer.status, answer.json.error]).toEqual([403, 'refused'])
    }
    expect((await use(aBrowser(hub.url), { link, password: adminPassword })).status).toBe(400)
    await rows('UPDATE links SET expires_at = now()')
    expect((await use(aBrowser(hub.url), { ...person, link })).status).toBe(403)
    expect(await rows('SELECT 1 FROM users')).toEqual([])
  })

  it('is one, even when two links are used at once; then every link is spent', async () => {
    const links = await Promise.all([1, 2, 3].map(async () => linkOf((await hub.app.firstAdminLink())!)))
    const look = await aBrowser(hub.url).ask('/setup/link', { method: 'POST', body: { link: links[2] } })
    expect(look.json).toMatchObject({ purpose: 'first-admin', email: null, name: null })
    expect(look.json.expiresAt).toBeGreaterThan(Date.now() + 20 * 60_000)
    expect(look.json.expiresAt).toBeLessThan(Date.now() + 31 * 60_000)
    const answers = await Promise.all(
      links
        .slice(0, 2)
        .map((link, i) => use(aBrowser(hub.url), { ...person, link, email: i ? 'b@example.com' : adminEmail })),
    )
    expect(answers.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(1)
    await rows('UPDATE users SET email = lower($1)', adminEmail)
    for (const link of links) expect([403, 409]).toContain((await use(aBrowser(hub.url), { ...person, link })).status)
    expect(await hub.app.firstAdminLink()).toBeUndefined()
    expect(await rows('SELECT role, active FROM users')).toEqual([{ role: 'admin', active: true }])
    expect((await aBrowser(hub.url).ask('/session')).json.setup).toBe(false)
  })
})

describe('signing in', () => {
  it('gives a cookie that no script reads and no other site sends, and keeps only its hash', async () => {
    const browser = aBrowser(hub.url)
    const { status, headers, json } = await browser.signIn('kim.LARSEN@example.com', adminPassword)
    expect(status).toBe(200)
    const [cookie] = headers['set-cookie'] as unknown as string[]
    expect(cookie).toMatch(/^baton-\d+=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict$/)
    expect(headers['cache-control']).toBe('no-store')
    expect(json).toMatchObject({ role: 'admin', email: adminEmail.toLowerCase(), rights: { 'audit.read': 'all' } })
    const secret = browser.cookie!.split('=')[1]!
    const all = await rows('SELECT s::text, u::text AS u FROM sessions s, users u')
    expect(JSON.stringify(all)).not.toContain(secret)
    expect(JSON.stringify(all)).not.toContain(adminPassword)
    expect((await browser.ask('/session')).json).toMatchObject({ id: json.id, name: 'Kim' })
  })

  it('does the same work for whoever is unknown, switched off, or yet without a password, and says the same', async () => {
    const [{ password: kept }] = await rows('SELECT password FROM users')
    const gone = await aMember(hub, 'viewer', { kept })
    const admin = await kim()
    await admin.ask(`/users/${gone.id}`, { method: 'PATCH', body: { active: false } })
    await admin.ask('/users', { method: 'POST', body: { email: 'new@example.com', name: 'New', role: 'viewer' } })
    let derived = 0
    const watch = createHook({ init: (_id, type) => void (type === 'SCRYPTREQUEST' && derived++) }).enable()
    const tries: [string, string][] = [
      [adminEmail, wrongPassword],
      ['nobody@example.com', wrongPassword],
      [gone.email, adminPassword],
      ['new@example.com', wrongPassword],
    ]
    const answers: unknown[] = []
    for (const [email, password] of tries) {
      derived = 0
      const { status, text } = await aBrowser(hub.url).signIn(email, password)
      answers.push([status, text, derived])
    }
    watch.disable()
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(answers[0]).toEqual([401, expect.stringContaining('The e-mail address or the password is wrong'), 1])
    await forgive()
  })

  it('takes no session that was slipped in, and ends the one before', async () => {
    const browser = await kim()
    const name = browser.cookie!.split('=')[0]
    const first = browser.cookie
    await browser.signIn(adminEmail, adminPassword)
    expect(browser.cookie).not.toBe(first)
    const thief = aBrowser(hub.url)
    thief.cookie = first
    expect((await thief.ask('/session')).status).toBe(401)
    const victim = aBrowser(hub.url)
    victim.cookie = `${name}=${'A'.repeat(43)}`
    await victim.signIn(adminEmail, adminPassword)
    thief.cookie = `${name}=${'A'.repeat(43)}`
    expect((await thief.ask('/session')).status).toBe(401)
    expect((await victim.ask('/session')).status).toBe(200)
  })

  it.each([
    ['12 hours without a sign of life', `seen_at = now() - interval '12 hours 1 minute'`],
    ['seven days in any case', `created_at = now() - interval '168 hours 1 minute'`],
  ])('ends after %s', async (_what, change) => {
    const browser = await kim()
    await rows(`UPDATE sessions SET seen_at = now() - interval '11 hours', created_at = now() - interval '167 hours'`)
    expect((await browser.ask('/session')).status).toBe(200)
    expect(await rows(`SELECT 1 FROM sessions WHERE seen_at > now() - interval '1 minute'`)).not.toEqual([])
    await rows(`UPDATE sessions SET ${change}`)
    expect((await browser.ask('/session')).status).toBe(401)
    expect((await browser.ask('/users')).status).toBe(401)
  })

  it('ends at sign-out, also for a copy of the cookie', async () => {
    const browser = await kim()
    const copy = aBrowser(hub.url)
    copy.cookie = browser.cookie
    const { status, headers } = await browser.ask('/session', { method: 'DELETE' })
    expect(status).toBe(204)
    expect(String(headers['set-cookie'])).toContain('Max-Age=0')
    expect((await copy.ask('/session')).status).toBe(401)
  })
})

describe('a page of another site', () => {
  let admin: Browser
  beforeAll(async () => {
    admin = await kim()
  })
  const from: [string, Record<string, string>, 'ours' | 'foreign'][] = [
    ['no word of where from', { origin: '', 'sec-fetch-site': '' }, 'foreign'],
    ['another origin', { origin: 'https://evil.example', 'sec-fetch-site': '' }, 'foreign'],
    ['a frame without origin', { origin: 'null', 'sec-fetch-site': '' }, 'foreign'],
    ['another port', { origin: 'http://127.0.0.1:1', 'sec-fetch-site': '' }, 'foreign'],
    ['ours as a prefix', { origin: 'URL.evil.example', 'sec-fetch-site': '' }, 'foreign'],
    ['another site, whatever it claims', { origin: 'URL', 'sec-fetch-site': 'cross-site' }, 'foreign'],
    ['a neighbour of the site', { origin: 'URL', 'sec-fetch-site': 'same-site' }, 'foreign'],
    ['nobody', { origin: '', 'sec-fetch-site': 'none' }, 'foreign'],
    ['our origin', { origin: 'URL', 'sec-fetch-site': '' }, 'ours'],
    ['our page', { origin: '', 'sec-fetch-site': 'same-origin' }, 'ours'],
  ]
  const headersOf = (given: Record<string, string>) =>
    Object.fromEntries(
      Object.entries({ ...given, cookie: admin.cookie! })
        .filter(([, value]) => value)
        .map(([name, value]) => [name, value.replace('URL', hub.url)]),
    )

  it.each(from)('%s', async (_what, given, whose) => {
    const headers = headersOf(given)
    const call = { method: 'PATCH', headers, body: { preferences: { theme: 'dark' } } }
    const changed = await hub.ask('/api/v1/me', call)
    expect([changed.status, changed.json.error]).toEqual(whose === 'ours' ? [200, undefined] : [403, 'refused'])
    if (whose === 'ours') return
    expect((await hub.ask('/api/v1/session', { method: 'DELETE', headers })).status).toBe(403)
    expect((await admin.ask('/session')).status).toBe(200)
  })

  it('opens no socket by the session of who looks at it', async () => {
    const path = '/api/v1/live'
    const cookie = admin.cookie!
    const foreign: Record<string, string>[] = [
      { cookie, origin: 'https://evil.example' },
      { cookie },
      { cookie, origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
      { origin: hub.url },
    ]
    for (const headers of foreign) expect([0, 401, 403]).toContain(await knock(hub.url, path, headers))
    expect(await knock(hub.url, path, { cookie, origin: hub.url })).toBe(101)
  })

  it('signs nobody in as somebody else', async () => {
    const body = { email: adminEmail, password: adminPassword }
    const elsewhere: Record<string, string>[] = [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]
    for (const headers of elsewhere) {
      const answer = await hub.ask('/api/v1/session', { method: 'POST', headers, body })
      expect([answer.status, answer.headers['set-cookie']]).toEqual([403, undefined])
    }
    expect((await hub.ask('/api/v1/session', { method: 'POST', body })).status).toBe(200)
    const form = { 'content-type': 'text/plain', origin: hub.url }
    const sent = await hub.ask('/api/v1/session', { method: 'POST', headers: form, body: JSON.stringify(body) })
    expect(sent.status, 'what a form can send is no JSON').toBe(400)
  })

  it('needs no origin where a token is sent: no browser sends that by itself', async () => {
    const body = { name: 'backup', role: 'viewer' }
    expect((await hub.staff('/api/v1/tokens', { method: 'POST', body })).status).toBe(201)
  })
})

describe('guessing', () => {
  /** Guesses that another hub heard. */
  const guessed = async (count: number, at: string, email = adminEmail) => {
    for (let i = 0; i < count; i++) await createThrottle(hub.database.pool).take(at, email)
  }

  it('ends after eight tries at one place, many at once too; the owner comes in where they were before', async () => {
    await forgive()
    const owner = aBrowser(hub.url, '198.51.100.7')
    expect((await owner.signIn(adminEmail, adminPassword)).status).toBe(200)
    await guessed(6, '203.0.113.9')
    const guesses = await Promise.all(
      Array.from({ length: 6 }, () => aBrowser(hub.url, '203.0.113.9').signIn(adminEmail, wrongPassword)),
    )
    expect(guesses.map(({ status }) => status).sort()).toEqual([401, 401, 429, 429, 429, 429])
    const refused = await aBrowser(hub.url, '203.0.113.9').signIn(adminEmail, adminPassword)
    expect([refused.status, refused.json.error, refused.headers['set-cookie']]).toEqual([429, 'busy', undefined])
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(300)
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(900)
    expect(refused.json.message).toMatch(/^Too many tries\. The next one is possible in \d+ min$/)
    for (let i = 0; i < 5; i++) await guessed(8, `192.0.2.${i}`).catch(() => {})
    expect((await aBrowser(hub.url, '203.0.113.77').signIn(adminEmail, adminPassword)).status).toBe(429)
    expect((await owner.signIn(adminEmail, adminPassword)).status).toBe(200)
    await rows('UPDATE sign_in_failures SET until = now()')
    expect((await aBrowser(hub.url, '203.0.113.9').signIn(adminEmail, adminPassword)).status).toBe(200)
  })

  it('also counts the current password that somebody at an open screen must know', async () => {
    await forgive()
    const browser = await kim('198.51.100.8')
    const body = { current: wrongPassword, password: 'five loud trumpets' }
    await guessed(7, '198.51.100.8')
    expect((await browser.ask('/me/password', { method: 'POST', body })).status).toBe(403)
    expect((await browser.ask('/me/password', { method: 'POST', body })).status).toBe(429)
    await forgive()
  })

  it('of links is counted too', async () => {
    const stranger = aBrowser(hub.url, '203.0.113.50')
    const body = { link: 'x'.repeat(43) }
    const statuses = await Promise.all(
      Array.from({ length: 102 }, async () => (await stranger.ask('/setup/link', { method: 'POST', body })).status),
    )
    expect(statuses.filter((status) => status === 403)).toHaveLength(100)
    expect(statuses.filter((status) => status === 429)).toHaveLength(2)
  })
})

describe('agents of our own desk', () => {
  let page: FastifyInstance
  beforeAll(async () => {
    const door = createDoor({ pool: hub.database.pool, token: hub.app.token, url: hub.url, isSandbox: false })
    page = Fastify() as unknown as FastifyInstance
    page.setErrorHandler(answerError)
    page.all('/who', async (request) => ({ who: (await door.colleague(request, 'people')) ?? null }))
  })
  afterAll(() => page.close())

  it('come in by session, with their seat there', async () => {
    const admin = await kim()
    const seat = { skills: ['billing'], languages: ['en'], capacity: 4 }
    const lena = await aMember(hub, 'agent', { desks: { people: seat } })
    const ask = async (method: 'GET' | 'POST', headers: Record<string, string>) =>
      (await page.inject({ method, url: '/who', headers })).json()
    const cookie = lena.browser.cookie!
    const who = { id: `user:${lena.id}`, email: lena.email, name: 'The agent', role: 'agent', seat }
    expect(await ask('GET', { cookie })).toEqual({ who })
    expect(await ask('POST', { cookie, origin: hub.url })).toEqual({ who })
    expect(await ask('POST', { cookie, origin: 'https://evil.example' })).toMatchObject({ error: 'refused' })
    expect(await ask('GET', {})).toEqual({ who: null })
    expect(await ask('GET', { authorization: `Bearer ${hub.app.token}` })).toEqual({ who: null })
    const { who: seen } = await ask('GET', { cookie: admin.cookie! })
    expect(seen).toMatchObject({ role: 'admin' })
    expect(seen.seat).toBeUndefined()
  })
})

describe('the sandbox', () => {
  let sandbox: Running
  beforeAll(async () => {
    sandbox = await aRunningApp({ isSandbox: true })
  })
  afterAll(() => sandbox.stop())
  const enter = (as: string, headers: Record<string, string> = {}) =>
    sandbox.ask('/api/v1/session/demo', { method: 'POST', body: { as }, headers: { origin: sandbox.url, ...headers } })

  it('lets people of the demo in by one click, on this machine', async () => {
    expect((await sandbox.ask('/api/v1/session')).json).toMatchObject({
      setup: true,
      demo: [
        { name: 'Ana', role: 'agent' },
        { name: 'Ben', role: 'agent' },
        { name: 'Ada', role: 'admin' },
      ],
    })
    const ana = await enter('Ana')
    expect([ana.status, ana.json.role, ana.json.desks]).toEqual([200, 'agent', ['people']])
    expect(ana.json.seats.people).toEqual({
      skills: ['billing', 'returns'],
      languages: ['en', 'de', 'es'],
      capacity: 4,
    })
    expect((await enter('Ada')).json.role).toBe('admin')
    expect((await enter('Ana')).json.id).toBe(ana.json.id)
    expect((await enter('Eve')).status).toBe(404)
    expect(await sandbox.app.firstAdminLink(), 'the demo’s admin is none').toContain('/console/setup?link=')
  })

  it.each([
    ['through a proxy', { 'x-forwarded-for': '203.0.113.4' }],
    ['by a name that somebody pointed here', { host: 'evil.example' }],
    ['from another site', { origin: 'https://evil.example' }],
  ])('does not %s', async (_what, headers) => {
    const { status, headers: answered } = await enter('Ada', headers)
    expect([status, answered['set-cookie']]).toEqual([403, undefined])
  })

  it('keeps its people’s sessions on this machine', async () => {
    const [set] = (await enter('Ada')).headers['set-cookie'] as unknown as string[]
    const cookie = set!.split(';')[0]!
    expect((await sandbox.ask('/api/v1/users', { headers: { cookie } })).status).toBe(200)
    expect((await sandbox.ask('/api/v1/users', { headers: { cookie, 'x-real-ip': '203.0.113.4' } })).status).toBe(401)
    expect((await sandbox.ask('/api/v1/session', { headers: { forwarded: 'for=203.0.113.4' } })).json.demo).toEqual([])
  })

  it('is the only place with a demo', async () => {
    const answer = await hub.ask('/api/v1/session/demo', { method: 'POST', body: { as: 'Ada' } })
    expect([answer.status, answer.json.error]).toEqual([403, 'refused'])
  })
})

it('wrote no secret and no name into the log', async () => {
  const admin = aBrowser(hub.url)
  await admin.signIn(adminEmail, adminPassword)
  expect(logged).toContain('Baton is ready')
  const secret = admin.cookie!.split('=')[1]!
  for (const word of [adminPassword, wrongPassword, secret, 'example.com', 'Kim', 'link=', '203.0.113'])
    expect(logged.toLowerCase()).not.toContain(word.toLowerCase())
})
