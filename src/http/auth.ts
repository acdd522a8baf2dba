/** Staff's ways in: the session of a person, the API token of a program, and the hub's own token. */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyRequest } from 'fastify'
import type pg from 'pg'
import { type Staff, worksAt } from '../access.ts'
import type { Colleague } from '../connector.ts'
import { HubError } from '../errors.ts'
import { hashOf } from '../staff/secret.ts'
import { findSession } from '../staff/sessions.ts'
import { findToken, tokenPrefix } from '../staff/tokens.ts'
import { toStaff, type User } from '../staff/users.ts'
import type { Recognise } from './guard.ts'
import { isLoopbackUrl, isOnThisMachine, refuseForeign, type SessionCookie, sessionCookie } from './session.ts'

/** `BATON_TOKEN`, else one made at the first start and kept in the data folder, readable by the hub's user alone. */
export async function readToken(dataDir: string, env: NodeJS.ProcessEnv): Promise<string> {
  const given = env.BATON_TOKEN
  if (given) {
    if (given.length < 16)
      throw new HubError('invalid', 'BATON_TOKEN has fewer than 16 characters. Make one with: openssl rand -hex 32')
    return given
  }
  const file = join(dataDir, 'token')
  const kept = await readFile(file, 'utf8').catch(() => '')
  if (kept.trim()) return kept.trim()
  const token = randomBytes(32).toString('hex')
  await mkdir(dataDir, { recursive: true })
  await writeFile(file, `${token}\n`, { mode: 0o600 })
  return token
}

export interface DoorParts {
  readonly pool: pg.Pool
  /** The hub's own. */
  readonly token: string
  readonly url: string
  readonly isSandbox: boolean
}

export interface Door extends DoorParts {
  readonly cookie: SessionCookie
  /** By `Authorization`, else by session. Throws `Unauthorized`, or `refused` when another site's page sent it. */
  readonly recognise: Recognise
  /** Whose session it is, whatever sent it. */
  userOf(request: FastifyRequest): Promise<User | undefined>
  /** Who is an agent at this connection, for a desk of our own. */
  colleague(request: FastifyRequest, connection: string): Promise<Colleague | undefined>
  /** Whether people of the demo may come in from here. */
  isDemo(request: FastifyRequest): boolean
}

const hubToken: Staff = { id: 'hub', name: 'the hub’s token', role: 'admin', desks: [] }

export function createDoor(parts: DoorParts): Door {
  const { pool, url, token } = parts
  const right = hashOf(token)
  const cookie = sessionCookie(url)
  const isDemo = (request: FastifyRequest) => parts.isSandbox && isLoopbackUrl(url) && isOnThisMachine(request)

  const userOf = async (request: FastifyRequest, isSeen?: boolean) => {
    const secret = cookie.read(request)
    const user = secret === undefined ? undefined : await findSession(pool, secret, isSeen)
    return user?.demo && !isDemo(request) ? undefined : user
  }
  const signedIn = async (request: FastifyRequest, isSeen?: boolean) => {
    const user = await userOf(request, isSeen)
    if (user) refuseForeign(request, url)
    return user
  }
  /** The same time is spent whatever is wrong with it. */
  const holderOf = async (given: string): Promise<Staff | undefined> => {
    if (timingSafeEqual(hashOf(given), right)) return hubToken
    return given.startsWith(tokenPrefix) ? findToken(pool, given) : undefined
  }
  return {
    ...parts,
    cookie,
    isDemo,
    userOf: (request) => userOf(request),
    async recognise(request, again) {
      const { authorization } = request.headers
      if (authorization !== undefined) {
        const given = /^Bearer (\S{1,512})$/i.exec(authorization)?.[1]
        const holder = given === undefined ? undefined : await holderOf(given)
        if (!holder) throw new Unauthorized()
        return holder
      }
      const user = await signedIn(request, again === undefined)
      if (!user) throw new Unauthorized()
      return toStaff(user)
    },
    async colleague(request, connection) {
      const user = await signedIn(request)
      if (!user) return undefined
      const { id, email, name, role, desks } = user
      const isHere = worksAt(toStaff(user), connection) && Object.hasOwn(desks, connection)
      const seat = isHere ? desks[connection] : undefined
      return { id: `user:${id}`, email, name, role, ...(seat ? { seat } : {}) }
    },
  }
}

export class Unauthorized extends Error {
  readonly statusCode = 401
  override readonly name = 'Unauthorized'
  constructor(
    message = 'Sign in at /console, or send a token as "Authorization: Bearer <token>": an API token, BATON_TOKEN, or the file "token" in the data folder.',
  ) {
    super(message)
  }
}
