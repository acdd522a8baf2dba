/** What we remember of our tickets: how far each was read, and which entries are ours. */
import { createHash } from 'node:crypto'
import { type Host, HubError, type Ref } from '#hub/connector.ts'

export interface TicketRecord {
  readonly requester: number
  /** The last status we know of, by us or by the vendor. */
  readonly status: number
  /** Over for the hub; an agent who writes or reopens makes it live again. */
  readonly ended: boolean
  readonly responder?: number
  /** Whom the hub gave it: that they are assigned says nothing of whether they know. */
  readonly chosen?: number
  /** The hub was told that an agent is there. */
  readonly joined?: boolean
  /** Counted into external ids: what happens twice has two names, whoever reads it. */
  readonly changes: number
  /** The page of entries to begin reading at. */
  readonly page: number
  /** Entries that were told. Not a high-water mark: an entry may appear with an earlier time (freshdesk.md 6). */
  readonly seen: readonly number[]
}

/** What a key is about to make: a ticket of this requester, or an entry of these words. */
export interface Intent {
  readonly requester?: number
  readonly words?: string
  readonly isInternal?: boolean
  readonly at: number
}

export interface Tickets {
  read(ticket: Ref): Promise<TicketRecord | undefined>
  write(ticket: Ref, record: TicketRecord): Promise<void>
  forget(ticket: Ref): Promise<void>
  /** The ticket or entry that a key made. */
  made(key: string): Promise<number | undefined>
  claim(key: string, id: number): Promise<void>
  /** Said before the call, so that what it made can be told apart after an unclear failure. */
  intend(key: string, intent: Intent): Promise<void>
  intent(key: string): Promise<Intent | undefined>
  isClaimed(entry: number): Promise<boolean>
  /** The ticket of a handoff, for its log. */
  ofHandoff(handoff: string): Promise<number | undefined>
  rememberHandoff(handoff: string, ticket: number): Promise<void>
  /** One at a time within this process; other hubs do the same work under the same external ids. */
  alone<T>(name: string, work: () => Promise<T>): Promise<T>
  /** The same, but who comes while one waits to begin shares that one: many webhooks of one change are read once or twice. */
  shared(name: string, work: () => Promise<void>): Promise<void>
}

const day = 24 * 3_600_000
/** A trashed ticket can be restored for 30 days, an old one answered later still. */
const ticketTtlMs = 120 * day
const keyTtlMs = 30 * day
const keptSeen = 300

export function createTickets({ memory }: Host): Tickets {
  const lines = new Map<string, Promise<unknown>>()
  const waiting = new Map<string, Promise<void>>()
  const keyName = (key: string) => `key:${createHash('sha256').update(key).digest('hex').slice(0, 32)}`
  function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
    const mine = (lines.get(name) ?? Promise.resolve()).then(work, work)
    lines.set(name, mine)
    const clear = () => void (lines.get(name) === mine && lines.delete(name))
    mine.then(clear, clear)
    return mine
  }
  return {
    read: (ticket) => memory.get<TicketRecord>(`ticket:${ticket}`),
    write: (ticket, record) =>
      memory.set(`ticket:${ticket}`, { ...record, seen: record.seen.slice(-keptSeen) }, ticketTtlMs),
    forget: (ticket) => memory.delete(`ticket:${ticket}`),
    made: async (key) => (await memory.get<{ id?: number }>(keyName(key)))?.id,
    async claim(key, id) {
      await memory.set(`ours:${id}`, true, keyTtlMs)
      await memory.set(keyName(key), { id }, keyTtlMs)
    },
    intend: (key, intent) => memory.set(keyName(key), { intent }, keyTtlMs),
    intent: async (key) => (await memory.get<{ intent?: Intent }>(keyName(key)))?.intent,
    isClaimed: async (entry) => (await memory.get(`ours:${entry}`)) !== undefined,
    ofHandoff: (handoff) => memory.get<number>(`handoff:${handoff}`),
    rememberHandoff: (handoff, ticket) => memory.set(`handoff:${handoff}`, ticket, keyTtlMs),
    alone,
    shared(name, work) {
      const there = waiting.get(name)
      if (there) return there
      const mine = alone(name, () => {
        waiting.delete(name)
        return work()
      })
      waiting.set(name, mine)
      return mine
    },
  }
}

export const freshRecord = (requester: number, status: number): TicketRecord => ({
  requester,
  status,
  ended: false,
  changes: 0,
  page: 1,
  seen: [],
})

/** A ticket's number, or `unknown` where the ref can be none of ours. */
export function numberOf(ticket: Ref): number {
  if (!/^\d{1,15}$/.test(ticket)) throw new HubError('unknown', 'Freshdesk has no such ticket')
  return Number(ticket)
}
