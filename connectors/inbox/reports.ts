/** Reports to the hub: stored with the change they tell of, given to the hub after the commit, again until it has them. */
import type { Agent, HubEvent } from '#hub/connector.ts'
import type { Inbox, Tx } from './inbox.ts'

type DeskEvent = Extract<HubEvent, { ticket: string }>
// Omit over a union keeps only what all members share, so it is spread over each.
type Without<E, K extends string> = E extends unknown ? Omit<E, K> : never
/** The event without what the report adds: ticket and time. */
export type Report = Without<DeskEvent, 'ticket' | 'at'>

/** Call it while the ticket's row is locked: then the order of reports is the order of changes. */
export async function report(tx: Tx, inbox: Inbox, ticket: string, what: Report, message?: number): Promise<void> {
  const event = { ...what, ticket, at: inbox.host.clock.now() }
  await tx
    .insertInto('inbox_reports')
    .values({ connection: inbox.name, ticket, event: JSON.stringify(event) as never, message: message ?? null })
    .execute()
}

/**
 * Gives the hub what is stored of these tickets (default: of all). A ticket's reports go in order; the hub drops those it
 * has already, so a crash after `receive` repeats nothing. What the hub does not take now stays for the next flush.
 */
export async function flush(inbox: Inbox, tickets?: readonly string[]): Promise<void> {
  const owing = tickets ?? (await ticketsWithReports(inbox))
  await Promise.all([...new Set(owing)].map((ticket) => flushTicket(inbox, ticket)))
}

async function flushTicket(inbox: Inbox, ticket: string): Promise<void> {
  const rows = await inbox.db
    .selectFrom('inbox_reports')
    .select(['seq', 'event', 'message'])
    .where('connection', '=', inbox.name)
    .where('ticket', '=', ticket)
    .orderBy('seq')
    .limit(200)
    .execute()
  if (rows.length === 0) return
  try {
    await inbox.host.receive(rows.map((row) => row.event))
  } catch (error) {
    inbox.host.log.warn(
      { ticket, reports: rows.length, code: (error as { code?: string }).code },
      'The hub did not take the reports of a ticket; they are given again',
    )
    return
  }
  await settle(inbox, ticket, rows)
  if (rows.length === 200) await flushTicket(inbox, ticket)
}

async function settle(inbox: Inbox, ticket: string, rows: { seq: number; message: number | null }[]): Promise<void> {
  const numbers = rows.flatMap((row) => row.message ?? [])
  await inbox.db.transaction().execute(async (tx) => {
    const seqs = rows.map((row) => row.seq)
    await tx.deleteFrom('inbox_reports').where('seq', 'in', seqs).execute()
    if (numbers.length === 0) return
    await tx
      .updateTable('inbox_messages')
      .set({ state: 'sent' })
      .where('ticket', '=', ticket)
      .where('n', 'in', numbers)
      .execute()
  })
  if (numbers.length > 0) inbox.changed(ticket)
}

async function ticketsWithReports(inbox: Inbox): Promise<string[]> {
  const rows = await inbox.db
    .selectFrom('inbox_reports')
    .select('ticket')
    .distinct()
    .where('connection', '=', inbox.name)
    .limit(200)
    .execute()
  return rows.map((row) => row.ticket)
}

/** How the hub is told of an agent. */
export const asAgent = (agent: { id: string; name: string }): Agent => ({ ref: agent.id, name: agent.name })
