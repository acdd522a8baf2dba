/** Links that work once: what one is for, and what comes of it. Outside the guard: the link is the right to come in. */
import type { FastifyPluginAsync } from 'fastify'
import type pg from 'pg'
import { type Static, Type } from 'typebox'
import { HubError } from '../../errors.ts'
import { inTransaction } from '../../postgres/transaction.ts'
import { audit } from '../../staff/audit.ts'
import { dropLinks, findLink, type Purpose, spentLink, useLink } from '../../staff/links.ts'
import { problemOf } from '../../staff/passwords.ts'
import { endSessions } from '../../staff/sessions.ts'
import { addUser, changeUser, findUser, hasAdmin, toStaff, type User } from '../../staff/users.ts'
import { refuseElsewhere } from '../session.ts'
import { enter, type PeopleParts } from './session.ts'
import { email, linkSecret, password, personName } from './staff-words.ts'

/** What a link is for, before it is used. */
export interface LinkAnswer {
  readonly purpose: Purpose
  /** Whose it is; a first admin is yet nobody. */
  readonly email: string | null
  readonly name: string | null
  /** Epoch milliseconds. */
  readonly expiresAt: number
}

const lookBody = Type.Object({ link: linkSecret }, { additionalProperties: false })
const useBody = Type.Object(
  {
    link: linkSecret,
    password,
    email: Type.Optional(email),
    name: Type.Optional(personName),
  },
  { additionalProperties: false },
)
type Use = Static<typeof useBody>

export const setup =
  (parts: PeopleParts): FastifyPluginAsync =>
  async (app) => {
    const { door, throttle } = parts
    app.post('/setup/link', { schema: { body: lookBody, summary: 'What a link is for' } }, async (request) => {
      refuseElsewhere(request, door.url)
      await throttle.takeAt(request.ip, 'link', 100)
      return look(door.pool, (request.body as Static<typeof lookBody>).link)
    })

    const used = 'Use a link: make the first admin, accept an invitation, set a new password'
    app.post('/setup', { schema: { body: useBody, summary: used } }, async (request, reply) => {
      refuseElsewhere(request, door.url)
      await throttle.takeAt(request.ip, 'link', 100)
      const use = request.body as Use
      const { purpose, email, name } = await look(door.pool, use.link)
      const owner = purpose === 'first-admin' ? { email: use.email, name: use.name } : { email, name: use.name ?? name }
      if (!owner.email || !owner.name)
        throw new HubError('invalid', 'The first admin needs an e-mail address and a name')
      const problem = problemOf(use.password, { email: owner.email, name: owner.name })
      if (problem) throw new HubError('invalid', problem)
      const hash = await parts.passwords.hash(use.password)
      const person = { email: owner.email, name: owner.name.trim(), hash }
      const user = await inTransaction(door.pool, (tx) => take(tx, use.link, person))
      await throttle.succeed(request.ip, user.email)
      return enter(parts, request, reply, user, 'link')
    })
  }

async function look(db: pg.Pool, secret: string): Promise<LinkAnswer> {
  const link = await findLink(db, secret)
  const user = link?.user ? await findUser(db, link.user) : undefined
  if (!link || (link.purpose !== 'first-admin' && !user?.active)) throw spentLink()
  return { purpose: link.purpose, email: user?.email ?? null, name: user?.name ?? null, expiresAt: link.expiresAt }
}

interface Person {
  readonly email: string
  readonly name: string
  readonly hash: string
}

async function take(tx: pg.PoolClient, secret: string, person: Person): Promise<User> {
  const { purpose, user } = await useLink(tx, secret)
  return purpose === 'first-admin' ? makeFirstAdmin(tx, person) : setPassword(tx, user!, person, purpose)
}

/** Two links used at once make one admin: the second waits here, and then finds the first. */
async function makeFirstAdmin(tx: pg.PoolClient, { email, name, hash }: Person): Promise<User> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('baton-first-admin'))`)
  if (await hasAdmin(tx)) throw new HubError('conflict', 'There is an admin already. Ask them for an invitation')
  await dropLinks(tx)
  const user = await addUser(tx, { email, name, role: 'admin', password: hash })
  if (!user)
    throw new HubError('conflict', 'Somebody has this e-mail address already. Choose another for the first admin')
  await audit(tx, toStaff(user), 'users.setup', `user:${user.id}`, { role: 'admin' })
  return user
}

/** Whoever may have had the old password is out. */
async function setPassword(tx: pg.PoolClient, id: number, { name, hash }: Person, purpose: Purpose): Promise<User> {
  const user = await changeUser(tx, id, { name, password: hash })
  if (!user?.active) throw spentLink()
  await dropLinks(tx, id)
  const ended = await endSessions(tx, id)
  await audit(tx, toStaff(user), 'password.set', `user:${id}`, { by: purpose, ended })
  return user
}
