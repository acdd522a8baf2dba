/**
 * Erases a customer: their words, names and facts leave the record. What stays says nothing of them: outside ids, so that a late
 * duplicate does not bring the words back, and the figures of their handoffs.
 */
import type pg from 'pg'
import { newConversation } from '../conversation.ts'
import type { Hub } from '../hub.ts'
import type { Ref } from '../message.ts'
import { stateOf } from './conversations.ts'
import { connectionOf, roleOf } from './lanes.ts'
import { inTransaction } from './transaction.ts'

export interface Whom {
  readonly id?: string
  readonly email?: string
  readonly phone?: string
  readonly conversation?: number
}

type Result = 'erased' | 'cannot erase' | 'failed'

export interface Erased {
  readonly conversations: number
  /** Every connection that got something of them, or may keep something: whether its own copy is gone. */
  readonly connections: Readonly<Record<string, Result>>
}

interface Found {
  readonly id: number
  readonly connection: string
  readonly thread: Ref
}

/** All conversations of whoever fits one of these. `failed` may be tried again by `conversation`. */
export async function eraseCustomer(hub: Hub, whom: Whom): Promise<Erased> {
  const { rows } = await hub.pool.query<Found>(
    `SELECT c.id, c.connection, c.thread FROM conversations c
     WHERE c.id = $1 OR c.customer ->> 'id' = $2 OR lower(c.customer ->> 'email') = lower($3) OR c.customer ->> 'phone' = $4
     ORDER BY c.id`,
    [whom.conversation ?? null, whom.id ?? null, whom.email ?? null, whom.phone ?? null],
  )
  const results: Record<string, Result> = {}
  for (const found of rows) {
    const keepers = await keepersOf(hub, found)
    await eraseRecord(hub, found.id)
    for (const [name, refs] of keepers) {
      const result = await eraseAt(hub, name, found.id, refs)
      if (results[name] !== 'failed') results[name] = result
    }
    // What a connection still reported before it forgot: an agent's words that were on their way.
    await eraseRecord(hub, found.id)
    hub.changed(found.id)
  }
  return { conversations: rows.length, connections: results }
}

/** Who was told something of it, and those that can forget; each with its own names for the conversation. */
async function keepersOf(hub: Hub, { id, connection, thread }: Found): Promise<Map<string, Set<Ref>>> {
  const { rows: lanes } = await hub.pool.query<{ lane: string }>('SELECT lane FROM lanes WHERE conversation = $1', [id])
  const { rows: tickets } = await hub.pool.query<{ desk: string; ticket: Ref }>(
    'SELECT DISTINCT desk, ticket FROM attempts WHERE conversation = $1 AND ticket IS NOT NULL',
    [id],
  )
  const keepers = new Map<string, Set<Ref>>()
  const keep = (name: string, ...refs: Ref[]) => {
    keepers.set(name, new Set([...(keepers.get(name) ?? []), ...refs]))
  }
  keep(connection, thread)
  for (const { desk, ticket } of tickets) keep(desk, ticket)
  for (const { lane } of lanes)
    keep(connectionOf(lane), ...(roleOf(lane) === 'bot' ? [`${hub.installation}-${id}`] : []))
  for (const [name, { erase }] of hub.connections) if (erase) keep(name)
  for (const [name, refs] of keepers) if (refs.size === 0) keep(name, thread)
  return keepers
}

async function eraseAt(hub: Hub, name: string, conversation: number, refs: ReadonlySet<Ref>): Promise<Result> {
  const erase = hub.connections.get(name)?.erase
  if (!erase) return 'cannot erase'
  try {
    for (const thread of refs) await erase({ conversation, thread })
    return 'erased'
  } catch {
    return 'failed'
  }
}

const eraseRecord = (hub: Hub, id: number): Promise<void> =>
  inTransaction(hub.pool, async (client) => {
    await eraseWords(client, id)
    await beginAnew(client, hub, id)
  })

/** In the order in which everybody locks: the conversation, then its lanes. */
const erasing = [
  'SELECT 1 FROM conversations WHERE id = $1 FOR UPDATE',
  'UPDATE lanes SET head = tail, token = NULL, hub = NULL, leased_until = NULL, due = NULL WHERE conversation = $1',
  `UPDATE effects SET body = '{}', last_error = NULL, ref = NULL, settled_at = coalesce(settled_at, now()), dead_at = NULL,
     status = CASE WHEN status IN ('pending', 'dead') THEN 'dismissed' ELSE status END WHERE conversation = $1`,
  `UPDATE events SET body = '{}', decisions = NULL WHERE conversation = $1`,
  'DELETE FROM timers WHERE conversation = $1',
  `UPDATE handoffs SET reason = '', digest = NULL, outcome = coalesce(outcome, 'abandoned'), stage = 'ended',
     ended_at = coalesce(ended_at, (extract(epoch FROM now()) * 1000)::bigint) WHERE conversation = $1`,
  `UPDATE attempts SET why = NULL, stage = 'over', over_at = coalesce(over_at, (extract(epoch FROM now()) * 1000)::bigint)
     WHERE conversation = $1`,
  'UPDATE feedback SET comment = NULL WHERE conversation = $1',
  `DELETE FROM early_events e USING attempts a WHERE a.conversation = $1 AND a.desk = e.connection AND a.ticket = e.ticket`,
  `DELETE FROM suggestions WHERE status = 'open' AND sources @> jsonb_build_array(jsonb_build_object('conversation', $1::bigint))`,
]

async function eraseWords(client: pg.PoolClient, id: number): Promise<void> {
  for (const statement of erasing) await client.query(statement, [id])
}

/** A new life for the same thread: its next word begins at the bot. Only the counts go on, since rows are named by them. */
async function beginAnew(client: pg.PoolClient, hub: Hub, id: number): Promise<void> {
  const { rows } = await client.query<{
    mapping: string
    channel: string
    thread: Ref
    handoffs: number | null
    born: number
  }>(
    `SELECT mapping, connection AS channel, thread, (state::json ->> 'handoffs')::integer AS handoffs,
       (extract(epoch FROM created_at) * 1000)::bigint AS born
     FROM conversations WHERE id = $1`,
    [id],
  )
  const { handoffs, born, ...place } = rows[0]!
  const language = languageIn(hub, place)
  const conversation = newConversation(id, { ...place, language, at: born })
  await client.query(
    'UPDATE conversations SET state = $2, customer = NULL, control = $3, epoch = epoch + 1 WHERE id = $1',
    [id, JSON.stringify({ ...stateOf(conversation), handoffs: handoffs ?? 0 }), conversation.control],
  )
}

/** A conversation may outlive its mapping. */
function languageIn(hub: Hub, { mapping, channel }: { mapping: string; channel: string }): string {
  try {
    return hub.mappingOf(mapping, channel).language
  } catch {
    return 'en'
  }
}
