/** The desk as the hub sees it: a handoff is a ticket, words are comments, the end is "solved" (zendesk.md 6.4). */
import {
  type Desk,
  type DeskMessage,
  type EndReason,
  type Host,
  HubError,
  type Ref,
  type Sent,
} from '#hub/connector.ts'
import type { Client } from '../client.ts'
import { isTicketLimit, wantsAssignee } from '../failures.ts'
import type { TicketSettings } from '../settings.ts'
import { uploadFiles } from './files.ts'
import { findComment, findTicket } from './finding.ts'
import { createOffer } from './offer.ts'
import { createOnce } from './once.ts'
import { createPace, tooMany } from './pace.ts'
import type { Records, TicketRecord } from './records.ts'
import type { Skills } from './skills.ts'
import { createStaffing } from './staffing.ts'
import { isMadeBy, toZendeskComment, toZendeskEnd } from './translate.ts'
import type { Audit, Ticket } from './wire.ts'

export interface DeskParts {
  readonly client: Client
  readonly settings: TicketSettings
  readonly host: Host
  readonly records: Records
  readonly skills: Skills
}

export function createDesk(parts: DeskParts): Desk {
  const { client, settings, host, records } = parts
  const once = createOnce(records)
  const pace = createPace(host.clock)
  const offer = createOffer(parts, once)

  /** One update of a ticket: its comment is named by the audit that Zendesk answers with (zendesk.md 8.2). */
  const update = async (ticket: Ref, body: object): Promise<Audit> => {
    pace.step(ticket)
    try {
      const answer = await client.put<{ audit?: Audit }>(`/tickets/${ticket}`, 'ticket', { body: { ticket: body } })
      return answer.audit ?? {}
    } catch (error) {
      if (!isTicketLimit(error)) throw error
      pace.isFull(ticket)
      throw tooMany()
    }
  }
  const recordOf = async (ticket: Ref): Promise<TicketRecord> => {
    const known = await records.ticket(ticket)
    if (known) return known
    const { ticket: found } = await client.get<{ ticket: Ticket }>(`/tickets/${ticketId(ticket)}`, 'ticket')
    if (!isMadeBy(host.name, found.external_id)) throw new HubError('unknown', 'This ticket was not made by Baton')
    return { requester: found.requester_id ?? 0, conversation: 0, handoff: 0 }
  }
  const add = async (ticket: Ref, said: DeskMessage, key: string) => {
    const record = await recordOf(ticket)
    if (record.ended) throw new HubError('conflict', 'This ticket was ended; the words were not added')
    const uploads = await uploadFiles(client, host, said.message)
    const requester = record.requester || undefined
    const audit = await update(ticket, toZendeskComment({ said, key, requester, uploads }))
    return { ticket, ref: commentIn(audit) }
  }
  const solve = async (ticket: Ref, why: EndReason, key: string): Promise<void> => {
    try {
      await update(ticket, toZendeskEnd(why, key))
    } catch (error) {
      if (!wantsAssignee(error)) throw error
      await update(ticket, toZendeskEnd(why, key, (await client.me()).id))
    }
  }

  return {
    modes: ['live', 'ticket', 'callback'],
    offer,
    async send(given, said, key): Promise<Sent> {
      const ticket = ticketId(given)
      const look = async () => {
        const ref = await findComment(client, ticket, key)
        return ref === undefined ? undefined : { ticket, ref }
      }
      const { ref } = await once(key, look, () => add(ticket, said, key))
      return ref === undefined ? {} : { ref }
    },
    async end(given, why, key) {
      const ticket = ticketId(given)
      const record = await recordOf(ticket)
      const { ticket: now } = await client.get<{ ticket: Ticket }>(`/tickets/${ticket}`, 'ticket')
      // Before the call, since Zendesk may tell of it before it answers.
      await records.keepTicket(ticket, { ...record, ended: true })
      if (now.status === 'solved' || now.status === 'closed') return
      try {
        await solve(ticket, why, key)
      } catch (error) {
        if (!(error instanceof HubError) || error.certain) await records.keepTicket(ticket, record)
        throw error
      }
    },
    async find(key, inside) {
      if (inside === undefined) return findTicket(client, host.name, key)
      return /^\d+$/.test(inside) ? findComment(client, inside, key) : undefined
    },
    ...(settings.availability &&
      settings.availability !== 'off' && { staffed: createStaffing(parts, settings.availability) }),
  }
}

const ticketId = (ref: Ref): Ref => {
  if (!/^\d{1,18}$/.test(ref)) throw new HubError('unknown', 'Zendesk has no ticket of this name')
  return ref
}

const commentIn = ({ events = [] }: Audit): Ref | undefined => {
  const comment = events.find((event) => event.type === 'Comment')
  return comment?.id === undefined ? undefined : String(comment.id)
}
