/** Open handoffs as the queue shows them. Only those without an outcome are read, by their own index, however many are on record. */
import type pg from 'pg'
import type { Control } from '../conversation.ts'
import type { Customer } from '../customer.ts'
import type { Mode, Outcome, Stage } from '../handoff.ts'
import { type Message, plainText, type Ref } from '../message.ts'
import type { Desks } from './counts.ts'

/** What the queue's lists know of a handoff, open or ended: what it is sorted and chosen by. */
interface ListedHandoff {
  readonly conversation: number
  readonly handoff: number
  readonly mapping: string
  readonly channel: string
  readonly control: Control
  readonly language: string | null
  readonly stage: Stage
  readonly criterion: string
  readonly priority: string
  readonly agent: string | null
  /** The last attempt. */
  readonly attempt: number | null
  readonly desk: string | null
  readonly mode: Mode | null
  /** Since when the customer waits, or the agent is there; of one that has ended, its beginning. */
  readonly since: number
}

/** One that has no outcome. */
export interface OpenHandoff extends ListedHandoff {
  /** The last attempt's, by its desk's own name for it. */
  readonly ticket: Ref | null
  readonly assignedAt: number | null
  /** What the customer was told. */
  readonly etaMs: number | null
  /** Since when the customer waits for the agent's next word. */
  readonly unansweredSince: number | null
}

/** Since when somebody waits: after an agent who gave up, from then on. */
export const waitSince = `(SELECT coalesce(max(a.over_at) FILTER (WHERE a.accepted_at IS NOT NULL), min(a.asked_at))
  FROM attempts a WHERE a.conversation = h.conversation AND a.handoff = h.number)`

/** Some attempt of it was at one of these desks. */
export const atDesks = (parameter: string): string => `(${parameter}::text[] IS NULL OR EXISTS (
  SELECT 1 FROM attempts a WHERE a.conversation = h.conversation AND a.handoff = h.number AND a.desk = ANY (${parameter})))`

export async function readOpenHandoffs(pool: pg.Pool, desks: Desks): Promise<OpenHandoff[]> {
  const { rows } = await pool.query<OpenHandoff>({
    name: 'open-handoffs',
    text: `SELECT h.conversation, h.number AS handoff, h.mapping, c.connection AS channel, c.control,
             s.state ->> 'language' AS language, h.stage, h.criterion, h.priority, h.agent,
             last.number AS attempt, last.desk, last.mode, last.ticket, last.assigned_at AS "assignedAt",
             CASE WHEN c.control = 'agent' THEN coalesce(last.accepted_at, h.started_at)
                  ELSE coalesce(${waitSince}, h.started_at) END AS since,
             (s.state -> 'handoff' -> 'told' ->> 'etaMs')::float8 AS "etaMs",
             (s.state -> 'handoff' -> 'unanswered' ->> 'since')::float8 AS "unansweredSince"
           FROM handoffs h JOIN conversations c ON c.id = h.conversation
             CROSS JOIN LATERAL (SELECT c.state::json AS state OFFSET 0) s LEFT JOIN LATERAL (
               SELECT a.* FROM attempts a WHERE a.conversation = h.conversation AND a.handoff = h.number
               ORDER BY a.number DESC LIMIT 1) last ON true
           WHERE h.outcome IS NULL AND h.stage <> 'offered' AND c.control IN ('waiting', 'agent') AND ${atDesks('$1')}`,
    values: [desks ?? null],
  })
  return rows
}

/** What is shown of a handoff besides, for those in sight. */
export interface HandoffDetails {
  readonly conversation: number
  readonly handoff: number
  readonly reason: string
  readonly customer: Customer
  readonly last: { readonly at: number; readonly text: string } | null
  /** The customer's messages since they began to wait. */
  readonly fresh: number
}

interface DetailRow extends Omit<HandoffDetails, 'last'> {
  readonly last: { readonly at: number; readonly message: Message | null } | null
}

/** By `<conversation>-<handoff>`. */
export async function readDetails(
  pool: pg.Pool,
  handoffs: readonly { readonly conversation: number; readonly handoff: number; readonly since: number }[],
): Promise<Map<string, HandoffDetails>> {
  if (handoffs.length === 0) return new Map()
  const { rows } = await pool.query<DetailRow>({
    name: 'queue-details',
    text: `SELECT h.conversation, h.number AS handoff, h.reason, coalesce(c.customer, '{}') AS customer,
             (SELECT json_build_object('at', e.at, 'message', e.body -> 'message') FROM events e
              WHERE e.conversation = h.conversation AND e.type = 'customer-message' ORDER BY e.seq DESC LIMIT 1) AS last,
             (SELECT count(*)::integer FROM (
                SELECT 1 FROM events e WHERE e.conversation = h.conversation AND e.type = 'customer-message' AND e.at > x.since
                ORDER BY e.seq DESC LIMIT 100) new) AS fresh
           FROM unnest($1::bigint[], $2::integer[], $3::bigint[]) AS x(conversation, number, since)
           JOIN handoffs h USING (conversation, number) JOIN conversations c ON c.id = h.conversation`,
    values: [
      handoffs.map((one) => one.conversation),
      handoffs.map((one) => one.handoff),
      handoffs.map((one) => Math.round(one.since)),
    ],
  })
  return new Map(
    rows.map(({ last, ...row }) => {
      const words = last?.message ? plainText(last.message).slice(0, 300) : ''
      return [`${row.conversation}-${row.handoff}`, { ...row, last: last && { at: last.at, text: words } }]
    }),
  )
}

export interface EndedHandoff extends ListedHandoff {
  readonly outcome: Outcome
  readonly endedAt: number
}

export interface EndedFilter {
  readonly desks: Desks
  /** Epoch milliseconds. */
  readonly after: number
  readonly mapping?: string
  readonly desk?: string
  readonly criterion?: string
  readonly language?: string
  /** Skips so many. */
  readonly from: number
  readonly limit: number
}

const day = 86_400_000

/** Newest end first. A handoff that began more than a day before `after` is not looked for. */
export async function readEnded(pool: pg.Pool, filter: EndedFilter): Promise<EndedHandoff[]> {
  const { desks, after, mapping, desk, criterion, language, from, limit } = filter
  const { rows } = await pool.query<EndedHandoff>({
    name: 'ended-handoffs',
    text: `SELECT h.conversation, h.number AS handoff, h.mapping, c.connection AS channel, c.control,
             c.state::json ->> 'language' AS language, h.stage, h.criterion, h.priority, h.agent, h.outcome,
             h.ended_at AS "endedAt", h.started_at AS since, last.number AS attempt, last.desk, last.mode
           FROM handoffs h JOIN conversations c ON c.id = h.conversation LEFT JOIN LATERAL (
             SELECT a.* FROM attempts a WHERE a.conversation = h.conversation AND a.handoff = h.number
             ORDER BY a.number DESC LIMIT 1) last ON true
           WHERE h.started_at >= $2::bigint - ${day} AND h.ended_at >= $2 AND h.outcome <> 'declined' AND ${atDesks('$1')}
             AND ($3::text IS NULL OR h.mapping = $3) AND ($4::text IS NULL OR last.desk = $4)
             AND ($5::text IS NULL OR h.criterion = $5)
             AND ($6::text IS NULL OR c.state::json ->> 'language' = $6)
           ORDER BY h.ended_at DESC, h.conversation DESC, h.number DESC OFFSET $7 LIMIT $8`,
    values: [
      desks ?? null,
      Math.round(after),
      mapping ?? null,
      desk ?? null,
      criterion ?? null,
      language ?? null,
      from,
      limit,
    ],
  })
  return rows
}

export interface DayFigures {
  /** Ended since the beginning of the day. */
  readonly ended: number
  /** Requested since then, and of these left by the customer before an agent was there. */
  readonly requested: number
  readonly left: number
  /** Of those accepted in the last hour. */
  readonly accepted: number
  readonly medianMs: number | null
  readonly slowMs: number | null
  readonly lastEndedAt: number | null
}

export async function readDay(pool: pg.Pool, desks: Desks, today: number, now: number): Promise<DayFigures> {
  const { rows } = await pool.query<DayFigures>({
    name: 'queue-day',
    // Of the many that ended long ago only the number is wanted, so their attempts are not looked at.
    text: `WITH recent AS (
             SELECT h.started_at, h.ended_at, h.outcome,
               CASE WHEN h.started_at >= $3::bigint - 4 * 3600000 OR h.outcome = 'abandoned' THEN
                 (SELECT min(a.accepted_at) FROM attempts a WHERE a.conversation = h.conversation AND a.handoff = h.number)
               END AS accepted_at,
               CASE WHEN h.started_at >= $3::bigint - 4 * 3600000 THEN
                 (SELECT min(a.asked_at) FROM attempts a WHERE a.conversation = h.conversation AND a.handoff = h.number)
               END AS asked_at
             FROM handoffs h WHERE h.started_at >= $2::bigint - ${day} AND h.stage <> 'offered'
               AND h.outcome IS DISTINCT FROM 'declined' AND ${atDesks('$1')})
           SELECT (count(*) FILTER (WHERE ended_at >= $2))::integer AS ended,
             (count(*) FILTER (WHERE started_at >= $2))::integer AS requested,
             (count(*) FILTER (WHERE started_at >= $2 AND outcome = 'abandoned' AND accepted_at IS NULL))::integer AS left,
             (count(*) FILTER (WHERE accepted_at >= $3::bigint - 3600000))::integer AS accepted,
             percentile_disc(0.5) WITHIN GROUP (ORDER BY accepted_at - asked_at) FILTER (WHERE accepted_at >= $3::bigint - 3600000) AS "medianMs",
             percentile_disc(0.9) WITHIN GROUP (ORDER BY accepted_at - asked_at) FILTER (WHERE accepted_at >= $3::bigint - 3600000) AS "slowMs",
             max(ended_at) AS "lastEndedAt"
           FROM recent`,
    values: [desks ?? null, Math.round(today), Math.round(now)],
  })
  return rows[0]!
}
