/** The team: who may come in, as what, and at which desks of our own. */
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type pg from 'pg'
import { type Static, Type } from 'typebox'
import type { Staff } from '../../access.ts'
import { HubError } from '../../errors.ts'
import { inTransaction } from '../../postgres/transaction.ts'
import { type AuditDetails, audit } from '../../staff/audit.ts'
import { addLink, dropLinks, linkUrl } from '../../staff/links.ts'
import { endSessions } from '../../staff/sessions.ts'
import { addUser, changeUser, findUser, listUsers, otherAdmins, type User } from '../../staff/users.ts'
import type { PeopleParts } from './session.ts'
import { desks, email, personName, role } from './staff-words.ts'
import { number } from './words.ts'

const byId = Type.Object({ id: number })
const invitation = Type.Object(
  { email, name: personName, role, desks: Type.Optional(desks) },
  { additionalProperties: false },
)
const change = Type.Object(
  {
    name: Type.Optional(personName),
    role: Type.Optional(role),
    active: Type.Optional(Type.Boolean({ description: 'False: signed out at once, and kept out' })),
    desks: Type.Optional(desks),
  },
  { additionalProperties: false, minProperties: 1 },
)
type Invitation = Pick<User, 'email' | 'name' | 'role'> & Partial<Pick<User, 'desks'>>
type Change = Partial<Pick<User, 'name' | 'role' | 'active' | 'desks'>>

export interface UsersAnswer {
  readonly users: readonly User[]
  /** Connections at which a user can be an agent. */
  readonly desks: readonly string[]
}
/** To be copied and sent to them: it is shown this once. */
export interface LinkMade {
  readonly url: string
  /** Epoch milliseconds. */
  readonly expiresAt: number
}
export interface InvitedAnswer {
  readonly user: User
  readonly link: LinkMade
}

const may = { may: 'settings.change' } as const
const idOf = (request: FastifyRequest) => (request.params as Static<typeof byId>).id

export const users =
  (parts: PeopleParts): FastifyPluginAsync =>
  async (app) => {
    const { pool, url, isSandbox } = parts.door
    const work = <T>(todo: (tx: pg.PoolClient) => Promise<T>) => inTransaction(pool, todo)
    const linkTo = async (tx: pg.PoolClient, { id, isIn }: User): Promise<LinkMade> => {
      const { secret, expiresAt } = await addLink(tx, isIn ? 'reset' : 'invite', id)
      return { url: linkUrl(url, secret), expiresAt }
    }
    const checkDesks = (named: Readonly<Record<string, unknown>> | undefined) => {
      const own = parts.ownDesks()
      const wrong = Object.keys(named ?? {}).filter((name) => !own.includes(name))
      if (wrong.length > 0)
        throw new HubError(
          'invalid',
          `desks: "${wrong.join('", "')}" is no desk of our own. Right: ${own.join(', ') || 'none, since there is no such desk'}`,
        )
    }
    app.addHook('preHandler', refuseScoped)

    app.get(
      '/users',
      { schema: { summary: 'The team' }, config: may },
      async (): Promise<UsersAnswer> => ({
        users: await listUsers(pool, { withDemo: isSandbox }),
        desks: parts.ownDesks(),
      }),
    )

    const invite = { body: invitation, summary: 'Invite somebody: answers with a link that works once, for a day' }
    app.post('/users', { schema: invite, config: may }, async (request, reply) => {
      const given = request.body as Invitation
      checkDesks(given.desks)
      const answer = await work(async (tx): Promise<InvitedAnswer> => {
        const user = await addUser(tx, { ...given, name: given.name.trim() })
        if (!user) throw new HubError('conflict', 'Somebody on the team has this e-mail address already')
        await audit(tx, request.staff!, 'users.invite', `user:${user.id}`, factsOf(given))
        return { user, link: await linkTo(tx, user) }
      })
      return reply.code(201).send(answer)
    })

    const edit = {
      params: byId,
      body: change,
      summary: 'Change a role, desks or a name, or switch an account off and on',
    }
    app.patch('/users/:id', { schema: edit, config: may }, async (request) => {
      const given = request.body as Change
      checkDesks(given.desks)
      return { user: await work((tx) => edited(tx, idOf(request), given, request.staff!)) }
    })

    const relink = {
      params: byId,
      summary: 'A link with which they set a password: the invitation again, or a new password',
    }
    app.post('/users/:id/link', { schema: relink, config: may }, async (request, reply) => {
      const link = await work(async (tx) => {
        const user = await known(tx, idOf(request))
        if (!user.active) throw new HubError('conflict', 'This account is switched off. Switch it on first')
        await audit(tx, request.staff!, 'users.link', `user:${user.id}`, { for: user.isIn ? 'reset' : 'invite' })
        return linkTo(tx, user)
      })
      return reply.code(201).send({ link })
    })

    const out = { params: byId, summary: 'Sign somebody out everywhere' }
    app.delete('/users/:id/sessions', { schema: out, config: may }, async (request) => {
      const id = idOf(request)
      return work(async (tx) => {
        await known(tx, id)
        const ended = await endSessions(tx, id)
        await audit(tx, request.staff!, 'users.sign-out', `user:${id}`, { ended })
        return { ended }
      })
    })
  }

/** Who may do a part only must not make somebody who may do all. */
export async function refuseScoped({ staff }: FastifyRequest): Promise<void> {
  if (staff?.scopes)
    throw new HubError('refused', 'A token that is limited to some rights manages neither the team nor tokens')
}

async function known(tx: pg.PoolClient, id: number): Promise<User> {
  const user = await findUser(tx, id)
  if (!user) throw new HubError('unknown', `There is no user ${id}`)
  if (user.demo) throw new HubError('conflict', 'People of the demo stay as they are')
  return user
}

async function edited(tx: pg.PoolClient, id: number, given: Change, by: Staff): Promise<User> {
  const before = await known(tx, id)
  const steps = given.active === false || (given.role !== undefined && given.role !== 'admin')
  if (before.role === 'admin' && before.active && before.isIn && steps && (await otherAdmins(tx, id)) === 0)
    throw new HubError('conflict', 'This is the last admin. Make somebody else an admin first')
  const user = await changeUser(tx, id, given.name === undefined ? given : { ...given, name: given.name.trim() })
  if (given.active === false) {
    await endSessions(tx, id)
    await dropLinks(tx, id)
  }
  await audit(tx, by, 'users.change', `user:${id}`, factsOf(given))
  return user!
}

/** Without e-mail and name: the audit keeps no personal data. */
const factsOf = ({ role, active, desks, name }: Change): AuditDetails => ({
  ...(role === undefined ? {} : { role }),
  ...(active === undefined ? {} : { active }),
  ...(desks === undefined ? {} : { desks: Object.keys(desks) }),
  ...(name === undefined || role !== undefined ? {} : { renamed: true }),
})
