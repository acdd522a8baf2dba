/** Giving a waiting ticket to one agent by name, as somebody who leads the team does: it rings there, and is accepted as any other. */
import { type DeskAgent, HubError, type Ref } from '#hub/connector.ts'
import { type Agent, agentsOf, onlineSeats, presenceOf } from './agents.ts'
import { endedWords, nameOf } from './holding.ts'
import type { Inbox, Tx } from './inbox.ts'
import { asAgent, flush, report } from './reports.ts'
import { speaks } from './routing.ts'
import { lockTicket, type Ticket, unheld } from './tickets.ts'

/** Those who are online, whoever has most room first. */
export async function agentsOnline(inbox: Inbox, ticket?: Ref): Promise<DeskAgent[]> {
  const [agents, seats, need] = await Promise.all([
    agentsOf(inbox),
    onlineSeats(inbox.db, inbox),
    ticket === undefined ? undefined : needOf(inbox, ticket),
  ])
  const free = new Map(seats.map((seat) => [seat.id, seat.free]))
  return agents
    .filter(({ id }) => free.has(id))
    .map(({ id, name, skills, languages, capacity }) => ({
      id,
      name,
      languages,
      capacity,
      load: capacity - free.get(id)!,
      lacks: need?.skills.filter((skill) => !skills.includes(skill)) ?? [],
      speaks: speaks({ languages }, need?.language ?? undefined),
    }))
    .sort((a, b) => b.capacity - b.load - (a.capacity - a.load))
}

const needOf = (inbox: Inbox, ticket: Ref) =>
  inbox.db
    .selectFrom('inbox_tickets')
    .select(['skills', 'language'])
    .where('connection', '=', inbox.name)
    .where('id', '=', ticket)
    .executeTakeFirst()

/** Rings at this agent, whoever it rang at before. Twice is once. */
export async function assign(inbox: Inbox, ref: Ref, id: string): Promise<void> {
  await inbox.db.transaction().execute(async (tx) => {
    const ticket = await lockTicket(tx, inbox, ref)
    await refuseTaken(inbox, ticket)
    if (ticket.agent === id) return
    const agent = await agentWithRoom(tx, inbox, id)
    const turn = ticket.turn + 1
    await tx
      .updateTable('inbox_tickets')
      .set({
        status: 'offered',
        agent: id,
        turn,
        ring_until: inbox.host.clock.now() + inbox.times.ringMs,
        other_language: !speaks(agent, ticket.language ?? undefined),
      })
      .where('id', '=', ref)
      .execute()
    const externalId = `assigned:${ref}:${turn}`
    await report(tx, inbox, ref, { type: 'desk-assigned', externalId, agent: asAgent(agent) })
  })
  inbox.changed(ref)
  await flush(inbox, [ref])
}

/** Back to the line, as long as it still rings at this agent and nobody has taken it. */
export async function unassign(inbox: Inbox, ref: Ref, id: string): Promise<void> {
  await inbox.db.transaction().execute(async (tx) => {
    const ticket = await lockTicket(tx, inbox, ref)
    await refuseTaken(inbox, ticket)
    if (ticket.agent !== id) return
    await tx.updateTable('inbox_tickets').set(unheld).where('id', '=', ref).execute()
  })
  inbox.changed(ref)
}

async function refuseTaken(inbox: Inbox, ticket: Ticket): Promise<void> {
  if (ticket.status === 'ended') throw new HubError('conflict', endedWords(ticket))
  if (ticket.status === 'accepted')
    throw new HubError('conflict', `${await nameOf(inbox, ticket.agent)} has taken it, and goes on with the customer`)
  if (ticket.mode !== 'live')
    throw new HubError('conflict', `A ${ticket.mode} does not ring: an agent takes it from the list of the inbox`)
}

/** Locked, so that the router does not give the last free place away meanwhile. */
async function agentWithRoom(tx: Tx, inbox: Inbox, id: string): Promise<Agent> {
  const agent = await tx
    .selectFrom('inbox_agents')
    .selectAll()
    .where('connection', '=', inbox.name)
    .where('id', '=', id)
    .where('active', '=', true)
    .forUpdate()
    .executeTakeFirst()
  if (!agent) throw new HubError('invalid', 'There is no such agent at this desk')
  const presence = presenceOf(inbox, agent)
  if (presence !== 'online') throw new HubError('conflict', `${agent.name} is ${presence} now; choose somebody else`)
  const seat = (await onlineSeats(tx, inbox)).find((one) => one.id === id)
  if (!seat || seat.free < 1)
    throw new HubError('conflict', `${agent.name} has all ${agent.capacity} places taken now; choose somebody else`)
  return agent
}
