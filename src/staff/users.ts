/** The people of staff, as the record has them. */
import type { Role, Seat, Staff } from '../access.ts'
import type { Queryable } from './audit.ts'

export interface Preferences {
  readonly theme?: 'light' | 'dark' | 'auto'
  readonly density?: 'compact' | 'comfortable'
  /** Single keys and sequences of them. */
  readonly shortcuts?: boolean
  /** BCP 47. */
  readonly language?: string
}

export interface User {
  readonly id: number
  readonly email: string
  readonly name: string
  readonly role: Role
  readonly active: boolean
  readonly demo: boolean
  readonly desks: Readonly<Record<string, Seat>>
  readonly preferences: Preferences
  /** Has a password, or comes from the identity provider. */
  readonly isIn: boolean
  /** Epoch milliseconds. */
  readonly createdAt: number
  readonly signedInAt: number | null
}

const columns = `id, email, name, role, active, demo, desks, preferences, password IS NOT NULL OR subject IS NOT NULL AS "isIn",
  (extract(epoch FROM created_at) * 1000)::bigint AS "createdAt", (extract(epoch FROM signed_in_at) * 1000)::bigint AS "signedInAt"`

export const toStaff = (user: User): Staff => ({
  id: `user:${user.id}`,
  name: user.name,
  email: user.email,
  role: user.role,
  desks: Object.keys(user.desks),
})

/** By name. */
export async function listUsers(db: Queryable, { withDemo }: { withDemo: boolean }): Promise<User[]> {
  const { rows } = await db.query(`SELECT ${columns} FROM users WHERE NOT demo OR $1 ORDER BY lower(name), id`, [
    withDemo,
  ])
  return rows
}

export async function findUser(db: Queryable, id: number): Promise<User | undefined> {
  const { rows } = await db.query(`SELECT ${columns} FROM users WHERE id = $1`, [id])
  return rows[0]
}

/** With what is kept of the password. */
export async function findByEmail(
  db: Queryable,
  email: string,
): Promise<(User & { password: string | null; subject: string | null }) | undefined> {
  const { rows } = await db.query(`SELECT ${columns}, password, subject FROM users WHERE email = $1`, [
    email.toLowerCase(),
  ])
  return rows[0]
}

/** By the identity provider's own name for them. */
export async function findBySubject(db: Queryable, subject: string): Promise<User | undefined> {
  const { rows } = await db.query(`SELECT ${columns} FROM users WHERE subject = $1`, [subject])
  return rows[0]
}

export async function keptPassword(db: Queryable, id: number): Promise<string | null> {
  const { rows } = await db.query<{ password: string | null }>('SELECT password FROM users WHERE id = $1', [id])
  return rows[0]?.password ?? null
}

export interface NewUser {
  readonly email: string
  readonly name: string
  readonly role: Role
  readonly password?: string
  readonly subject?: string
  readonly demo?: boolean
  readonly desks?: Readonly<Record<string, Seat>>
}

/** Undefined when somebody has this address already. */
export async function addUser(db: Queryable, user: NewUser): Promise<User | undefined> {
  const { rows } = await db.query(
    `INSERT INTO users (email, name, role, password, subject, demo, desks) VALUES (lower($1), $2, $3, $4, $5, $6, $7)
     ON CONFLICT (email) DO NOTHING RETURNING ${columns}`,
    [
      user.email,
      user.name,
      user.role,
      user.password ?? null,
      user.subject ?? null,
      user.demo ?? false,
      JSON.stringify(user.desks ?? {}),
    ],
  )
  return rows[0]
}

export interface UserChange {
  readonly name?: string
  readonly role?: Role
  readonly active?: boolean
  readonly desks?: Readonly<Record<string, Seat>>
  readonly preferences?: Preferences
  readonly password?: string
  readonly subject?: string
}

export async function changeUser(db: Queryable, id: number, change: UserChange): Promise<User | undefined> {
  const { rows } = await db.query(
    `UPDATE users SET name = coalesce($2, name), role = coalesce($3, role), active = coalesce($4, active),
       desks = coalesce($5::jsonb, desks), preferences = preferences || coalesce($6::jsonb, '{}'), password = coalesce($7, password),
       subject = coalesce($8, subject)
     WHERE id = $1 RETURNING ${columns}`,
    [
      id,
      change.name ?? null,
      change.role ?? null,
      change.active ?? null,
      change.desks ? JSON.stringify(change.desks) : null,
      change.preferences ? JSON.stringify(change.preferences) : null,
      change.password ?? null,
      change.subject ?? null,
    ],
  )
  return rows[0]
}

/** Whether somebody can run this hub: an admin who has come in by a way of their own. */
export async function hasAdmin(db: Queryable): Promise<boolean> {
  const { rowCount } = await db.query(`SELECT 1 FROM users WHERE ${admins} LIMIT 1`)
  return (rowCount ?? 0) > 0
}

/** Locks the admins, so that two of them cannot demote each other at once. */
export async function otherAdmins(db: Queryable, id: number): Promise<number> {
  const { rows } = await db.query<{ id: number }>(`SELECT id FROM users WHERE ${admins} ORDER BY id FOR UPDATE`)
  return rows.filter((row) => row.id !== id).length
}

const admins = `role = 'admin' AND active AND NOT demo AND (password IS NOT NULL OR subject IS NOT NULL)`
