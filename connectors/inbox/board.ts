/** What an agent's page shows: the lists, the colleagues, and one ticket in full. */
import { sql } from 'kysely'
import { type Customer, type Handoff, HubError, type Message, type Mode } from '#hub/connector.ts'
import { type Agent, agentsOf, presenceOf } from './agents.ts'
import { type Drafts, draftsOf } from './drafts.ts'
import { type Attached, attachedTo } from './files.ts'
import type { FileLimits, Inbox } from './inbox.ts'
import type { MessageRow, Presence, Status } from './tables.ts'

export interface Line {
  readonly id: string
  readonly mode: Mode
  readonly priority: 'normal' | 'high' | 'urgent'
  readonly status: Status
  readonly customer: string
  readonly wants: string
  readonly why: string
  readonly channel: string
  readonly language: string | null
  /** It came to somebody who does not speak the customer's language: nobody online does. */
  readonly otherLanguage: boolean
  readonly skills: readonly string[]
  readonly createdAt: number
  readonly acceptedAt: number | null
  readonly ringUntil: number | null
  readonly agent: { readonly id: string; readonly name: string } | null
  /** Public messages of the customer on this ticket: the page compares it with what was read. */
  readonly fromCustomer: number
  readonly last: {
    readonly by: 'customer' | 'agent' | 'hub'
    readonly name: string | null
    readonly text: string
    readonly at: number
  } | null
}

export interface Colleague {
  readonly id: string
  readonly name: string
  readonly presence: Presence
  readonly skills: readonly string[]
  readonly languages: readonly string[]
  /** Live tickets ringing or held. */
  readonly load: number
  readonly capacity: number
}

/** Everybody's view; `boardOf` makes one agent's of it. Read once for all sockets of a hub. */
export interface Board {
  readonly now: number
  readonly ringMs: number
  readonly files: FileLimits
  readonly agents: readonly Colleague[]
  readonly lines: readonly Line[]
}

export interface OwnBoard {
  readonly now: number
  readonly ringMs: number
  /** What may be attached to a reply. */
  readonly files: FileLimits
  readonly me: Colleague
  readonly agents: readonly Colleague[]
  /** Ringing at this agent. */
  readonly offers: readonly Line[]
  readonly mine: readonly Line[]
  /** Live ones in line, also those ringing at others. */
  readonly queue: readonly Line[]
  /** Tickets and callbacks that nobody has taken. */
  readonly tickets: readonly Line[]
  /** Colleagues have these: to read along, to leave a note, to take over. */
  readonly others: readonly Line[]
}

export async function readBoard(inbox: Inbox): Promise<Board> {
  const [agents, lines] = await Promise.all([agentsOf(inbox), readLines(inbox)])
  const load = (id: string) =>
    lines.filter((line) => line.agent?.id === id && line.mode === 'live' && line.status !== 'queued').length
  return {
    now: inbox.host.clock.now(),
    ringMs: inbox.times.ringMs,
    files: inbox.files,
    agents: agents.map((agent) => toColleague(inbox, agent, load(agent.id))),
    lines,
  }
}

/** Undefined when the agent is none any more. */
export function boardOf({ now, ringMs, files, agents, lines }: Board, agent: string): OwnBoard | undefined {
  const me = agents.find((one) => one.id === agent)
  if (!me) return undefined
  const own = lines.filter((line) => line.agent?.id === agent)
  const others = lines.filter(
    (line) => line.status === 'queued' || (line.status === 'offered' && line.agent?.id !== agent),
  )
  return {
    now,
    ringMs,
    files,
    me,
    agents,
    offers: own.filter((line) => line.status === 'offered'),
    mine: own.filter((line) => line.status === 'accepted').sort((a, b) => (a.acceptedAt ?? 0) - (b.acceptedAt ?? 0)),
    queue: others.filter((line) => line.mode === 'live'),
    tickets: others.filter((line) => line.mode !== 'live'),
    others: lines.filter((line) => line.status === 'accepted' && line.agent?.id !== agent),
  }
}

const toColleague = (inbox: Inbox, agent: Agent, load: number): Colleague => ({
  id: agent.id,
  name: agent.name,
  presence: presenceOf(inbox, agent),
  skills: agent.skills,
  languages: agent.languages,
  load,
  capacity: agent.capacity,
})

interface LineRow {
  id: string
  mode: Mode
  priority: number
  status: Status
  customer: string | null
  wants: string
  why: string
  channel: string
  language: string | null
  other_language: boolean
  skills: string[]
  created_at: number
  accepted_at: number | null
  ring_until: number | null
  agent: string | null
  agent_name: string | null
  from_customer: number
  last_by: MessageRow['by'] | null
  last_name: string | null
  last_message: Message | null
  last_at: number | null
}

/** Open tickets in the order of service: at most 500, which is more than a page can use. */
async function readLines(inbox: Inbox, id?: string): Promise<Line[]> {
  const which = id === undefined ? sql`t.status <> 'ended'` : sql`t.id = ${id}`
  const { rows } = await sql<LineRow>`
    SELECT t.id, t.mode, t.priority, t.status, t.customer->>'name' AS customer, t.context->>'wants' AS wants,
      t.context->'reason'->>'text' AS why, t.context->>'channel' AS channel, t.language, t.other_language, t.skills,
      t.created_at, t.accepted_at, t.ring_until, t.agent, a.name AS agent_name,
      (SELECT count(*)::int FROM inbox_messages m WHERE m.ticket = t.id AND m.by = 'customer') AS from_customer,
      last.by AS last_by, last.name AS last_name, last.message AS last_message, last.at AS last_at
    FROM inbox_tickets t
    LEFT JOIN inbox_agents a ON a.connection = t.connection AND a.id = t.agent
    LEFT JOIN LATERAL (SELECT m.by, m.name, m.message, m.at FROM inbox_messages m
      WHERE m.ticket = t.id AND m.visibility = 'public' ORDER BY m.n DESC LIMIT 1) last ON true
    WHERE t.connection = ${inbox.name} AND ${which}
    ORDER BY t.priority DESC, t.created_at, t.id LIMIT 500`.execute(inbox.db)
  return rows.map(fromRow)
}

const priorities = ['normal', 'high', 'urgent'] as const
const orNull = (value: number | null): number | null => (value === null ? null : Number(value))

const fromRow = (row: LineRow): Line => ({
  id: row.id,
  mode: row.mode,
  priority: priorities[row.priority] ?? 'normal',
  status: row.status,
  customer: row.customer ?? 'Visitor',
  wants: row.wants,
  why: row.why,
  channel: row.channel,
  language: row.language,
  otherLanguage: row.other_language,
  skills: row.skills,
  createdAt: Number(row.created_at),
  acceptedAt: orNull(row.accepted_at),
  ringUntil: orNull(row.ring_until),
  agent: row.agent === null ? null : { id: row.agent, name: row.agent_name ?? row.agent },
  fromCustomer: row.from_customer,
  last:
    row.last_message === null
      ? null
      : { by: row.last_by!, name: row.last_name, text: preview(row.last_message), at: Number(row.last_at) },
})

/** The first words, or the name of the file that was sent. */
function preview(message: Message): string {
  for (const part of message.parts) {
    if (part.kind === 'text') return part.text.slice(0, 140)
    if (part.kind === 'file') return part.name
  }
  return ''
}

export interface TicketView extends Line {
  readonly conversation: number
  readonly handoff: string
  readonly customerFacts: Customer
  /** Its transcript is the history before the ticket's own messages. */
  readonly context: Handoff['context']
  readonly messages: readonly Said[]
  /** What this agent has begun to write. */
  readonly drafts: Drafts
  /** What they have attached to their reply. */
  readonly attached: readonly Attached[]
  /** The hub's time before any of it was read: what is not in `drafts` had not been begun by then. */
  readonly now: number
  readonly endedAt: number | null
  readonly outcome: string | null
  readonly topic: string | null
  readonly digest: string | null
}

export interface Said {
  readonly n: number
  /** Only on the agent's own: the id their page gave it. */
  readonly id?: string
  readonly by: MessageRow['by']
  readonly visibility: MessageRow['visibility']
  readonly name: string | null
  readonly message: Message
  readonly state: MessageRow['state']
  readonly at: number
}

export async function readTicket(inbox: Inbox, id: string, agent: string): Promise<TicketView> {
  const now = inbox.host.clock.now()
  const [lines, row, messages, drafts, attached] = await Promise.all([
    readLines(inbox, id),
    inbox.db
      .selectFrom('inbox_tickets')
      .select(['conversation', 'handoff', 'customer', 'context', 'ended_at', 'outcome', 'topic', 'digest'])
      .where('connection', '=', inbox.name)
      .where('id', '=', id)
      .executeTakeFirst(),
    inbox.db.selectFrom('inbox_messages').selectAll().where('ticket', '=', id).orderBy('n').execute(),
    draftsOf(inbox, agent, id),
    attachedTo(inbox, agent, id),
  ])
  if (!lines[0] || !row) throw new HubError('unknown', 'There is no such ticket in this inbox')
  const { conversation, handoff, context, outcome, topic, digest } = row
  return {
    ...lines[0],
    conversation: Number(conversation),
    handoff,
    context,
    customerFacts: row.customer,
    messages: messages.map((message) => toSaid(message, agent)),
    drafts,
    attached,
    now,
    endedAt: orNull(row.ended_at),
    outcome,
    topic,
    digest,
  }
}

function toSaid({ n, key, by, visibility, name, message, state, at }: MessageRow, agent: string): Said {
  const own = `agent:${agent}:`
  const said = { n, by, visibility, name, message, state, at: Number(at) }
  return key.startsWith(own) ? { ...said, id: key.slice(own.length) } : said
}
