/** What became of the agent's words on their way to the customer, as the record has it. */
import type { ConversationAnswer } from '../../../../src/http/api/conversations.ts'
import { formatTime } from '../../format.ts'
import { useRead } from '../../read.ts'
import { stateOf } from '../conversations/lines.ts'
import { type Said, type TicketView, useDesk } from './desk.ts'
import { inOrderOfRecord } from './order.ts'

type Entry = Pick<ConversationAnswer['timeline'][number], 'seq' | 'type' | 'connection' | 'body' | 'effects'>
type Effect = Entry['effects'][number]

interface Body {
  readonly ticket?: string
  readonly visibility?: string
}

/** What carries one message to the customer; `seq` is its place in the customer's thread. */
export interface Carrier {
  readonly seq: number
  readonly effect: Effect | undefined
}

/** Of each public message of this ticket, in the order in which the desk told them. */
export const carriersOf = (timeline: readonly Entry[], ticket: string): Carrier[] =>
  timeline
    .filter(({ type, body }) => {
      const { ticket: of, visibility } = body as Body
      return type === 'agent-message' && of === ticket && visibility === 'public'
    })
    .map(({ seq, effects }) => ({
      seq,
      effect: effects.find(({ kind, body }) => kind === 'say' && (body as { by?: string }).by === 'agent'),
    }))

/** Never more than is known. `read`: how far the customer has read, where their channel tells. */
export function deliveryWord({ effect, seq }: Carrier, read = 0): string {
  if (!effect) return 'On its way'
  const state = stateOf(effect)
  if (state === 'done' && read >= seq) return 'Read'
  if (state === 'done') return effect.doubtful ? 'Sent; nobody can say whether it arrived' : 'Sent'
  if (state === 'failed') return 'Not delivered'
  if (state === 'stopped') return 'Stopped: the conversation had gone on'
  if (state === 'undone') return 'Left undelivered'
  const again = effect.retryAt === null ? '' : `, again at ${formatTime(effect.retryAt)}`
  return state === 'retry' ? `Not delivered yet${again}` : 'On its way'
}

/** Why the customer will not get it by itself any more. */
export interface Failure {
  readonly why: string
  /** A try of it may have gone through. */
  readonly mayHaveArrived: boolean
}

export const failureOf = ({ effect }: Carrier): Failure | undefined =>
  effect && stateOf(effect) === 'failed'
    ? { why: effect.error?.text ?? 'no reason is known', mayHaveArrived: effect.doubtful }
    : undefined

/** The messages in the record's order, and what became of each; no word for what needs none: other people's. */
export function useDelivery({ id, conversation, messages }: TicketView) {
  const { name } = useDesk()
  const own = messages.filter(({ by, visibility }) => by === 'agent' && visibility === 'public')
  const { data } = useRead<ConversationAnswer>(
    own.length > 0 && name !== undefined ? `/conversations/${conversation}` : undefined,
    { topics: [`conversation.${conversation}`] },
  )
  const carriers = data ? carriersOf(data.timeline, id) : []
  const wordOf = (said: Said): string | undefined => {
    if (said.by !== 'agent') return undefined
    if (said.visibility === 'internal') return said.state === 'sent' ? 'Saved' : 'Saving…'
    if (said.state !== 'sent') return 'Sending…'
    const at = own.indexOf(said)
    return at < carriers.length ? deliveryWord(carriers[at]!, data?.read) : 'On its way'
  }
  const failed = (said: Said): Failure | undefined => {
    const carrier = carriers[own.indexOf(said)]
    return carrier && failureOf(carrier)
  }
  return { wordOf, failed, ordered: data ? inOrderOfRecord(messages, data.timeline, id) : messages }
}
