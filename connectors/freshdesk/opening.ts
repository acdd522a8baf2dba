/** Makes the ticket of a handoff, or completes one that was half made. */
import type { Handoff, Host, Ref } from '#hub/connector.ts'
import { chooseAgent, groupFor, type Roster } from './assignment.ts'
import type { Client } from './client.ts'
import { requesterOf } from './contacts.ts'
import type { Links } from './links.ts'
import type { Settings } from './settings.ts'
import { freshRecord, type Tickets } from './tickets.ts'
import {
  markerOf,
  open,
  toContextNote,
  toDescription,
  toNoteBody,
  toPriority,
  toSubject,
  wordsOf,
} from './translate.ts'
import type { Entry, Ticket } from './wire.ts'

export interface Desk {
  readonly settings: Settings
  readonly host: Host
  readonly client: Client
  readonly tickets: Tickets
  readonly roster: Roster
  readonly links: Links
}

export function openTicket(desk: Desk, handoff: Handoff, key: string): Promise<Ref> {
  const { tickets } = desk
  return tickets.alone(`offer:${key}`, async () => {
    const known = await ticketOf(desk, key)
    const id = known ?? (await create(desk, handoff, key))
    await tickets.rememberHandoff(handoff.id, id)
    if ((await tickets.made(doneKey(key))) === undefined) {
      await addNotes(desk, handoff, key, id, known !== undefined)
      await tickets.claim(doneKey(key), id)
    }
    return String(id)
  })
}

/** A ticket without its context is not there yet: `offer` completes it. */
export async function findOpened({ tickets }: Desk, key: string): Promise<Ref | undefined> {
  const id = await tickets.made(doneKey(key))
  return id === undefined ? undefined : String(id)
}

const doneKey = (key: string): string => `${key} whole`

/** By what we remember, else by our mark in the requester's tickets: the search would lag behind (freshdesk.md 2.3). */
async function ticketOf({ client, tickets }: Desk, key: string): Promise<number | undefined> {
  const known = await tickets.made(key)
  const intent = await tickets.intent(key)
  if (known !== undefined || intent?.requester === undefined) return known
  const mine = await client.list<Ticket>('/tickets', {
    requester_id: intent.requester,
    updated_since: new Date(intent.at - 2 * 60_000).toISOString().replace(/\.\d+Z/, 'Z'),
    include: 'description',
  })
  const found = mine.find((ticket) => ticket.description?.includes(markerOf(key)))
  if (!found) return undefined
  await remember(tickets, key, found)
  return found.id
}

async function create(desk: Desk, handoff: Handoff, key: string): Promise<number> {
  const { client, host, settings, tickets } = desk
  const requester = await requesterOf(client, settings, handoff)
  const body = await toTicket(desk, handoff, key, requester)
  await tickets.intend(key, { requester, at: host.clock.now() })
  const ticket = await client.post<Ticket>('/tickets', body)
  await remember(tickets, key, ticket)
  return ticket.id
}

async function remember(tickets: Tickets, key: string, ticket: Ticket): Promise<void> {
  const record = { ...freshRecord(ticket.requester_id, ticket.status), chosen: ticket.responder_id ?? undefined }
  await tickets.write(String(ticket.id), record)
  await tickets.claim(key, ticket.id)
}

async function toTicket(desk: Desk, handoff: Handoff, key: string, requester: number): Promise<object> {
  const { settings, roster } = desk
  const group = groupFor(settings, handoff.need)
  const assigns = settings.assign && handoff.mode === 'live'
  const agent = assigns ? chooseAgent(await roster.candidates(group), handoff.need) : undefined
  const { type, ...custom } = fieldsOf(settings, handoff)
  return {
    requester_id: requester,
    subject: toSubject(handoff),
    description: toDescription(handoff, key).description,
    status: open,
    priority: toPriority(handoff),
    // Chat; the default would be the portal (freshdesk.md 2.1).
    source: 7,
    tags: settings.tags,
    ...(group === undefined ? {} : { group_id: group }),
    ...(agent === undefined ? {} : { responder_id: agent }),
    ...(type === undefined ? {} : { type }),
    ...(Object.keys(custom).length > 0 ? { custom_fields: custom } : {}),
  }
}

/** The mapping's own fields that are the ticket's: `type` and custom ones; the skill goes into the field that stands for it. */
function fieldsOf(settings: Settings, { fields, need, id }: Handoff): Record<string, string> {
  const given = Object.entries(fields ?? {}).filter(([name]) => name === 'type' || name.startsWith('cf_'))
  const skill = need.skills[0]
  return {
    ...(settings.conversationField ? { [settings.conversationField]: id } : {}),
    ...(settings.skillField && skill ? { [settings.skillField]: skill } : {}),
    ...Object.fromEntries(given),
  }
}

/** Private ones: what is for agents only, and what of the transcript did not fit. */
async function addNotes({ client, tickets }: Desk, handoff: Handoff, key: string, id: number, isOld: boolean) {
  const notes = [toContextNote(handoff), ...toDescription(handoff, key).overflow]
  const there = isOld ? await client.list<Entry>(`/tickets/${id}/conversations`) : []
  for (const [index, html] of notes.entries()) {
    const marker = markerOf(key, index + 1)
    if (there.some((entry) => wordsOf(entry.body ?? '').includes(marker))) continue
    const note = await client.post<Entry>(`/tickets/${id}/notes`, { body: toNoteBody(html, marker), private: true })
    await tickets.claim(marker, note.id)
  }
}
