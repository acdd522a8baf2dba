/** Tells the hub what was said and who holds the conversation: at once by webhook, and by looking for what was missed. */
import {
  type Agent,
  type Customer,
  type Host,
  HubError,
  type HubEvent,
  type Message,
  type Ref,
} from '#hub/connector.ts'
import { text } from '#hub/message.ts'
import type { MessagingClient } from './client.ts'
import { endByRelease, endsSession, speakerOf, timeOf } from './reading.ts'
import type { Handover, Talks } from './records.ts'
import { mayAnswer, ownOffer, type Switchboard } from './switchboard.ts'
import { fromContent, toCustomer } from './translate.ts'
import type { Conversation, Person, WireEvent, WireMessage } from './wire.ts'

export interface MessagingReporting {
  take(events: readonly WireEvent[]): Promise<void>
  catchUp(): Promise<void>
}

export interface ReportingParts {
  readonly client: MessagingClient
  readonly host: Host
  readonly talks: Talks
  readonly board: Switchboard
}

/** Set on conversations that were made for a handoff: in them the hub speaks for the customer. */
export const madeFor = 'baton_handoff'

type Ending = Extract<HubEvent, { type: 'desk-ended' }>['outcome']

export function createMessagingReporting({ client, host, talks, board }: ReportingParts): MessagingReporting {
  const tell = (...events: HubEvent[]) => (events.length > 0 ? host.receive(events) : Promise.resolve())

  const current = async ({ id }: Conversation): Promise<Handover | undefined> => {
    const handover = await talks.handover(id)
    return handover && !handover.ended ? handover : undefined
  }
  /** The first sign of an end counts; later ones find it ended. `sign`: the message that is one, and belongs after it. */
  const end = async (handover: Handover, outcome: Ending, at: number, sign?: string): Promise<void> => {
    await tellWordsBefore(handover.talk, at, sign)
    await tell({ type: 'desk-ended', ticket: handover.ticket, externalId: `ended:${handover.ticket}`, at, outcome })
    await talks.keep({ ...handover, ended: true, isGone: true })
  }
  /** Words whose webhooks were overtaken or lost: after the end they would begin another handoff, or be answered by the bot. */
  const tellWordsBefore = async (talk: Ref, at: number, sign?: string): Promise<void> => {
    const found = await client.messages(talk, await talks.seen(talk)).catch((error: unknown) => {
      // Gone at Zendesk: there are no more words, and its end is all the same one.
      if (error instanceof HubError && error.code === 'unknown') return []
      throw error
    })
    const words = found.filter(({ id, activity, received }) => id !== sign && !activity && timeOf(received, at) <= at)
    for (const message of words) await takeMessage({ id: talk }, message)
  }
  const isMadeForHandoff = async (conversation: Conversation): Promise<boolean> =>
    conversation.metadata?.[madeFor] !== undefined || (await talks.handover(conversation.id))?.isNative === false

  /** The customer speaks: to us, or to agents whose handoff is ours to follow; never while another bot has them. */
  const customerSays = async (conversation: Conversation, event: Said, seen?: string) => {
    if (await isMadeForHandoff(conversation)) return
    const handover = await current(conversation)
    // A switch back may come without a word of its own (zendesk.md 5).
    if (handover && board.isOurs(conversation.activeSwitchboardIntegration)) await mayBeBack(handover, event)
    else if (!handover && !mayAnswer(board, conversation)) return
    await tell({ type: 'customer-message', thread: conversation.id, ...event })
    await talks.note(conversation.id, seen)
  }
  /** What was said before control was passed may be told after it: so Zendesk is asked who has it now. */
  const mayBeBack = async (handover: Handover, { at, externalId }: Said): Promise<void> => {
    if (handover.isPassing) return
    const now = await client.conversation(handover.talk)
    if (board.isOurs(now.activeSwitchboardIntegration)) await end(handover, 'returned', at, externalId)
  }
  const agentSays = async (conversation: Conversation, message: WireMessage, agent: Agent, at: number) => {
    const handover = await talks.handover(conversation.id)
    const said = fromContent(message.content ?? {})
    if (!handover || !said) return
    const { ticket } = handover
    // Seen again by a later look, words of an earlier handoff do not accept this one.
    const isNews = !handover.isNative || (await talks.relayed(conversation.id, message.id, said))
    const name = agent.ref ?? agent.name ?? ''
    if (isNews) await tell({ type: 'desk-accepted', ticket, externalId: `accepted:${ticket}:${name}`, at, agent })
    await tell({
      type: 'agent-message',
      ticket,
      externalId: message.id,
      at,
      agent,
      message: said,
      visibility: 'public',
    })
  }
  const takeMessage = async (conversation: Conversation, message: WireMessage): Promise<void> => {
    if (message.deleted) return
    const at = timeOf(message.received, host.clock.now())
    const sign = endsSession(message.activity?.type)
    if (sign) return sessionEnds(conversation, message.id, sign, at)
    const speaker = speakerOf(message)
    if (speaker.is === 'agent') return agentSays(conversation, message, speaker.agent, at)
    const said = speaker.is === 'customer' ? fromContent(message.content ?? {}) : undefined
    if (!said) return
    const customer = toCustomer(message.author?.user, message.author?.displayName)
    await customerSays(conversation, { externalId: message.id, at, message: said, customer }, message.id)
  }
  const sessionEnds = async (conversation: Conversation, id: string, sign: Ending, at: number): Promise<void> => {
    const handover = await current(conversation)
    if (handover) return end(handover, sign, at)
    if (sign === 'abandoned' && (await talks.seen(conversation.id)) !== undefined)
      await tell({ type: 'customer-left', thread: conversation.id, externalId: id, at })
  }

  const takeControl = async (event: WireEvent, conversation: Conversation): Promise<void> => {
    const handover = await current(conversation)
    const at = timeOf(event.createdAt, host.clock.now())
    if (event.type === 'switchboard:offerControl') return takeOffer(event, conversation, handover, at)
    if (!handover) return
    if (event.type === 'switchboard:releaseControl') return end(handover, endByRelease(event.payload.reason), at)
    const moved = event.type === 'switchboard:passControl' || event.type === 'switchboard:acceptControl'
    if (moved && board.isOurs(conversation.activeSwitchboardIntegration)) return mayHaveEnded(event, handover, at)
    if (event.type === 'switchboard:passControl:failure') await declined(event, handover, at)
  }
  /** Our own taking before the handoff (zendesk.md 6.2) is no return. */
  const mayHaveEnded = async (event: WireEvent, handover: Handover, at: number): Promise<void> => {
    if (handover.isPassing) return
    const now = await client.conversation(handover.talk)
    if (!board.isWorkspace(now.activeSwitchboardIntegration))
      await end(handover, endByRelease(event.payload.reason), at)
  }
  /** Offered by the agents, or by a bot before us, the conversation is taken; our own offer only serves to hear. */
  const takeOffer = async (
    event: WireEvent,
    conversation: Conversation,
    handover: Handover | undefined,
    at: number,
  ) => {
    if (!board.isOurs(conversation.pendingSwitchboardIntegration) || event.payload.metadata?.[ownOffer]) return
    await board.accept(conversation.id).catch((error: unknown) => {
      // Somebody took it back meanwhile, or it was taken already.
      if (!(error instanceof HubError) || error.code === 'busy' || error.code === 'unreachable') throw error
    })
    if (handover) await end(handover, 'returned', at)
  }
  const declined = async (event: WireEvent, handover: Handover, at: number): Promise<void> => {
    const reason = event.payload.error?.code ?? 'control could not be passed'
    await tell({
      type: 'desk-declined',
      ticket: handover.ticket,
      externalId: event.id,
      at,
      reason: /^[\w:.-]{1,60}$/.test(reason) ? reason : 'control could not be passed',
    })
    await talks.keep({ ...handover, ended: true, isGone: true })
  }

  const takeOne = async (event: WireEvent): Promise<void> => {
    const { conversation, message, postback, user, activity } = event.payload
    if (!conversation?.id) return
    const at = timeOf(event.createdAt, host.clock.now())
    if (event.type === 'conversation:message' && message) return takeMessage(conversation, message)
    if (event.type === 'conversation:postback' && postback?.payload)
      return customerSays(conversation, { externalId: event.id, at, ...picked(postback.payload, user) })
    if (event.type === 'conversation:typing' && activity?.author?.type === 'user') {
      if (!(await isMadeForHandoff(conversation)))
        host.signals.customerTyping(conversation.id, activity.type === 'typing:start')
    }
    if (event.type.startsWith('switchboard:')) await takeControl(event, conversation)
  }

  const lookAt = async (id: Ref): Promise<void> => {
    const seen = await talks.seen(id)
    if (seen === undefined) return
    const found = await client.messages(id, seen)
    const last = found.at(-1)
    const followed = await talks.handover(id)
    if (!last && (!followed || followed.ended)) return
    const conversation = await client.conversation(id)
    for (const message of found) await takeMessage(conversation, message)
    const handover = await current(conversation)
    if (handover && !handover.isPassing && !board.isWorkspace(conversation.activeSwitchboardIntegration))
      await end(handover, 'returned', host.clock.now())
    if (last) await talks.keepSeen(id, last.id)
  }
  return {
    async take(events) {
      for (const event of events) await takeOne(event)
    },
    async catchUp() {
      for (const id of await talks.recent()) {
        await lookAt(id).catch(async (error: unknown) => {
          if (!(error instanceof HubError) || error.code !== 'unknown') throw error
          await talks.forget(id)
        })
      }
    },
  }
}

interface Said {
  readonly externalId: string
  readonly at: number
  readonly message: Message
  readonly customer?: Customer
}

const picked = (payload: string, user: Person | undefined) => ({
  message: { ...text(payload), choice: payload },
  customer: toCustomer(user),
})
