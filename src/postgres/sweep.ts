/** One look at the record for everything that nobody was woken for. */
import type pg from 'pg'
import { type Gate, gateColumns } from '../gates.ts'
import type { Ref } from '../message.ts'
import type { LaneName } from './lanes.ts'
import { isGone, LOCK_CLASS, type Missed, missedMs } from './presence.ts'

export interface Around {
  /** Hubs alive on this record, this one included. */
  readonly living: number
  /** Hubs that are missed, and whose leases may still be worked under. */
  readonly missed: readonly Missed[]
  readonly gates: readonly Gate[]
  /** Tickets that are known by now and still have events waiting: a hub died between the two. */
  readonly early: readonly { readonly connection: string; readonly ticket: Ref }[]
  /** Lanes with something due that nobody living holds; those of hubs that are gone have just been freed. */
  readonly due: readonly LaneName[]
}

/** Of a hub that is missed it asks the system, where that can tell: nobody waits for a process that has ended. */
export class Lookout {
  /** Hubs whose leases were freed for that reason. */
  readonly #dead = new Set<number>()

  async look(pool: pg.Pool): Promise<Around> {
    const around = await lookAround(pool)
    const dead: number[] = []
    for (const missed of around.missed) if (!this.#dead.has(missed.id) && (await isGone(missed))) dead.push(missed.id)
    for (const id of dead) this.#dead.add(id)
    return dead.length > 0 ? lookAround(pool, dead) : around
  }
}

/** A single statement, since an idle hub makes it all day. `dead`: hubs whose processes have surely ended. */
async function lookAround(pool: pg.Pool, dead: readonly number[] = []): Promise<Around> {
  const { rows } = await pool.query<Around>({
    name: 'sweep',
    text: `
WITH living AS (
  SELECT objid::integer AS hub FROM pg_locks
  WHERE locktype = 'advisory' AND classid = $1 AND objsubid = 2 AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
), missed AS (
  SELECT id, host, pid, gone_at FROM hubs
  WHERE coalesce(gone_at > now() - interval '1 minute', true) AND id NOT IN (SELECT hub FROM living)
), noted AS (
  UPDATE hubs SET gone_at = now() FROM missed WHERE hubs.id = missed.id AND hubs.gone_at IS NULL
), gone AS (
  SELECT id FROM missed WHERE id = ANY($2) OR gone_at <= now() - $3::integer * interval '1 millisecond'
), freed AS (
  UPDATE lanes l SET token = NULL, hub = NULL, leased_until = NULL, due = now() FROM gone
  WHERE l.due IS NOT NULL AND l.token IS NOT NULL AND l.hub = gone.id
  RETURNING l.conversation, l.lane
), quiet AS (
  SELECT conversation, lane FROM lanes
  WHERE due <= now() - interval '2 minutes' AND head = tail AND token IS NULL LIMIT 1000 FOR UPDATE SKIP LOCKED
), cleared AS (
  UPDATE lanes l SET due = NULL FROM quiet WHERE l.conversation = quiet.conversation AND l.lane = quiet.lane
), due AS (
  SELECT conversation, lane FROM lanes
  WHERE due <= now() AND head < tail AND (token IS NULL OR leased_until <= now()) ORDER BY due LIMIT 200
)
SELECT (SELECT count(*)::integer FROM living) AS living,
  (SELECT coalesce(json_agg(json_build_object('id', id, 'host', host, 'pid', pid)), '[]') FROM missed
     WHERE id NOT IN (SELECT id FROM gone)) AS missed,
  (SELECT coalesce(json_agg(g), '[]') FROM (SELECT ${gateColumns} FROM connections) g) AS gates,
  (SELECT coalesce(json_agg(e), '[]') FROM (
     SELECT DISTINCT e.connection, e.ticket FROM early_events e
     JOIN attempts a ON a.desk = e.connection AND a.ticket = e.ticket LIMIT 50) e) AS early,
  (SELECT coalesce(json_agg(d), '[]') FROM (SELECT * FROM due UNION SELECT * FROM freed) d) AS due`,
    values: [LOCK_CLASS, dead, missedMs],
  })
  return rows[0]!
}
