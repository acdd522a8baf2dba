/** Sessions of the console: a secret in a cookie, its hash in the record. */
import { HubError } from '../errors.ts'
import type { Queryable } from './audit.ts'
import { hashOf, newSecret } from './secret.ts'
import type { User } from './users.ts'

/** After so long without a request, and after so long in any case, one signs in again. */
export const idleHours = 12
export const longestHours = 7 * 24

/** The secret is new at every sign-in: one that was slipped to somebody before is worth nothing. */
export async function beginSession(db: Queryable, user: number): Promise<string> {
  const secret = newSecret()
  await db.query(`DELETE FROM sessions s WHERE ${isOver}`)
  const { rowCount } = await db.query(
    `WITH known AS (UPDATE users SET signed_in_at = now() WHERE id = $2 AND active RETURNING id)
     INSERT INTO sessions (hash, user_id) SELECT $1, id FROM known`,
    [hashOf(secret), user],
  )
  if (rowCount !== 1) throw new HubError('refused', 'This account is switched off. Ask an admin')
  return secret
}

const isOver = `(s.seen_at < now() - interval '${idleHours} hours' OR s.created_at < now() - interval '${longestHours} hours')`

/** Whose session it is, while it lasts and the account is active. Noted as seen, at most once a minute, unless nobody did anything. */
export async function findSession(db: Queryable, secret: string, isSeen = true): Promise<User | undefined> {
  const hash = hashOf(secret)
  const { rows } = await db.query({
    name: 'find-session',
    text: `SELECT u.id, u.email, u.name, u.role, u.active, u.demo, u.desks, u.preferences, true AS "isIn",
             (extract(epoch FROM u.created_at) * 1000)::bigint AS "createdAt",
             (extract(epoch FROM u.signed_in_at) * 1000)::bigint AS "signedInAt",
             s.seen_at < now() - interval '1 minute' AS "isStale"
           FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.hash = $1 AND u.active AND NOT ${isOver}`,
    values: [hash],
  })
  if (!rows[0]) return undefined
  const { isStale, ...user } = rows[0]
  if (isStale && isSeen)
    await db.query({ name: 'see-session', text: 'UPDATE sessions SET seen_at = now() WHERE hash = $1', values: [hash] })
  return user
}

export async function endSession(db: Queryable, secret: string): Promise<void> {
  await db.query('DELETE FROM sessions WHERE hash = $1', [hashOf(secret)])
}

/** All of them; how many there were. */
export async function endSessions(db: Queryable, user: number): Promise<number> {
  const { rowCount } = await db.query('DELETE FROM sessions WHERE user_id = $1', [user])
  return rowCount ?? 0
}
