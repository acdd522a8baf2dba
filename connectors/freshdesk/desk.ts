/** The role desk: tickets, the customer's words as public notes of the requester, the end as a resolved ticket. */
import { createHash } from 'node:crypto'
import {
  type DeskMessage,
  type Desk as DeskRole,
  type EndReason,
  HubError,
  type Ref,
  type Sent,
} from '#hub/connector.ts'
import { groupFor, staffingOf } from './assignment.ts'
import { type FilePart, fetchFiles, toForm } from './files.ts'
import { escapeHtml } from './html.ts'
import { type Desk, findOpened, openTicket } from './opening.ts'
import { freshRecord, numberOf, type TicketRecord } from './tickets.ts'
import { open, resolved, toBody, wordsOf } from './translate.ts'
import type { Entry, Ticket } from './wire.ts'

export function createDesk(desk: Desk): DeskRole {
  const { roster, settings } = desk
  return {
    modes: ['live', 'ticket', 'callback'],
    offer: (handoff, key) => openTicket(desk, handoff, key),
    send: (ticket, words, key) => send(desk, ticket, words, within(ticket, key)),
    end: (ticket, why, key) => end(desk, ticket, why, within(ticket, key)),
    staffed: async (need) => staffingOf(await roster.candidates(groupFor(settings, need)), need),
    find: (key, inside) =>
      inside === undefined ? findOpened(desk, key) : findEntry(desk, within(inside, key), inside),
  }
}

/** A message's key counts within its ticket. */
const within = (ticket: Ref, key: string): string => `${ticket} ${key}`

async function send(desk: Desk, ticket: Ref, words: DeskMessage, key: string): Promise<Sent> {
  const { tickets } = desk
  const id = numberOf(ticket)
  const record = await recordOf(desk, ticket)
  const known = await tickets.made(key)
  if (known === undefined && record.ended) throw new HubError('conflict', 'The Freshdesk ticket is resolved')
  const entry = known ?? (await tickets.alone(`send:${key}`, () => post(desk, id, record, words, key)))
  // A note made by the API does not reliably open a ticket again (freshdesk.md 6).
  if (words.by === 'customer' && record.status !== open) await reopen(desk, ticket)
  return { ref: String(entry) }
}

async function post(desk: Desk, id: number, record: TicketRecord, words: DeskMessage, key: string): Promise<number> {
  const { client, host, tickets } = desk
  const before = await tickets.made(key)
  if (before !== undefined) return before
  const isInternal = words.visibility !== 'public' || words.by !== 'customer'
  const files = await fetchFiles(host, words.message)
  const body = toBody(words.message, new Set(files.keys())) || namesOf(files)
  // Said in full each time: a note is private unless it says otherwise (freshdesk.md 7).
  const fields: NoteFields = isInternal
    ? { body, private: true, incoming: false }
    : { body, private: false, incoming: true, user_id: record.requester }
  await tickets.intend(key, { words: digestOf(body), isInternal, at: host.clock.now() })
  const note = await client.post<Entry>(`/tickets/${id}/notes`, files.size > 0 ? toForm(fields, files) : fields)
  await tickets.claim(key, note.id)
  return note.id
}

/** A lane is in order, so what no other key made and says the same is what this key made. */
async function findEntry(desk: Desk, key: string, ticket: Ref): Promise<Ref | undefined> {
  const { client, tickets } = desk
  const known = await tickets.made(key)
  if (known !== undefined) return String(known)
  const intent = await tickets.intent(key)
  if (intent?.words === undefined) return undefined
  for (const entry of await client.list<Entry>(`/tickets/${numberOf(ticket)}/conversations`)) {
    const isSame = digestOf(entry.body ?? '') === intent.words && (entry.private !== false) === intent.isInternal
    if (!isSame || (!intent.isInternal && entry.incoming !== true) || (await tickets.isClaimed(entry.id))) continue
    await tickets.claim(key, entry.id)
    return String(entry.id)
  }
  return undefined
}

type NoteFields = Readonly<Record<string, string | number | boolean>>

/** A note needs words, also where only a file was sent. */
const namesOf = (files: ReadonlyMap<FilePart, Blob>): string =>
  escapeHtml([...files.keys()].map(({ name }) => name).join(', ') || '–')

const digestOf = (html: string): string => createHash('sha256').update(wordsOf(html)).digest('hex')

function reopen(desk: Desk, ticket: Ref): Promise<void> {
  return desk.tickets.alone(ticket, async () => {
    await desk.client.put(`/tickets/${ticket}`, { status: open })
    const record = await desk.tickets.read(ticket)
    if (record) await desk.tickets.write(ticket, { ...record, status: open })
  })
}

async function end(desk: Desk, ticket: Ref, why: EndReason, key: string): Promise<void> {
  const { client, settings, tickets } = desk
  numberOf(ticket)
  await tickets.alone(ticket, async () => {
    const record = await recordOf(desk, ticket)
    if (settings.finalStatuses.includes(record.status)) {
      if (!record.ended) await tickets.write(ticket, { ...record, ended: true })
      return
    }
    // First remembered, so that the status that comes back is known as ours.
    await tickets.write(ticket, { ...record, status: resolved, ended: true })
    await client.put(`/tickets/${ticket}`, { status: resolved }).catch(async (error: unknown) => {
      await tickets.write(ticket, { ...record, ended: true })
      if (!(error instanceof HubError) || error.code !== 'invalid') throw error
      await leaveOpen(desk, ticket, why, key)
    })
  })
}

/** Fields that are required for closure can forbid it: then the ticket stays open, with a note that says why it is over. */
async function leaveOpen({ client, tickets }: Desk, ticket: Ref, why: EndReason, key: string): Promise<void> {
  if ((await tickets.made(key)) !== undefined) return
  const body = `<p>The handoff is over: ${reasons[why]}. The ticket could not be resolved by Baton.</p>`
  const note = await client.post<Entry>(`/tickets/${ticket}/notes`, { body, private: true })
  await tickets.claim(key, note.id)
}

const reasons: Record<EndReason, string> = {
  resolved: 'it was resolved',
  returned: 'the customer is with the bot again',
  abandoned: 'the customer left',
  expired: 'nobody wrote any more',
  moved: 'another desk has it',
  ended: 'it was ended',
}

/** What we remember; of a ticket that is not remembered any more, what Freshdesk says. */
async function recordOf({ client, settings, tickets }: Desk, ticket: Ref): Promise<TicketRecord> {
  const known = await tickets.read(ticket)
  if (known) return known
  const { requester_id, status, responder_id } = await client.get<Ticket>(`/tickets/${numberOf(ticket)}`)
  const ended = settings.finalStatuses.includes(status)
  return { ...freshRecord(requester_id, status), ended, responder: responder_id ?? undefined }
}
