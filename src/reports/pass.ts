/**
 * The pass that keeps the figures up to date, in the background and a few hundred conversations at a time. It looks at what was
 * active since it was last done, one hub at a time; a conversation is counted anew as a whole, so a pass that was cut off, or made
 * twice, changes nothing.
 */
import type pg from 'pg'
import type { Mapping } from '../mapping.ts'
import { encode } from '../postgres/encode.ts'
import { inTransaction } from '../postgres/transaction.ts'
import { type Facts, factsOf, type HandoffFacts } from './facts.ts'
import { type Changed, readPast } from './past.ts'

export type MappingOf = (name: string, channel: string) => Mapping

const chunk = 300
/**
 * A transaction that began before may commit after a pass has looked. And words given up, or stopped, change their mark without
 * an event: none is tried longer than a quarter of an hour.
 */
const overlap = '20 minutes'
const settledAfter = '16 minutes'

export interface Progress {
  /** Conversations counted anew. */
  readonly counted: number
  /** Nothing is left for now; false as well when another hub is at it. */
  readonly isDone: boolean
}

/** One chunk, in a transaction of its own. */
export const passOnce = (pool: pg.Pool, mappingOf: MappingOf): Promise<Progress> =>
  inTransaction(pool, (client) => count(client, mappingOf))

/** Everything again from the record. The figures stand until they are replaced. */
export async function forget(pool: pg.Pool): Promise<void> {
  await pool.query(
    `UPDATE report_progress SET generation = generation + 1, active_at = '-infinity', conversation = 0, done_at = NULL`,
  )
}

interface Cursor {
  readonly generation: number
  readonly from: string
  readonly conversation: number
  readonly now: string
}

async function count(client: pg.ClientBase, mappingOf: MappingOf): Promise<Progress> {
  const { rows } = await client.query<Cursor>({
    name: 'report-cursor',
    text: `SELECT generation, conversation, active_at::text AS from, now()::text AS now FROM report_progress FOR UPDATE SKIP LOCKED`,
  })
  const cursor = rows[0]
  if (!cursor) return { counted: 0, isDone: false }
  const changed = await findChanged(client, cursor)
  const last = changed.at(-1)
  if (last)
    await write(
      client,
      (await readPast(client, changed)).map((past) => factsOf(past, mappingIn(mappingOf, past))),
      cursor,
    )
  const isDone = changed.length < chunk
  await client.query({
    name: 'report-progress',
    text: `UPDATE report_progress SET
        active_at = CASE WHEN $1 THEN $2::timestamptz - interval '${overlap}' ELSE $3::timestamptz END,
        conversation = CASE WHEN $1 THEN 0 ELSE $4::bigint END,
        done_at = CASE WHEN $1 THEN $2::timestamptz ELSE done_at END`,
    values: [isDone, cursor.now, last?.activeAt ?? null, last?.id ?? 0],
  })
  return { counted: changed.length, isDone }
}

type Found = Changed & { readonly activeAt: string }

async function findChanged(client: pg.ClientBase, cursor: Cursor): Promise<Found[]> {
  const { rows } = await client.query<Found>({
    name: 'report-changed',
    text: `SELECT c.id, c.seq, c.mapping, c.connection AS channel, c.state::json ->> 'language' AS language, c.active_at::text AS "activeAt"
      FROM conversations c LEFT JOIN report_conversations r ON r.conversation = c.id
      WHERE (c.active_at, c.id) > ($1::timestamptz, $2::bigint) AND c.seq > 0
        AND (r.seq IS DISTINCT FROM c.seq OR r.generation <> $3 OR (NOT r.settled AND c.active_at < now() - interval '${settledAfter}'))
      ORDER BY c.active_at, c.id LIMIT ${chunk}`,
    values: [cursor.from, cursor.conversation, cursor.generation],
  })
  return rows
}

function mappingIn(mappingOf: MappingOf, { mapping, channel }: Changed): Mapping | undefined {
  try {
    const found = mappingOf(mapping, channel)
    return found.name === mapping ? found : undefined
  } catch {
    return undefined
  }
}

async function write(client: pg.ClientBase, facts: readonly Facts[], { generation }: Cursor): Promise<void> {
  const handoffs = facts.flatMap((one) => one.handoffs.map((handoff) => toRow(one, handoff)))
  const stops = facts.flatMap(({ conversation, stops }) => stops.map((stop) => ({ conversation, ...stop })))
  await Promise.all([
    client.query({
      name: 'report-conversations',
      text: upsertConversations,
      values: [encode(facts.map(toConversationRow)), generation],
    }),
    client.query({
      name: 'report-handoffs',
      text: upsertHandoffs,
      values: [encode(handoffs.filter((row) => !row.erased))],
    }),
    client.query({ name: 'report-erased', text: upsertErased, values: [encode(handoffs.filter((row) => row.erased))] }),
    client.query({ name: 'report-stops', text: insertStops, values: [encode(stops)] }),
  ])
}

const toConversationRow = ({ conversation, seq, mapping, channel, language, firstAt, asked }: Facts) => ({
  conversation,
  seq,
  mapping,
  channel,
  language,
  first_at: firstAt,
  asked,
})

function toRow({ conversation, mapping, channel, language }: Facts, handoff: HandoffFacts) {
  return {
    conversation,
    number: handoff.number,
    mapping,
    channel,
    bot: handoff.bot,
    language,
    desk: handoff.desk,
    agent: handoff.agent,
    agent_ref: handoff.agentRef,
    criterion: handoff.criterion,
    also: handoff.also,
    intent: handoff.intent,
    offered_at: handoff.offeredAt,
    offer_answer: handoff.offerAnswer,
    requested_at: handoff.requestedAt,
    opened_at: handoff.openedAt,
    assigned_at: handoff.assignedAt,
    accepted_at: handoff.acceptedAt,
    first_word_at: handoff.firstWordAt,
    ended_at: handoff.endedAt,
    outcome: handoff.outcome,
    began_at: handoff.beganAt,
    limit_ms: handoff.limitMs,
    is_open: handoff.isOpen,
    parked_ms: handoff.parkedMs,
    feeling_before: handoff.feelingBefore,
    feeling_after: handoff.feelingAfter,
    invited_at: handoff.invitedAt,
    answered_at: handoff.answeredAt,
    score: handoff.score,
    again_at: handoff.againAt,
    reopened_at: handoff.reopenedAt,
    has_who: handoff.hasWho,
    has_wants: handoff.hasWants,
    erased: handoff.isErased,
  }
}

const upsertConversations = `
  INSERT INTO report_conversations AS r (conversation, generation, seq, settled, mapping, channel, language, first_at, asked)
  SELECT x.conversation, $2, x.seq, c.active_at < now() - interval '${settledAfter}', x.mapping, x.channel, x.language, x.first_at, x.asked
  FROM json_to_recordset($1) AS x(conversation bigint, seq bigint, mapping text, channel text, language text, first_at bigint, asked boolean)
  JOIN conversations c ON c.id = x.conversation
  ON CONFLICT (conversation) DO UPDATE SET generation = excluded.generation, seq = excluded.seq, settled = excluded.settled,
    mapping = excluded.mapping, channel = excluded.channel, language = excluded.language, first_at = excluded.first_at, asked = excluded.asked`

const columns = [
  ...['mapping', 'channel', 'bot', 'language', 'desk', 'agent', 'agent_ref', 'criterion', 'also', 'intent'],
  ...[
    'offered_at',
    'offer_answer',
    'requested_at',
    'opened_at',
    'assigned_at',
    'accepted_at',
    'first_word_at',
    'ended_at',
    'outcome',
  ],
  ...[
    'began_at',
    'limit_ms',
    'is_open',
    'parked_ms',
    'feeling_before',
    'feeling_after',
    'invited_at',
    'answered_at',
    'score',
  ],
  ...['again_at', 'reopened_at', 'has_who', 'has_wants'],
]

/** What the configuration said then stands, whatever it says now. */
const then = new Set(['limit_ms', 'is_open', 'bot'])

const insertHandoffs = `INSERT INTO report_handoffs AS r
  SELECT x.* FROM json_populate_recordset(NULL::report_handoffs, $1) x ON CONFLICT (conversation, number) DO UPDATE SET `

const upsertHandoffs =
  insertHandoffs +
  columns
    .map((name) => `${name} = ${then.has(name) ? `coalesce(r.${name}, excluded.${name})` : `excluded.${name}`}`)
    .join(', ')

/** Of an erased customer only what goes on without their words. */
const upsertErased =
  insertHandoffs +
  ['ended_at', 'outcome', 'again_at', 'reopened_at', 'answered_at', 'score']
    .map((name) => `${name} = coalesce(r.${name}, excluded.${name})`)
    .join(', ')

const insertStops = `INSERT INTO report_stops (conversation, seq, n, at)
  SELECT conversation, seq, n, at FROM json_to_recordset($1) AS x(conversation bigint, seq bigint, n bigint, at bigint)
  ON CONFLICT (conversation, seq, n) DO NOTHING`
