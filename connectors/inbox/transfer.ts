/** Handing a ticket to a colleague, to whoever has the skills, or to another desk. */
import { HubError } from '#hub/connector.ts'
import { type Agent, agentsOf, presenceOf, touchIdle } from './agents.ts'
import type { ToDesk, Transfer } from './commands.ts'
import { holds } from './holding.ts'
import type { Inbox, Tx } from './inbox.ts'
import { asAgent, report } from './reports.ts'
import { hasSkills } from './routing.ts'
import { type Ticket, unheld } from './tickets.ts'
import { addWords } from './writing.ts'

export async function pass(tx: Tx, inbox: Inbox, agent: Agent, ticket: Ticket, { to, note }: Transfer): Promise<void> {
  await holds(inbox, agent, ticket, 'transfer it')
  if ('desk' in to) return passToDesk(tx, inbox, agent, ticket, to, note)
  const key = `agent:${agent.id}:transfer:${ticket.turn}`
  if (note) await addWords(tx, inbox, agent, ticket, key, [{ kind: 'text', text: note }], 'internal')
  await report(tx, inbox, ticket.id, {
    type: 'agent-left',
    externalId: `left:${ticket.id}:${ticket.turn}`,
    agent: asAgent(agent),
  })
  await touchIdle(tx, inbox, [agent.id])
  if ('agent' in to) return ringAt(tx, inbox, ticket, await colleague(inbox, agent, to.agent))
  await someoneWith(inbox, to.skills)
  await tx
    .updateTable('inbox_tickets')
    .set({ ...unheld, skills: [...to.skills], passed: JSON.stringify({ [agent.id]: inbox.host.clock.now() }) as never })
    .where('id', '=', ticket.id)
    .execute()
}

async function passToDesk(tx: Tx, inbox: Inbox, agent: Agent, ticket: Ticket, to: ToDesk, note: string | undefined) {
  await tx
    .updateTable('inbox_tickets')
    .set({ status: 'ended', ended_at: inbox.host.clock.now(), outcome: 'moved', digest: note ?? null })
    .where('id', '=', ticket.id)
    .execute()
  await touchIdle(tx, inbox, [agent.id])
  await report(tx, inbox, ticket.id, {
    type: 'desk-declined',
    externalId: `passed:${ticket.id}:${ticket.turn}`,
    reason: `${agent.name} passed it to ${to.desk}`,
    passed: { to: { desk: to.desk, mode: to.mode }, agent: asAgent(agent), note },
  })
}

async function ringAt(tx: Tx, inbox: Inbox, ticket: Ticket, agent: Agent): Promise<void> {
  const turn = ticket.turn + 1
  await tx
    .updateTable('inbox_tickets')
    .set({
      ...unheld,
      status: 'offered',
      agent: agent.id,
      turn,
      ring_until: inbox.host.clock.now() + inbox.times.ringMs,
      passed: '{}' as never,
    })
    .where('id', '=', ticket.id)
    .execute()
  await report(tx, inbox, ticket.id, {
    type: 'desk-assigned',
    externalId: `assigned:${ticket.id}:${turn}`,
    agent: asAgent(agent),
  })
}

async function colleague(inbox: Inbox, agent: Agent, id: string): Promise<Agent> {
  const other = (await agentsOf(inbox)).find((one) => one.id === id)
  if (!other) throw new HubError('invalid', 'There is no such agent in this inbox')
  if (other.id === agent.id) throw new HubError('invalid', 'You have this conversation already')
  const presence = presenceOf(inbox, other)
  if (presence !== 'online')
    throw new HubError('conflict', `${other.name} is ${presence}; choose somebody who is online, or skills`)
  return other
}

async function someoneWith(inbox: Inbox, skills: readonly string[]): Promise<void> {
  const agents = await agentsOf(inbox)
  if (agents.some((agent) => hasSkills(agent, skills))) return
  const known = [...new Set(agents.flatMap((agent) => agent.skills))].sort()
  throw new HubError(
    'invalid',
    `Nobody here has all of: ${skills.join(', ')}. Skills of this inbox: ${known.join(', ') || 'none'}`,
  )
}
