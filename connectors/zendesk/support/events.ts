/** The body of a webhook, by event subscription or by a trigger, as what it tells (zendesk.md 10.4). Pure. */
import type { DeskEvent, Ref } from '#hub/connector.ts'
import { fromBody } from '../html.ts'
import { agentMessage, assignmentEvents, goneEvent, mergedEvent, timeOf } from './reading.ts'
import { idText, type User } from './wire.ts'

export interface Told {
  readonly ticket?: Ref
  /** Undefined where Zendesk does not say. */
  readonly externalId?: string
  readonly events: readonly DeskEvent[]
  /** What to fetch, since the webhook does not have it all: `words` with files and markup, or the `whole` story in its order. */
  readonly look?: 'words' | 'whole'
  readonly tags?: readonly string[]
  /** Somebody whose name and role the webhook tells. */
  readonly person?: User
}

const nothing: Told = { events: [] }
const prefix = 'zen:event-type:'

/** `me`: the user we act as; its words are our own. */
export function parse(body: unknown, me: string): Told {
  const { type, detail, event, time } = record(body)
  if (typeof type !== 'string' || !type.startsWith(prefix)) return fromTrigger(record(body))
  const ticket = idText(record(detail).id)
  const name = type.slice(prefix.length)
  if (ticket === undefined || !name.startsWith('ticket.')) return nothing
  const { external_id, tags, actor_id } = record(detail)
  const about = {
    ticket,
    externalId: typeof external_id === 'string' ? external_id : undefined,
    tags: Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [],
  }
  const facts = {
    ticket,
    at: timeOf(text(time) ?? text(record(detail).updated_at)),
    actor: idText(actor_id),
    event: record(event),
  }
  const read = readers[name.slice('ticket.'.length)]
  return read ? { ...about, ...read(facts, me) } : nothing
}

interface Facts {
  readonly ticket: Ref
  readonly at: number
  readonly actor: string | undefined
  readonly event: Record<string, unknown>
}
type Reader = (facts: Facts, me: string) => Pick<Told, 'events' | 'look' | 'person'>

const gone =
  (reason: string): Reader =>
  ({ ticket, at }) => ({ events: [goneEvent(ticket, at, reason)] })

const readers: Readonly<Record<string, Reader>> = {
  comment_added: readComment,
  agent_assignment_changed: readAssignment,
  status_changed: readStatus,
  soft_deleted: gone('the ticket was deleted'),
  merged: ({ ticket, at }) => ({ events: [mergedEvent(ticket, at)] }),
  marked_as_spam: gone('the ticket was marked as spam'),
}

/** We take a ticket only to be allowed to solve it: no news. */
function readAssignment({ ticket, at, actor, event }: Facts, me: string): ReturnType<Reader> {
  const [current, previous] = [idText(event.current), idText(event.previous)]
  const isOurs = current === me || (current === undefined && previous === me)
  return { events: isOurs ? [] : assignmentEvents({ ticket, at, actor, current, previous }, new Map()) }
}

/** `event.comment.is_public` decides, not `detail.is_public`, and nothing but true is public (zendesk.md 10.4). */
function readComment({ ticket, at, actor, event }: Facts, me: string): ReturnType<Reader> {
  const comment = record(event.comment)
  const author = record(comment.author)
  const [id, by] = [idText(comment.id), idText(author.id)]
  if (id === undefined || by === undefined || by === me || actor === me || author.is_staff !== true)
    return { events: [] }
  const name = text(author.name)
  const isPublic = comment.is_public === true
  const words = fromBody(text(comment.body) ?? '')
  const told = {
    ticket,
    at,
    agent: { ref: by, ...(name && { name }) },
    visibility: isPublic ? 'public' : 'internal',
  } as const
  return {
    events: words ? [agentMessage(told, `comment:${id}`, [{ kind: 'text', text: words }])] : [],
    person: { id: Number(by), role: 'agent', ...(name && { name }) },
    ...(isPublic && { look: 'words' }),
  }
}

/** An end is told together with the words before it, which may come later by themselves: so the whole story is fetched. */
function readStatus({ ticket, at, event }: Facts): ReturnType<Reader> {
  const current = text(event.current)?.toUpperCase()
  if (current === 'DELETED') return { events: [goneEvent(ticket, at, 'the ticket was deleted')] }
  return current === 'SOLVED' || current === 'CLOSED' ? { events: [], look: 'whole' } : { events: [] }
}

/** Its text is whatever the trigger says; only the ticket’s number is taken from it. */
function fromTrigger({ ticket_id, external_id }: Record<string, unknown>): Told {
  const ticket = idText(ticket_id)
  if (ticket === undefined || !/^\d{1,18}$/.test(ticket)) return nothing
  return { ticket, externalId: text(external_id), events: [], look: 'whole' }
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
