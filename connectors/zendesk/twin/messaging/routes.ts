/** The routes of Sunshine Conversations v2 (zendesk.md 3), on the account of the twin. */
import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { bodyIn, queryIn } from '../routes.ts'
import {
  type App,
  addMessage,
  addTalk,
  addUser,
  type Member,
  pass,
  release,
  type SunUser,
  showMessage,
  showTalk,
  showUser,
  type Talk,
} from './app.ts'
import { badRequest, checkAuthor, checkContent, checkMetadata, refusal } from './checks.ts'
import type { Hooks } from './webhooks.ts'

const pageSize = 100
const base = '/sc/v2/apps/:app'

export interface Keys {
  readonly keyId?: string
  readonly keySecret?: string
}

export function messagingRoutes(app: FastifyInstance, sun: App, keys: Keys, hooks: Hooks): void {
  const { quirks, clock } = sun.account
  let minute = { at: 0, calls: 0 }

  /** Basic with the key’s id and secret (zendesk.md 2.2); limits exist, their numbers are not published. */
  const admit = ({ headers, params }: FastifyRequest): void => {
    const expected = `Basic ${Buffer.from(`${keys.keyId}:${keys.keySecret}`).toString('base64')}`
    if (headers.authorization !== expected) throw refusal(401, 'unauthorized', 'Authorization is required')
    const now = Math.floor(clock.now() / 60_000)
    minute = minute.at === now ? { at: now, calls: minute.calls + 1 } : { at: now, calls: 1 }
    if (minute.calls > (quirks.messagingPerMinute ?? 5_000))
      throw refusal(429, 'too_many_requests', 'Too many requests')
    if ((params as { app: string }).app !== sun.id) throw refusal(404, 'app_not_found', 'App not found')
  }
  const route = (
    method: 'GET' | 'POST',
    path: string,
    handler: (request: FastifyRequest, reply: FastifyReply) => unknown,
  ) =>
    app.route({
      method,
      url: `${base}${path}`,
      handler: (request, reply) => {
        admit(request)
        return handler(request, reply)
      },
    })
  const talkIn = ({ params }: FastifyRequest): Talk => {
    const talk = sun.talks.get((params as { talk: string }).talk)
    if (!talk) throw refusal(404, 'conversation_not_found', 'Conversation not found')
    return talk
  }
  const userBy = (given: Readonly<Record<string, unknown>>): SunUser => {
    const user = given.userId
      ? sun.users.get(String(given.userId))
      : [...sun.users.values()].find(({ externalId }) => externalId === given.userExternalId)
    if (!user) throw refusal(404, 'user_not_found', 'User not found')
    return user
  }

  route('GET', '', () => ({ app: { id: sun.id, displayName: 'Shop', settings: {}, metadata: {} } }))
  route('POST', '/users', (request, reply) => {
    const given = bodyIn(request) as { externalId?: string; profile?: object }
    if (!given.externalId) throw badRequest('externalId is required')
    if ([...sun.users.values()].some(({ externalId }) => externalId === given.externalId))
      throw refusal(409, 'conflict', 'User already exists')
    void reply.code(201)
    return { user: showUser(addUser(sun, given)) }
  })
  route('POST', '/conversations', (request, reply) => {
    const { type, participants, metadata } = bodyIn(request)
    if (type !== 'personal') throw badRequest('type must be personal')
    if (!Array.isArray(participants) || participants.length !== 1) throw badRequest('participants must be one')
    const talk = addTalk(sun, userBy(participants[0]), checkMetadata(metadata))
    void reply.code(201)
    hooks.told('conversation:create', talk, { creationReason: 'none', source: { type: 'api:conversations' } })
    return { conversation: showTalk(talk) }
  })
  route('GET', '/conversations', (request) => {
    const query = queryIn(request)
    const given = { userId: query['filter[userId]'], userExternalId: query['filter[userExternalId]'] }
    if (!given.userId && !given.userExternalId) throw badRequest('filter is required')
    const user = userBy(given)
    return {
      conversations: [...sun.talks.values()].filter((talk) => talk.user === user).map(showTalk),
      meta: { hasMore: false },
      links: {},
    }
  })
  route('GET', '/conversations/:talk', (request) => ({ conversation: showTalk(talkIn(request)) }))

  route('POST', '/conversations/:talk/messages', (request, reply) => {
    const talk = talkIn(request)
    const given = bodyIn(request)
    const author = checkAuthor(given.author)
    const content = checkContent(given.content)
    const metadata = checkMetadata(given.metadata)
    const { integrationType } = (given.destination ?? {}) as { integrationType?: string }
    if (integrationType !== undefined && integrationType !== 'none') throw badRequest('destination')
    if (integrationType && author.type !== 'business') throw badRequest('destination is for business only')
    if (talk.messages.length >= (quirks.mostMessages ?? 30_000))
      throw refusal(423, 'locked', 'Message limit of 30000 per conversation reached.')
    const user = author.type === 'user' ? userBy(author) : undefined
    if (user && user !== talk.user) throw refusal(404, 'user_not_found', 'User not found')
    void reply.code(201)
    const message = addMessage(sun, talk, {
      author: user ? { ...author, userId: user.id } : author,
      content,
      source: { type: 'api:conversations' },
      ...(metadata && { metadata }),
      ...(integrationType === 'none' && { isSilent: true }),
    })
    return { messages: [showMessage(message)] }
  })
  route('GET', '/conversations/:talk/messages', (request) => {
    const { messages } = talkIn(request)
    const query = queryIn(request)
    const [after, before] = [query['page[after]'], query['page[before]']]
    if (after && before) throw badRequest('page[after] and page[before] exclude each other')
    const place = (id: string) => messages.findIndex((message) => message.id === id)
    const end = before ? place(before) : messages.length
    const from = after ? place(after) + 1 : Math.max(0, end - pageSize)
    const shown = messages.slice(from, after ? from + pageSize : end)
    const hasMore = after ? from + pageSize < messages.length : from > 0
    return {
      messages: shown.map(showMessage),
      meta: { hasMore, ...(!after && hasMore && { beforeCursor: shown[0]!.id }) },
      links: {},
    }
  })
  route('POST', '/conversations/:talk/activity', (request) => {
    talkIn(request)
    const { author, type } = bodyIn(request)
    const by = checkAuthor(author)
    const allowed = by.type === 'user' ? ['conversation:read'] : ['conversation:read', 'typing:start', 'typing:stop']
    if (!allowed.includes(String(type))) throw badRequest('type is not allowed')
    return {}
  })
  controlRoutes(route, sun, talkIn)
  hookRoutes(route, sun, hooks)
}

type Route = (
  method: 'GET' | 'POST',
  path: string,
  handler: (request: FastifyRequest, reply: FastifyReply) => unknown,
) => void

function controlRoutes(route: Route, sun: App, talkIn: (request: FastifyRequest) => Talk): void {
  const memberIn = (given: Readonly<Record<string, unknown>>): Member => {
    const name = given.switchboardIntegration
    if (typeof name !== 'string') throw badRequest('switchboardIntegration is required')
    const found = (['id', 'name', 'integrationType'] as const)
      .map((kind) => sun.members.find((member) => member[kind] === name))
      .find(Boolean)
    if (!found) throw refusal(404, 'switchboard_integration_not_found', 'Switchboard integration not found')
    return found
  }
  route('POST', '/conversations/:talk/passControl', (request) => {
    const [talk, given] = [talkIn(request), bodyIn(request)]
    pass(sun, talk, memberIn(given), checkMetadata(given.metadata) ?? {})
    return {}
  })
  route('POST', '/conversations/:talk/offerControl', (request) => {
    const [talk, given] = [talkIn(request), bodyIn(request)]
    const to = memberIn(given)
    const metadata = checkMetadata(given.metadata)
    if (to === talk.active) throw badRequest('the integration is active already')
    talk.pending = to
    sun.told?.('switchboard:offerControl', talk, metadata ? { metadata } : {})
    return {}
  })
  route('POST', '/conversations/:talk/acceptControl', (request) => {
    const [talk, given] = [talkIn(request), bodyIn(request)]
    const metadata = checkMetadata(given.metadata)
    if (!talk.pending) throw refusal(403, 'forbidden', 'Forbidden')
    talk.active = talk.pending
    talk.pending = undefined
    sun.told?.('switchboard:acceptControl', talk, metadata ? { metadata } : {})
    return {}
  })
  route('POST', '/conversations/:talk/releaseControl', (request) => {
    const [talk, given] = [talkIn(request), bodyIn(request)]
    release(sun, talk, checkMetadata(given.metadata))
    return {}
  })
}

function hookRoutes(route: Route, sun: App, hooks: Hooks): void {
  const check = ({ params }: FastifyRequest): void => {
    if ((params as { integration: string }).integration !== sun.own.integrationId)
      throw refusal(404, 'integration_not_found', 'Integration not found')
  }
  route('GET', '/integrations/:integration/webhooks', (request) => {
    check(request)
    return { webhooks: hooks.all() }
  })
  route('POST', '/integrations/:integration/webhooks', (request, reply) => {
    check(request)
    const { target, triggers, includeFullUser = false } = bodyIn(request)
    if (typeof target !== 'string' || !Array.isArray(triggers)) throw badRequest('target and triggers are required')
    if (hooks.all().length >= 10) throw badRequest('too many webhooks')
    void reply.code(201)
    return { webhook: hooks.add(target, triggers, randomBytes(16).toString('hex'), includeFullUser === true) }
  })
}
