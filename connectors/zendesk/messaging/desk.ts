/** The agents of Zendesk messaging as a desk: a handoff passes control to their workspace (zendesk.md 5, 6). */
import { type Desk, type Host, HubError, type Ref } from '#hub/connector.ts'
import type { MessagingSettings } from '../settings.ts'
import { createOnce } from '../support/once.ts'
import type { Records } from '../support/records.ts'
import type { MessagingClient } from './client.ts'
import type { Marks } from './marks.ts'
import { createOpening } from './opening.ts'
import type { Posting } from './posting.ts'
import type { Handover, Talks } from './records.ts'
import type { Switchboard } from './switchboard.ts'

export interface MessagingDeskParts {
  readonly client: MessagingClient
  readonly host: Host
  readonly settings: MessagingSettings
  readonly talks: Talks
  readonly board: Switchboard
  readonly posting: Posting
  readonly marks: Marks
  readonly records: Records
}

export function createMessagingDesk(parts: MessagingDeskParts): Desk {
  const { client, talks, board, posting, records } = parts
  const once = createOnce(records)
  const opening = createOpening(parts)

  const known = async (ticket: Ref): Promise<Handover> => {
    const handover = await talks.byTicket(ticket)
    if (!handover) throw new HubError('unknown', 'No handoff to Zendesk messaging has this name')
    return handover
  }
  return {
    modes: ['live'],
    async offer(handoff, key) {
      const look = async () => {
        const ticket = await opening.find(key)
        return ticket === undefined ? undefined : { ticket }
      }
      const { ticket } = await once(key, look, async () => ({ ticket: await opening.open(handoff, key) }))
      return ticket!
    },
    async send(ticket, said, key) {
      const handover = await known(ticket)
      if (handover.ended) throw new HubError('conflict', 'This handoff is over; the words were not added')
      // The agents read the customer in this very conversation; and a note in it might be read by the customer.
      if (handover.isNative) return {}
      const isNote = said.by === 'hub' || said.visibility === 'internal'
      const author = isNote
        ? { type: 'business', displayName: 'Baton' }
        : { type: 'user', userExternalId: handover.person }
      const ref = await posting.post(handover.talk, said.message, { author, silent: isNote }, key)
      return ref === undefined ? {} : { ref }
    },
    async end(ticket) {
      const handover = await known(ticket)
      if (handover.isGone) return
      // Before the call, since Zendesk may tell of it before it answers.
      await talks.keep({ ...handover, ended: true })
      try {
        const conversation = await client.conversation(handover.talk)
        if (board.isWorkspace(conversation.activeSwitchboardIntegration))
          await (handover.isNative ? board.take(conversation) : board.release(handover.talk))
        await talks.keep({ ...handover, ended: true, isGone: true })
      } catch (error) {
        if (!(error instanceof HubError) || error.certain) await talks.keep(handover)
        throw error
      }
    },
    async find(key, inside) {
      if (inside === undefined) return opening.find(key)
      const handover = await talks.byTicket(inside)
      return handover && !handover.isNative ? posting.find(handover.talk, key) : undefined
    },
  }
}
