/** What a customer's screen is drawn from: their own words and what was really delivered to them, by `seq`. */
import type pg from 'pg'
import type { ThreadEntry, ThreadState } from '../connector.ts'
import type { Stage } from '../handoff.ts'
import type { Message, Ref } from '../message.ts'
import { laneOf } from './lanes.ts'

interface Row {
  seq: number
  id: string
  at: number
  by: ThreadEntry['by']
  name: string | null
  message: Message
  external: string | null
  n: number
  status: string
}

/** Stops before the first message still on its way, so that reading on from the last `seq` misses nothing. */
export async function readThread(
  pool: pg.Pool,
  channel: string,
  thread: Ref,
  after: number,
  limit: number,
): Promise<ThreadEntry[]> {
  const { rows } = await pool.query<Row>({
    name: 'thread',
    text: `
WITH c AS (SELECT id FROM conversations WHERE connection = $1 AND thread = $2)
SELECT * FROM (
  SELECT e.seq, e.external_id AS id, e.at, 'customer' AS by, NULL AS name, e.body -> 'message' AS message,
    e.external_id AS external, 0::bigint AS n, 'done' AS status
  FROM events e, c WHERE e.conversation = c.id AND e.seq > $3 AND e.type = 'customer-message' AND e.body ? 'message'
  UNION ALL
  SELECT f.seq, f.key AS id, (extract(epoch FROM f.created_at) * 1000)::bigint AS at, f.body ->> 'by', f.body ->> 'name',
    f.body -> 'message', NULL, f.n, f.status
  FROM effects f, c WHERE f.conversation = c.id AND f.lane = $4 AND f.seq > $3 AND f.kind = 'say' AND f.status IN ('done', 'pending')
    AND f.body ? 'message'
) x ORDER BY seq, n LIMIT $5`,
    values: [channel, thread, after, laneOf('channel', channel), limit + 1],
  })
  return whole(settled(rows), limit).map(toEntry)
}

function settled(rows: readonly Row[]): readonly Row[] {
  const waiting = rows.find((row) => row.status === 'pending')
  return waiting ? rows.filter((row) => row.seq < waiting.seq) : rows
}

/** Entries of one seq come together: a cut inside them is moved before them. */
function whole(rows: readonly Row[], limit: number): readonly Row[] {
  if (rows.length <= limit) return rows
  const cut = rows[limit]!.seq
  const before = rows.filter((row) => row.seq < cut)
  return before.length > 0 ? before : rows
}

function toEntry({ seq, id, at, by, name, message, external }: Row): ThreadEntry {
  return { seq, id, at, by, message, ...(name ? { name } : {}), ...(external ? { externalId: external } : {}) }
}

export async function readState(pool: pg.Pool, channel: string, thread: Ref): Promise<ThreadState | undefined> {
  const { rows } = await pool.query<{
    conversation: number
    control: ThreadState['control']
    seq: number
    agent: string | null
    language: string | null
    stage: Stage | null
    position: number | null
  }>({
    name: 'thread-state',
    text: `SELECT id AS conversation, control, seq, state::json #>> '{handoff,agent,name}' AS agent, state::json ->> 'language' AS language,
             state::json #>> '{handoff,stage}' AS stage, (state::json #>> '{handoff,told,position}')::int AS position
           FROM conversations WHERE connection = $1 AND thread = $2 AND seq > 0`,
    values: [channel, thread],
  })
  const row = rows[0]
  if (!row) return undefined
  const { conversation, control, seq, agent, language, stage, position } = row
  return {
    conversation,
    control,
    seq,
    agent: control === 'agent' ? (agent ?? undefined) : undefined,
    language: language ?? undefined,
    ...(stage === null || stage === 'ended' ? {} : { handoff: { stage, ...(position === null ? {} : { position }) } }),
  }
}

/** The moment at which the customer said the newest that this desk has been given; 0 for nothing. */
export async function passedUntil(pool: pg.Pool, conversation: number, desk: string): Promise<number> {
  const { rows } = await pool.query<{ until: number | null }>({
    name: 'passed-until',
    text: `SELECT max((body ->> 'at')::bigint) AS until FROM effects
           WHERE conversation = $1 AND lane = $2 AND kind = 'pass' AND status = 'done' AND body ->> 'by' = 'customer'`,
    values: [conversation, laneOf('desk', desk)],
  })
  return rows[0]?.until ?? 0
}
