/** A conversation as staff read it: each event with its decisions, and what became of every effect it caused. */
import type pg from 'pg'
import type { Decision } from '../effects.ts'
import type { KeptError } from '../errors.ts'

export interface TimelineEffect {
  readonly lane: string
  readonly n: number
  readonly kind: string
  readonly status: string
  readonly attempts: number
  readonly doubtful: boolean
  readonly late: boolean
  /** What the other side calls what it has now. */
  readonly ref: string | null
  /** When it is tried again. */
  readonly retryAt: number | null
  readonly body: unknown
  readonly error: KeptError | null
  readonly settledAt: number | null
}

export interface TimelineEntry {
  readonly seq: number
  readonly at: number
  readonly type: string
  readonly connection: string
  readonly body: unknown
  readonly decisions: readonly Decision[]
  readonly effects: readonly TimelineEffect[]
}

export async function readTimeline(pool: pg.Pool, conversation: number): Promise<TimelineEntry[]> {
  const { rows } = await pool.query<TimelineEntry>({
    name: 'timeline',
    text: `SELECT e.seq, e.at, e.type, e.connection, e.body, coalesce(e.decisions, '[]') AS decisions,
             coalesce((SELECT json_agg(json_build_object('lane', f.lane, 'n', f.n, 'kind', f.kind, 'status', f.status,
                 'attempts', f.attempts, 'ref', f.ref,
                 'retryAt', (extract(epoch FROM CASE WHEN f.status = 'pending' THEN f.run_at END) * 1000)::bigint, 'doubtful', f.doubtful, 'late', f.late, 'body', f.body, 'error', f.last_error,
                 'settledAt', (extract(epoch FROM f.settled_at) * 1000)::bigint) ORDER BY f.lane, f.n)
               FROM effects f WHERE f.conversation = e.conversation AND f.seq = e.seq), '[]') AS effects
           FROM events e WHERE e.conversation = $1 ORDER BY e.seq`,
    values: [conversation],
  })
  return rows
}

/** Whether some attempt of it was at one of these desks. */
export async function isAtDesks(pool: pg.Pool, conversation: number, desks: readonly string[]): Promise<boolean> {
  const { rows } = await pool.query({
    name: 'is-at-desks',
    text: 'SELECT 1 FROM attempts WHERE conversation = $1 AND desk = ANY ($2) LIMIT 1',
    values: [conversation, desks],
  })
  return rows.length > 0
}
