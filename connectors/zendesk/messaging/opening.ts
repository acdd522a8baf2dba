/** How a handoff reaches the agents’ workspace: in the customer’s own conversation, or in one made for it (zendesk.md 6.1, 6.2). */
import { type Handoff, HubError, type Ref } from '#hub/connector.ts'
import { cutNote, lastEntries, toMetadata, toNoteText } from './briefing.ts'
import type { MessagingDeskParts } from './desk.ts'
import type { Handover } from './records.ts'
import { madeFor } from './reporting.ts'
import type { Conversation } from './wire.ts'

export interface Opening {
  /** Completes what an earlier try half did. */
  open(handoff: Handoff, key: string): Promise<Ref>
  find(key: string): Promise<Ref | undefined>
}

/** As who the hub speaks for the customer in a conversation made for one handoff: nobody’s history is shown to another. */
export const personOf = (host: { readonly name: string }, mark: string): string => `baton:${host.name}:${mark}`

export function createOpening(parts: MessagingDeskParts): Opening {
  const { client, host, settings, talks, board, posting, marks } = parts
  const offerKey = (key: string) => `offer:${marks.of(key)}`
  const ticketOf = (talk: Ref, key: string): Ref => `${talk}.${marks.of(key).slice(0, 12)}`

  /** Known before Zendesk can tell of it; ticket fields count only when the ticket is made, so they come with control. */
  const passTo = async (handoff: Handoff, key: string, began: Handover, conversation: Conversation, first?: string) => {
    await talks.keep(began)
    await host.memory.set(offerKey(key), began.ticket, 180 * 24 * 60 * 60_000)
    await board.pass(conversation, toMetadata(handoff, settings, { first, isNative: began.isNative }))
    // It may have ended already, before Zendesk answered.
    await talks.keep({ ...((await talks.byTicket(began.ticket)) ?? began), isPassing: false })
    return began.ticket
  }
  const openHere = async (handoff: Handoff, key: string): Promise<Ref> => {
    const talk = await talks.ofConversation(handoff.conversation)
    if (talk === undefined)
      throw new HubError('busy', 'The customer’s conversation at Zendesk is not known yet', { retryAfterMs: 1_000 })
    const conversation = await client.conversation(talk)
    const began = { ticket: ticketOf(talk, key), talk, isNative: true, isPassing: true }
    return passTo(handoff, key, began, conversation, await talks.firstOf(talk))
  }

  const madeOrFound = async (handoff: Handoff, person: string): Promise<Conversation> => {
    const { name, email, language } = handoff.customer
    const profile = { givenName: name?.slice(0, 128), email: email?.slice(0, 128), locale: language }
    await client.makeUser({ externalId: person, profile: defined(profile) })
    const [there] = await client.conversationsOf(person)
    if (there) return there
    return client.makeConversation({
      type: 'personal',
      participants: [{ userExternalId: person, subscribeSDKClient: false }],
      metadata: { [madeFor]: handoff.id },
    })
  }
  /** With control in our hands first, so that no ticket is made before its fields can be (zendesk.md 6.2). */
  const openApart = async (handoff: Handoff, key: string): Promise<Ref> => {
    const person = personOf(host, marks.of(key))
    const { id } = await madeOrFound(handoff, person)
    const began = { ticket: ticketOf(id, key), talk: id, isNative: false, isPassing: true, person }
    await talks.keep(began)
    const conversation = await client.conversation(id)
    if (board.isWorkspace(conversation.activeSwitchboardIntegration)) return passTo(handoff, key, began, conversation)
    await board.take(conversation)
    const first = await tellStory(handoff, key, began)
    return passTo(handoff, key, began, conversation, first)
  }
  const tellStory = async (handoff: Handoff, key: string, { talk, person }: Handover): Promise<Ref | undefined> => {
    const author = { type: 'business', displayName: 'Baton' }
    const note = cutNote(toNoteText(handoff))
    const first = await posting.post(talk, note, { author, silent: true }, `${key}#note`)
    for (const { seq, by, name, message } of lastEntries(handoff.context.transcript)) {
      const speaker =
        by === 'customer'
          ? { type: 'user', userExternalId: person }
          : { type: 'business', displayName: name ?? (by === 'agent' ? 'Agent' : 'Bot') }
      await posting.post(talk, message, { author: speaker }, `${key}#${seq}`)
    }
    return first
  }

  return {
    open: (handoff, key) => (handoff.context.channel === host.name ? openHere(handoff, key) : openApart(handoff, key)),
    async find(key) {
      const ticket = await host.memory.get<Ref>(offerKey(key))
      const handover = ticket === undefined ? undefined : await talks.byTicket(ticket)
      if (!handover) return undefined
      if (!handover.isPassing) return handover.ticket
      const conversation = await client.conversation(handover.talk)
      if (!board.isWorkspace(conversation.activeSwitchboardIntegration)) return undefined
      await talks.keep({ ...handover, isPassing: false })
      return handover.ticket
    },
  }
}

const defined = <T extends object>(value: T): Partial<T> =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Partial<T>
