/**
 * The effects of one (conversation, connection, role), executed strictly in order under a lease.
 *
 * A lease is (hub, token) and lives by the database's clock. Every mark carries the token; one with an old token changes nothing.
 * `tail` counts effects ever added, `head` those settled. Release compares `tail` in the lane's own row, never by a look into
 * `effects`, whose snapshot could be stale: so no wake-up is lost.
 */
import type pg from 'pg'
import type { Effect, Role } from '../effects.ts'
import { encode } from './encode.ts'
import type { LaneEffect } from './log.ts'

export interface LaneName {
  readonly conversation: number
  readonly lane: string
}

export const laneOf = (role: Role, connection: string): string => `${role}:${connection}`
export const roleOf = (lane: string): Role => lane.slice(0, lane.indexOf(':')) as Role
export const connectionOf = (lane: string): string => lane.slice(lane.indexOf(':') + 1)

/** How an effect ended. `n` settles everything of the lane up to itself. */
export interface Mark extends LaneName {
  readonly token: string
  readonly n: number
  readonly status: 'done' | 'dead' | 'stopped'
  readonly ref?: string
  readonly attempts?: number
  readonly doubtful?: boolean
  readonly error?: { code: string; text: string }
}

export interface Marked extends LaneName {
  /** False when more has come: the holder goes on. */
  readonly isReleased: boolean
  readonly tail: number
}

/** Settles effects and releases lanes that are done, as one statement. Marks with an old token are left out of the result. */
export async function mark(client: pg.ClientBase | pg.Pool, marks: readonly Mark[]): Promise<Marked[]> {
  const rows = [...marks].sort(
    (a, b) => a.conversation - b.conversation || (a.lane < b.lane ? -1 : a.lane > b.lane ? 1 : a.n - b.n),
  )
  const { rows: marked } = await client.query<Marked>({
    name: 'mark',
    text: `
WITH m AS (
  SELECT * FROM json_to_recordset($1) AS x(conversation bigint, lane text, token text, n bigint, status text, ref text, attempts integer, doubtful boolean, error jsonb)
), held AS (
  SELECT l.conversation, l.lane, x.upto FROM lanes l
  JOIN (SELECT conversation, lane, token, max(n) AS upto FROM m GROUP BY 1, 2, 3) x USING (conversation, lane, token)
  ORDER BY l.conversation, l.lane FOR UPDATE OF l
), settled AS (
  UPDATE effects e SET status = m.status, ref = m.ref, attempts = coalesce(m.attempts, e.attempts), run_at = NULL,
    doubtful = e.doubtful OR coalesce(m.doubtful, false), last_error = coalesce(m.error, e.last_error), settled_at = now()
  FROM m JOIN held USING (conversation, lane)
  WHERE e.conversation = m.conversation AND e.lane = m.lane AND e.n = m.n AND e.status = 'pending'
)
UPDATE lanes l SET head = held.upto,
  token = CASE WHEN l.tail = held.upto THEN NULL ELSE l.token END,
  hub = CASE WHEN l.tail = held.upto THEN NULL ELSE l.hub END,
  leased_until = CASE WHEN l.tail = held.upto THEN NULL ELSE l.leased_until END,
  due = CASE WHEN l.tail = held.upto THEN NULL ELSE l.leased_until END
FROM held WHERE l.conversation = held.conversation AND l.lane = held.lane
RETURNING l.conversation, l.lane, l.tail, l.token IS NULL AS "isReleased"`,
    values: [encode(rows)],
  })
  return marked
}

interface EffectRow {
  conversation: number
  lane: string
  n: number
  seq: number
  kind: string
  body: object
  fence: number | null
  key: string
  attempts: number
  begun: boolean
  late: boolean
  created: number
}

const columns = `e.conversation, e.lane, e.n, e.seq, e.kind, e.body, e.fence, e.key, e.attempts, e.begun, e.late,
  (extract(epoch FROM e.created_at) * 1000)::bigint AS created`

function fromRow(row: EffectRow): LaneEffect {
  const { conversation, lane, n, seq, kind, body, fence, key, attempts, begun, late, created } = row
  const effect = { connection: connectionOf(lane), role: roleOf(lane), kind, body, fence: fence ?? undefined }
  return { conversation, lane, n, seq, effect: effect as Effect, key, attempts, begun, late, createdAt: created }
}

/** Takes the lease of a lane that has something due and no living holder. Undefined when there is nothing to take. */
export async function take(
  pool: pg.Pool,
  lane: LaneName,
  lease: { token: string; hub: number; ms: number },
): Promise<{ effects: LaneEffect[] } | undefined> {
  const { rowCount } = await pool.query({
    name: 'take',
    text: `UPDATE lanes l SET token = $3, hub = $4, leased_until = now() + $5::integer * interval '1 millisecond',
             due = now() + $5::integer * interval '1 millisecond'
           WHERE conversation = $1 AND lane = $2 AND head < tail AND due <= now() AND (token IS NULL OR leased_until <= now())`,
    values: [lane.conversation, lane.lane, lease.token, lease.hub, lease.ms],
  })
  return rowCount ? { effects: await pendingOf(pool, lane) } : undefined
}

/** What is still to be done in a lane, in order. */
export async function pendingOf(pool: pg.Pool, lane: LaneName, after = 0): Promise<LaneEffect[]> {
  const { rows } = await pool.query<EffectRow>({
    name: 'pending',
    text: `SELECT ${columns} FROM effects e WHERE e.conversation = $1 AND e.lane = $2 AND e.n > $3 AND e.status = 'pending' ORDER BY e.n LIMIT 50`,
    values: [lane.conversation, lane.lane, after],
  })
  return rows.map(fromRow)
}

/** Marks an effect as begun and prolongs the lease for its call. False: the lease is no longer ours. */
export async function begin(pool: pg.Pool, effect: LaneEffect, lease: { token: string; ms: number }): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'begin',
    text: `WITH held AS (
             UPDATE lanes SET leased_until = now() + $4::integer * interval '1 millisecond', due = now() + $4::integer * interval '1 millisecond'
             WHERE conversation = $1 AND lane = $2 AND token = $3 RETURNING 1)
           UPDATE effects SET begun = true WHERE conversation = $1 AND lane = $2 AND n = $5 AND EXISTS (SELECT 1 FROM held)`,
    values: [effect.conversation, effect.lane, lease.token, lease.ms, effect.n],
  })
  return rowCount === 1
}

/** Gives the lease back with work left: somebody looks again after `inMs`. `failed` counts an attempt at its first effect. */
export async function putBack(
  pool: pg.Pool,
  lane: LaneName & { token: string },
  inMs: number,
  failed?: { n: number; error: { code: string; text: string }; isUnclear: boolean; doubtful?: boolean },
): Promise<void> {
  await pool.query({
    name: 'put-back',
    text: `WITH held AS (
             UPDATE lanes SET token = NULL, hub = NULL, leased_until = NULL, due = now() + $4::integer * interval '1 millisecond'
             WHERE conversation = $1 AND lane = $2 AND token = $3 RETURNING 1)
           UPDATE effects SET attempts = attempts + 1, last_error = $6, begun = $7, doubtful = doubtful OR $8,
             run_at = now() + $4::integer * interval '1 millisecond'
           WHERE conversation = $1 AND lane = $2 AND n = $5 AND EXISTS (SELECT 1 FROM held)`,
    values: [
      lane.conversation,
      lane.lane,
      lane.token,
      Math.max(0, Math.round(inMs)),
      failed?.n ?? -1,
      failed ? encode(failed.error) : null,
      failed?.isUnclear ?? false,
      failed?.doubtful ?? false,
    ],
  })
}

/** Lanes with something due that nobody living holds. Leases of hubs that are gone are free at once. */
export async function findDue(pool: pg.Pool, limit: number): Promise<LaneName[]> {
  const { rows } = await pool.query<LaneName>({
    name: 'due',
    text: `SELECT conversation, lane FROM lanes WHERE due <= now() AND (token IS NULL OR leased_until <= now()) ORDER BY due LIMIT $1`,
    values: [limit],
  })
  return rows
}
