/** The desks at the twin, and the people there: each ticket has an agent who accepts, answers every message, and ends it after the goodbye. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../simulation/random.ts'
import type { Delivery } from './delivery.ts'
import type { Vendor } from './twin.ts'
import { conversationIn, isGoodbye } from './words.ts'

export interface Ticket {
  readonly ref: string
  /** By the customers' own words. */
  readonly conversation: string
  /** What the customer said before, as the offer told it. */
  readonly transcript: readonly string[]
  /** What the customer said since, in the order it came. */
  readonly messages: string[]
  /** What the agent said and a hub has acknowledged. */
  readonly said: string[]
  /** By the agent, or by the hub. */
  ended?: 'agent' | 'hub'
}

export interface Desks {
  readonly vendors: Readonly<Record<string, Vendor>>
  readonly tickets: readonly Ticket[]
  /** Agents work with this from now on. */
  open(delivery: Delivery, random: Random): void
}

export interface DeskManners {
  /** Whether a second send with the same key is dropped; a second offer always is. */
  readonly dedupes: boolean
}

export function openDesks(manners: Readonly<Record<string, DeskManners>>): Desks {
  const tickets: Ticket[] = []
  let work: { delivery: Delivery; random: Random } | undefined
  let count = 0

  const vendorOf = (desk: string, { dedupes }: DeskManners): Vendor => ({
    dedupes: (verb) => verb !== 'send' || dedupes,
    act({ verb, body }) {
      if (verb === 'offer') {
        const bySaid = body.said.filter((entry: { by: string }) => entry.by === 'customer')
        const transcript = bySaid.map((entry: { text: string }) => entry.text)
        const ticket: Ticket = {
          ref: `${desk}-${++count}-${Date.now().toString(36)}`,
          conversation: conversationIn(transcript.at(-1) ?? ''),
          transcript,
          messages: [],
          said: [],
        }
        tickets.push(ticket)
        if (work) attend(desk, ticket, work.delivery, work.random)
        return { ref: ticket.ref }
      }
      const ticket = tickets.find((one) => one.ref === body.to)
      if (!ticket) return 404
      if (verb === 'end') {
        ticket.ended ??= 'hub'
        return { ref: ticket.ref }
      }
      if (ticket.ended) return 409
      if (body.by === 'customer' && body.visibility === 'public') ticket.messages.push(body.text)
      return { ref: `${ticket.ref}-${ticket.messages.length}` }
    },
  })

  return {
    vendors: Object.fromEntries(Object.entries(manners).map(([desk, each]) => [desk, vendorOf(desk, each)])),
    tickets,
    open(delivery, random) {
      work = { delivery, random }
    },
  }
}

/** One agent at one ticket, until it is ended or the round is over. */
function attend(desk: string, ticket: Ticket, delivery: Delivery, random: Random): void {
  const { ref } = ticket
  const agent = { ref: `agent-${ref}`, name: 'Robin' }
  let reports = 0
  const report = (event: object) =>
    delivery.webhook(`/hooks/${desk}/events`, {
      ...event,
      ticket: ref,
      agent,
      externalId: `${ref}-${++reports}`,
      at: Date.now(),
    })
  const say = async (words: string) => {
    const text = `${ticket.conversation} agent ${ref}/${ticket.said.length + 1} ${words}`
    await report({ type: 'agent-message', visibility: 'public', message: { parts: [{ kind: 'text', text }] } })
    ticket.said.push(text)
  }
  const pause = (ms: number) => sleep(random.whole(0, ms), undefined, { signal: delivery.signal })

  const work = async () => {
    await pause(300)
    await report({ type: 'desk-accepted' })
    await say('hello')
    let answered = 0
    while (!ticket.ended) {
      const message = ticket.messages[answered]
      if (message === undefined) {
        await sleep(40, undefined, { signal: delivery.signal })
        continue
      }
      answered++
      await pause(120)
      await say('answer')
      if (!isGoodbye(message)) continue
      ticket.ended = 'agent'
      await report({ type: 'desk-ended', outcome: 'resolved' })
    }
  }
  // What could not be told before the round was over shows in the ledger.
  work().catch(() => {})
}
