/** Dead letters as a person works through them: grouped by what went wrong, then one by one with all that helps to decide. */
import type pg from 'pg'
import type { Control } from '../conversation.ts'
import type { Customer } from '../customer.ts'
import type { EffectKind, Role } from '../effects.ts'
import type { Message, Ref } from '../message.ts'
import { connectionOf, roleOf } from './lanes.ts'

/** Which of them. A missing field: all. */
export interface LetterFilter {
  readonly cause?: string
  readonly connection?: string
  readonly mapping?: string
  readonly conversation?: number
  /** Failed for good at this time or later, epoch milliseconds. */
  readonly since?: number
  /** Those that were dismissed instead of those that are open. */
  readonly dismissed?: boolean
  /** Only of conversations that one of these desks was asked for. */
  readonly desks?: readonly string[]
}

export interface LetterName {
  readonly conversation: number
  readonly lane: string
  readonly n: number
}

/** Numbers, ids and what stands in quotes differ from letter to letter; the rest of the sentence is the cause. */
const plainCause = `regexp_replace(regexp_replace(coalesce(e.last_error ->> 'text', '') || ' ' || coalesce(e.last_error ->> 'vendor', ''),
  '"[^"]*"|“[^”]*”', '"…"', 'g'), '\\m[0-9a-f]{8}[0-9a-f-]*\\M|\\d+', '#', 'g')`
/** The status that the other side answered with, as our own sentences name it. */
const status = `substring(e.last_error ->> 'text' FROM '(?:^|\\()([1-5][0-9]{2})\\M')`
const cause = `left(md5(concat_ws(E'\\n', e.lane, e.kind, e.last_error ->> 'code', ${status}, ${plainCause})), 16)`

/** `$1…$6` of every statement here. */
const chosen = (dismissed: boolean): string => `
  effects e JOIN conversations c ON c.id = e.conversation ${
    dismissed
      ? `JOIN dead_letter_fates f ON f.conversation = e.conversation AND f.lane = e.lane AND f.n = e.n AND f.fate = 'dismissed'
         WHERE e.status = 'dismissed'`
      : `WHERE e.dead_at IS NOT NULL`
  }
  AND ($1::text IS NULL OR ${cause} = $1) AND ($2::text IS NULL OR split_part(e.lane, ':', 2) = $2)
  AND ($3::text IS NULL OR c.mapping = $3) AND ($4::bigint IS NULL OR e.conversation = $4)
  AND ($5::bigint IS NULL OR ${deadAt(dismissed)} >= timestamptz 'epoch' + $5::bigint * interval '1 millisecond')
  AND ($6::text[] IS NULL OR EXISTS (SELECT 1 FROM attempts a WHERE a.conversation = e.conversation AND a.desk = ANY($6)))`
const deadAt = (dismissed: boolean): string => (dismissed ? 'f.at' : 'e.dead_at')

const valuesOf = (filter: LetterFilter): unknown[] => [
  filter.cause ?? null,
  filter.connection ?? null,
  filter.mapping ?? null,
  filter.conversation ?? null,
  filter.since ?? null,
  filter.desks ?? null,
]

const ms = (moment: string): string => `(extract(epoch FROM ${moment}) * 1000)::bigint`

export interface GroupRow {
  readonly cause: string
  readonly lane: string
  readonly kind: EffectKind
  readonly code: string | null
  readonly status: string | null
  readonly text: string | null
  readonly vendor: string | null
  readonly letters: number
  readonly customers: number
  readonly oldestAt: number
  readonly newestAt: number
  readonly doubtful: number
  readonly mappings: readonly string[]
}

export interface LetterGroup extends Omit<GroupRow, 'lane'> {
  readonly connection: string
  readonly role: Role
}

/** Largest first. */
export async function readGroups(pool: pg.Pool, filter: LetterFilter): Promise<LetterGroup[]> {
  const dismissed = filter.dismissed ?? false
  const at = deadAt(dismissed)
  const { rows } = await pool.query<GroupRow>({
    name: `dead-letter-groups${dismissed ? '-dismissed' : ''}`,
    text: `
SELECT ${cause} AS cause, e.lane, e.kind, e.last_error ->> 'code' AS code, ${status} AS status,
  (array_agg(e.last_error ->> 'text' ORDER BY ${at} DESC))[1] AS text,
  (array_agg(e.last_error ->> 'vendor' ORDER BY ${at} DESC))[1] AS vendor,
  count(*)::integer AS letters, count(DISTINCT coalesce(c.customer ->> 'id', c.customer ->> 'email', c.connection || ' ' || c.thread))::integer AS customers,
  ${ms(`min(${at})`)} AS "oldestAt", ${ms(`max(${at})`)} AS "newestAt", (count(*) FILTER (WHERE e.doubtful))::integer AS doubtful,
  array_agg(DISTINCT c.mapping) AS mappings
FROM ${chosen(dismissed)}
GROUP BY 1, e.lane, e.kind, e.last_error ->> 'code', ${status} ORDER BY letters DESC, "oldestAt" LIMIT 200`,
    values: valuesOf(filter),
  })
  return rows.map(({ lane, ...row }) => ({ ...row, connection: connectionOf(lane), role: roleOf(lane) }))
}

export interface LetterBody {
  readonly by?: 'customer' | 'bot' | 'agent' | 'hub'
  readonly name?: string
  readonly message?: Message
  readonly handoff?: number
  readonly attempt?: number
  readonly ticket?: Ref
  readonly at?: number
}

export interface LetterRow extends LetterName {
  readonly cause: string
  readonly kind: EffectKind
  readonly body: LetterBody
  readonly attempts: number
  readonly error: { code: string; text: string; vendor?: string } | null
  readonly fence: number | null
  readonly doubtful: boolean
  readonly deadSince: number
  readonly createdAt: number
  readonly control: Control
  readonly epoch: number
  readonly mapping: string
  readonly customer: Customer
  /** The handoff that is under way, and whoever accepted it. */
  readonly openHandoff: number | null
  readonly agent: string | null
  readonly dismissedBy: string | null
  readonly dismissedWhy: string | null
  /** Where the next page begins. */
  readonly cursor: string
}

/** Newest first; `before` is the cursor of the last one seen. `oldestFirst` is for whoever sends them again. */
export async function readLetters(
  pool: pg.Pool,
  filter: LetterFilter,
  page: { readonly before?: string; readonly limit: number; readonly until?: Date; readonly after?: string },
): Promise<LetterRow[]> {
  const dismissed = filter.dismissed ?? false
  const at = deadAt(dismissed)
  const forward = page.until !== undefined
  const cursor = (forward ? page.after : page.before)?.split('.') ?? []
  const micros = `(extract(epoch FROM ${at}) * 1000000)::bigint`
  const order = forward ? 'ASC' : 'DESC'
  const { rows } = await pool.query<LetterRow>({
    name: `dead-letters-of${dismissed ? '-dismissed' : ''}${forward ? '-forward' : ''}`,
    text: `
SELECT ${cause} AS cause, e.conversation, e.lane, e.n, e.kind, e.body, e.attempts, e.last_error AS error, e.fence, e.doubtful,
  ${ms(dismissed ? 'coalesce(e.settled_at, f.at)' : 'e.dead_at')} AS "deadSince", ${ms('e.created_at')} AS "createdAt", c.control, c.epoch, c.mapping,
  coalesce(c.customer, '{}') AS customer,
  CASE WHEN (c.state::json -> 'handoff') ->> 'stage' <> 'ended' THEN ((c.state::json -> 'handoff') ->> 'number')::integer END AS "openHandoff",
  CASE WHEN (c.state::json -> 'handoff') ->> 'stage' <> 'ended' THEN (c.state::json -> 'handoff') -> 'agent' ->> 'name' END AS agent,
  ${dismissed ? 'f.by' : 'NULL'} AS "dismissedBy", ${dismissed ? 'f.why' : 'NULL'} AS "dismissedWhy",
  ${micros} || '.' || e.conversation || '.' || e.n AS cursor
FROM ${chosen(dismissed)}
  AND ($7::bigint IS NULL OR (${micros}, e.conversation, e.n) ${forward ? '>' : '<'} ($7::bigint, $8::bigint, $9::bigint))
  ${forward ? 'AND e.dead_at <= $11' : ''}
ORDER BY ${at} ${order}, e.conversation ${order}, e.n ${order} LIMIT $10`,
    values: [
      ...valuesOf(filter),
      cursor[0] ?? null,
      cursor[1] ?? null,
      cursor[2] ?? null,
      page.limit,
      ...(forward ? [page.until] : []),
    ],
  })
  return rows
}

/** Effects done within thirty days: a look at all of them. */
export async function countDone(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ done: number }>({
    name: 'effects-done',
    text: `SELECT count(*)::bigint AS done FROM effects WHERE status = 'done' AND settled_at > now() - interval '30 days'`,
  })
  return rows[0]!.done
}

/** Letters that people have dealt with in that time. */
export async function countSettled(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ settled: number }>({
    name: 'dead-letters-settled',
    text: `SELECT count(*)::integer AS settled FROM dead_letter_fates WHERE at > now() - interval '30 days'`,
  })
  return rows[0]!.settled
}
