/** The team, API tokens, what everybody may change about themselves, and what the audit tells of it. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { aRunningApp, type Running } from '../app.ts'
import { aBrowser, adminPassword, aMember, anAdmin, type Browser, browserOf, linkOf } from './browser.ts'

// A password costs a second of work, and much more beside other tests.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

let hub: Running
let admin: Browser
beforeAll(async () => {
  hub = await aRunningApp()
  admin = await anAdmin(hub)
})
afterAll(() => hub?.stop())

const rows = async (text: string, ...values: unknown[]) => (await hub.database.pool.query(text, values)).rows
/** So that a member has the admin's password without the work of another. */
const keptOfAdmin = async () => (await rows('SELECT password FROM users ORDER BY id LIMIT 1'))[0].password as string
const post = (browser: Browser, path: string, body?: object) => browser.ask(path, { method: 'POST', body })
const patch = (browser: Browser, path: string, body: object) => browser.ask(path, { method: 'PATCH', body })
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
const seat = { skills: ['billing'], languages: ['en', 'de'], capacity: 2 }

describe('an invitation', () => {
  it('is a link that works once, for a day, and lets somebody in as what they were invited as', async () => {
    const body = { email: 'Lena@Example.com', name: 'Lena', role: 'agent', desks: { people: seat } }
    const { status, json } = await post(admin, '/users', body)
    expect(status).toBe(201)
    expect(json.user).toMatchObject({ email: 'lena@example.com', role: 'agent', isIn: false, desks: { people: seat } })
    expect(json.link.url.startsWith(`${hub.url}/console/setup?link=`)).toBe(true)
    expect(json.link.expiresAt).toBeGreaterThan(Date.now() + 23 * 3_600_000)
    expect(JSON.stringify(await rows('SELECT l::text FROM links l'))).not.toContain(linkOf(json.link.url))

    const lena = aBrowser(hub.url)
    const link = linkOf(json.link.url)
    const look = await post(lena, '/setup/link', { link })
    expect(look.json).toMatchObject({ purpose: 'invite', email: 'lena@example.com', name: 'Lena' })
    expect((await post(lena, '/setup', { link, password: 'lena@example.com' })).status).toBe(400)
    const taken = await post(lena, '/setup', { link, password: 'nine blue bicycles', email: 'other@example.com' })
    expect(taken.json).toMatchObject({
      email: 'lena@example.com',
      role: 'agent',
      desks: ['people'],
      seats: { people: seat },
    })
    expect((await post(aBrowser(hub.url), '/setup', { link, password: 'ten blue bicycles' })).status).toBe(403)
    expect((await lena.ask('/session')).status).toBe(200)
  })

  it('is replaced by the next one, ends with the day, and with the account', async () => {
    const { json } = await post(admin, '/users', { email: 'max@example.com', name: 'Max', role: 'viewer' })
    const again = await post(admin, `/users/${json.user.id}/link`)
    const password = 'eleven red wagons'
    expect((await post(aBrowser(hub.url), '/setup', { link: linkOf(json.link.url), password })).status).toBe(403)
    await patch(admin, `/users/${json.user.id}`, { active: false })
    const link = linkOf(again.json.link.url)
    expect((await post(aBrowser(hub.url), '/setup', { link, password })).status).toBe(403)
    expect((await post(admin, `/users/${json.user.id}/link`)).status).toBe(409)
    await patch(admin, `/users/${json.user.id}`, { active: true })
    const last = linkOf((await post(admin, `/users/${json.user.id}/link`)).json.link.url)
    await rows(`UPDATE links SET expires_at = now()`)
    expect((await post(aBrowser(hub.url), '/setup', { link: last, password })).status).toBe(403)
  })

  it.each([
    ['an address that somebody has', { email: 'LENA@example.com', name: 'L', role: 'agent' }, 409],
    ['no address', { email: 'nobody', name: 'L', role: 'agent' }, 400],
    ['no name', { email: 'a@example.com', name: '  ', role: 'agent' }, 400],
    ['an unknown role', { email: 'a@example.com', name: 'L', role: 'root' }, 400],
    ['a desk that is not ours', { email: 'a@example.com', name: 'L', role: 'agent', desks: { site: seat } }, 400],
    ['more', { email: 'a@example.com', name: 'L', role: 'agent', password: 'x' }, 400],
  ])('is not made with %s', async (_what, body, status) => {
    expect((await post(admin, '/users', body)).status).toBe(status)
  })
})

describe('a change', () => {
  it('counts at the next request: role, desks, name', async () => {
    const { browser, id } = await aMember(hub, 'viewer')
    expect((await browser.ask('/mappings')).status).not.toBe(401)
    expect((await browser.ask('/users')).status).toBe(403)
    await patch(admin, `/users/${id}`, { role: 'agent', desks: { people: seat }, name: 'Ida' })
    expect((await browser.ask('/session')).json).toMatchObject({ name: 'Ida', role: 'agent', desks: ['people'] })
    await patch(admin, `/users/${id}`, { role: 'admin' })
    expect((await browser.ask('/users')).status).toBe(200)
    await patch(admin, `/users/${id}`, { active: false })
    expect((await browser.ask('/users')).status).toBe(401)
    expect(await rows('SELECT 1 FROM sessions WHERE user_id = $1', id)).toEqual([])
    await patch(admin, `/users/${id}`, { active: true, role: 'viewer' })
    expect((await browser.ask('/session')).status).toBe(401)
  })

  it('never takes the last admin, not even two at once', async () => {
    const [{ id: first }] = await rows(`SELECT id FROM users WHERE role = 'admin' AND active`)
    for (const change of [{ role: 'viewer' }, { active: false }])
      expect((await patch(admin, `/users/${first}`, change)).json).toMatchObject({ error: 'conflict' })
    const other = await aMember(hub, 'admin')
    const answers = await Promise.all([
      patch(admin, `/users/${other.id}`, { role: 'viewer' }),
      patch(other.browser, `/users/${first}`, { role: 'viewer' }),
    ])
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    await rows(
      `UPDATE users SET role = CASE WHEN id = $1 THEN 'admin' ELSE 'viewer' END WHERE id IN ($1, $2)`,
      first,
      other.id,
    )
  })

  it.each([
    ['/users/987654321', { active: false }, 404],
    ['/users/1', {}, 400],
    ['/users/1', { email: 'new@example.com' }, 400],
    ['/users/1', { desks: { people: { ...seat, capacity: 0 } } }, 400],
    ['/users/0', { active: true }, 400],
  ])('%s %j', async (path, body, status) => {
    expect((await patch(admin, path, body)).status).toBe(status)
  })

  it('signs somebody out everywhere', async () => {
    const { browser, id } = await aMember(hub, 'viewer')
    expect((await admin.ask(`/users/${id}/sessions`, { method: 'DELETE' })).json).toEqual({ ended: 1 })
    expect((await browser.ask('/session')).status).toBe(401)
  })

  it('of a forgotten password ends what went before', async () => {
    const { browser, id, email } = await aMember(hub, 'viewer', { kept: await keptOfAdmin() })
    const { json } = await post(admin, `/users/${id}/link`)
    const fresh = aBrowser(hub.url)
    const link = linkOf(json.link.url)
    expect((await post(fresh, '/setup/link', { link })).json).toMatchObject({ purpose: 'reset', email })
    expect((await post(fresh, '/setup', { link, password: 'twelve old clocks' })).status).toBe(200)
    expect((await browser.ask('/session')).status).toBe(401)
    expect((await aBrowser(hub.url).signIn(email, adminPassword)).status).toBe(401)
    expect((await aBrowser(hub.url).signIn(email, 'twelve old clocks')).status).toBe(200)
  })
})

describe('an API token', () => {
  const make = (body: object) => post(admin, '/tokens', body)

  it('is shown once, does what its role may, and tells when it was used', async () => {
    const { status, json } = await make({ name: 'wallboard', role: 'viewer' })
    expect(status).toBe(201)
    expect(json.token).toMatch(/^baton_[\w-]{43}$/)
    const listed = async () =>
      (await admin.ask('/tokens')).json.tokens.find((one: { id: number }) => one.id === json.id)
    expect(await listed()).toMatchObject({
      name: 'wallboard',
      role: 'viewer',
      scopes: null,
      usedAt: null,
      expiresAt: null,
      createdByName: 'Kim',
    })
    const kept = JSON.stringify([await listed(), await rows('SELECT t::text FROM tokens t')])
    expect(kept).not.toContain(json.token.slice(6))
    expect((await hub.ask('/api/v1/conversations', bearer(json.token))).status).toBe(200)
    expect((await hub.ask('/api/v1/users', bearer(json.token))).status).toBe(403)
    expect((await listed()).usedAt).toBeGreaterThan(Date.now() - 60_000)
    const me = (await hub.ask('/api/v1/session', bearer(json.token))).json
    expect(me).toMatchObject({ id: `token:${json.id}`, name: 'wallboard', role: 'viewer' })
  })

  it('does no more than its scopes, and makes nothing that may more', async () => {
    const { json } = await make({ name: 'pauser', role: 'admin', scopes: ['connections.command', 'settings.change'] })
    const ask = (path: string, method = 'GET', body?: object) =>
      hub.ask(`/api/v1${path}`, { method, body, ...bearer(json.token) })
    expect((await ask('/connections/site/pause', 'POST')).status).toBeLessThan(300)
    expect((await ask('/connections/site/resume', 'POST')).status).toBeLessThan(300)
    expect((await ask('/conversations')).status).toBe(403)
    expect((await ask('/tokens', 'POST', { name: 'more', role: 'admin' })).json).toMatchObject({ error: 'refused' })
    expect((await ask('/users', 'POST', { email: 'x@example.com', name: 'X', role: 'admin' })).status).toBe(403)
    expect(await rows(`SELECT 1 FROM users WHERE email = 'x@example.com'`)).toEqual([])
    expect((await ask('/me', 'PATCH', { name: 'Me' })).status).toBe(403)
  })

  it('ends when it is revoked or its days are over', async () => {
    const [kept, revoked] = await Promise.all([
      make({ name: 'a', role: 'viewer', days: 3 }),
      make({ name: 'b', role: 'viewer' }),
    ])
    const use = async ({ json }: { json: { token: string } }) =>
      (await hub.ask('/api/v1/connections', bearer(json.token))).status
    expect([await use(kept), await use(revoked)]).toEqual([200, 200])
    expect((await admin.ask(`/tokens/${revoked.json.id}`, { method: 'DELETE' })).status).toBe(204)
    expect((await admin.ask(`/tokens/${revoked.json.id}`, { method: 'DELETE' })).status).toBe(404)
    expect([await use(kept), await use(revoked)]).toEqual([200, 401])
    const { tokens } = (await admin.ask('/tokens')).json
    expect(tokens.map(({ id }: { id: number }) => id)).not.toContain(revoked.json.id)
    expect(tokens.find(({ id }: { id: number }) => id === kept.json.id).expiresAt).toBeGreaterThan(
      Date.now() + 2 * 86_400_000,
    )
    await rows('UPDATE tokens SET expires_at = now() WHERE id = $1', kept.json.id)
    expect(await use(kept)).toBe(401)
  })

  it.each([
    ['a right beyond its role', { name: 'x', role: 'viewer', scopes: ['conversations.command'] }],
    ['an unknown right', { name: 'x', role: 'admin', scopes: ['everything'] }],
    ['no right', { name: 'x', role: 'admin', scopes: [] }],
    ['no name', { name: '', role: 'viewer' }],
    ['no day', { name: 'x', role: 'viewer', days: 0 }],
  ])('is not made with %s', async (_what, body) => {
    expect((await make(body)).status).toBe(400)
  })

  it.each(['baton_', `baton_${'A'.repeat(43)}`, 'baton_TOKEN'])('that is %s is none', async (token) => {
    const { status } = await hub.ask('/api/v1/connections', bearer(token.replace('TOKEN', hub.app.token)))
    expect(status).toBe(401)
  })

  it('and a wrong one is not made up for by a session', async () => {
    const wrong = { headers: { authorization: 'Bearer baton_wrong' } }
    expect((await admin.ask('/users', wrong)).status).toBe(401)
  })
})

describe('oneself', () => {
  it('has a name and preferences, each kept when another changes', async () => {
    const { browser } = await aMember(hub, 'viewer')
    await patch(browser, '/me', { preferences: { theme: 'dark', shortcuts: false } })
    await patch(browser, '/me', { name: ' Vera ', preferences: { density: 'comfortable' } })
    expect((await browser.ask('/session')).json).toMatchObject({
      name: 'Vera',
      preferences: { theme: 'dark', shortcuts: false, density: 'comfortable' },
    })
    for (const body of [{ role: 'admin' }, { preferences: { theme: 'pink' } }, { preferences: { x: 1 } }, {}])
      expect((await patch(browser, '/me', body)).status).toBe(400)
  })

  it('changes the password with the current one, and every other session ends', async () => {
    const { browser, id, email } = await aMember(hub, 'agent', { kept: await keptOfAdmin() })
    const other = await browserOf(hub, id)
    const password = adminPassword
    const next = 'thirteen silver spoons'
    expect((await post(browser, '/me/password', { current: next, password: next })).status).toBe(403)
    expect((await post(browser, '/me/password', { current: password, password: email })).status).toBe(400)
    expect((await other.ask('/session')).status).toBe(200)
    const before = browser.cookie
    expect((await post(browser, '/me/password', { current: password, password: next })).json).toEqual({ ended: 1 })
    expect(browser.cookie).not.toBe(before)
    expect((await browser.ask('/session')).status).toBe(200)
    expect((await other.ask('/session')).status).toBe(401)
    expect((await aBrowser(hub.url).signIn(email, next)).status).toBe(200)
    expect((await browser.ask('/me/sessions', { method: 'DELETE' })).json).toEqual({ ended: 1 })
    expect((await browser.ask('/session')).status).toBe(200)
  })

  it('is a person: the hub’s token has neither name nor password', async () => {
    const call = { method: 'PATCH', body: { name: 'Root' } }
    expect((await hub.staff('/api/v1/me', call)).json).toMatchObject({ error: 'conflict' })
  })
})

describe('the audit', () => {
  it('tells who did what, page by page, by person and by deed', async () => {
    const { json } = await post(admin, '/users', { email: 'ole@example.com', name: 'Ole', role: 'viewer' })
    await patch(admin, `/users/${json.user.id}`, { role: 'agent' })
    await hub.staff('/api/v1/tokens', { method: 'POST', body: { name: 'from outside', role: 'viewer' } })
    const { entries, next } = (await admin.ask('/audit?limit=2')).json
    expect(entries[0]).toMatchObject({
      who: 'hub',
      action: 'tokens.make',
      targetName: 'from outside',
      details: { role: 'viewer' },
    })
    expect(entries[1]).toMatchObject({
      name: 'Kim',
      action: 'users.change',
      target: `user:${json.user.id}`,
      targetName: 'Ole',
      details: { role: 'agent' },
    })
    const second = (await admin.ask(`/audit?limit=2&before=${next}`)).json
    expect(second.entries[0]).toMatchObject({ action: 'users.invite', target: `user:${json.user.id}` })
    const ids: number[] = []
    for (let before: number | null | undefined; before !== null; ) {
      const page = (await admin.ask(`/audit?limit=7${before ? `&before=${before}` : ''}`)).json
      ids.push(...page.entries.map(({ id }: { id: number }) => id))
      before = page.next
    }
    expect(ids).toEqual((await rows('SELECT id FROM audit ORDER BY id DESC')).map(({ id }) => id))
    const byHub = (await admin.ask('/audit?who=hub')).json.entries
    expect(new Set(byHub.map(({ who }: { who: string }) => who))).toEqual(new Set(['hub']))
    const links = (await admin.ask('/audit?action=users.link&limit=200')).json.entries
    expect(links.length).toBeGreaterThan(0)
    expect((await admin.ask('/audit?who=a%20b')).status).toBe(400)
  })

  it('is written with the change or not at all', async () => {
    const before = await rows('SELECT count(*) FROM audit')
    expect((await patch(admin, '/users/987654321', { active: false })).status).toBe(404)
    expect((await post(admin, '/users', { email: 'ole@example.com', name: 'Ole', role: 'viewer' })).status).toBe(409)
    expect(await rows('SELECT count(*) FROM audit')).toEqual(before)
  })

  it('holds neither names, addresses nor secrets', async () => {
    const all = JSON.stringify(await rows('SELECT a::text FROM audit a'))
    for (const word of ['example.com', 'Kim', 'Ole', 'Vera', 'baton_', adminPassword, 'spoons'])
      expect(all).not.toContain(word)
    for (const deed of [
      'users.setup',
      'session.begin',
      'password.set',
      'password.change',
      'users.sign-out',
      'tokens.revoke',
    ])
      expect(all).toContain(deed)
  })
})
