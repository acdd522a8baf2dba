/** What a message of Sunshine Conversations is to the hub: who speaks, what was said, when (zendesk.md 4.5). Pure. */
import type { Agent } from '#hub/connector.ts'
import { markName } from './marks.ts'
import type { WireEvent, WireMessage } from './wire.ts'

export type Speaker =
  | { readonly is: 'customer' }
  | { readonly is: 'agent'; readonly agent: Agent }
  | { readonly is: 'other' }

const agentIdName = '__zendesk_msg.agent.id'
const robots = new Set(['__trigger', 'Automated Response'])

/** Whoever is not surely a person at Zendesk is none. */
export function speakerOf({ author, metadata, source, activity }: WireMessage): Speaker {
  if (author?.type === 'user') return { is: 'customer' }
  if (author?.type !== 'business' || metadata?.[markName] !== undefined || activity) return { is: 'other' }
  const id = metadata?.[agentIdName]
  const name = author.displayName
  if ((typeof id === 'string' && robots.has(id)) || (name !== undefined && robots.has(name))) return { is: 'other' }
  const agent = { ...(typeof id === 'string' && { ref: id }), ...(name && { name }) }
  if (typeof id === 'string' && id !== '') return { is: 'agent', agent }
  const isTold = author.subtypes?.includes('agent') === true && source?.type === 'zd:agentWorkspace'
  return isTold ? { is: 'agent', agent } : { is: 'other' }
}

export const timeOf = (iso: string | undefined, otherwise: number): number => {
  const at = Date.parse(iso ?? '')
  return Number.isNaN(at) ? otherwise : at
}

/** The entries of a webhook, in the order in which they happened; undefined where it is none. */
export function parse(body: unknown): readonly WireEvent[] | undefined {
  const { events } = (typeof body === 'object' && body !== null ? body : {}) as { events?: unknown }
  if (!Array.isArray(events)) return undefined
  return events.filter(isEvent).toSorted((one, other) => whenOf(one).localeCompare(whenOf(other)))
}

const whenOf = ({ payload, createdAt }: WireEvent): string => payload.message?.received ?? createdAt ?? ''

function isEvent(value: unknown): value is WireEvent {
  if (typeof value !== 'object' || value === null) return false
  const { id, type, payload } = value as Partial<WireEvent>
  return typeof id === 'string' && typeof type === 'string' && typeof payload === 'object' && payload !== null
}

/** What a system notice says about the end of a session (zendesk.md 6.1). */
export const endsSession = (activity: string | undefined): 'resolved' | 'expired' | 'abandoned' | undefined =>
  activity === 'ticket:closed'
    ? 'resolved'
    : activity === 'ticket:transfer:email'
      ? 'expired'
      : activity === 'conversation:endedByUser'
        ? 'abandoned'
        : undefined

/** By mail it goes on without the chat: nobody there says that it was solved. Without a reason the bot goes on. */
export const endByRelease = (reason: string | undefined): 'resolved' | 'expired' | 'returned' =>
  reason === 'ticketClosed' ? 'resolved' : reason === 'transferToEmail' ? 'expired' : 'returned'
