/** Routes of tickets, their replies and notes. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Account, AccountAttachment, AccountTicket } from './account.ts'
import { asEntry, asTicket, type Fault, fault, invalid, notFound, page, Refusal } from './answers.ts'

type Body = Record<string, unknown>
const idOf = (request: FastifyRequest): number => Number((request.params as { id: string }).id)

export function ticketRoutes(app: FastifyInstance, account: Account): void {
  const ticketOf = (request: FastifyRequest): AccountTicket => {
    const ticket = account.tickets.get(idOf(request))
    if (!ticket) throw notFound()
    return ticket
  }

  app.post('/tickets', async (request, reply) => {
    const ticket = create(account, (await bodyOf(request)).fields)
    account.changed(ticket, 'ticket_created')
    return reply.code(201).send(asTicket(ticket, true))
  })
  app.get('/tickets', async (request, reply) => {
    const query = request.query as Record<string, string>
    return page(request, reply, list(account, query)).map((one) =>
      asTicket(one, /description/.test(query.include ?? '')),
    )
  })
  app.get('/tickets/:id', async (request) => asTicket(ticketOf(request), true))
  app.put('/tickets/:id', async (request) => {
    const ticket = ticketOf(request)
    if (ticket.deleted || ticket.spam)
      throw new Refusal(405, { message: 'PUT method is not allowed. It should be one of these method(s): GET' })
    update(account, ticket, (await bodyOf(request)).fields)
    return asTicket(ticket, true)
  })
  app.get('/tickets/:id/conversations', async (request, reply) => {
    const { id } = ticketOf(request)
    return page(
      request,
      reply,
      account.entries.filter((entry) => entry.ticket_id === id),
    ).map(asEntry)
  })
  app.post('/tickets/:id/notes', async (request, reply) => {
    const ticket = ticketOf(request)
    if (ticket.deleted || ticket.spam) throw notFound()
    const { fields, attachments } = await bodyOf(request, account)
    const note = addNote(account, ticket, fields, attachments)
    if (!note.private) account.changed(ticket, 'note_added')
    return reply.code(201).send(asEntry(note))
  })
}

function create(account: Account, body: Body): AccountTicket {
  const faults = [...requesterFaults(account, body), ...commonFaults(account, body)]
  for (const name of ['subject', 'description'])
    if (typeof body[name] !== 'string' || body[name] === '')
      faults.push(fault(name, 'missing_field', 'It should be a/an String'))
  if (typeof body.subject === 'string' && body.subject.length > 255)
    faults.push(fault('subject', 'invalid_value', 'Has more than 255 characters'))
  if (body.source !== undefined && ![1, 2, 3, 7, 9, 10].includes(body.source as number))
    faults.push(fault('source', 'invalid_value', "It should be one of these values: '1,2,3,7,9,10'"))
  if (faults.length > 0) throw invalid(...faults)
  const at = account.now()
  const ticket: AccountTicket = {
    id: account.nextTicket(),
    subject: body.subject as string,
    description: body.description as string,
    status: (body.status as number) ?? 2,
    priority: (body.priority as number) ?? 1,
    source: (body.source as number) ?? 2,
    type: (body.type as string) ?? null,
    requester_id: body.requester_id as number,
    responder_id: (body.responder_id as number) ?? null,
    group_id: (body.group_id as number) ?? null,
    tags: (body.tags as string[]) ?? [],
    custom_fields: (body.custom_fields as Record<string, unknown>) ?? {},
    created_at: at,
    updated_at: at,
    deleted: false,
    spam: false,
  }
  account.tickets.set(ticket.id, ticket)
  return ticket
}

function requesterFaults(account: Account, { requester_id }: Body): Fault[] {
  if (requester_id === undefined)
    return [fault('requester_id', 'missing_field', 'One of requester_id, email, phone must be given')]
  const isKnown = account.contacts.some(({ id }) => id === requester_id)
  return isKnown ? [] : [fault('requester_id', 'invalid_value', 'There is no contact matching the given requester_id')]
}

function commonFaults(account: Account, body: Body): Fault[] {
  const faults: Fault[] = []
  const known = ['status', 'priority', 'source', 'type', 'subject', 'description', 'requester_id', 'responder_id']
  const all = [...known, 'group_id', 'tags', 'custom_fields']
  for (const name of Object.keys(body))
    if (!all.includes(name)) faults.push(fault(name, 'invalid_field', 'Unexpected/invalid field in request'))
  for (const name of ['status', 'priority', 'source', 'requester_id', 'responder_id', 'group_id'])
    if (body[name] !== undefined && body[name] !== null && typeof body[name] !== 'number')
      faults.push(fault(name, 'datatype_mismatch', 'It should be a/an Positive Integer'))
  if (typeof body.priority === 'number' && ![1, 2, 3, 4].includes(body.priority))
    faults.push(fault('priority', 'invalid_value', "It should be one of these values: '1,2,3,4'"))
  if (typeof body.status === 'number' && ![2, 3, 4, 5, 6, 7].includes(body.status))
    faults.push(fault('status', 'invalid_value', "It should be one of these values: '2,3,4,5,6,7'"))
  for (const name of Object.keys((body.custom_fields as object) ?? {}))
    if (!account.fields.has(name)) faults.push(fault(name, 'invalid_field', 'Unexpected/invalid field in request'))
  return [...faults, ...tagFaults(body.tags), ...assignmentFaults(account, body)]
}

function tagFaults(tags: unknown): Fault[] {
  if (tags === undefined) return []
  const fine =
    Array.isArray(tags) && tags.every((tag) => typeof tag === 'string' && tag.length <= 32 && !tag.includes(','))
  return fine ? [] : [fault('tags', 'datatype_mismatch', 'It should be a/an Array of Strings')]
}

function assignmentFaults(account: Account, { group_id, responder_id }: Body): Fault[] {
  const group = typeof group_id === 'number' ? account.groups.get(group_id) : undefined
  if (typeof group_id === 'number' && !group)
    return [fault('group_id', 'invalid_value', 'There is no group matching the given group_id')]
  if (typeof responder_id !== 'number') return []
  const isAgent = account.agents.some(({ id }) => id === responder_id) && (group?.agents.includes(responder_id) ?? true)
  return isAgent ? [] : [fault('responder_id', 'invalid_value', 'There is no agent matching the given responder_id')]
}

/** Also what agents do: `tags` are replaced, custom fields merged (freshdesk.md 2.2). */
export function update(account: Account, ticket: AccountTicket, body: Body): void {
  const faults = commonFaults(account, body)
  if ((body.status === 4 || body.status === 5) && account.habits.keepsOpen)
    faults.push(fault('cf_cause', 'missing_field', 'It should be a/an String'))
  if (faults.length > 0) throw invalid(...faults)
  const { status, responder_id } = ticket
  const { custom_fields, ...rest } = body
  Object.assign(ticket, rest, { updated_at: account.now() })
  Object.assign(ticket.custom_fields, custom_fields)
  if (ticket.status !== status) account.changed(ticket, 'status_changed')
  if (ticket.responder_id !== responder_id) account.changed(ticket, 'agent_changed')
}

function list(account: Account, query: Record<string, string>): AccountTicket[] {
  const since = query.updated_since
  if (since !== undefined && Number.isNaN(Date.parse(since)))
    throw invalid(fault('updated_since', 'invalid_value', 'It should be a valid date in the ISO8601 format'))
  const month = Date.parse(account.now()) - 30 * 86_400_000
  const by = (query.order_by ?? 'created_at') as 'created_at' | 'updated_at' | 'status'
  if (!['created_at', 'due_by', 'updated_at', 'status'].includes(by))
    throw invalid(fault('order_by', 'invalid_value', 'It should be one of these values'))
  const direction = query.order_type === 'asc' ? 1 : -1
  return [...account.tickets.values()]
    .filter((one) => !one.deleted && !one.spam)
    .filter((one) => (since ? Date.parse(one.updated_at) >= Date.parse(since) : Date.parse(one.created_at) >= month))
    .filter((one) => !query.requester_id || one.requester_id === Number(query.requester_id))
    .sort((a, b) => direction * (String(a[by]).localeCompare(String(b[by])) || a.id - b.id))
}

function addNote(account: Account, ticket: AccountTicket, body: Body, attachments: AccountAttachment[]) {
  const faults = Object.keys(body)
    .filter((name) => !['body', 'private', 'incoming', 'notify_emails', 'user_id'].includes(name))
    .map((name) => fault(name, 'invalid_field', 'Unexpected/invalid field in request'))
  if (typeof body.body !== 'string' || body.body === '')
    faults.push(fault('body', 'missing_field', 'It should be a/an String'))
  for (const name of ['private', 'incoming'])
    if (body[name] !== undefined && typeof body[name] !== 'boolean')
      faults.push(fault(name, 'datatype_mismatch', 'It should be a/an Boolean'))
  if (faults.length > 0) throw invalid(...faults)
  const isTaken = typeof body.user_id === 'number' && !account.habits.ignoresUserId
  const note = account.add({
    ticket_id: ticket.id,
    body: body.body as string,
    private: (body.private as boolean) ?? true,
    incoming: (body.incoming as boolean) ?? false,
    user_id: isTaken ? (body.user_id as number) : account.me,
    source: 2,
    attachments,
  })
  if (account.habits.reopens && note.incoming && ticket.status > 2) update(account, ticket, { status: 2 })
  return note
}

/** JSON, or a form whose fields are text (freshdesk.md 2.5). */
async function bodyOf(request: FastifyRequest, account?: Account) {
  if (!Buffer.isBuffer(request.body)) return { fields: (request.body ?? {}) as Body, attachments: [] }
  const type = String(request.headers['content-type'])
  const form = await new Response(new Uint8Array(request.body), { headers: { 'content-type': type } }).formData()
  const fields: Body = {}
  const attachments: AccountAttachment[] = []
  for (const [name, value] of form) {
    if (typeof value === 'string') fields[name] = fieldOf(value)
    else if (name === 'attachments[]' && account) attachments.push(attach(account, value))
  }
  return { fields, attachments }
}

const fieldOf = (value: string): unknown =>
  value === 'true' ? true : value === 'false' ? false : /^\d{6,15}$/.test(value) ? Number(value) : value

function attach(account: Account, file: File): AccountAttachment {
  const id = account.nextId()
  const url = `https://storage.example.net/data/helpdesk/attachments/${id}/original/${file.name}?Expires=1772620000&Signature=abc`
  return { id, name: file.name, content_type: file.type, size: file.size, attachment_url: url }
}
