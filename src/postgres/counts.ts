/** How much waits where: what the navigation of the console shows. Only open handoffs and dead letters are read, by their own indexes. */
import type pg from 'pg'
import { atDesks, waitSince } from './queue.ts'

/** What a person may see: the handoffs at these desks, or all. */
export type Desks = readonly string[] | undefined

export interface PeopleCounts {
  readonly waiting: number
  readonly over: number
  readonly withAgent: number
  /** Another value when anything of an open handoff is: a new word, a new stage. */
  readonly print: string
}

/** `limits`: mapping to the time a customer may wait there. */
export async function countPeople(
  pool: pg.Pool,
  desks: Desks,
  limits: Readonly<Record<string, number>>,
  now: number,
): Promise<PeopleCounts> {
  const { rows } = await pool.query<PeopleCounts>({
    name: 'count-people',
    text: `SELECT (count(*) FILTER (WHERE c.control = 'waiting'))::integer AS waiting,
             (count(*) FILTER (WHERE c.control = 'waiting' AND $3::bigint - coalesce(${waitSince}, h.started_at) >= ($2::json ->> h.mapping)::bigint))::integer AS over,
             (count(*) FILTER (WHERE c.control = 'agent'))::integer AS "withAgent",
             coalesce(sum(c.seq), 0) || '.' || count(*) || '.' || coalesce(sum(h.conversation), 0) AS print
           FROM handoffs h JOIN conversations c ON c.id = h.conversation
           WHERE h.outcome IS NULL AND h.stage <> 'offered' AND ${atDesks('$1')}`,
    values: [desks ?? null, JSON.stringify(limits), Math.round(now)],
  })
  return rows[0]!
}

/** More than this many are "many": nobody reads on. */
const most = 1_000

export async function countDeadLetters(pool: pg.Pool, desks: Desks): Promise<number> {
  const { rows } = await pool.query<{ dead: number }>({
    name: 'count-dead',
    text: `SELECT count(*)::integer AS dead FROM (
             SELECT 1 FROM effects f WHERE f.dead_at IS NOT NULL AND ($1::text[] IS NULL OR EXISTS (
               SELECT 1 FROM attempts a WHERE a.conversation = f.conversation AND a.desk = ANY ($1)))
             LIMIT $2) dead`,
    values: [desks ?? null, most],
  })
  return rows[0]!.dead
}

/** Conversations of the last minutes that are looked at; where there are more, something changes all the time. */
const mostRecent = 2_000

/**
 * Another value whenever a conversation was begun or changed. Of those that changed within the last two minutes on record, so that
 * one whose transaction began before another's and ended after it is seen too.
 */
export async function readSign(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ sign: string }>({
    name: 'sign-of-change',
    text: `SELECT concat_ws(' ', count(*), sum(id), sum(seq), max(updated_at),
             CASE WHEN count(*) = $1 THEN clock_timestamp() END) AS sign
           FROM (SELECT id, seq, updated_at FROM conversations
             WHERE active_at >= (SELECT max(active_at) FROM conversations) - interval '1 minute'
             ORDER BY active_at DESC LIMIT $1) recent`,
    values: [mostRecent],
  })
  return rows[0]!.sign
}
