/** Coming in and going out. These doors stand outside the guard, so each looks for itself at who knocks, and how often. */
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { type Action, type Reach, type Role, rightsOf, type Seat, type Staff, worksAt } from '../../access.ts'
import { HubError } from '../../errors.ts'
import { audit } from '../../staff/audit.ts'
import { type DemoDoor, demoDoors, demoUser } from '../../staff/demo.ts'
import { isOutdated, type Passwords } from '../../staff/passwords.ts'
import type { Provider } from '../../staff/provider.ts'
import { beginSession, endSession } from '../../staff/sessions.ts'
import type { Throttle } from '../../staff/throttle.ts'
import { changeUser, findByEmail, hasAdmin, type Preferences, toStaff, type User } from '../../staff/users.ts'
import { type Door, Unauthorized } from '../auth.ts'
import { refuseElsewhere, refuseForeign } from '../session.ts'
import { email, password } from './staff-words.ts'

/** What the routes on people share. */
export interface PeopleParts {
  readonly door: Door
  readonly passwords: Passwords
  readonly throttle: Throttle
  /** Connections of desks of our own, as they are open now. */
  ownDesks(): readonly string[]
  /** The identity provider, where one is set up. */
  readonly provider?: Provider
}

/** Who is signed in, as the console shows it. */
export interface SessionAnswer {
  readonly id: string
  readonly name: string
  readonly email?: string
  readonly role: Role
  readonly rights: Partial<Record<Action, Reach>>
  readonly desks: readonly string[]
  readonly seats: Readonly<Record<string, Seat>>
  /** Desks of our own at which they may answer customers: an admin at all of them. */
  readonly worksAt: readonly string[]
  readonly preferences: Preferences
  readonly isSandbox: boolean
}

/** With the 401 of `GET /session`: the ways in. */
export interface WaysIn {
  /** No admin yet: the link that the hub printed makes the first one. */
  readonly setup: boolean
  /** Who comes in by one click. */
  readonly demo: readonly DemoDoor[]
  /** The identity provider's name. */
  readonly provider: string | null
}

const credentials = Type.Object({ email, password }, { additionalProperties: false })
const demoBody = Type.Object({ as: Type.String({ minLength: 1, maxLength: 40 }) }, { additionalProperties: false })

export const sessions =
  (parts: PeopleParts): FastifyPluginAsync =>
  async (app) => {
    const { door } = parts
    const { pool } = door
    readingRoute(app, parts)

    app.post('/session', { schema: { body: credentials, summary: 'Sign in' } }, async (request, reply) => {
      refuseElsewhere(request, door.url)
      const user = await checkPassword(parts, request, request.body as Static<typeof credentials>)
      return enter(parts, request, reply, user, 'password')
    })

    app.post(
      '/session/demo',
      { schema: { body: demoBody, summary: 'Sign in to the sandbox' } },
      async (request, reply) => {
        refuseElsewhere(request, door.url)
        await parts.throttle.takeAt(request.ip, 'demo', 600)
        if (!door.isDemo(request))
          throw new HubError('refused', 'People of the demo sign in only in the sandbox, on the machine it runs on')
        const { as } = request.body as Static<typeof demoBody>
        const user = await demoUser(pool, as, parts.ownDesks())
        if (!user)
          throw new HubError(
            'unknown',
            `Nobody of the demo has this name. There are: ${demoDoors(parts.ownDesks())
              .map(({ name }) => name)
              .join(', ')}`,
          )
        return enter(parts, request, reply, user, 'demo')
      },
    )

    app.delete('/session', { schema: { summary: 'Sign out' } }, async (request, reply) => {
      const secret = door.cookie.read(request)
      if (secret !== undefined) {
        refuseForeign(request, door.url)
        const user = await door.userOf(request)
        await endSession(pool, secret)
        if (user) await audit(pool, toStaff(user), 'session.end', `user:${user.id}`)
      }
      door.cookie.take(reply)
      return reply.code(204).send()
    })
  }

function readingRoute(app: FastifyInstance, parts: PeopleParts): void {
  const { door } = parts
  let isSetUp = false
  app.get('/session', { schema: { summary: 'Who is signed in' } }, async (request, reply) => {
    try {
      const staff = await door.recognise(request)
      const user = staff.id.startsWith('user:') ? await door.userOf(request) : undefined
      return answerOf(parts, staff, user)
    } catch (error) {
      if (!(error instanceof Unauthorized)) throw error
      isSetUp ||= await hasAdmin(door.pool)
      const demo = door.isDemo(request) ? demoDoors(parts.ownDesks()) : []
      const waysIn: WaysIn = { setup: !isSetUp, demo, provider: parts.provider?.settings.name ?? null }
      return reply.code(401).send({ error: 'unauthorized', message: error.message, ...waysIn })
    }
  })
}

/** Counted before it is tried. Nothing tells an unknown address from a wrong password. */
async function checkPassword(
  { door, passwords, throttle }: PeopleParts,
  { ip, log }: FastifyRequest,
  given: Static<typeof credentials>,
): Promise<User> {
  await throttle.take(ip, given.email)
  const user = await findByEmail(door.pool, given.email)
  const kept = user?.active ? user.password : undefined
  if (!(await passwords.isRight(given.password, kept)) || !user)
    throw new Unauthorized('The e-mail address or the password is wrong')
  await throttle.succeed(ip, given.email)
  if (isOutdated(kept!)) {
    await changeUser(door.pool, user.id, { password: await passwords.hash(given.password) })
    log.info({ user: user.id }, 'a password was hashed anew')
  }
  return user
}

/** Begins a session and ends the one that this browser had. */
export async function enter(
  parts: PeopleParts,
  request: FastifyRequest,
  reply: FastifyReply,
  user: User,
  by: 'password' | 'demo' | 'link' | 'provider',
): Promise<SessionAnswer> {
  const { door } = parts
  const before = door.cookie.read(request)
  if (before !== undefined) await endSession(door.pool, before)
  const secret = await beginSession(door.pool, user.id)
  door.cookie.give(reply, secret)
  await audit(door.pool, toStaff(user), 'session.begin', `user:${user.id}`, { by })
  return answerOf(parts, toStaff(user), user)
}

export const answerOf = ({ door, ownDesks }: PeopleParts, staff: Staff, user: User | undefined): SessionAnswer => ({
  id: staff.id,
  name: staff.name,
  ...(staff.email === undefined ? {} : { email: staff.email }),
  role: staff.role,
  rights: rightsOf(staff),
  desks: staff.desks,
  seats: user?.desks ?? {},
  worksAt: ownDesks().filter((desk) => worksAt(staff, desk)),
  preferences: user?.preferences ?? {},
  isSandbox: door.isSandbox,
})
