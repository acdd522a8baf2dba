/** Tickets and their messages: found, locked, written to. */
import type { Selectable } from 'kysely'
import { HubError, type Message, type Ref } from '#hub/connector.ts'
import type { Inbox, Tx } from './inbox.ts'
import type { MessageRow, TicketRow } from './tables.ts'

export type Ticket = Selectable<TicketRow>

/** Holds the ticket until the transaction ends: whatever is decided about it is decided one after the other. */
export async function lockTicket(tx: Tx, inbox: Inbox, id: Ref): Promise<Ticket> {
  const ticket = await tx
    .selectFrom('inbox_tickets')
    .selectAll()
    .where('connection', '=', inbox.name)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!ticket) throw new HubError('unknown', 'There is no such ticket in this inbox')
  return ticket
}

export interface NewMessage {
  readonly key: string
  readonly by: MessageRow['by']
  readonly visibility: MessageRow['visibility']
  readonly name?: string
  readonly message: Message
  readonly at: number
  readonly state: MessageRow['state']
}

/** The message's number within its ticket; `isNew` is false when this key wrote it before. The ticket must be locked. */
export async function addMessage(tx: Tx, ticket: Ticket, what: NewMessage): Promise<{ n: number; isNew: boolean }> {
  const known = await messageOf(tx, ticket.id, what.key)
  if (known) return { n: known, isNew: false }
  const n = ticket.messages + 1
  await tx.updateTable('inbox_tickets').set({ messages: n }).where('id', '=', ticket.id).execute()
  await tx
    .insertInto('inbox_messages')
    .values({
      ...what,
      ticket: ticket.id,
      n,
      connection: ticket.connection,
      name: what.name ?? null,
      message: JSON.stringify(what.message) as never,
    })
    .execute()
  ticket.messages = n
  return { n, isNew: true }
}

export async function messageOf(db: Tx | Inbox['db'], ticket: Ref, key: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('inbox_messages')
    .select('n')
    .where('ticket', '=', ticket)
    .where('key', '=', key)
    .executeTakeFirst()
  return row?.n
}

export const messageRef = (ticket: Ref, n: number): Ref => `${ticket}/${n}`

/** What the holder gives up is shown to nobody as ringing or held any more. */
export const unheld = { status: 'queued', agent: null, ring_until: null, other_language: false } as const
