/** The desk as the hub sees it: tickets are offered, fed and ended here. */
import { randomInt } from 'node:crypto'
import {
  type Desk,
  type DeskMessage,
  type EndReason,
  type Handoff,
  HubError,
  type Ref,
  type Sent,
} from '#hub/connector.ts'
import { agentsOnline, assign, unassign } from './assigning.ts'
import { type Inbox, topics } from './inbox.ts'
import { staffing } from './line.ts'
import type { Router } from './router.ts'
import { addMessage, lockTicket, messageOf, messageRef } from './tickets.ts'

export function createDesk(inbox: Inbox, router: Router): Desk {
  return {
    takesStaff: true,
    modes: ['live', 'ticket', 'callback'],
    dedupes: true,
    offer: async (handoff, key) => {
      const ticket = await offer(inbox, handoff, key)
      router.nudge()
      return ticket
    },
    send: (ticket, message, key) => send(inbox, ticket, message, key),
    end: async (ticket, why) => {
      if (await end(inbox, ticket, why)) router.nudge()
    },
    staffed: (need) => staffing(inbox, need),
    typing: async (ticket, on) => inbox.host.signals.publish(topics.typing(inbox), { ticket, on }),
    find: (key, inside) => find(inbox, key, inside),
    agents: (ticket) => agentsOnline(inbox, ticket),
    assign: async (ticket, agent) => {
      await assign(inbox, ticket, agent)
      router.nudge()
    },
    unassign: async (ticket, agent) => {
      await unassign(inbox, ticket, agent)
      router.nudge()
    },
  }
}

const priorities = { normal: 0, high: 1, urgent: 2 } as const

/** No vowels, so that no word comes of it, and nothing that looks like another. */
const signs = '0123456789BCDFGHJKMNPQRSTVWXYZ'

/** What a customer may have to read out: `K7QF-3M2P`. One that exists already is refused by the table, and the offer made anew. */
function newNumber(): string {
  const four = () => Array.from({ length: 4 }, () => signs[randomInt(signs.length)]).join('')
  return `${four()}-${four()}`
}

/** The ticket of this key: made now, or by an earlier call. */
async function offer(inbox: Inbox, handoff: Handoff, key: string): Promise<Ref> {
  const made = await inbox.db
    .insertInto('inbox_tickets')
    .values({
      id: newNumber(),
      connection: inbox.name,
      key,
      handoff: handoff.id,
      conversation: handoff.conversation,
      attempt: handoff.attempt,
      mode: handoff.mode,
      priority: priorities[handoff.priority],
      skills: [...handoff.need.skills],
      language: handoff.need.language ?? handoff.context.language ?? null,
      context: JSON.stringify(handoff.context) as never,
      customer: JSON.stringify(handoff.customer) as never,
      created_at: inbox.host.clock.now(),
    })
    .onConflict((conflict) => conflict.columns(['connection', 'key']).doNothing())
    .returning('id')
    .executeTakeFirst()
  if (made) inbox.changed(made.id)
  const ticket = made?.id ?? (await find(inbox, key))
  if (!ticket) throw new HubError('unknown', 'The ticket of this key was erased')
  return ticket
}

async function send(inbox: Inbox, ref: Ref, said: DeskMessage, key: string): Promise<Sent> {
  const n = await inbox.db.transaction().execute(async (tx) => {
    const ticket = await lockTicket(tx, inbox, ref)
    const known = await messageOf(tx, ref, `hub:${key}`)
    if (known) return known
    if (ticket.status === 'ended') throw new HubError('conflict', 'This ticket has ended; the message was not added')
    const name = said.by === 'customer' ? ticket.customer.name : undefined
    // Only what is said to be public is: anything else is for the agent's eyes.
    const visibility = said.visibility === 'public' ? 'public' : 'internal'
    const { by, message, at } = said
    return (await addMessage(tx, ticket, { key: `hub:${key}`, by, visibility, name, message, at, state: 'sent' })).n
  })
  inbox.changed(ref)
  return { ref: messageRef(ref, n) }
}

/** False when it had ended before. The hub is not told: it asked for it. */
async function end(inbox: Inbox, ref: Ref, why: EndReason): Promise<boolean> {
  const now = inbox.host.clock.now()
  const isEnded = await inbox.db.transaction().execute(async (tx) => {
    const ticket = await lockTicket(tx, inbox, ref)
    if (ticket.status === 'ended') return false
    const agent = ticket.status === 'accepted' ? ticket.agent : null
    await tx
      .updateTable('inbox_tickets')
      .set({ ring_until: null, status: 'ended', agent, ended_at: now, outcome: why })
      .where('id', '=', ref)
      .execute()
    return true
  })
  if (isEnded) inbox.changed(ref)
  return isEnded
}

async function find(inbox: Inbox, key: string, inside?: Ref): Promise<Ref | undefined> {
  if (inside !== undefined) {
    const n = await messageOf(inbox.db, inside, `hub:${key}`)
    return n === undefined ? undefined : messageRef(inside, n)
  }
  const ticket = await inbox.db
    .selectFrom('inbox_tickets')
    .select('id')
    .where('connection', '=', inbox.name)
    .where('key', '=', key)
    .executeTakeFirst()
  return ticket?.id
}
