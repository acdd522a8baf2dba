/** Conversations by what staff look for. Each way has an index: by time of the last change, by handoff, or by who the customer is. */
import type pg from 'pg'
import type { Control } from '../conversation.ts'
import type { Customer } from '../customer.ts'
import type { Outcome, Stage } from '../handoff.ts'
import type { Desks } from './counts.ts'

export interface FoundConversation {
  readonly id: number
  readonly mapping: string
  readonly channel: string
  readonly control: Control
  readonly epoch: number
  readonly seq: number
  readonly customer: Customer
  readonly language: string | null
  /** The handoff that was looked for, else the last one. */
  readonly handoff: FoundHandoff | null
  readonly startedAt: number
  readonly updatedAt: number
  /** Where the next page begins. */
  readonly cursor: string
}

export interface FoundHandoff {
  readonly number: number
  readonly stage: Stage
  readonly outcome: Outcome | null
  readonly criterion: string
  readonly text: string
  readonly agent: string | null
  readonly desk: string | null
  readonly startedAt: number
}

export interface Looked {
  readonly desks: Desks
  readonly search?: string
  /** Desks whose numbers of tickets are looked for too. */
  readonly ticketsOf?: readonly string[]
  readonly control?: string
  readonly mapping?: string
  readonly outcome?: string
  readonly criterion?: string
  readonly desk?: string
  /** Epoch milliseconds: of the handoff's begin where one is looked for, else of the last change. */
  readonly from?: number
  readonly to?: number
  /** The `cursor` of the last one seen. */
  readonly before?: string
  readonly limit: number
}

/** Newest first. */
export async function findConversations(pool: pg.Pool, looked: Looked): Promise<FoundConversation[]> {
  const isByHandoff =
    looked.desks !== undefined ||
    looked.outcome !== undefined ||
    looked.criterion !== undefined ||
    looked.desk !== undefined
  const { text, values } = isByHandoff ? byHandoff(looked) : byTime(looked)
  const { rows } = await pool.query<FoundConversation>({ text, values })
  return rows
}

const shown = `c.id, c.mapping, c.connection AS channel, c.control, c.epoch, c.seq, coalesce(c.customer, '{}') AS customer,
  c.state::json ->> 'language' AS language,
  (extract(epoch FROM c.created_at) * 1000)::bigint AS "startedAt", (extract(epoch FROM c.updated_at) * 1000)::bigint AS "updatedAt"`

const handoffOf = `json_build_object('number', h.number, 'stage', h.stage, 'outcome', h.outcome, 'criterion', h.criterion,
  'text', h.reason, 'agent', h.agent, 'startedAt', h.started_at, 'desk', (SELECT a.desk FROM attempts a
    WHERE a.conversation = h.conversation AND a.handoff = h.number ORDER BY a.number DESC LIMIT 1))`

interface Clauses {
  readonly list: string[]
  readonly values: unknown[]
  /** Adds a value and names it. */
  add(value: unknown): string
}

function clauses(): Clauses {
  const values: unknown[] = []
  return { list: [], values, add: (value) => `$${values.push(value)}` }
}

function byTime({ search, ticketsOf, control, mapping, from, to, before, limit }: Looked): {
  text: string
  values: unknown[]
} {
  const { list, values, add } = clauses()
  list.push('c.seq > 0')
  const moment = (ms: number) => `(timestamptz 'epoch' + ${add(Math.round(ms))}::bigint * interval '1 millisecond')`
  if (search) list.push(whoIs(search, ticketsOf, add))
  if (control) list.push(`c.control = ${add(control)}`)
  if (mapping) list.push(`c.mapping = ${add(mapping)}`)
  if (from !== undefined)
    list.push(`c.active_at >= date_trunc('minute', ${moment(from)})`, `c.updated_at >= ${moment(from)}`)
  if (to !== undefined) list.push(`c.active_at <= ${moment(to)}`, `c.updated_at < ${moment(to)}`)
  const [micros, id] = before?.split('.') ?? []
  if (micros !== undefined) {
    const last = `(timestamptz 'epoch' + ${add(micros)}::bigint * interval '1 microsecond')`
    list.push(`c.active_at <= ${last}`, `(c.updated_at, c.id) < (${last}, ${add(id)}::bigint)`)
  }
  // `active_at` is the minute of `updated_at`: the order of its index, refined.
  const text = `SELECT ${shown}, (extract(epoch FROM c.updated_at) * 1000000)::bigint || '.' || c.id AS cursor,
      (SELECT ${handoffOf} FROM handoffs h WHERE h.conversation = c.id ORDER BY h.number DESC LIMIT 1) AS handoff
    FROM conversations c WHERE ${list.join(' AND ')}
    ORDER BY c.active_at DESC, c.updated_at DESC, c.id DESC LIMIT ${add(limit)}`
  return { text, values }
}

/** One conversation, once: by the newest of its handoffs that match. */
function byHandoff(looked: Looked): { text: string; values: unknown[] } {
  const { desks, search, ticketsOf, control, mapping, outcome, criterion, desk, from, to, before, limit } = looked
  const { list, values, add } = clauses()
  const matches = (h: string): string[] => [
    `${h}.stage <> 'offered'`,
    ...(outcome ? [`${h}.outcome = ${add(outcome)}`] : []),
    ...(criterion ? [`${h}.criterion = ${add(criterion)}`] : []),
    ...(desks
      ? [
          `EXISTS (SELECT 1 FROM attempts a WHERE a.conversation = ${h}.conversation AND a.desk = ANY (${add(desks)}::text[]))`,
        ]
      : []),
    ...(desk
      ? [
          `EXISTS (SELECT 1 FROM attempts a WHERE a.conversation = ${h}.conversation AND a.handoff = ${h}.number AND a.desk = ${add(desk)})`,
        ]
      : []),
    ...(from === undefined ? [] : [`${h}.started_at >= ${add(Math.round(from))}`]),
    ...(to === undefined ? [] : [`${h}.started_at < ${add(Math.round(to))}`]),
  ]
  list.push(...matches('h'))
  list.push(
    `NOT EXISTS (SELECT 1 FROM handoffs l WHERE l.conversation = h.conversation AND l.number > h.number AND ${matches('l').join(' AND ')})`,
  )
  if (search) list.push(whoIs(search, ticketsOf, add))
  if (control) list.push(`c.control = ${add(control)}`)
  if (mapping) list.push(`c.mapping = ${add(mapping)}`)
  const [at, id] = before?.split('.') ?? []
  if (at !== undefined) list.push(`(h.started_at, h.conversation) < (${add(at)}::bigint, ${add(id)}::bigint)`)
  const text = `SELECT ${shown}, h.started_at || '.' || h.conversation AS cursor, ${handoffOf} AS handoff
    FROM handoffs h JOIN conversations c ON c.id = h.conversation WHERE ${list.join(' AND ')}
    ORDER BY h.started_at DESC, h.conversation DESC LIMIT ${add(limit)}`
  return { text, values }
}

/** By number, a ticket's number, e-mail, phone, the company's own id, or words of the name; each has an index. Words of messages have none. */
function whoIs(search: string, ticketsOf: readonly string[] = [], add: Clauses['add']): string {
  const words = search.trim()
  if (words.includes('@')) return `lower(c.customer ->> 'email') = ${add(words.toLowerCase())}`
  const ways = [`c.customer ->> 'id' = ${add(words)}`]
  if (/^#?\d{1,15}$/.test(words)) ways.push(`c.id = ${add(words.replace('#', ''))}::bigint`)
  if (/^\+?[\d\s()./-]{4,30}$/.test(words))
    ways.push(`c.customer ->> 'phone' = ANY (${add([words, words.replace(/[\s()./-]/g, '')])}::text[])`)
  if (ticketsOf.length > 0 && /^#?[\w-]*\d[\w-]*$/.test(words)) {
    const ticket = words.replace('#', '')
    // Read first, as a list: a subquery among the others would leave all their indexes unused.
    ways.push(
      `c.id = ANY (ARRAY(SELECT a.conversation FROM attempts a WHERE a.desk = ANY (${add(ticketsOf)}::text[])
        AND a.ticket = ANY (${add([ticket, ticket.toUpperCase()])}::text[])))`,
    )
  }
  const name = words
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .map((word) => `${word}:*`)
  if (name.length > 0)
    ways.push(`(c.customer ->> 'name' IS NOT NULL AND ${nameWords} @@ to_tsquery('simple', ${add(name.join(' & '))}))`)
  return `(${ways.join(' OR ')})`
}

/** As its index has it. */
const nameWords = `to_tsvector('simple', c.customer ->> 'name')`
