/** The agent's own words: to the customer, or as a note for colleagues. */
import { HubError, type Part } from '#hub/connector.ts'
import type { Agent } from './agents.ts'
import { useUpDraft } from './drafts.ts'
import { sayFiles } from './files.ts'
import { holds, refuseEnded } from './holding.ts'
import type { Inbox, Tx } from './inbox.ts'
import { asAgent, flush, report } from './reports.ts'
import { addMessage, lockTicket, messageOf, type Ticket } from './tickets.ts'

export interface Written {
  readonly n: number
  readonly state: 'sending' | 'sent'
}

/** Stored first, given to the hub next, acknowledged last: a crash between is made good by the next flush. */
export async function write(
  inbox: Inbox,
  agent: Agent,
  id: string,
  own: string,
  text: string,
  visibility: 'public' | 'internal',
  files: readonly string[] = [],
): Promise<Written> {
  if (text.trim() === '' && files.length === 0)
    throw new HubError('invalid', 'Nothing was said: text or files are missing')
  if (visibility === 'internal' && files.length > 0) throw new HubError('invalid', 'A note carries no files')
  const key = `agent:${agent.id}:${own}`
  const n = await inbox.db.transaction().execute(async (tx) => {
    const ticket = await lockTicket(tx, inbox, id)
    const known = await messageOf(tx, id, key)
    if (known !== undefined) return known
    if (visibility === 'internal') refuseEnded(ticket)
    else await holds(inbox, agent, ticket, 'write to the customer')
    await useUpDraft(tx, agent, id, { kind: visibility === 'internal' ? 'note' : 'reply', text })
    const said: Part[] = text.trim() === '' ? [] : [{ kind: 'text', text }]
    const parts = [...said, ...(await sayFiles(tx, inbox, agent, id, files))]
    return addWords(tx, inbox, agent, ticket, key, parts, visibility)
  })
  inbox.changed(id)
  await flush(inbox, [id])
  return { n, state: await stateOf(inbox, id, n) }
}

/** The ticket must be locked, and the key not yet used. */
export async function addWords(
  tx: Tx,
  inbox: Inbox,
  agent: Agent,
  ticket: Ticket,
  key: string,
  parts: readonly Part[],
  visibility: 'public' | 'internal',
) {
  const message = { parts }
  const at = inbox.host.clock.now()
  const { n } = await addMessage(tx, ticket, {
    key,
    by: 'agent',
    visibility,
    name: agent.name,
    message,
    at,
    state: 'sending',
  })
  const externalId = `message:${ticket.id}:${n}`
  await report(
    tx,
    inbox,
    ticket.id,
    { type: 'agent-message', externalId, message, agent: asAgent(agent), visibility },
    n,
  )
  return n
}

export async function lastWords(tx: Tx, ticket: string): Promise<string | undefined> {
  const row = await tx
    .selectFrom('inbox_messages')
    .select('message')
    .where('ticket', '=', ticket)
    .where('by', '=', 'agent')
    .where('visibility', '=', 'public')
    .orderBy('n', 'desc')
    .executeTakeFirst()
  const part = row?.message.parts.find((one) => one.kind === 'text')
  return part?.kind === 'text' ? part.text : undefined
}

export async function typing(inbox: Inbox, agent: Pick<Agent, 'id'>, id: string, on: boolean): Promise<void> {
  if (await isTheirs(inbox, agent, id)) inbox.host.signals.agentTyping(id, on)
}

/** Who only reads along has nothing to tell the customer. */
export async function saw(inbox: Inbox, agent: Pick<Agent, 'id'>, id: string, until: number): Promise<void> {
  if (await isTheirs(inbox, agent, id)) inbox.host.signals.agentSaw(id, Math.min(until, inbox.host.clock.now()))
}

const isTheirs = async (inbox: Inbox, agent: Pick<Agent, 'id'>, id: string): Promise<boolean> =>
  (await inbox.db
    .selectFrom('inbox_tickets')
    .select('id')
    .where('connection', '=', inbox.name)
    .where('id', '=', id)
    .where('status', '=', 'accepted')
    .where('agent', '=', agent.id)
    .executeTakeFirst()) !== undefined

async function stateOf(inbox: Inbox, ticket: string, n: number): Promise<'sending' | 'sent'> {
  const row = await inbox.db
    .selectFrom('inbox_messages')
    .select('state')
    .where('ticket', '=', ticket)
    .where('n', '=', n)
    .executeTakeFirst()
  return row?.state ?? 'sending'
}
