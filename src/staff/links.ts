/** Links that work once: how the first admin, the invited and the forgetful come to a password. Only hashes are kept. */
import { HubError } from '../errors.ts'
import type { Queryable } from './audit.ts'
import { hashOf, newSecret } from './secret.ts'
import { hasAdmin } from './users.ts'

export type Purpose = 'first-admin' | 'invite' | 'reset'

/** The first admin's stands in a terminal or a log, and so is short-lived; the others are sent to somebody. */
export const minutes: Record<Purpose, number> = { 'first-admin': 30, invite: 24 * 60, reset: 24 * 60 }

export interface Link {
  readonly purpose: Purpose
  readonly user: number | null
  /** Epoch milliseconds. */
  readonly expiresAt: number
}

/** Where a link leads. */
export const linkUrl = (url: string, secret: string): string => `${url}/console/setup?link=${secret}`

/** Another one at each call, until there is an admin. It belongs into the terminal or the log of whoever runs the hub. */
export async function firstAdminLink(db: Queryable, url: string): Promise<string | undefined> {
  return (await hasAdmin(db)) ? undefined : linkUrl(url, (await addLink(db, 'first-admin')).secret)
}

/** A user has one link at most: the last one made. */
export async function addLink(
  db: Queryable,
  purpose: Purpose,
  user?: number,
): Promise<{ secret: string; expiresAt: number }> {
  const secret = newSecret()
  await db.query('DELETE FROM links WHERE expires_at < now() OR user_id = $1', [user ?? null])
  const { rows } = await db.query<{ expiresAt: number }>(
    `INSERT INTO links (hash, purpose, user_id, expires_at) VALUES ($1, $2, $3, now() + $4::integer * interval '1 minute')
     RETURNING (extract(epoch FROM expires_at) * 1000)::bigint AS "expiresAt"`,
    [hashOf(secret), purpose, user ?? null, minutes[purpose]],
  )
  return { secret, expiresAt: rows[0]!.expiresAt }
}

/** Looks at it without using it. */
export async function findLink(db: Queryable, secret: string): Promise<Link | undefined> {
  const { rows } = await db.query(
    `SELECT purpose, user_id AS "user", (extract(epoch FROM expires_at) * 1000)::bigint AS "expiresAt" FROM links
     WHERE hash = $1 AND expires_at > now()`,
    [hashOf(secret)],
  )
  return rows[0]
}

/** Uses it up. Of two at once, one gets it. Throws `refused`. */
export async function useLink(db: Queryable, secret: string): Promise<Link> {
  const { rows } = await db.query(
    `DELETE FROM links WHERE hash = $1 AND expires_at > now()
     RETURNING purpose, user_id AS "user", (extract(epoch FROM expires_at) * 1000)::bigint AS "expiresAt"`,
    [hashOf(secret)],
  )
  if (!rows[0]) throw spentLink()
  return rows[0]
}

/** Of a user who got a new password or was switched off; without a user, those for a first admin. */
export async function dropLinks(db: Queryable, user?: number): Promise<void> {
  if (user === undefined) await db.query(`DELETE FROM links WHERE purpose = 'first-admin'`)
  else await db.query('DELETE FROM links WHERE user_id = $1', [user])
}

export const spentLink = (): HubError =>
  new HubError(
    'refused',
    'This link has been used, has expired, or was replaced by a newer one. Ask an admin for another; the first admin’s is printed anew at each start of the hub',
  )
