/** Makes the ticket of a handoff, and completes what an earlier try left half done. */
import { type Handoff, HubError, type Ref } from '#hub/connector.ts'
import { isAtOnce, isOtherBody } from '../failures.ts'
import type { DeskParts } from './desk.ts'
import { findTicket } from './finding.ts'
import type { Once } from './once.ts'
import { requesterOf } from './requester.ts'
import { externalIdOf, toZendeskTicket } from './translate.ts'
import type { Ticket } from './wire.ts'

export function createOffer({ client, settings, host, records, skills }: DeskParts, once: Once) {
  const existing = async (key: string) => {
    const ticket = await findTicket(client, host.name, key)
    return ticket === undefined ? undefined : { ticket }
  }
  const make = async (handoff: Handoff, key: string): Promise<{ ticket: Ref; requester?: number }> => {
    const requester = await requesterOf(client, handoff)
    const body = toZendeskTicket({
      handoff,
      settings,
      requester,
      connection: host.name,
      key,
      unverified: !handoff.customer.verified,
    })
    try {
      const { ticket } = await client.post<{ ticket: Ticket }>('/tickets', 'ticket', {
        body: { ticket: body },
        headers: { 'idempotency-key': externalIdOf(host.name, key).slice(-255) },
      })
      return { ticket: String(ticket.id), requester: ticket.requester_id ?? undefined }
    } catch (error) {
      return asMade(error, key)
    }
  }
  /** An earlier try made it from a transcript that has grown since, or is making it right now. */
  const asMade = async (error: unknown, key: string) => {
    if (isAtOnce(error))
      throw new HubError('busy', 'Zendesk is making this ticket already', { retryAfterMs: 1_000, certain: false })
    const made = isOtherBody(error) ? await existing(key) : undefined
    if (!made) throw error
    return made
  }
  const remember = async (ticket: Ref, { conversation, number }: Handoff, requester: number | undefined) => {
    const known = await records.ticket(ticket)
    if (known) return
    const from = requester ?? (await client.get<{ ticket: Ticket }>(`/tickets/${ticket}`, 'ticket')).ticket.requester_id
    await records.keepTicket(ticket, { requester: from ?? 0, conversation, handoff: number })
  }

  return async (handoff: Handoff, key: string): Promise<Ref> => {
    let requester: number | undefined
    const { ticket } = await once(
      key,
      () => existing(key),
      async () => {
        const made = await make(handoff, key)
        requester = made.requester
        return { ticket: made.ticket }
      },
    )
    await remember(ticket!, handoff, requester)
    await skills.need(ticket!, handoff.need)
    return ticket!
  }
}
