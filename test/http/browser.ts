/** A browser as far as signing in goes: keeps its cookie, and says where its requests come from. */
import { request } from 'node:http'
import type { Role, Seat } from '../../src/access.ts'
import { beginSession } from '../../src/staff/sessions.ts'
import { addUser } from '../../src/staff/users.ts'
import { type Answer, ask, type Call, type Running } from '../app.ts'

export interface Browser {
  /** Below `/api/v1`. */
  ask(path: string, call?: Call): Promise<Answer>
  signIn(email: string, password: string): Promise<Answer>
  /** As it goes out, and as somebody may have slipped it in. */
  cookie: string | undefined
  /** The address it is seen from, where the hub trusts a proxy. */
  at: string | undefined
}

export function aBrowser(url: string, at?: string): Browser {
  const browser: Browser = {
    cookie: undefined,
    at,
    async ask(path, { method = 'GET', headers = {}, body } = {}) {
      const own = {
        ...(browser.cookie ? { cookie: browser.cookie } : {}),
        ...(browser.at ? { 'x-forwarded-for': browser.at } : {}),
        ...(method === 'GET' ? {} : { origin: url, 'sec-fetch-site': 'same-origin' }),
      }
      const answer = await ask(url, `/api/v1${path}`, { method, headers: { ...own, ...headers }, body })
      const [set] = (answer.headers['set-cookie'] as unknown as string[] | undefined) ?? []
      if (set) browser.cookie = /=;/.test(set) ? undefined : set.split(';')[0]
      return answer
    },
    signIn: (email, password) => browser.ask('/session', { method: 'POST', body: { email, password } }),
  }
  return browser
}

export const adminEmail = 'Kim.Larsen@example.com'
export const adminPassword = 'seven green kettles'

export const linkOf = (url: string): string => new URL(url).searchParams.get('link')!

/** The first admin, made by the link of the hub. */
export async function anAdmin(hub: Running): Promise<Browser> {
  const browser = aBrowser(hub.url)
  const link = linkOf((await hub.app.firstAdminLink())!)
  const made = await browser.ask('/setup', {
    method: 'POST',
    body: { link, email: adminEmail, name: 'Kim', password: adminPassword },
  })
  if (made.status !== 200) throw new Error(`no admin: ${made.status} ${made.text}`)
  return browser
}

export interface Member {
  readonly id: number
  readonly email: string
  readonly browser: Browser
}

let members = 0

/** Somebody of the team who has signed in. Without a password, since each costs a second of work; `kept` gives them one. */
export async function aMember(
  hub: Running,
  role: Role,
  more: { desks?: Record<string, Seat>; kept?: string } = {},
): Promise<Member> {
  const { pool } = hub.database
  const email = `${role}-${++members}@example.com`
  const user = await addUser(pool, {
    email,
    name: `The ${role}`,
    role,
    desks: more.desks,
    password: more.kept ?? 'none',
  })
  return { id: user!.id, email, browser: await browserOf(hub, user!.id) }
}

/** A browser in which this user has signed in. */
export async function browserOf(hub: Running, user: number, at?: string): Promise<Browser> {
  const browser = aBrowser(hub.url, at)
  browser.cookie = `baton-${new URL(hub.url).port}=${await beginSession(hub.database.pool, user)}`
  return browser
}

/** The status of a WebSocket's handshake: 101 when it was opened, 0 when it was cut off without a word. */
export function knock(url: string, path: string, headers: Record<string, string>): Promise<number> {
  const { hostname, port } = new URL(url)
  const handshake = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  }
  return new Promise((resolve) => {
    const sent = request({ hostname, port, path, headers: { ...handshake, ...headers } })
    sent.on('upgrade', (_answer, socket) => {
      socket.destroy()
      resolve(101)
    })
    sent.on('response', (answer) => {
      answer.resume()
      resolve(answer.statusCode!)
    })
    sent.on('error', () => resolve(0))
    sent.end()
  })
}
