import type { Inbox } from './inbox.ts'

/** Tickets of the conversation go, with their messages and what the hub was still to be told; whoever had one is free again. */
export async function eraseTickets(inbox: Inbox, conversation: number): Promise<void> {
  const erased = await inbox.db
    .deleteFrom('inbox_tickets')
    .where('connection', '=', inbox.name)
    .where('conversation', '=', conversation)
    .returning('id')
    .execute()
  if (erased.length > 0) inbox.changed(...erased.map(({ id }) => id))
}
