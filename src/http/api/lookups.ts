/**
 * What an agent looks up beside a conversation. Each is a question of its own, so that a vendor that is slow or away holds up
 * nothing but its own answer, and least of all the conversation.
 */
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Clock } from '../../clock.ts'
import type { Connection } from '../../connector.ts'
import { type Conversation, currentAttempt } from '../../conversation.ts'
import type { Customer } from '../../customer.ts'
import { within } from '../../deadline.ts'
import { HubError } from '../../errors.ts'
import type { Mode } from '../../handoff.ts'
import type { Hub } from '../../hub.ts'
import { type DeskChoice, isOpen } from '../../mapping.ts'
import type { Article } from '../../message.ts'
import { type FoundConversation, findConversations } from '../../postgres/found.ts'
import { theirs } from './conversations.ts'
import { desksOf } from './queue.ts'
import { number } from './words.ts'

const byId = Type.Object({ id: number })
const question = Type.Object(
  { question: Type.String({ minLength: 1, maxLength: 500, pattern: '\\S' }) },
  { additionalProperties: false },
)

/** What the CRM says now; `customer` is null where it knows nobody like that. */
export interface CrmAnswer {
  /** Null: the mapping names none. */
  readonly crm: string | null
  readonly customer: Customer | null
}

/** Best first. */
export interface ArticlesAnswer {
  /** Null: the mapping names none. */
  readonly knowledge: string | null
  readonly articles: readonly Article[]
}

/** Where the bot can go on, by the bot's own names, in their order. Empty where it does not tell. */
export interface IntentsAnswer {
  readonly intents: readonly string[]
}

export interface OtherDesk {
  readonly desk: string
  readonly mode: Mode
  /** False: why not is in `why`. */
  readonly canTake: boolean
  readonly why: string | null
}

/** Desks of the mapping that may be asked next, in the mapping's order; the one that has the conversation is left out. */
export interface DesksAnswer {
  readonly desks: readonly OtherDesk[]
}

/** Newest first. */
export interface EarlierAnswer {
  readonly conversations: readonly FoundConversation[]
  /** Null: nothing is known by which they could be found again. */
  readonly by: 'email' | 'id' | null
  /** Whether the channel vouches for who it is. */
  readonly isVerified: boolean
}

/** A person is waiting for it. */
const answerWithinMs = 8_000
const atMostIntents = 500
const intentsForMs = 10 * 60_000

const may = { may: 'conversations.lookup' } as const

export const lookups =
  (hub: Hub, clock: Clock): FastifyPluginAsync =>
  async (app) => {
    const about = (request: FastifyRequest) => theirs(hub, request)
    const known = new Map<string, { readonly until: number; readonly intents: readonly string[] }>()

    const crm = { params: byId, summary: 'The customer, as the CRM knows them now' }
    app.get('/conversations/:id/crm', { schema: crm, config: may }, async (request): Promise<CrmAnswer> => {
      const conversation = await about(request)
      const name = hub.mappingOf(conversation.mapping, conversation.channel).crm
      if (name === undefined) return { crm: null, customer: null }
      const { id, email, phone } = conversation.customer
      if (!id && !email && !phone) return { crm: name, customer: null }
      const found = await ask(hub, name, 'find', async ({ crm }) => crm?.find(conversation.customer))
      return { crm: name, customer: found ?? null }
    })

    const articles = { params: byId, querystring: question, summary: 'Articles of the mapping’s knowledge' }
    app.get('/conversations/:id/articles', { schema: articles, config: may }, async (request) => {
      const conversation = await about(request)
      const name = hub.mappingOf(conversation.mapping, conversation.channel).knowledge
      if (name === undefined) return { knowledge: null, articles: [] } satisfies ArticlesAnswer
      const { question: asked } = request.query as Static<typeof question>
      const found = await ask(hub, name, 'search', async ({ knowledge }) => knowledge?.search(asked, 8))
      return { knowledge: name, articles: found ?? [] } satisfies ArticlesAnswer
    })

    const intents = { params: byId, summary: 'The bot’s intents, to go on with after a return' }
    app.get('/conversations/:id/intents', { schema: intents, config: may }, async (request): Promise<IntentsAnswer> => {
      const { mapping, channel } = await about(request)
      const { bot } = hub.mappingOf(mapping, channel)
      const before = known.get(bot)
      if (before && before.until > clock.now()) return { intents: before.intents }
      const names = await ask(hub, bot, 'intents', namesOfIntents)
      known.set(bot, { until: clock.now() + intentsForMs, intents: names })
      return { intents: names }
    })

    const desks = { params: byId, summary: 'Other desks of the mapping, to which the conversation may be passed' }
    app.get(
      '/conversations/:id/desks',
      { schema: desks, config: may },
      async (request): Promise<DesksAnswer> => ({
        desks: otherDesks(hub, await about(request), clock.now()),
      }),
    )

    const earlier = { params: byId, summary: 'Earlier conversations of the same customer' }
    app.get('/conversations/:id/earlier', { schema: earlier, config: may }, async (request): Promise<EarlierAnswer> => {
      const { id, customer } = await about(request)
      const search = customer.email ?? customer.id
      const isVerified = customer.verified === true
      if (search === undefined) return { conversations: [], by: null, isVerified }
      const found = await findConversations(hub.pool, { search, desks: desksOf(request), limit: 21 })
      const others = found.filter((one) => one.id !== id && isSame(one.customer, customer)).slice(0, 20)
      return { conversations: others, by: customer.email === undefined ? 'id' : 'email', isVerified }
    })
  }

/** The search is for people, and finds by parts of a name too. */
const isSame = (one: Customer, other: Customer): boolean =>
  other.email === undefined ? one.id === other.id : one.email?.toLowerCase() === other.email.toLowerCase()

/** Asks a connection for somebody who waits: not when it is known to be away, and never for long. */
async function ask<T>(hub: Hub, name: string, what: string, act: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = hub.connections.get(name)
  if (!connection) throw new HubError('unknown', `The configuration has no connection "${name}" any more`)
  const waitMs = hub.gates.waitMs(name)
  if (waitMs > 0) throw new HubError('busy', `${hub.gates.why(name)}.`, { retryAfterMs: waitMs })
  try {
    const call = within(answerWithinMs, name, () => act(connection))
    const answer = await hub.traffic.timed(name, what, call)
    await hub.gates.worked(name)
    return answer
  } catch (thrown) {
    const error =
      thrown instanceof HubError ? thrown : new HubError('unreachable', `${name} did not answer`, { cause: thrown })
    await hub.gates.failed(name, error)
    throw error
  }
}

async function namesOfIntents({ training }: Connection): Promise<readonly string[]> {
  const names = new Set<string>()
  if (!training) return []
  for await (const { name } of training.intents()) {
    names.add(name)
    if (names.size >= atMostIntents) break
  }
  return [...names].sort((a, b) => a.localeCompare(b))
}

function otherDesks(hub: Hub, conversation: Conversation, now: number): OtherDesk[] {
  const { desks, fallback } = hub.mappingOf(conversation.mapping, conversation.channel)
  const asked = currentAttempt(conversation)
  return [...desks, ...fallback]
    .filter(({ desk, mode }) => desk !== asked?.desk || mode !== asked.mode)
    .map((choice) => {
      const why = whyNot(hub, choice, now)
      return { desk: choice.desk, mode: choice.mode, canTake: why === null, why }
    })
}

function whyNot(hub: Hub, { desk, mode, hours }: DeskChoice, now: number): string | null {
  if (mode === 'live' && hours !== undefined && !isOpen(hours, now)) return 'closed at this time'
  return hub.gates.isFlowing(desk) ? null : hub.gates.why(desk)
}
