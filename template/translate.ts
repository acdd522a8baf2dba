/** The hub's words in the desk's, and back. Pure. */
import type { DeskEvent, DeskMessage, Handoff, HubEvent } from '#hub/connector.ts'
import { plainText } from '#hub/message.ts'

export function toTicket({ customer, context }: Handoff): object {
  const { reason, summary, wants, tried, sentiment, transcript } = context
  const lines = [
    `Why: ${reason.text}`,
    summary && `Summary: ${summary}`,
    wants && `Wants: ${wants}`,
    tried.length > 0 && `Tried: ${tried.join(', ')}`,
    sentiment.length > 0 && `Sentiment: ${sentiment.join(', ')}`,
  ]
  return {
    subject: wants ?? reason.text,
    requester: { name: customer.name, email: customer.email },
    note: lines.filter(Boolean).join('\n'),
    transcript: transcript.map(({ at, by, message }) => ({ at, by, text: plainText(message) })),
  }
}

export const toMessage = ({ by, visibility, message }: DeskMessage): object => ({
  by,
  text: plainText(message),
  internal: visibility === 'internal',
})

/** What the desk tells by webhook. */
export interface Told {
  readonly id: string
  readonly type: string
  readonly ticket: string
  readonly at: number
  readonly agent?: { readonly id: string; readonly name: string }
  readonly text?: string
  readonly internal?: boolean
  readonly returned?: boolean
}

/** Nothing for what the hub need not know. */
export function fromTold(told: Told): HubEvent[] {
  const agent = { ref: told.agent?.id, name: told.agent?.name }
  const same = { externalId: told.id, at: told.at, ticket: told.ticket }
  switch (told.type) {
    case 'accepted':
      return [{ ...same, type: 'desk-accepted', agent }]
    case 'message':
      return [{ ...same, type: 'agent-message', agent, ...words(told) }]
    case 'closed':
      return [{ ...same, type: 'desk-ended', agent, outcome: told.returned ? 'returned' : 'resolved' }]
    default:
      return []
  }
}

/** What is not said to be public is internal. */
const words = ({
  text = '',
  internal,
}: Told): Pick<DeskEvent & { type: 'agent-message' }, 'message' | 'visibility'> => ({
  message: { parts: [{ kind: 'text', text }] },
  visibility: internal === false ? 'public' : 'internal',
})
