/** What an agent has begun to write, kept for whichever machine they go on at. */
import type { Agent } from './agents.ts'
import type { DraftBody } from './bodies.ts'
import type { Inbox } from './inbox.ts'
import type { DraftRow } from './tables.ts'

export type Drafts = Partial<Record<DraftRow['kind'], { readonly text: string; readonly at: number }>>

/** The last word counts; an empty one forgets. A ticket that is gone keeps none. */
export async function keepDraft(inbox: Inbox, agent: Agent, ticket: string, { kind, text }: DraftBody): Promise<void> {
  const { db, host } = inbox
  if (text.trim() === '') {
    await db
      .deleteFrom('inbox_drafts')
      .where('ticket', '=', ticket)
      .where('agent', '=', agent.id)
      .where('kind', '=', kind)
      .execute()
    return
  }
  const written = { text, at: host.clock.now() }
  await db
    .insertInto('inbox_drafts')
    .columns(['ticket', 'agent', 'kind', 'text', 'at'])
    .expression((from) =>
      from
        .selectFrom('inbox_tickets')
        .select((of) => [
          'inbox_tickets.id',
          of.val(agent.id).as('agent'),
          of.val(kind).as('kind'),
          of.val(text).as('text'),
          of.val(written.at).as('at'),
        ])
        .where('inbox_tickets.connection', '=', inbox.name)
        .where('inbox_tickets.id', '=', ticket),
    )
    .onConflict((conflict) => conflict.columns(['ticket', 'agent', 'kind']).doUpdateSet(written))
    .execute()
}

export async function draftsOf(inbox: Inbox, agent: string, ticket: string): Promise<Drafts> {
  const rows = await inbox.db
    .selectFrom('inbox_drafts')
    .select(['kind', 'text', 'at'])
    .where('ticket', '=', ticket)
    .where('agent', '=', agent)
    .execute()
  return Object.fromEntries(rows.map(({ kind, text, at }) => [kind, { text, at: Number(at) }]))
}
