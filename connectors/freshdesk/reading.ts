/** Reads what happened to a ticket and tells the hub: a webhook only says where to look, a poll asks the same. */
import type { Agent, DeskEvent, Ref } from '#hub/connector.ts'
import { HubError } from '#hub/errors.ts'
import { plainText } from '#hub/message.ts'
import type { Desk } from './opening.ts'
import type { TicketRecord } from './tickets.ts'
import { fromEntry, kindOf } from './translate.ts'
import type { Entry, Ticket } from './wire.ts'

/** Nothing for a ticket that is not ours. Told first, remembered after: what is told twice has the same external ids. */
export async function readTicket(desk: Desk, ticket: Ref): Promise<void> {
  const { client, host, tickets } = desk
  await tickets.shared(ticket, async () => {
    const before = await tickets.read(ticket)
    if (!before) return
    const now = await ticketOrGone(desk, ticket)
    const { entries, page } = now ? await entriesSince(desk, ticket, before.page) : { entries: [], page: before.page }
    const me = (await client.me()).id
    const agents = await agentsIn(desk, now, entries)
    const { events, after } = tell({ desk, ticket, before: { ...before, page }, now, entries, me, agents })
    if (events.length > 0) await host.receive(events)
    await tickets.write(ticket, after)
  })
}

async function ticketOrGone({ client }: Desk, ticket: Ref): Promise<Ticket | undefined> {
  try {
    const found = await client.get<Ticket>(`/tickets/${ticket}`)
    return found.deleted || found.spam ? undefined : found
  } catch (error) {
    if (error instanceof HubError && error.code === 'unknown') return undefined
    throw error
  }
}

const perPage = 100

/** From the last full page on. */
async function entriesSince({ client }: Desk, ticket: Ref, from: number) {
  const entries = await client.list<Entry>(`/tickets/${ticket}/conversations`, {}, from)
  return { entries, page: from + Math.floor(entries.length / perPage) }
}

async function agentsIn({ roster }: Desk, now: Ticket | undefined, entries: readonly Entry[]) {
  const ids = new Set([now?.responder_id, ...entries.filter((one) => one.incoming === false).map((one) => one.user_id)])
  const agents = new Map<number, Agent>()
  for (const id of ids) if (id) agents.set(id, { ref: String(id), name: await roster.nameOf(id) })
  return agents
}

interface Reading {
  readonly desk: Desk
  readonly ticket: Ref
  readonly before: TicketRecord
  /** Undefined when it is gone: in the trash, marked as spam, or not to be seen by us. */
  readonly now: Ticket | undefined
  readonly entries: readonly Entry[]
  readonly me: number
  readonly agents: ReadonlyMap<number, Agent>
}

/** What changed, in the order the hub has to hear it. Pure but for the clock. */
function tell(reading: Reading): { events: DeskEvent[]; after: TicketRecord } {
  const { before, now, ticket, desk } = reading
  if (!now) {
    const gone = { type: 'desk-declined', externalId: `gone:${ticket}`, ticket, at: desk.host.clock.now() } as const
    const events = before.ended ? [] : [{ ...gone, reason: 'the ticket was deleted or marked as spam' }]
    return { events, after: { ...before, ended: true } }
  }
  const events: DeskEvent[] = []
  let after = assignment(reading, now, before, events)
  after = words(reading, after, events)
  after = ending(reading, now, after, events)
  return { events, after }
}

function assignment({ desk, ticket, agents }: Reading, now: Ticket, record: TicketRecord, events: DeskEvent[]) {
  const responder = now.responder_id ?? undefined
  if (responder === record.responder) return record
  const changes = record.changes + 1
  const base = { ticket, at: Date.parse(now.updated_at) }
  const id = `${ticket}:${changes}`
  if (responder === undefined) {
    const agent = agents.get(record.responder!) ?? { ref: String(record.responder) }
    if (record.joined) events.push({ ...base, type: 'agent-left', externalId: `left:${id}`, agent })
    return { ...record, responder, changes, joined: false }
  }
  const agent = agents.get(responder) ?? { ref: String(responder) }
  events.push({ ...base, type: 'desk-assigned', externalId: `assigned:${id}`, agent })
  const took = desk.settings.acceptedWhen === 'assigned' && responder !== record.chosen
  const joins = took || record.joined === true
  if (joins) events.push({ ...base, type: 'desk-accepted', externalId: `accepted:${id}`, agent })
  return { ...record, responder, changes, joined: joins }
}

function words({ desk, ticket, entries, me, agents }: Reading, given: TicketRecord, events: DeskEvent[]) {
  let record = given
  const seen = new Set(record.seen)
  const fresh = entries.filter((entry) => !seen.has(entry.id))
  for (const entry of fresh.sort((a, b) => a.created_at.localeCompare(b.created_at) || a.id - b.id)) {
    seen.add(entry.id)
    const kind = kindOf(entry, me, desk.settings.publicNotes)
    if (kind !== 'public' && kind !== 'internal') continue
    const message = fromEntry(entry, (attachment) => desk.links.to(ticket, entry.id, attachment))
    if (message.parts.length === 0) continue
    const agent = agents.get(entry.user_id!) ?? {}
    const base = { ticket, agent, at: Date.parse(entry.created_at) }
    if (kind === 'public' && !record.joined) {
      events.push({ ...base, type: 'desk-accepted', externalId: `accepted:${ticket}:${entry.id}` })
      record = { ...record, joined: true }
    }
    events.push({ ...base, type: 'agent-message', externalId: `entry:${entry.id}`, message, visibility: kind })
    // An agent who writes to a resolved ticket takes it up again.
    if (kind === 'public' && isFinalStatus(desk, given.status)) record = { ...record, ended: false }
  }
  return { ...record, seen: [...seen] }
}

function ending(
  { desk, ticket, entries, me, agents }: Reading,
  now: Ticket,
  record: TicketRecord,
  events: DeskEvent[],
) {
  const wasFinal = isFinalStatus(desk, record.status)
  if (!isFinal(desk, now)) return { ...record, status: now.status, ended: wasFinal ? false : record.ended }
  if (wasFinal) return { ...record, status: now.status }
  const changes = record.changes + 1
  const returned = now.tags?.some((tag) => tag.toLowerCase() === desk.settings.returnTag.toLowerCase()) ?? false
  const last = entries.findLast((entry) => kindOf(entry, me, desk.settings.publicNotes) === 'public')
  const digest = last && plainText(fromEntry(last)).slice(0, 500)
  events.push({
    type: 'desk-ended',
    externalId: `ended:${ticket}:${changes}`,
    ticket,
    at: Date.parse(now.updated_at),
    outcome: returned ? 'returned' : 'resolved',
    ...(now.responder_id ? { agent: agents.get(now.responder_id) } : {}),
    ...(digest ? { digest } : {}),
  })
  return { ...record, status: now.status, ended: true, joined: false, changes }
}

const isFinalStatus = ({ settings }: Desk, status: number): boolean => settings.finalStatuses.includes(status)
const isFinal = (desk: Desk, { status }: Ticket): boolean => isFinalStatus(desk, status)
