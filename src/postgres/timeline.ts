/** A conversation as staff read it: each event with its decisions, and what became of every effect it caused. */
import type pg from 'pg'
import type { Decision } from '../effects.ts'

export interface TimelineEffect {
  readonly lane: string
  readonly n: number
  readonly kind: string
  readonly status: string
  readonly attempts: number
  readonly doubtful: boolean
  readonly late: boolean
  readonly body: unknown
  readonly error: { code: string; text: string } | null
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
                 'attempts', f.attempts, 'doubtful', f.doubtful, 'late', f.late, 'body', f.body, 'error', f.last_error,
                 'settledAt', (extract(epoch FROM f.settled_at) * 1000)::bigint) ORDER BY f.lane, f.n)
               FROM effects f WHERE f.conversation = e.conversation AND f.seq = e.seq), '[]') AS effects
           FROM events e WHERE e.conversation = $1 ORDER BY e.seq`,
    values: [conversation],
  })
  return rows
}

export interface ConversationRow {
  readonly id: number
  readonly mapping: string
  readonly channel: string
  readonly control: string
  readonly epoch: number
  readonly seq: number
  readonly customer: unknown
  readonly language: string | null
  readonly handoff: unknown
  readonly startedAt: number
  readonly updatedAt: number
  /** Where the next page begins: microseconds and id, since many change in one moment. */
  readonly cursor: string
}

/** Newest first; `before` is the `cursor` of the last one seen. */
export async function listConversations(
  pool: pg.Pool,
  filter: { control?: string; before?: string; limit: number },
): Promise<ConversationRow[]> {
  const [moment, id] = filter.before?.split('.') ?? []
  const { rows } = await pool.query<ConversationRow>({
    name: 'conversations',
    text: `SELECT id, mapping, connection AS channel, control, epoch, seq, coalesce(customer, '{}') AS customer,
             state::json ->> 'language' AS language, state::json -> 'handoff' AS handoff,
             (extract(epoch FROM created_at) * 1000)::bigint AS "startedAt", (extract(epoch FROM updated_at) * 1000)::bigint AS "updatedAt",
             (extract(epoch FROM updated_at) * 1000000)::bigint || '.' || id AS cursor
           FROM conversations, (SELECT timestamptz 'epoch' + $2::bigint * interval '1 microsecond' AS moment) last
           WHERE seq > 0 AND ($1::text IS NULL OR control = $1)
             AND ($2 IS NULL OR (active_at <= last.moment AND (updated_at, id) < (last.moment, $4::bigint)))
           ORDER BY active_at DESC, updated_at DESC, id DESC LIMIT $3`,
    values: [filter.control ?? null, moment ?? null, filter.limit, id ?? null],
  })
  return rows
}
