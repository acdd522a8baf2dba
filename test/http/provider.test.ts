/** Signing in at an identity provider: against a real one, on this machine. */
import { createServer, type Server } from 'node:http'
import { Writable } from 'node:stream'
import Provider from 'oidc-provider'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { freePort } from '../../src/postgres/server.ts'
import { readProvider } from '../../src/staff/provider.ts'
import { addUser } from '../../src/staff/users.ts'
import { aRunningApp, type Running } from '../app.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

const secret = 'the-secret-of-the-client-0123456789'
/** Who the provider knows, and who is sitting in front of it. */
const accounts: Record<string, Record<string, unknown>> = {}
let sitting: string | undefined

let hub: Running
let server: Server
let issuer: string
let logged = ''
const paper = new Writable({
  write(line, _encoding, done) {
    logged += line
    done()
  },
})

beforeAll(async () => {
  const [port, hubPort] = [await freePort(), await freePort()]
  issuer = `http://127.0.0.1:${port}`
  const callback = `http://127.0.0.1:${hubPort}/api/v1/session/provider/callback`
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'baton', client_secret: secret, redirect_uris: [callback] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    findAccount: (_context, id) => ({ accountId: id, claims: async () => ({ sub: id, ...accounts[id] }) }),
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    pkce: { required: () => true },
    cookies: { keys: ['a key of the test'] },
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({ clientId: oidc.client!.clientId, accountId: oidc.session!.accountId })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
  })
  const answer = provider.callback()
  server = createServer((request, response) => {
    if (!request.url?.startsWith('/interaction/')) return answer(request, response)
    const result = sitting ? { login: { accountId: sitting } } : { error: 'access_denied', error_description: 'no' }
    void provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  hub = await aRunningApp({
    log: pino({ level: 'trace' }, paper),
    env: {
      BATON_PORT: String(hubPort),
      BATON_OIDC_ISSUER: issuer,
      BATON_OIDC_CLIENT_ID: 'baton',
      BATON_OIDC_CLIENT_SECRET: secret,
      BATON_OIDC_NAME: 'Acme',
      BATON_OIDC_ROLE_CLAIM: 'groups',
      BATON_OIDC_ROLES: 'support=agent,leads=admin',
      BATON_OIDC_DOMAINS: 'acme.example',
    },
  })
})
afterAll(async () => {
  await hub?.stop()
  server?.closeAllConnections()
  await new Promise((resolve) => server?.close(resolve))
})

const rows = async (text: string, ...values: unknown[]) => (await hub.database.pool.query(text, values)).rows

/** A browser that follows redirects by itself, with cookies for each place. */
function aWanderer() {
  const jars = new Map<string, Map<string, string>>()
  const steps: string[] = []
  const step = async (address: string): Promise<string | undefined> => {
    const { host } = new URL(address)
    const jar = jars.get(host) ?? new Map<string, string>()
    jars.set(host, jar)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(address, { redirect: 'manual', headers: cookie ? { cookie } : {} })
    for (const set of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set)!
      if (value) jar.set(name!, value)
      else jar.delete(name!)
    }
    const to = answer.headers.get('location')
    return to ? new URL(to, address).href : undefined
  }
  return {
    steps,
    /** Until a page of the console, or the callback, if it is to be looked at first. */
    async go(address: string, { until = '/console' } = {}): Promise<URL> {
      for (let at: string | undefined = address, count = 0; at && count < 12; count++) {
        steps.push(at)
        if (new URL(at).pathname.startsWith(until) && at.startsWith(hub.url)) return new URL(at)
        at = await step(at)
      }
      throw new Error(`It led nowhere: ${steps.at(-1)?.split('?')[0]}`)
    },
    async me() {
      const jar = jars.get(new URL(hub.url).host)
      const cookie = [...(jar ?? [])].map(([name, value]) => `${name}=${value}`).join('; ')
      return hub.ask('/api/v1/session', { headers: cookie ? { cookie } : {} })
    },
  }
}

async function arrive(id: string, claims: Record<string, unknown>, place = '/queue') {
  accounts[id] = claims
  sitting = id
  const wanderer = aWanderer()
  const end = await wanderer.go(`${hub.url}/api/v1/session/provider?place=${encodeURIComponent(place)}`)
  return { wanderer, end: `${end.pathname}${end.search}`, me: await wanderer.me() }
}

describe('at the identity provider', () => {
  it('somebody invited is joined by the verified address, and known by the provider’s name for them from then on', async () => {
    const lena = await addUser(hub.database.pool, { email: 'lena@example.com', name: 'Lena', role: 'agent' })
    const first = await arrive('id-lena', { email: 'Lena@example.com', email_verified: true, name: 'L. at Acme' })
    expect([first.end, first.me.status, first.me.json.id]).toEqual(['/console/queue', 200, `user:${lena!.id}`])
    expect(first.me.json).toMatchObject({ name: 'Lena', role: 'agent' })
    const moved = await arrive('id-lena', { email: 'lena.new@example.com', email_verified: true })
    expect(moved.me.json.id).toBe(`user:${lena!.id}`)
    const other = await arrive('id-other', { email: 'lena@example.com', email_verified: true })
    expect([other.end, other.me.status]).toEqual(['/console/login?problem=taken', 401])
    const asked = new URL(first.wanderer.steps[1]!)
    expect(asked.searchParams.get('code_challenge_method')).toBe('S256')
    for (const name of ['code_challenge', 'state', 'nonce'])
      expect(asked.searchParams.get(name)).toMatch(/^[\w-]{40,}$/)
  })

  it.each([
    ['an address that nobody verified', { email: 'a@acme.example', email_verified: false, name: 'A' }, 'unverified'],
    ['an address without a word on that', { email: 'a@acme.example', name: 'A' }, 'unverified'],
    ['no address', { name: 'A' }, 'unverified'],
    ['an address of elsewhere, uninvited', { email: 'a@elsewhere.example', email_verified: true }, 'uninvited'],
    ['an address that ends like ours', { email: 'a@evil-acme.example', email_verified: true }, 'uninvited'],
  ])('nobody comes in with %s', async (_what, claims, trouble) => {
    const { end, me } = await arrive('id-stranger', claims)
    expect([end, me.status]).toEqual([`/console/login?problem=${trouble}`, 401])
    expect(await rows(`SELECT 1 FROM users WHERE email LIKE 'a@%'`)).toEqual([])
  })

  it('an account is made for our own people: a viewer, or what the claim says, also later', async () => {
    const max = { email: 'max@acme.example', email_verified: true, name: 'Max' }
    expect((await arrive('id-max', max)).me.json).toMatchObject({ name: 'Max', role: 'viewer' })
    expect((await arrive('id-max', { ...max, groups: ['staff', 'support'] })).me.json.role).toBe('agent')
    const eva = { email: 'eva@partner.example', email_verified: true, name: 'Eva', groups: ['support', 'leads'] }
    expect((await arrive('id-eva', eva)).me.json.role).toBe('admin')
    expect((await arrive('id-eva', { ...eva, groups: ['support'] })).me.json.role, 'the last admin').toBe('admin')
    const deeds = await rows(`SELECT action FROM audit WHERE action LIKE 'users.%' ORDER BY id`)
    expect(deeds.map(({ action }) => action)).toEqual([
      'users.join-provider',
      'users.arrive',
      'users.change',
      'users.arrive',
    ])
  })

  it('who is switched off here stays out', async () => {
    await rows(`UPDATE users SET active = false WHERE email = 'max@acme.example'`)
    const { end, me } = await arrive('id-max', { email: 'max@acme.example', email_verified: true })
    expect([end, me.status]).toEqual(['/console/login?problem=off', 401])
  })

  it('who says no there is told so here', async () => {
    sitting = undefined
    const end = await aWanderer().go(`${hub.url}/api/v1/session/provider`)
    expect(end.search).toBe('?problem=denied')
  })

  it.each(['//evil.example', 'https://evil.example', '/\\evil.example'])('nobody is led on to %s', async (place) => {
    const { end } = await arrive('id-lena', accounts['id-lena']!, place)
    expect(end).toBe('/console/')
  })
})

describe('what came back', () => {
  const comeBack = async () => {
    sitting = 'id-lena'
    const wanderer = aWanderer()
    const callback = await wanderer.go(`${hub.url}/api/v1/session/provider`, {
      until: '/api/v1/session/provider/callback',
    })
    return { wanderer, callback }
  }

  it('is worth nothing in another browser', async () => {
    const { callback } = await comeBack()
    const thief = aWanderer()
    expect((await thief.go(callback.href)).search).toBe('?problem=expired')
    expect((await thief.me()).status).toBe(401)
  })

  it('is worth nothing with a code that somebody else was given', async () => {
    const [mine, theirs] = [await comeBack(), await comeBack()]
    const swapped = new URL(mine.callback)
    swapped.searchParams.set('code', theirs.callback.searchParams.get('code')!)
    expect((await mine.wanderer.go(swapped.href)).search).toBe('?problem=failed')
    const whole = await comeBack()
    expect((await whole.wanderer.go(theirs.callback.href)).search, 'another state').toBe('?problem=failed')
  })

  it('counts once', async () => {
    const { wanderer, callback } = await comeBack()
    expect((await wanderer.go(callback.href)).pathname).toBe('/console/')
    expect((await wanderer.go(callback.href)).search).toBe('?problem=expired')
  })
})

it('is offered at the door, and leaves neither addresses, codes nor the secret in the log', async () => {
  expect((await hub.ask('/api/v1/session')).json.provider).toBe('Acme')
  expect(logged).toContain('sign-in by the identity provider')
  for (const word of ['acme.example', 'lena', 'code=', secret]) expect(logged.toLowerCase()).not.toContain(word)
})

it.each([
  [{ BATON_OIDC_ISSUER: 'http://login.example.com' }, 'BATON_OIDC_ISSUER is "http://login.example.com"'],
  [{ BATON_OIDC_CLIENT_SECRET: '' }, 'BATON_OIDC_CLIENT_SECRET must be'],
  [{ BATON_OIDC_ROLES: 'support=boss' }, 'BATON_OIDC_ROLES has "support=boss"'],
])('half a set-up is refused: %j', (change, words) => {
  const whole = { BATON_OIDC_ISSUER: 'https://a.example', BATON_OIDC_CLIENT_ID: 'b', BATON_OIDC_CLIENT_SECRET: 'c' }
  expect(readProvider(whole)?.name).toBe('a.example')
  expect(() => readProvider({ ...whole, ...change })).toThrow(words)
  expect(readProvider({})).toBeUndefined()
})
