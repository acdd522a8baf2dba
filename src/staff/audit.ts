/**
 * Who did what to what: written with every action of an admin, in the same transaction where there is one.
 *
 *     await audit(hub.pool, request.staff!, 'connections.pause', name)
 */
import type pg from 'pg'
import type { Staff } from '../access.ts'

/** The pool, or the client of a transaction. */
export type Queryable = Pick<pg.Pool | pg.PoolClient, 'query'>

/** Facts an auditor needs, and nothing else: no name of a customer, no words, no secret. Ids and counts do. */
export type AuditDetails = Readonly<Record<string, string | number | boolean | null | readonly string[]>>

/** `action` is `<noun>.<verb>`, as `users.invite` or `dead-letters.replay`; `target` is the thing's id or name. */
export async function audit(
  db: Queryable,
  who: Pick<Staff, 'id'>,
  action: `${string}.${string}`,
  target: string | number,
  details: AuditDetails = {},
): Promise<void> {
  await db.query({
    name: 'audit',
    text: 'INSERT INTO audit (who, action, target, details) VALUES ($1, $2, $3, $4)',
    values: [who.id, action, String(target).slice(0, 320), JSON.stringify(details)],
  })
}

export interface AuditEntry {
  readonly id: number
  /** Epoch milliseconds. */
  readonly at: number
  readonly who: string
  /** As they are called now; of somebody unknown, null. */
  readonly name: string | null
  readonly action: string
  readonly target: string
  /** The target's name, where it is a user or a token. */
  readonly targetName: string | null
  readonly details: AuditDetails
}

export interface AuditFilter {
  /** Entries before this one; missing: from the newest. */
  readonly before?: number
  readonly who?: string
  readonly action?: string
  readonly limit: number
}

/** Newest first. */
export async function readAudit(db: Queryable, { before, who, action, limit }: AuditFilter): Promise<AuditEntry[]> {
  const { rows } = await db.query({
    name: 'read-audit',
    text: `SELECT a.id, (extract(epoch FROM a.at) * 1000)::bigint AS at, a.who, ${nameOf('a.who')} AS name,
             a.action, a.target, ${nameOf('a.target')} AS "targetName", a.details
           FROM audit a
           WHERE ($1::bigint IS NULL OR a.id < $1) AND ($2::text IS NULL OR a.who = $2) AND ($3::text IS NULL OR a.action = $3)
           ORDER BY a.id DESC LIMIT $4`,
    values: [before ?? null, who ?? null, action ?? null, limit],
  })
  return rows
}

const nameOf = (column: string): string => `coalesce(
  (SELECT u.name FROM users u WHERE ${column} = 'user:' || u.id),
  (SELECT t.name FROM tokens t WHERE ${column} = 'token:' || t.id))`
