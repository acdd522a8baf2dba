/** Looks for what no webhook told: tickets that changed since the last look. */
import { HubError } from '#hub/errors.ts'
import type { Desk } from './opening.ts'
import { readTicket } from './reading.ts'
import type { Ticket } from './wire.ts'

/** Times are told in whole seconds: what changed in the second of the last look may have changed again after it. */
const graceMs = 3_000

export function createPoll(desk: Desk): () => Promise<void> {
  const { client, host, tickets } = desk
  const read = new Map<number, { updated: string; at: number }>()

  const isNews = ({ id, updated_at }: Ticket): boolean => {
    const last = read.get(id)
    return last?.updated !== updated_at || last.at <= Date.parse(updated_at) + graceMs
  }

  return async () => {
    if (client.isResting()) return
    const began = host.clock.now()
    const since = (await host.memory.get<string>('cursor')) ?? secondsOf(began - 60_000)
    const changed = await client.list<Ticket>('/tickets', {
      updated_since: since,
      order_by: 'updated_at',
      order_type: 'asc',
    })
    for (const id of [...read.keys()]) if (!changed.some((ticket) => ticket.id === id)) read.delete(id)
    for (const ticket of changed.filter(isNews)) {
      if (!(await tickets.read(String(ticket.id)))) continue
      await readTicket(desk, String(ticket.id))
      read.set(ticket.id, { updated: ticket.updated_at, at: began })
    }
    const last = changed.at(-1)?.updated_at
    if (last && Number.isNaN(Date.parse(last))) throw new HubError('unreachable', 'Freshdesk told no time')
    await host.memory.set('cursor', last ?? since)
  }
}

const secondsOf = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z/, 'Z')
