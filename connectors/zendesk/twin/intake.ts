/** What Support takes for a ticket, and what it refuses (zendesk.md 7.3, 8.1, 8.2). */
import { fromHtml } from '../html.ts'
import { type Account, type Change, change, meId } from './account.ts'
import type { Attachment, StoredTicket, TwinAudit, TwinUser } from './objects.ts'
import { invalid, Refusal } from './refusal.ts'

type Body = Record<string, unknown>
const statuses = ['new', 'open', 'pending', 'hold', 'solved', 'closed']
const priorities = ['urgent', 'high', 'normal', 'low']
const types = ['problem', 'incident', 'question', 'task']

export function createTicket(account: Account, given: Body): { ticket: StoredTicket; audit: TwinAudit } {
  if (!given.comment && typeof given.description !== 'string') throw invalid('base', 'Description: cannot be blank')
  check(account, given)
  const requester = requesterIn(account, given)
  const at = account.now()
  const ticket: StoredTicket = {
    id: 48213 + account.tickets.size,
    external_id: (given.external_id as string | undefined) ?? null,
    created_at: at,
    updated_at: at,
    changedMs: account.clock.now(),
    type: (given.type as string | undefined) ?? null,
    subject: String(given.subject ?? ''),
    priority: (given.priority as string | undefined) ?? null,
    status: 'new',
    requester_id: requester,
    submitter_id: Number(given.submitter_id ?? meId),
    assignee_id: null,
    group_id: null,
    brand_id: Number(given.brand_id ?? 31870042219),
    ticket_form_id: Number(given.ticket_form_id ?? 31870042250),
    is_public: false,
    tags: [],
    custom_fields: (given.custom_fields as StoredTicket['custom_fields'] | undefined) ?? [],
    score: 'unoffered',
    comments: [],
    audits: [],
  }
  const how = changeIn(account, ticket, given)
  account.tickets.set(ticket.id, ticket)
  return { ticket, audit: change(account, ticket, meId, how, 'api') }
}

export function updateTicket(account: Account, ticket: StoredTicket, given: Body): TwinAudit {
  if (ticket.status === 'closed') throw invalid('status', 'Status: closed prevents ticket update')
  check(account, given)
  const { safe_update, updated_stamp } = given
  if (safe_update !== undefined && updated_stamp !== ticket.updated_at)
    throw new Refusal(409, {
      error: 'UpdateConflict',
      description: 'Safe Update prevented the update due to outdated ticket data.',
    })
  const hasAssignee = given.assignee_id !== undefined ? given.assignee_id !== null : ticket.assignee_id !== null
  if (account.quirks.solvingNeedsAssignee && given.status === 'solved' && !hasAssignee)
    throw invalid('assignee', 'Assignee: is required when solving a ticket')
  return change(account, ticket, meId, changeIn(account, ticket, given), 'api')
}

function check(account: Account, given: Body): void {
  const { status, priority, type, tags, external_id, custom_fields, group_id, assignee_id, metadata } = given
  if (status !== undefined && !statuses.includes(status as string)) throw invalid('status', 'Status is not valid')
  if (priority !== undefined && priority !== null && !priorities.includes(priority as string))
    throw invalid('priority', 'Priority is not valid')
  if (type !== undefined && type !== null && !types.includes(type as string)) throw invalid('type', 'Type is not valid')
  if (
    tags !== undefined &&
    !(Array.isArray(tags) && tags.every((tag) => typeof tag === 'string' && !/[\s,]/.test(tag)))
  )
    throw invalid('tags', 'Tags are not valid')
  if (external_id !== undefined && external_id !== null && typeof external_id !== 'string')
    throw invalid('external_id', 'External id is not valid')
  if (metadata !== undefined && (typeof metadata !== 'object' || metadata === null))
    throw invalid('metadata', 'is not valid')
  for (const field of (custom_fields ?? []) as { id?: unknown }[])
    if (!Number.isSafeInteger(field.id)) throw invalid('custom_fields', 'Custom field is not valid')
  if (group_id !== undefined && group_id !== null && !account.groups.has(group_id as number))
    throw invalid('group_id', 'Group is invalid')
  if (assignee_id !== undefined && assignee_id !== null && !isStaff(account.users.get(assignee_id as number)))
    throw invalid('assignee_id', 'Assignee is invalid')
}

const isStaff = (user: TwinUser | undefined): boolean => user !== undefined && user.role !== 'end-user'

/** `requester_id` wins; an address finds a user as it is, or makes one (zendesk.md 8.1). */
function requesterIn(account: Account, { requester_id, requester }: Body): number {
  if (requester_id !== undefined) {
    if (!account.users.has(requester_id as number)) throw invalid('requester', 'Requester: is invalid')
    return requester_id as number
  }
  if (requester === undefined) return meId
  const { name, email } = requester as { name?: string; email?: string }
  if (typeof email !== 'string' || !email.includes('@')) throw invalid('requester', 'Requester: email is not valid')
  const known = [...account.users.values()].find((user) => user.email?.toLowerCase() === email.toLowerCase())
  if (known) return known.id
  if (!name) throw invalid('requester', 'Requester: Name is too short')
  return addUser(account, { name, email }).id
}

export function addUser(account: Account, person: { name: string; email?: string; external_id?: string }): TwinUser {
  const at = account.now()
  const id = account.nextId()
  const user: TwinUser = {
    id,
    name: person.name,
    email: person.email ?? null,
    external_id: person.external_id ?? null,
    role: 'end-user',
    created_at: at,
    updated_at: at,
  }
  account.users.set(id, user)
  return user
}

function changeIn(account: Account, ticket: StoredTicket, given: Body): Change {
  const comment = given.comment as Body | undefined
  return {
    ...(given.status !== undefined && { status: given.status as string }),
    ...(given.assignee_id !== undefined && { assignee_id: given.assignee_id as number | null }),
    ...(given.group_id !== undefined && { group_id: given.group_id as number | null }),
    ...(given.tags !== undefined && { tags: given.tags as string[] }),
    ...(comment && { comment: commentIn(account, ticket, comment) }),
    ...(given.metadata !== undefined && { custom: given.metadata as Record<string, unknown> }),
  }
}

function commentIn(account: Account, ticket: StoredTicket, given: Body): NonNullable<Change['comment']> {
  const { body, html_body, author_id, uploads } = given
  if (typeof body !== 'string' && typeof html_body !== 'string') throw invalid('comment', 'Comment: cannot be blank')
  const text = typeof html_body === 'string' ? fromHtml(html_body) : (body as string)
  if (text.trim() === '') throw invalid('comment', 'Comment: cannot be blank')
  if (text.length > 65_536) throw invalid('comment', 'Comment: is too long')
  if (author_id !== undefined && !account.users.has(author_id as number)) throw invalid('author', 'Author: is invalid')
  // What does not say is like the first one was.
  const isPublic = given.public === undefined ? (ticket.comments[0]?.public ?? true) : given.public === true
  const attachments = ((uploads ?? []) as string[]).flatMap((token) => takeUpload(account, token))
  return {
    author_id: (author_id as number | undefined) ?? meId,
    body: text,
    html_body: typeof html_body === 'string' ? html_body : `<p>${text}</p>`,
    public: isPublic,
    attachments,
  }
}

function takeUpload(account: Account, token: string): Attachment[] {
  const upload = account.uploads.get(token)
  if (!upload || upload.untilMs <= account.clock.now()) throw invalid('base', 'Upload token is invalid or expired')
  return upload.attachments
}
