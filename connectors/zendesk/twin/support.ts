/** Tickets, users, files and exports of Support (zendesk.md 7.4, 8). */
import { isDeepStrictEqual } from 'node:util'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Account, meId } from './account.ts'
import { addUser, createTicket, updateTicket } from './intake.ts'
import { type StoredTicket, showComment, showTicket, showUser, type TwinUser } from './objects.ts'
import { forbidden, invalid, notFound, Refusal } from './refusal.ts'
import { bodyIn, both, idIn, page, queryIn } from './routes.ts'

export function supportRoutes(app: FastifyInstance, account: Account, base: () => string): void {
  const show = (ticket: StoredTicket) => showTicket(ticket, base())
  const ticketIn = (request: FastifyRequest): StoredTicket => {
    const ticket = account.tickets.get(Number(idIn(request, 'id')))
    if (!ticket || ticket.status === 'deleted') throw notFound()
    return ticket
  }
  const replays = createReplays(account)
  const paces = new Map<number, number[]>()

  both(app, 'POST', '/api/v2/tickets', async (request, reply) => {
    const body = bodyIn(request)
    const key = request.headers['idempotency-key'] as string | undefined
    const { answer, lookup } = replays(key, body, () => {
      const { ticket, audit } = createTicket(account, wrapped(body, 'ticket'))
      return { ticket: show(ticket), audit }
    })
    if (lookup) void reply.header('x-idempotency-lookup', lookup)
    void reply.code(201).header('location', String((answer.ticket as { url: string }).url))
    return answer
  })
  both(app, 'GET', '/api/v2/tickets', async (request) => {
    const { external_id } = queryIn(request)
    const all = [...account.tickets.values()].filter(({ status }) => status !== 'deleted')
    const found = external_id === undefined ? all : all.filter((ticket) => ticket.external_id === external_id)
    return { tickets: found.map(show), count: found.length, next_page: null, previous_page: null }
  })
  both(app, 'GET', '/api/v2/tickets/:id', async (request) => ({ ticket: show(ticketIn(request)) }))
  both(app, 'PUT', '/api/v2/tickets/:id', async (request) => {
    const ticket = ticketIn(request)
    keepPace(account, paces, ticket.id)
    const audit = updateTicket(account, ticket, wrapped(bodyIn(request), 'ticket'))
    return { ticket: show(ticket), audit }
  })
  both(app, 'GET', '/api/v2/tickets/:id/comments', async (request) => {
    const { items, ...paging } = page(sorted(ticketIn(request).comments, request), queryIn(request))
    return { comments: items.map(showComment), ...paging }
  })
  both(app, 'GET', '/api/v2/tickets/:id/audits', async (request) => {
    const { items, ...paging } = page(
      sorted(ticketIn(request).audits, request),
      queryIn(request),
      account.quirks.pageSize,
    )
    return { audits: items, ...paging }
  })
  both(app, 'GET', '/api/v2/incremental/tickets/cursor', async (request) => {
    if (account.quirks.noAdmin) throw forbidden()
    return exported(account, queryIn(request), show)
  })
  both(app, 'POST', '/api/v2/uploads', async (request, reply) => {
    const { filename, token = `upload-${account.nextId()}` } = queryIn(request)
    if (!filename) throw new Refusal(400, { error: 'ParamMissing', description: 'filename' })
    const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.from(JSON.stringify(request.body ?? ''))
    const id = account.nextId()
    const attachment = {
      id,
      file_name: filename,
      content_type: String(request.headers['content-type'] ?? 'application/octet-stream'),
      content_url: `${base()}/attachments/token/${id}/?name=${encodeURIComponent(filename)}`,
      size: bytes.length,
      inline: false,
    }
    const attachments = [...(account.uploads.get(token)?.attachments ?? []), attachment]
    account.uploads.set(token, { token, attachments, untilMs: account.clock.now() + 60 * 60_000 })
    void reply.code(201)
    return { upload: { token, attachment, attachments } }
  })
  userRoutes(app, account)
  routingRoutes(app, account)
}

function userRoutes(app: FastifyInstance, account: Account): void {
  both(app, 'GET', '/api/v2/users/me', async () => ({ user: showUser(account.users.get(meId)!) }))
  both(app, 'GET', '/api/v2/users/show_many', async (request) => {
    const ids = (queryIn(request).ids ?? '').split(',').map(Number)
    const users = ids.flatMap((id) => account.users.get(id) ?? [])
    return { users: users.map(showUser), count: users.length, next_page: null, previous_page: null }
  })
  both(app, 'POST', '/api/v2/users/create_or_update', async (request, reply) => {
    const { name, email, external_id } = wrapped(bodyIn(request), 'user') as {
      name?: string
      email?: string
      external_id?: string
    }
    const same = (one: string | null, other: string | undefined) =>
      other !== undefined && one?.toLowerCase() === other.toLowerCase()
    const everybody = [...account.users.values()]
    const known: TwinUser | undefined =
      everybody.find((user) => same(user.external_id, external_id)) ?? everybody.find((user) => same(user.email, email))
    if (!known && !name) throw invalid('name', 'Name: is too short (minimum is 1 characters)')
    if (!known) {
      void reply.code(201)
      return { user: showUser(addUser(account, { name: name!, email, external_id })) }
    }
    Object.assign(known, {
      updated_at: account.now(),
      ...(name && { name }),
      ...(email && { email }),
      ...(external_id && { external_id }),
    })
    return { user: showUser(known) }
  })
}

/** Skills and who is available: for admins (zendesk.md 9). */
function routingRoutes(app: FastifyInstance, account: Account): void {
  const attribute = { id: '1b6f2a90-0000-4d3e-9b77-0c1d2e3f4a00', name: 'Skills' }
  const values = () => [...account.skills].map(([id, name]) => ({ id, name, attribute_id: attribute.id }))
  const admit = () => {
    if (account.quirks.noAdmin) throw forbidden()
  }
  both(app, 'GET', '/api/v2/routing/attributes', async () => {
    admit()
    return { attributes: [attribute], count: 1, next_page: null, previous_page: null }
  })
  both(app, 'GET', '/api/v2/routing/attributes/:id/values', async (request) => {
    admit()
    return { attribute_values: idIn(request, 'id') === attribute.id ? values() : [] }
  })
  both(app, 'POST', '/api/v2/routing/tickets/:id/instance_values', async (request) => {
    admit()
    const id = Number(idIn(request, 'id'))
    if (!account.tickets.has(id)) throw notFound()
    const asked = bodyIn(request).attribute_value_ids
    if (!Array.isArray(asked)) throw new Refusal(400, { error: 'ParamMissing', description: 'attribute_value_ids' })
    // Unknown ids are ignored without a word.
    const kept = asked.filter((one) => account.skills.has(one as string)) as string[]
    account.needs.set(id, kept)
    return { attribute_values: values().filter((value) => kept.includes(value.id)) }
  })
  both(app, 'GET', '/api/v2/agent_availabilities', async (request) => {
    admit()
    const [channel, status] = (queryIn(request)['filter[channel_status]'] ?? '').split(':')
    return availabilities(account, channel || undefined, status)
  })
}

function availabilities(account: Account, channel: string | undefined, status: string | undefined) {
  const agents = [...account.users.values()].filter(
    ({ role, online }) => role === 'agent' && (!channel || (online ? 'online' : 'offline') === status),
  )
  const channels = channel ? [channel] : ['messaging', 'support']
  const updated_at = account.now()
  const busy = (id: number) =>
    [...account.tickets.values()].filter((ticket) => ticket.assignee_id === id && ticket.status === 'open').length
  return {
    data: agents.map(({ id, online, skills = [] }) => ({
      type: 'agent_availabilities',
      id: `agent_availabilities|${id}`,
      attributes: {
        agent_id: id,
        agent_status: online ? { id: 1, name: 'online', updated_at } : { id: 4, name: 'offline', updated_at },
        group_ids: [...account.groups.keys()],
        skills: skills.map((skill) => ({ id: skill })),
        version: 1,
      },
      relationships: {
        channels: {
          data: channels.map((name) => ({ type: 'channels', id: `agent_availabilities|${id}|channels|${name}` })),
        },
      },
    })),
    included: agents.flatMap(({ id, online }) =>
      channels.map((name) => ({
        type: 'channels',
        id: `agent_availabilities|${id}|channels|${name}`,
        attributes: {
          name,
          status: online ? 'online' : 'offline',
          max_capacity: 10,
          work_item_count: busy(id),
          updated_at,
        },
      })),
    ),
    meta: { has_more: false },
    links: { next: null, prev: null },
  }
}

function wrapped(body: Record<string, unknown>, name: string): Record<string, unknown> {
  const inside = body[name]
  if (typeof inside !== 'object' || inside === null)
    throw new Refusal(400, {
      error: { title: 'Invalid attribute', message: `You passed an invalid value for the ${name} attribute.` },
    })
  return inside as Record<string, unknown>
}

function sorted<T extends { readonly id: number }>(all: readonly T[], request: FastifyRequest): T[] {
  return queryIn(request).sort?.startsWith('-') ? all.toReversed() : [...all]
}

const replayMs = 2 * 60 * 60_000

/** The first answer again for two hours; the same key with another body is refused (zendesk.md 7.4). */
function createReplays(account: Account) {
  const kept = new Map<
    string,
    { readonly body: unknown; readonly answer: Record<string, unknown>; readonly until: number }
  >()
  return (key: string | undefined, body: unknown, make: () => Record<string, unknown>) => {
    if (key === undefined) return { answer: make(), lookup: undefined }
    if (key.length > 255)
      throw new Refusal(400, { error: 'IdempotentRequestError', description: 'Idempotency key is too long' })
    const known = kept.get(key)
    if (known && known.until > account.clock.now()) {
      if (account.quirks.conflictsAtOnce)
        throw new Refusal(409, { error: 'Conflict', description: 'A request with this key is under way' })
      if (!isDeepStrictEqual(known.body, body))
        throw new Refusal(400, {
          error: 'IdempotentRequestError',
          description: "Request parameters don't match the given idempotency key",
        })
      return { answer: known.answer, lookup: 'hit' }
    }
    const answer = make()
    kept.set(key, { body: structuredClone(body), answer, until: account.clock.now() + replayMs })
    return { answer, lookup: 'miss' }
  }
}

const paceMs = 10 * 60_000

/** 30 updates in 10 minutes for a user and ticket (zendesk.md 7.2). */
function keepPace({ clock }: Account, paces: Map<number, number[]>, ticket: number): void {
  const recent = (paces.get(ticket) ?? []).filter((at) => at > clock.now() - paceMs)
  if (recent.length >= 30) {
    const seconds = Math.ceil((recent[0]! + paceMs - clock.now()) / 1_000)
    throw new Refusal(
      429,
      { error: 'TooManyRequests', description: 'Too many updates of this ticket' },
      { 'retry-after': String(seconds) },
    )
  }
  paces.set(ticket, [...recent, clock.now()])
}

/** By the time of change, and never the last minute. */
function exported(
  account: Account,
  query: Record<string, string | undefined>,
  show: (ticket: StoredTicket) => unknown,
) {
  const { start_time, cursor } = query
  if (!cursor && !start_time) throw new Refusal(400, { error: 'InvalidValue', description: 'start_time is required' })
  const newestMs = account.clock.now() - 60_000
  if (!cursor && Number(start_time) * 1_000 > newestMs)
    throw new Refusal(422, { error: 'StartTimeTooRecent', description: 'Too recent start_time' })
  const [ms = 0, id = 0] = cursor
    ? Buffer.from(cursor, 'base64').toString().split('|').map(Number)
    : [Number(start_time) * 1_000 - 1, 0]
  const size = account.quirks.pageSize ?? 1_000
  const changed = [...account.tickets.values()]
    .filter(
      (ticket) =>
        ticket.changedMs <= newestMs && (ticket.changedMs > ms || (ticket.changedMs === ms && ticket.id > id)),
    )
    .sort((one, other) => one.changedMs - other.changedMs || one.id - other.id)
  const items = changed.slice(0, size)
  const last = items.at(-1)
  const after_cursor = Buffer.from(last ? `${last.changedMs}|${last.id}` : `${ms}|${id}`).toString('base64')
  return {
    tickets: items.map(show),
    after_cursor,
    after_url: null,
    before_cursor: null,
    before_url: null,
    end_of_stream: changed.length <= size,
  }
}
