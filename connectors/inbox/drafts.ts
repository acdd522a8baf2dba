/** What an agent has begun to write, kept for whichever machine they go on at. */
import type { Agent } from './agents.ts'
import type { DraftBody } from './bodies.ts'
import { type Inbox, type Tx, topics } from './inbox.ts'
import type { DraftRow } from './tables.ts'

export type Drafts = Partial<Record<DraftRow['kind'], { readonly text: string; readonly at: number }>>

/** For the agent's other pages: whose draft changed, and where. */
export interface DraftNews {
  readonly agent: string
  readonly ticket: string
}

/** The last word counts; an empty one forgets. A ticket that is gone keeps none. */
export async function keepDraft(inbox: Inbox, agent: Agent, ticket: string, draft: DraftBody): Promise<void> {
  await store(inbox, agent, ticket, draft)
  const news: DraftNews = { agent: agent.id, ticket }
  inbox.host.signals.publish(topics.draft(inbox), news)
}

/** What was begun has been said. A draft of other words stays. */
export async function useUpDraft(tx: Tx, agent: Agent, ticket: string, { kind, text }: DraftBody): Promise<void> {
  await tx
    .deleteFrom('inbox_drafts')
    .where('ticket', '=', ticket)
    .where('agent', '=', agent.id)
    .where('kind', '=', kind)
    .where((draft) => draft(draft.fn('btrim', ['text', draft.val(' \t\r\n')]), '=', text.trim()))
    .execute()
}

async function store({ db, host, name }: Inbox, agent: Agent, ticket: string, { kind, text }: DraftBody) {
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
        .where('inbox_tickets.connection', '=', name)
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
