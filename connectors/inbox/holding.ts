/** Taking a ticket, giving it up unanswered, and ending it. */
import { HubError } from '#hub/connector.ts'
import { type Agent, touchIdle } from './agents.ts'
import type { Ending } from './commands.ts'
import type { Inbox, Tx } from './inbox.ts'
import { asAgent, report } from './reports.ts'
import { addMessage, type Ticket, unheld } from './tickets.ts'
import { lastWords } from './writing.ts'

export async function accept(tx: Tx, inbox: Inbox, agent: Agent, ticket: Ticket): Promise<void> {
  if (ticket.status === 'accepted' && ticket.agent === agent.id) return
  await refuseLate(inbox, agent, ticket)
  const now = inbox.host.clock.now()
  const isRinging = ticket.status === 'offered'
  const turn = ticket.turn + (isRinging ? 0 : 1)
  await tx
    .updateTable('inbox_tickets')
    .set({ status: 'accepted', agent: agent.id, turn, ring_until: null, accepted_at: ticket.accepted_at ?? now })
    .where('id', '=', ticket.id)
    .execute()
  await touchIdle(tx, inbox, [agent.id])
  const who = asAgent(agent)
  if (!isRinging)
    await report(tx, inbox, ticket.id, {
      type: 'desk-assigned',
      externalId: `assigned:${ticket.id}:${turn}`,
      agent: who,
    })
  await report(tx, inbox, ticket.id, { type: 'desk-accepted', externalId: `accepted:${ticket.id}:${turn}`, agent: who })
}

async function refuseLate(inbox: Inbox, agent: Agent, ticket: Ticket): Promise<void> {
  if (ticket.status === 'ended') throw new HubError('conflict', endedWords(ticket))
  if (ticket.status === 'queued' || ticket.agent === agent.id) return
  const name = await nameOf(inbox, ticket.agent)
  throw new HubError('conflict', ticket.status === 'offered' ? `It is ringing at ${name} now` : `${name} took it`)
}

export async function decline(tx: Tx, inbox: Inbox, agent: Agent, ticket: Ticket): Promise<void> {
  if (ticket.status !== 'offered' || ticket.agent !== agent.id) return
  const passed = { ...ticket.passed, [agent.id]: inbox.host.clock.now() }
  await tx
    .updateTable('inbox_tickets')
    .set({ ...unheld, passed: JSON.stringify(passed) as never })
    .where('id', '=', ticket.id)
    .execute()
  await touchIdle(tx, inbox, [agent.id])
}

export async function end(
  tx: Tx,
  inbox: Inbox,
  agent: Agent,
  ticket: Ticket,
  outcome: 'resolved' | 'returned',
  ending: Ending,
) {
  if (ticket.status === 'ended' && ticket.agent === agent.id && ticket.outcome === outcome) return
  await holds(inbox, agent, ticket, outcome === 'resolved' ? 'resolve it' : 'give it back to the bot')
  const digest = ending.digest?.trim() || (await lastWords(tx, ticket.id))
  await tx
    .updateTable('inbox_tickets')
    .set({
      status: 'ended',
      ended_at: inbox.host.clock.now(),
      outcome,
      topic: ending.topic ?? null,
      digest: digest ?? null,
    })
    .where('id', '=', ticket.id)
    .execute()
  await touchIdle(tx, inbox, [agent.id])
  const intent = outcome === 'returned' ? ending.intent : undefined
  await report(tx, inbox, ticket.id, {
    type: 'desk-ended',
    externalId: `ended:${ticket.id}`,
    outcome,
    agent: asAgent(agent),
    digest,
    intent,
  })
}

/** Who was about to answer hears of it by the ticket; the customer hears of it once, as of any change of hands. */
export async function takeOver(tx: Tx, inbox: Inbox, agent: Agent, ticket: Ticket): Promise<void> {
  if (ticket.status === 'accepted' && ticket.agent === agent.id) return
  if (ticket.status === 'ended') throw new HubError('conflict', endedWords(ticket))
  if (ticket.status !== 'accepted') return accept(tx, inbox, agent, ticket)
  const before = { id: ticket.agent!, name: await nameOf(inbox, ticket.agent) }
  const turn = ticket.turn + 1
  await addMessage(tx, ticket, {
    key: `hub:over:${turn}`,
    by: 'hub',
    visibility: 'internal',
    message: { parts: [{ kind: 'text', text: `${agent.name} took over from ${before.name}.` }] },
    at: inbox.host.clock.now(),
    state: 'sent',
  })
  await tx.updateTable('inbox_tickets').set({ agent: agent.id, turn }).where('id', '=', ticket.id).execute()
  await touchIdle(tx, inbox, [agent.id, before.id])
  const [left, who] = [asAgent(before), asAgent(agent)]
  await report(tx, inbox, ticket.id, {
    type: 'agent-left',
    externalId: `left:${ticket.id}:${ticket.turn}`,
    agent: left,
  })
  await report(tx, inbox, ticket.id, { type: 'desk-assigned', externalId: `assigned:${ticket.id}:${turn}`, agent: who })
  await report(tx, inbox, ticket.id, { type: 'desk-accepted', externalId: `accepted:${ticket.id}:${turn}`, agent: who })
}

/** A colleague may leave a note while the conversation lives. */
export function refuseEnded(ticket: Ticket): void {
  if (ticket.status === 'ended') throw new HubError('conflict', endedWords(ticket))
}

/** Only who has accepted a ticket acts on it. */
export async function holds(inbox: Inbox, agent: Agent, ticket: Ticket, what: string): Promise<void> {
  if (ticket.status === 'accepted' && ticket.agent === agent.id) return
  if (ticket.status === 'ended') throw new HubError('conflict', endedWords(ticket))
  if (ticket.status === 'accepted')
    throw new HubError('conflict', `${await nameOf(inbox, ticket.agent)} has this conversation; only they can ${what}`)
  throw new HubError('conflict', `Accept it first: only who has this conversation can ${what}`)
}

const endings: Record<string, string> = {
  resolved: 'It was resolved',
  returned: 'It went back to the bot',
  abandoned: 'The customer left',
  expired: 'It waited too long',
  moved: 'It moved to another desk',
}
export const endedWords = (ticket: Ticket): string =>
  `${endings[ticket.outcome ?? ''] ?? 'It has ended'}; nothing more can be done here`

export async function nameOf(inbox: Inbox, id: string | null): Promise<string> {
  const row = await inbox.db
    .selectFrom('inbox_agents')
    .select('name')
    .where('connection', '=', inbox.name)
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.name ?? 'A colleague'
}
