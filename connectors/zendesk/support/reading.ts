/** What Zendesk tells of a ticket, as events. Pure. The same thing has one id, whether a webhook tells it or a look finds it. */
import type { Agent, DeskEvent, Part, Ref } from '#hub/connector.ts'
import { fromBody, fromHtml } from '../html.ts'
import { keyName } from './translate.ts'
import { type Audit, type AuditEvent, type Comment, idText, isStaffRole, type User } from './wire.ts'

export type People = ReadonlyMap<string, User>

/** Words and files are two events: where the files could not be fetched, a later look adds them. */
export function commentEvents(ticket: Ref, comment: Comment, people: People): DeskEvent[] {
  const author = people.get(String(comment.author_id))
  if (!author || !isStaffRole(author.role)) return []
  const told = {
    ticket,
    at: timeOf(comment.created_at),
    agent: agentOf(author),
    visibility: comment.public === true ? 'public' : 'internal',
  } as const
  const text = comment.html_body ? fromHtml(comment.html_body) : fromBody(comment.plain_body ?? comment.body ?? '')
  const files = filesOf(comment)
  return [
    ...(text ? [agentMessage(told, `comment:${comment.id}`, [{ kind: 'text', text }])] : []),
    ...(files.length > 0 ? [agentMessage(told, `files:${comment.id}`, files)] : []),
  ]
}

type Told = Omit<Extract<DeskEvent, { type: 'agent-message' }>, 'type' | 'externalId' | 'message'>

export const agentMessage = (told: Told, externalId: string, parts: readonly Part[]): DeskEvent => ({
  ...told,
  type: 'agent-message',
  externalId,
  message: { parts },
})

/** Inline images belong to the words around them, which have their address already. */
const filesOf = ({ attachments }: Comment): Part[] =>
  (attachments ?? []).flatMap(({ file_name, content_type, content_url, size, inline }) =>
    content_url && !inline
      ? [
          {
            kind: 'file',
            name: file_name ?? 'file',
            mime: content_type ?? 'application/octet-stream',
            bytes: size ?? 0,
            url: content_url,
          },
        ]
      : [],
  )

export interface History {
  readonly ticket: Ref
  readonly tags: readonly string[]
  readonly audits: readonly Audit[]
  readonly comments: readonly Comment[]
  readonly people: People
  readonly returnTag: string
}

/** Everything an agent did with a ticket, oldest first: taking it, then words, then its end. */
export function historyEvents(history: History): DeskEvent[] {
  const comments = new Map(history.comments.map((comment) => [comment.id, comment]))
  const events: DeskEvent[] = []
  for (const audit of history.audits.filter(isTheirs)) {
    const changes = audit.events ?? []
    for (const change of changes) events.push(...assignmentIn(history, audit, change))
    for (const { id, type } of changes) {
      const comment = type === 'Comment' && id !== undefined ? comments.get(id) : undefined
      if (comment) events.push(...commentEvents(history.ticket, comment, history.people))
    }
    for (const change of changes) events.push(...endIn(history, audit, change, lastWords(events)))
  }
  return events
}

/** What we did ourselves carries our key, whoever it was written in the name of. */
export const isTheirs = ({ metadata }: Audit): boolean => metadata?.custom?.[keyName] === undefined

/** The hub ended it, and afterwards an agent wrote in it or opened it: it takes words again. */
export function isTakenUp(audits: readonly Audit[]): boolean {
  let since: 'never ended' | 'ended' | 'taken up' = 'never ended'
  for (const audit of audits) {
    const changes = audit.events ?? []
    const status = changes.findLast(({ type, field_name }) => type === 'Change' && field_name === 'status')?.value
    if (!isTheirs(audit)) since = status === 'solved' ? 'ended' : since
    else if (since === 'ended' && (isOpen(status) || changes.some(({ type }) => type === 'Comment'))) since = 'taken up'
  }
  return since === 'taken up'
}

const isOpen = (status: unknown): boolean => typeof status === 'string' && status !== 'solved' && status !== 'closed'

function assignmentIn({ ticket, people }: History, audit: Audit, change: AuditEvent): DeskEvent[] {
  if (change.type !== 'Change' || change.field_name !== 'assignee_id') return []
  const assignment = { ticket, at: timeOf(audit.created_at), actor: idText(audit.author_id) }
  return assignmentEvents(
    { ...assignment, current: idText(change.value), previous: idText(change.previous_value) },
    people,
  )
}

export interface Assignment {
  readonly ticket: Ref
  readonly at: number
  readonly actor: string | undefined
  readonly current: string | undefined
  readonly previous: string | undefined
}

/** Who takes a ticket oneself is there; whom somebody else or a rule gives it to may not even look. */
export function assignmentEvents({ ticket, at, actor, current, previous }: Assignment, people: People): DeskEvent[] {
  const change = `${ticket}:${previous ?? 'nobody'}>${current ?? 'nobody'}`
  const agent = (id: string) => agentOf(people.get(id) ?? { id: Number(id) })
  if (current !== undefined) {
    const type = actor === current ? 'desk-accepted' : 'desk-assigned'
    return [{ type, ticket, at, agent: agent(current), externalId: `assigned:${change}` }]
  }
  return previous === undefined
    ? []
    : [{ type: 'agent-left', ticket, at, agent: agent(previous), externalId: `assigned:${change}` }]
}

function endIn(history: History, audit: Audit, change: AuditEvent, digest: string | undefined): DeskEvent[] {
  const status = change.type === 'Change' && change.field_name === 'status' ? String(change.value) : undefined
  const isEnd = status === 'solved' || (status === 'closed' && change.previous_value !== 'solved')
  if (!isEnd) return []
  const { ticket, tags, returnTag, people } = history
  if (status === 'closed' && tags.includes(mergedTag)) return [mergedEvent(ticket, timeOf(audit.created_at))]
  const actor = people.get(String(audit.author_id))
  return [
    {
      type: 'desk-ended',
      ticket,
      at: timeOf(audit.created_at),
      outcome: tags.includes(returnTag) ? 'returned' : 'resolved',
      externalId: `ended:${ticket}:${audit.id}`,
      ...(actor && isStaffRole(actor.role) && { agent: agentOf(actor) }),
      ...(digest && { digest }),
    },
  ]
}

/** The ticket is deleted, merged into another or spam: nobody will answer in it. */
export const goneEvent = (ticket: Ref, at: number, reason: string): DeskEvent => ({
  type: 'desk-declined',
  ticket,
  at,
  reason,
  externalId: `gone:${ticket}`,
})

/** Zendesk closes a merged ticket with this tag; which ticket it went into is not told. Nothing was solved by it. */
const mergedTag = 'closed_by_merge'
export const mergedEvent = (ticket: Ref, at: number): DeskEvent =>
  goneEvent(ticket, at, 'the ticket was merged into another')

function lastWords(events: readonly DeskEvent[]): string | undefined {
  const said = events.findLast((event) => event.type === 'agent-message' && event.visibility === 'public')
  const part = said?.type === 'agent-message' ? said.message.parts[0] : undefined
  return part?.kind === 'text' ? part.text.slice(0, 500) : undefined
}

export const agentOf = ({ id, name }: User): Agent => ({ ref: String(id), ...(name && { name }) })

/** NaN would be no time: the beginning of time is at least one. */
export const timeOf = (iso: string | undefined): number => Date.parse(iso ?? '') || 0
