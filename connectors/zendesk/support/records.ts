/** What the connection remembers of its tickets: ids only, no words. */
import { createHash } from 'node:crypto'
import type { Host, Ref } from '#hub/connector.ts'

export interface TicketRecord {
  readonly requester: number
  readonly conversation: number
  readonly handoff: number
  /** The hub ended it: it takes no more words, and its end is no news. */
  readonly ended?: boolean
}

/** A key whose effect is under way or there. */
export interface Trace {
  readonly ticket?: Ref
  readonly ref?: Ref
}

export interface Records {
  ticket(id: Ref): Promise<TicketRecord | undefined>
  keepTicket(id: Ref, record: TicketRecord): Promise<void>
  forgetTicket(id: Ref): Promise<void>
  /** An agent took it up again. */
  reopen(id: Ref): Promise<void>
  /** The ticket of a handoff, for a survey about it. */
  ticketOf(conversation: number, handoff: number): Promise<Ref | undefined>
  trace(key: string): Promise<Trace | undefined>
  keepTrace(key: string, trace: Trace): Promise<void>
}

const day = 24 * 60 * 60_000
/** Longer than a conversation that may come back to its ticket. */
const ticketDays = 180
/** Longer than any lane tries. */
const traceDays = 2

export function openRecords({ memory }: Host): Records {
  const ticketKey = (id: Ref) => `ticket:${id}`
  const handoffKey = (conversation: number, handoff: number) => `handoff:${conversation}-${handoff}`
  const traceKey = (key: string) => `key:${createHash('sha256').update(key).digest('hex').slice(0, 32)}`
  const ticket = (id: Ref) => memory.get<TicketRecord>(ticketKey(id))
  return {
    ticket,
    async keepTicket(id, record) {
      await memory.set(ticketKey(id), record, ticketDays * day)
      await memory.set(handoffKey(record.conversation, record.handoff), id, ticketDays * day)
    },
    async forgetTicket(id) {
      const known = await ticket(id)
      if (known) await memory.delete(handoffKey(known.conversation, known.handoff))
      await memory.delete(ticketKey(id))
    },
    async reopen(id) {
      const known = await ticket(id)
      if (known?.ended) await memory.set(ticketKey(id), { ...known, ended: false }, ticketDays * day)
    },
    ticketOf: (conversation, handoff) => memory.get<Ref>(handoffKey(conversation, handoff)),
    trace: (key) => memory.get<Trace>(traceKey(key)),
    keepTrace: (key, trace) => memory.set(traceKey(key), trace, traceDays * day),
  }
}
