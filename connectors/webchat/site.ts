/** A hub's front door with the chat behind it, on a real port and a real database: what the tests here talk to. */
import websocket from '@fastify/websocket'
import fastify, { type FastifyInstance } from 'fastify'
import { SignJWT } from 'jose'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import type { Channel } from '#hub/connector.ts'
import { migrate } from '../../src/postgres/migrate.ts'
import { aDatabase, type TestDatabase } from '../../test/engines.ts'
import { aHost, type TestHost } from '../../test/host.ts'
import { webchatAt } from './index.ts'
import type { Settings } from './settings.ts'

export const pace = { helloMs: 10_000, beatMs: 25_000, typingMs: 6000 }
export const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

export interface Site {
  host: TestHost
  app: FastifyInstance
  base: string
  origin: string
  channel: Channel
  poll(): Promise<void>
  begin(body?: object, token?: string): Promise<{ token: string; thread: string; resume: { known: boolean } }>
  call(path: string, init?: { method?: string; token?: string; body?: unknown; headers?: object }): Promise<Response>
  close(): Promise<void>
}

const open: Site[] = []
export let database: TestDatabase

/** To be called once by a test file: a database for all its tests, and no site left open after any. */
export function useSites(): void {
  beforeAll(async () => {
    database = await aDatabase()
    await migrate(database.pool, 'site', webchatAt(pace).migrations!)
  })
  afterEach(async () => {
    for (const site of open.splice(0)) await site.close()
    await database.pool.query('delete from webchat_files; delete from webchat_threads')
  })
  afterAll(() => database.drop())
}

export async function aSite(settings: Settings = {}, at = pace, shared?: TestHost): Promise<Site> {
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

export const secret = 'a secret of at least thirty-two bytes'
export const inAnHour = () => Math.floor(Date.now() / 1000) + 3600
export const sign = (claims: Record<string, unknown>, key = secret) =>
  new SignJWT({ exp: inAnHour(), ...claims }).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(key))
