/** Every route of the API, asked by every role: refused exactly where `src/access.ts` says so. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Action, actions, type Role, reachOf, roles } from '../../src/access.ts'
import { aRunningApp, type Running } from '../app.ts'
import { aBrowser, aMember, type Browser } from './browser.ts'

interface Route {
  readonly method: string
  /** Below `/api/v1`, with somebody or something that is not there. */
  readonly path: string
  readonly may: Action | undefined
}

/** Doors before which nobody has signed in yet. */
const open = [
  'GET /session',
  'POST /session',
  'POST /session/demo',
  'DELETE /session',
  'POST /setup',
  'POST /setup/link',
]

// A password costs a second of work, and much more beside other tests.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

let hub: Running
let routes: Route[]
const browsers = {} as Record<Role, Browser>
beforeAll(async () => {
  hub = await aRunningApp()
  for (const role of roles) browsers[role] = (await aMember(hub, role)).browser
  const { paths } = (await hub.staff('/docs')).json as { paths: Record<string, Record<string, { 'x-may'?: Action }>> }
  routes = Object.entries(paths).flatMap(([path, methods]) =>
    path.startsWith('/api/v1')
      ? Object.entries(methods).map(([method, { 'x-may': may }]) => ({
          method: method.toUpperCase(),
          path: path.slice('/api/v1'.length).replace(/\{\w+\}/g, '987654321'),
          may,
        }))
      : [],
  )
})
afterAll(() => hub.stop())

const body = (method: string) => (method === 'GET' || method === 'DELETE' ? {} : { body: {} })

describe('every route', () => {
  it('is known, and names a right unless it is a way in', () => {
    expect(routes.length).toBeGreaterThan(20)
    const without = routes.filter(({ may }) => may === undefined).map(({ method, path }) => `${method} ${path}`)
    expect(without.sort()).toEqual([...open].sort())
    for (const { may } of routes) if (may) expect(actions).toContain(may)
  })

  it.each(roles)('is open to the role %s as far as it goes, and no further', async (role) => {
    const seen: string[] = []
    const right: string[] = []
    for (const { method, path, may } of routes) {
      if (!may) continue
      const { status } = await browsers[role].ask(path, { method, ...body(method) })
      seen.push(`${method} ${path}: ${status === 403 ? 'refused' : status === 401 ? 'unknown' : 'open'}`)
      right.push(`${method} ${path}: ${reachOf({ role }, may) ? 'open' : 'refused'}`)
    }
    expect(seen).toEqual(right)
  })

  it('is shut to whoever has not signed in, whatever is sent', async () => {
    const seen: string[] = []
    for (const { method, path, may } of routes) {
      if (!may) continue
      const { status } = await aBrowser(hub.url).ask(path, { method, ...body(method) })
      if (status !== 401) seen.push(`${method} ${path}: ${status}`)
    }
    expect(seen).toEqual([])
  })

  it('is refused before what was sent is looked at', async () => {
    for (const { method, path, may } of routes) {
      if (!may || reachOf({ role: 'agent' }, may) || method === 'GET') continue
      const { status } = await browsers.agent.ask(path, { method, body: '{"broken": ' })
      expect([method, path, status]).toEqual([method, path, 403])
    }
  })
})

it.each(roles)('the console of the role %s shows what it may, and nothing else', async (role) => {
  const { rights } = (await browsers[role].ask('/session')).json
  for (const action of actions) expect([action, rights[action]]).toEqual([action, reachOf({ role }, action)])
})
