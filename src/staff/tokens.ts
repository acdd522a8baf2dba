/** API tokens: for programs, made by admins, shown once. */
import type { Action, Role, Staff } from '../access.ts'
import type { Queryable } from './audit.ts'
import { hashOf, newSecret } from './secret.ts'

/** Recognised at sight, by people and by scanners that look for leaked secrets. */
export const tokenPrefix = 'baton_'

export interface ApiToken {
  readonly id: number
  readonly name: string
  readonly role: Role
  /** Null: all that the role may. */
  readonly scopes: readonly Action[] | null
  readonly createdBy: string
  readonly createdByName: string | null
  /** Epoch milliseconds. */
  readonly createdAt: number
  /** To the minute. */
  readonly usedAt: number | null
  readonly expiresAt: number | null
}

export interface NewToken {
  readonly name: string
  readonly role: Role
  readonly scopes?: readonly Action[]
  readonly days?: number
}

/** The only time the secret is seen. */
export async function addToken(
  db: Queryable,
  { name, role, scopes, days }: NewToken,
  by: Pick<Staff, 'id'>,
): Promise<{ id: number; secret: string }> {
  const secret = newSecret(tokenPrefix)
  const { rows } = await db.query<{ id: number }>(
    `INSERT INTO tokens (hash, name, role, scopes, created_by, expires_at)
     VALUES ($1, $2, $3, $4, $5, now() + $6::integer * interval '1 day') RETURNING id`,
    [hashOf(secret), name, role, scopes ?? null, by.id, days ?? null],
  )
  return { id: rows[0]!.id, secret }
}

/** Newest first, without the revoked. */
export async function listTokens(db: Queryable): Promise<ApiToken[]> {
  const { rows } = await db.query(
    `SELECT t.id, t.name, t.role, t.scopes, t.created_by AS "createdBy",
       (SELECT u.name FROM users u WHERE t.created_by = 'user:' || u.id) AS "createdByName",
       (extract(epoch FROM t.created_at) * 1000)::bigint AS "createdAt", (extract(epoch FROM t.used_at) * 1000)::bigint AS "usedAt",
       (extract(epoch FROM t.expires_at) * 1000)::bigint AS "expiresAt"
     FROM tokens t WHERE revoked_at IS NULL ORDER BY t.id DESC`,
  )
  return rows
}

/** True when there was one. Its row stays: the audit names it. */
export async function revokeToken(db: Queryable, id: number): Promise<boolean> {
  const { rowCount } = await db.query('UPDATE tokens SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL', [id])
  return rowCount === 1
}

/** Whose token it is, while it lasts. */
export async function findToken(db: Queryable, secret: string): Promise<Staff | undefined> {
  const { rows } = await db.query({
    name: 'find-token',
    text: `SELECT id, name, role, scopes, used_at IS NULL OR used_at < now() - interval '1 minute' AS "isStale" FROM tokens
           WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
    values: [hashOf(secret)],
  })
  const [row] = rows
  if (!row) return undefined
  const { id, name, role, scopes, isStale } = row
  if (isStale)
    await db.query({ name: 'use-token', text: 'UPDATE tokens SET used_at = now() WHERE id = $1', values: [id] })
  return { id: `token:${id}`, name, role, desks: [], ...(scopes ? { scopes } : {}) }
}
