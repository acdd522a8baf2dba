/**
 * The effects of one (conversation, connection, role), executed strictly in order under a lease.
 *
 * A lease is (hub, token) and lives by the database's clock. Every mark carries the token; one with an old token changes nothing.
 * `tail` counts effects ever added, `head` those settled. Release compares `tail` in the lane's own row, never by a look into
 * `effects`, whose snapshot could be stale: so no wake-up is lost.
 */
import type pg from 'pg'
import { ticks } from '../clock.ts'
import type { Effect, Role } from '../effects.ts'
import type { KeptError } from '../errors.ts'
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
  readonly error?: KeptError
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
    doubtful = e.doubtful OR coalesce(m.doubtful, false), last_error = coalesce(m.error, e.last_error), settled_at = now(),
    dead_at = CASE WHEN m.status = 'dead' THEN now() END
  FROM m JOIN held USING (conversation, lane)
  WHERE e.conversation = m.conversation AND e.lane = m.lane AND e.n = m.n AND e.status = 'pending'
)
UPDATE lanes l SET head = held.upto,
  token = CASE WHEN l.tail = held.upto THEN NULL ELSE l.token END,
  hub = CASE WHEN l.tail = held.upto THEN NULL ELSE l.hub END,
  leased_until = CASE WHEN l.tail = held.upto THEN NULL ELSE l.leased_until END
FROM held WHERE l.conversation = held.conversation AND l.lane = held.lane
RETURNING l.conversation, l.lane, l.tail, l.token IS NULL AS "isReleased"`,
    values: [encode(rows)],
  })
  return marked
}

interface EffectRow {
  thread: string
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
  age: number
}

const columns = `c.thread, e.conversation, e.lane, e.n, e.seq, e.kind, e.body, e.fence, e.key, e.attempts, e.begun, e.late,
  (extract(epoch FROM now() - e.created_at) * 1000)::bigint AS age`

function fromRow(row: EffectRow): LaneEffect {
  const { thread, conversation, lane, n, seq, kind, body, fence, key, attempts, begun, late, age } = row
  const effect = { connection: connectionOf(lane), role: roleOf(lane), kind, body, fence: fence ?? undefined }
  return {
    thread,
    conversation,
    lane,
    n,
    seq,
    effect: effect as Effect,
    key,
    attempts,
    begun,
    late,
    bornAt: ticks() - age,
  }
}

export interface Taken extends LaneName {
  /** In order. Empty when the lane's row is behind its effects; the drain puts it right. */
  readonly effects: readonly LaneEffect[]
}

/**
 * Takes the leases of those of the lanes that have something due and no living holder, and marks the first effect of each as
 * begun. `begun` of what it returns says how it was before.
 */
export async function take(
  pool: pg.Pool,
  lanes: readonly LaneName[],
  lease: { token: string; hub: number; ms: number },
): Promise<Taken[]> {
  const { rows } = await pool.query<EffectRow & { ofConversation: number; ofLane: string }>({
    name: 'take',
    text: `
WITH free AS (
  SELECT conversation, lane FROM lanes JOIN unnest($1::bigint[], $2::text[]) AS x(conversation, lane) USING (conversation, lane)
  WHERE head < tail AND due <= now() AND (token IS NULL OR leased_until <= now())
  ORDER BY conversation, lane FOR UPDATE OF lanes
), taken AS (
  UPDATE lanes l SET token = $3, hub = $4, leased_until = now() + $5::integer * interval '1 millisecond'
  FROM free WHERE l.conversation = free.conversation AND l.lane = free.lane RETURNING l.conversation, l.lane, l.head
), waiting AS (
  SELECT w.* FROM taken CROSS JOIN LATERAL (
    SELECT ${columns} FROM effects e JOIN conversations c ON c.id = e.conversation
    WHERE e.conversation = taken.conversation AND e.lane = taken.lane AND e.n > taken.head AND e.status = 'pending'
    ORDER BY e.n LIMIT 50) w
), begun AS (
  UPDATE effects e SET begun = true FROM (SELECT conversation, lane, min(n) AS n FROM waiting GROUP BY 1, 2) first
  WHERE e.conversation = first.conversation AND e.lane = first.lane AND e.n = first.n
)
SELECT t.conversation AS "ofConversation", t.lane AS "ofLane", w.*
FROM taken t LEFT JOIN waiting w USING (conversation, lane) ORDER BY t.conversation, t.lane, w.n`,
    values: [lanes.map((lane) => lane.conversation), lanes.map((lane) => lane.lane), lease.token, lease.hub, lease.ms],
  })
  return [...Map.groupBy(rows, (row) => `${row.ofConversation} ${row.ofLane}`).values()].map((group) => ({
    conversation: group[0]!.ofConversation,
    lane: group[0]!.ofLane,
    effects: group.filter((row) => row.n !== null).map(fromRow),
  }))
}

/** What is still to be done in a lane, in order. */
export async function pendingOf(pool: pg.Pool, lane: LaneName, after = 0): Promise<LaneEffect[]> {
  const { rows } = await pool.query<EffectRow>({
    name: 'pending',
    text: `SELECT ${columns} FROM effects e JOIN conversations c ON c.id = e.conversation
           WHERE e.conversation = $1 AND e.lane = $2 AND e.n > $3 AND e.status = 'pending' ORDER BY e.n LIMIT 50`,
    values: [lane.conversation, lane.lane, after],
  })
  return rows.map(fromRow)
}

/** Marks an effect as begun and prolongs the lease for its call. False: the lease is no longer ours. */
export async function begin(pool: pg.Pool, effect: LaneEffect, lease: { token: string; ms: number }): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'begin',
    text: `WITH held AS (
             UPDATE lanes SET leased_until = now() + $4::integer * interval '1 millisecond'
             WHERE conversation = $1 AND lane = $2 AND token = $3 RETURNING 1)
           UPDATE effects SET begun = true WHERE conversation = $1 AND lane = $2 AND n = $5 AND EXISTS (SELECT 1 FROM held)`,
    values: [effect.conversation, effect.lane, lease.token, lease.ms, effect.n],
  })
  return rowCount === 1
}

export interface Failure {
  readonly n: number
  readonly error: KeptError
  /** The other side may have acted all the same. */
  readonly isUnclear: boolean
}

/**
 * Gives the lease back with work left: somebody looks again after `inMs`. `failed` counts an attempt at its first effect;
 * `unclear` names an effect of which an earlier holder may have got something done. All others were not begun.
 */
export async function putBack(
  pool: pg.Pool,
  lane: HeldLane,
  inMs: number,
  left: { readonly failed?: Failure; readonly unclear?: number } = {},
): Promise<void> {
  const { failed, unclear } = left
  await pool.query({
    name: 'put-back',
    text: `WITH held AS (
             UPDATE lanes SET token = NULL, hub = NULL, leased_until = NULL, due = now() + $4::integer * interval '1 millisecond'
             WHERE conversation = $1 AND lane = $2 AND token = $3 RETURNING 1)
           UPDATE effects SET attempts = attempts + (n = $5)::integer, begun = (n = $5 AND $7) OR n = $8,
             last_error = CASE WHEN n = $5 THEN $6 ELSE last_error END,
             run_at = CASE WHEN n = $5 THEN now() + $4::integer * interval '1 millisecond' ELSE run_at END
           WHERE conversation = $1 AND lane = $2 AND status = 'pending' AND (begun OR n = $5) AND EXISTS (SELECT 1 FROM held)`,
    values: [
      lane.conversation,
      lane.lane,
      lane.token,
      Math.max(0, Math.round(inMs)),
      failed?.n ?? -1,
      failed ? encode(failed.error) : null,
      failed?.isUnclear ?? false,
      unclear ?? -1,
    ],
  })
}

export interface HeldLane extends LaneName {
  readonly token: string
}

/** Frees lanes, whatever was done under their leases: the next holder finds their effects begun, and asks first. */
export async function releaseLanes(pool: pg.Pool, lanes: readonly HeldLane[]): Promise<void> {
  await pool.query({
    name: 'release-lanes',
    text: `UPDATE lanes l SET token = NULL, hub = NULL, leased_until = NULL, due = now()
           FROM unnest($1::bigint[], $2::text[], $3::text[]) AS x(conversation, lane, token)
           WHERE l.conversation = x.conversation AND l.lane = x.lane AND l.token = x.token`,
    values: [lanes.map((one) => one.conversation), lanes.map((one) => one.lane), lanes.map((one) => one.token)],
  })
}

/** The same for all lanes of a token, where which ones they are is not known. */
export async function releaseTokens(pool: pg.Pool, tokens: readonly string[]): Promise<void> {
  await pool.query({
    name: 'release-tokens',
    text: `UPDATE lanes SET token = NULL, hub = NULL, leased_until = NULL, due = now() WHERE due IS NOT NULL AND token = ANY($1)`,
    values: [tokens],
  })
}
