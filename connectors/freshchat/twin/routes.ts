/** The vendor's routes under /v2. */
import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import {
  type Account,
  type AccountAgent,
  type AccountConversation,
  type AccountMessage,
  type AccountUser,
  asConversation,
  asMessage,
} from './account.ts'
import { assign, reopen, resolve } from './changes.ts'

type Body = Record<string, unknown>
type WithId = { Params: { id: string } }

/** Thrown by routes; the error handler answers with it. */
export class Refusal extends Error {
  readonly code: number
  readonly body: object
  constructor(code: number, status: string, message: string) {
    super(message)
    this.code = code
    this.body = { code, status, message }
  }
}
const invalid = (message: string) => new Refusal(400, 'INVALID_VALUE', message)
const system = { actor_type: 'system', actor_id: '' }

export function routes(app: FastifyInstance, account: Account): void {
  app.get('/accounts/configuration', async () => ({ organisation_id: 1019183040122821, app_id: account.appId }))
  app.get('/channels', async (request) => ({
    channels: page(request, account.channels).map((one) => ({ ...one, enabled: true })),
  }))
  app.get('/groups', async (request) => ({ groups: page(request, account.groups) }))
  app.get('/agents', async (request) => ({ agents: page(request, account.agents).map(asAgent) }))
  app.get<WithId>('/agents/:id', async ({ params }) => {
    const agent = account.agents.find(({ id }) => id === params.id)
    if (!agent) throw new Refusal(404, 'AGENT_NOT_FOUND', 'agent not found')
    return asAgent(agent)
  })
  userRoutes(app, account)
  conversationRoutes(app, account)
}

function asAgent({ online, ...agent }: AccountAgent): object {
  return {
    ...agent,
    availability_status: online ? 'AVAILABLE' : 'UNAVAILABLE',
    login_status: online,
    is_deactivated: false,
    is_deleted: false,
    routing_type: 'INTELLIASSIGN',
  }
}

function page<T>(request: FastifyRequest, all: readonly T[]): T[] {
  const { page: number = 1, items_per_page: size = 10 } = request.query as { page?: number; items_per_page?: number }
  if (Number(size) > 50 || Number(number) < 1) throw new Refusal(400, 'WRONG_PAGE', 'page out of range')
  return all.slice((Number(number) - 1) * Number(size), Number(number) * Number(size))
}

function userRoutes(app: FastifyInstance, account: Account): void {
  app.get('/users', async (request) => {
    const query = request.query as Body
    const keys = ['reference_id', 'email', 'phone'] as const
    if (!keys.some((key) => query[key])) throw invalid('one of reference_id, email, phone is needed')
    const users = account.users.filter((user) => keys.every((key) => !query[key] || user[key] === query[key]))
    if (users.length === 0 && account.habits.nobodyIs404) throw new Refusal(404, 'USER_NOT_FOUND', 'user not found')
    return { users: page(request, users), pagination: { total_items: users.length } }
  })
  app.post('/users', async (request, reply) => {
    const body = request.body as Body
    if (body.properties !== undefined && !Array.isArray(body.properties)) throw invalid('properties must be a list')
    const user = { properties: [], ...body, id: randomUUID(), created_time: account.now() } as AccountUser
    account.users.push(user)
    return reply.code(201).send(user)
  })
  app.get<WithId>('/users/:id/conversations', async ({ params }) => {
    if (!account.users.some(({ id }) => id === params.id)) throw new Refusal(404, 'USER_NOT_FOUND', 'user not found')
    const theirs = account.conversations.filter(({ user_id }) => user_id === params.id)
    return { conversations: theirs.map(({ conversation_id }) => ({ id: conversation_id })) }
  })
}

function conversationRoutes(app: FastifyInstance, account: Account): void {
  const named = (request: FastifyRequest): AccountConversation => {
    const { id } = request.params as { id: string }
    const found = account.conversations.find(
      (one) =>
        String(one.conversation_internal_id) === id || (one.conversation_id === id && !account.habits.numericOnly),
    )
    if (!found) throw new Refusal(404, 'CONVERSATION_NOT_FOUND', 'conversation not found')
    return found
  }
  app.post('/conversations', async (request) => asConversation(create(account, request.body as Body), account))
  app.get('/conversations/:id', async (request) => asConversation(named(request), account))
  app.put('/conversations/:id', async (request) => {
    const conversation = named(request)
    update(account, conversation, request.body as Body)
    return asConversation(conversation, account)
  })
  app.get('/conversations/:id/messages', async (request) => {
    const conversation = named(request)
    const from = Date.parse(String((request.query as Body).from_time ?? 0)) || 0
    const all = account.messages
      .filter((one) => one.conversation === conversation && Date.parse(one.created_time) >= from)
      .map((one) => asMessage(one, account, true))
    return { messages: page(request, account.habits.newestFirst ? all.reverse() : all), link: { rel: 'messages' } }
  })
  app.post('/conversations/:id/messages', async (request) => {
    const conversation = named(request)
    const body = request.body as Body
    checkMessage(account, conversation.user_id, body)
    if (conversation.status === 'resolved' && account.habits.refusesOld && body.actor_type === 'user')
      throw invalid('The conversation is not the latest conversation of the user')
    const message = account.say(toMessage(conversation, body))
    if (account.habits.castFailures > 0) {
      account.habits.castFailures--
      const fragment = 'com.demach.konotor.model.fragment'
      throw invalid(`${fragment}.TextFragment cannot be cast to ${fragment}.EmailFragment`)
    }
    return asMessage(message, account, true)
  })
}

const toMessage = (conversation: AccountConversation, body: Body): Omit<AccountMessage, 'id' | 'created_time'> => ({
  conversation,
  message_parts: body.message_parts as Record<string, unknown>[],
  message_type: (body.message_type as string) ?? 'normal',
  actor_type: body.actor_type as string,
  actor_id: (body.actor_id as string) ?? '',
  source: 'api',
})

const partKeys = [
  'text',
  'image',
  'file',
  'video',
  'url_button',
  'quick_reply_button',
  'callback',
  'reference',
  'collection',
]

function checkMessage(
  account: Account,
  user: string,
  { message_parts: parts, message_type, actor_type, actor_id }: Body,
): void {
  if (!Array.isArray(parts) || parts.length === 0) throw invalid('message_parts must not be empty')
  for (const part of parts) {
    const keys = Object.keys(part)
    if (keys.length !== 1 || !partKeys.includes(keys[0]!)) throw invalid('exactly one key per message part')
    if (keys[0] === 'file' && !part.file.contentType && !part.file.file_hash) throw invalid('contentType is missing')
    if (keys[0] === 'text' && typeof part.text.content !== 'string') throw invalid('text must have content')
  }
  if (!['user', 'agent', 'system', 'bot'].includes(actor_type as string)) throw invalid('actor_type is not known')
  if (message_type !== undefined && !['normal', 'private', 'system'].includes(message_type as string))
    throw invalid('message_type is not known')
  if (actor_type === 'agent' && !account.agents.some(({ id }) => id === actor_id))
    throw new Refusal(404, 'AGENT_NOT_FOUND', 'agent not found')
  if (actor_type === 'user' && actor_id !== user) throw invalid('actor_id is not the user of the conversation')
}

function create(account: Account, body: Body): AccountConversation {
  const user = ((body.users ?? []) as { id: string }[])[0]?.id
  const messages = (body.messages ?? []) as Body[]
  if (!account.channels.some(({ id }) => id === body.channel_id)) throw invalid('channel_id is not known')
  if (!user || !account.users.some(({ id }) => id === user)) throw invalid('users[0].id is not known')
  if (messages.length === 0) throw invalid('messages must not be empty')
  for (const message of messages) checkMessage(account, user, message)
  checkProperties(account, body.properties)
  if (body.status === 'assigned' && !body.assigned_agent_id && !body.assigned_group_id)
    throw invalid('assigned_agent_id is missing')
  const group = checkGroup(account, body.assigned_group_id)
  const at = account.now()
  const conversation: AccountConversation = {
    conversation_id: randomUUID(),
    conversation_internal_id: 1019183591790001 + account.conversations.length,
    status: (body.status as string) ?? 'new',
    channel_id: body.channel_id as string,
    assigned_agent_id: '',
    assigned_group_id: group,
    user_id: user,
    properties: { priority: 'Low', ...(body.properties as object) },
    created_time: at,
    updated_time: at,
  }
  account.conversations.push(conversation)
  for (const message of messages) account.say(toMessage(conversation, message))
  return conversation
}

function checkProperties(account: Account, properties: unknown): void {
  if (properties === undefined) return
  const isFine = typeof properties === 'object' && properties !== null && !Array.isArray(properties)
  if (!isFine) throw invalid('Conversation payload not valid')
  for (const [name, value] of Object.entries(properties)) {
    if (!account.properties.has(name)) throw invalid(`unknown property ${name}`)
    if (name === 'priority' && !['Low', 'Medium', 'High', 'Urgent'].includes(value))
      throw invalid('priority is not known')
  }
}

function checkGroup(account: Account, group: unknown): string {
  if (group === undefined || group === '') return ''
  if (!account.groups.some(({ id }) => id === group)) throw invalid('assigned_group_id is not known')
  return group as string
}

function update(account: Account, conversation: AccountConversation, body: Body): void {
  const { status, assigned_agent_id: agent, assigned_group_id: group } = body
  if (agent === null || group === null) throw invalid('an empty string unassigns, null does not')
  if (status !== undefined && !['new', 'assigned', 'resolved', 'reopened'].includes(status as string))
    throw invalid('status is not known')
  checkProperties(account, body.properties)
  Object.assign(conversation.properties, body.properties)
  if (agent !== undefined || group !== undefined)
    assign(
      account,
      conversation,
      system,
      String(agent ?? conversation.assigned_agent_id),
      checkGroup(account, group ?? conversation.assigned_group_id),
    )
  if (status === 'resolved' && conversation.status !== 'resolved') resolve(account, conversation, system)
  if (status === 'reopened' && conversation.status === 'resolved') reopen(account, conversation, system)
}
