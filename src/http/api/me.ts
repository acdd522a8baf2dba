/** What everybody may change about themselves. */
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { HubError } from '../../errors.ts'
import { inTransaction } from '../../postgres/transaction.ts'
import { audit } from '../../staff/audit.ts'
import { dropLinks } from '../../staff/links.ts'
import { problemOf } from '../../staff/passwords.ts'
import { beginSession, endSessions } from '../../staff/sessions.ts'
import { changeUser, findUser, keptPassword, type Preferences, toStaff, type User } from '../../staff/users.ts'
import { answerOf, type PeopleParts } from './session.ts'
import { password, personName, preferences } from './staff-words.ts'

const change = Type.Object(
  { name: Type.Optional(personName), preferences: Type.Optional(preferences) },
  { additionalProperties: false, minProperties: 1 },
)
const newPassword = Type.Object({ current: password, password }, { additionalProperties: false })
const may = { may: 'me.change' } as const

export const me =
  (parts: PeopleParts): FastifyPluginAsync =>
  async (app) => {
    const { door, passwords, throttle } = parts
    const { pool } = door
    const person = async ({ staff }: FastifyRequest): Promise<User> => {
      const user = staff!.id.startsWith('user:') ? await findUser(pool, Number(staff!.id.slice(5))) : undefined
      if (!user) throw new HubError('conflict', 'A token is nobody: sign in as a person to change yourself')
      return user
    }
    /** All sessions end, and this browser gets a new one: what leaked before is worth nothing. */
    const renew = async (
      request: FastifyRequest,
      reply: FastifyReply,
      id: number,
      change: { password?: string } = {},
    ) => {
      const { secret, ended } = await inTransaction(pool, async (tx) => {
        if (change.password !== undefined) {
          await changeUser(tx, id, change)
          await dropLinks(tx, id)
        }
        const ended = Math.max(0, (await endSessions(tx, id)) - 1)
        const action = change.password === undefined ? 'session.end-others' : 'password.change'
        await audit(tx, request.staff!, action, `user:${id}`, { ended })
        return { secret: await beginSession(tx, id), ended }
      })
      door.cookie.give(reply, secret)
      return { ended }
    }

    app.patch(
      '/me',
      { schema: { body: change, summary: 'Your name and preferences' }, config: may },
      async (request) => {
        const { id, demo } = await person(request)
        const { name, ...rest } = request.body as { name?: string; preferences?: Preferences }
        if (demo && name !== undefined) throw new HubError('conflict', 'People of the demo keep their names')
        const user = await changeUser(pool, id, name === undefined ? rest : { ...rest, name: name.trim() })
        return answerOf(parts, toStaff(user!), user)
      },
    )

    const set = { body: newPassword, summary: 'A new password: every other session of yours ends' }
    app.post('/me/password', { schema: set, config: may }, async (request, reply) => {
      const user = await person(request)
      const given = request.body as Static<typeof newPassword>
      const kept = await keptPassword(pool, user.id)
      if (!kept) throw new HubError('conflict', 'This account has no password: it comes in by another way')
      await throttle.take(request.ip, user.email)
      if (!(await passwords.isRight(given.current, kept)))
        throw new HubError('refused', 'The current password is wrong')
      await throttle.succeed(request.ip, user.email)
      const problem = problemOf(given.password, user)
      if (problem) throw new HubError('invalid', problem)
      return renew(request, reply, user.id, { password: await passwords.hash(given.password) })
    })

    app.delete(
      '/me/sessions',
      { schema: { summary: 'End every other session of yours' }, config: may },
      async (request, reply) => {
        const { id } = await person(request)
        return renew(request, reply, id)
      },
    )
  }
