/** A hub on real engines with connections that a test scripts: plain objects that keep the contract. */
import { pino } from 'pino'
import { type Clock, systemClock } from '../src/clock.ts'
import type { BotTurn, Connection, HubEvent } from '../src/connector.ts'
import { buildCriteria } from '../src/escalation/settings.ts'
import { Hub } from '../src/hub.ts'
import type { Mapping } from '../src/mapping.ts'
import { type Message, plainText, text } from '../src/message.ts'
import { readInstallation } from '../src/postgres/installation.ts'
import { openQueueEngine } from '../src/queue/engine.ts'
import { aDatabase, type Engine, type TestDatabase } from './engines.ts'

const hour = 3_600_000

/** Every wait is long: a test that needs one to end sets it. */
export function aMapping(changes: Partial<Mapping> = {}): Mapping {
  const desk = { desk: 'people', mode: 'live', skills: [], waitMs: hour, answerMs: hour } as const
  return {
    name: 'support',
    channel: 'site',
    bot: 'bot',
    desks: [desk],
    fallback: [],
    criteria: buildCriteria(undefined),
    language: 'en',
    languages: ['en'],
    words: {},
    fields: {},
    limits: {
      botMs: 8_000,
      offerMs: hour,
      connectMs: hour,
      waitMs: hour,
      reassureMs: hour,
      agentSilentMs: hour,
      idleMs: hour,
      parkMs: 2 * hour,
      surveyDelayMs: hour,
      surveyEveryMs: hour,
    },
    ...changes,
  }
}

export interface Seen {
  readonly key: string
  readonly to: string
  readonly by: string
  readonly text: string
}

/** What the outside saw, in order, and how it behaves; replace a function to make it misbehave. */
export interface Outside {
  readonly toCustomer: Seen[]
  readonly toDesk: Seen[]
  readonly offers: { key: string; ticket: string; transcript: string[] }[]
  readonly ended: string[]
  say(seen: Seen): Promise<void>
  pass(seen: Seen): Promise<void>
  turn(said: Message, key: string): Promise<BotTurn>
  offer(ticket: string): Promise<void>
}

export function anOutside(): Outside {
  return {
    toCustomer: [],
    toDesk: [],
    offers: [],
    ended: [],
    say: async () => {},
    pass: async () => {},
    turn: async (said) => ({ messages: [text(`bot: ${plainText(said)}`)], intent: 'talk', confidence: 0.9 }),
    offer: async () => {},
  }
}

export function connectionsOf(outside: Outside): Record<string, Connection> {
  let tickets = 0
  return {
    site: {
      channel: {
        dedupes: true,
        async send(visitor, { by, message }, key) {
          const seen = { key, to: visitor, by, text: plainText(message) }
          await outside.say(seen)
          outside.toCustomer.push(seen)
          return {}
        },
      },
    },
    bot: { bot: { turn: (said, _inside, key) => outside.turn(said, key) } },
    people: {
      desk: {
        dedupes: true,
        async offer({ conversation, context }, key) {
          const known = outside.offers.find((offer) => offer.key === key)
          if (known) return known.ticket
          const ticket = `ticket-${conversation}-${++tickets}`
          await outside.offer(ticket)
          outside.offers.push({ key, ticket, transcript: context.transcript.map((entry) => plainText(entry.message)) })
          return ticket
        },
        async send(ticket, { by, message }, key) {
          const seen = { key, to: ticket, by, text: plainText(message) }
          await outside.pass(seen)
          outside.toDesk.push(seen)
          return { ref: `at-desk-${key}` }
        },
        async end(ticket) {
          outside.ended.push(ticket)
        },
      },
    },
  }
}

export interface TestHub {
  readonly hub: Hub
  readonly outside: Outside
  readonly database: TestDatabase
  /** A customer writes; the external id is made up unless given. */
  write(thread: string, body: string, externalId?: string): Promise<void>
  receive(connection: string, event: HubEvent): Promise<void>
  stop(): Promise<void>
}

export interface TestHubOptions {
  readonly engine?: Engine
  /** To have several hubs on one record; whoever made it drops it. */
  readonly database?: TestDatabase
  readonly outside?: Outside
  readonly mapping?: Partial<Mapping>
  readonly leaseMs?: number
  /** The way to the record by which the hub shows that it lives. Default: the same as all others. */
  readonly presenceUrl?: string
  readonly connections?: Record<string, Connection>
  /** Of the hub's machine. */
  readonly clock?: Clock
}

let written = 0

export async function aHub(options: TestHubOptions = {}): Promise<TestHub> {
  const database = options.database ?? (await aDatabase())
  const outside = options.outside ?? anOutside()
  const log = pino({ level: process.env.DEBUG ? 'debug' : 'silent' })
  const installation = await readInstallation(database.pool)
  const queues = await openQueueEngine({
    databaseUrl: database.url,
    redisUrl: options.engine?.redisUrl,
    installation,
    log,
  })
  const hub = new Hub({
    installation,
    pool: database.pool,
    databaseUrl: options.presenceUrl ?? database.url,
    queues,
    mappings: [aMapping(options.mapping)],
    clock: options.clock ?? systemClock,
    log,
    leaseMs: options.leaseMs,
  })
  await hub.enter()
  const connections = { ...connectionsOf(outside), ...options.connections }
  for (const [name, connection] of Object.entries(connections)) hub.connections.set(name, connection)
  await hub.start()
  const receive = (connection: string, event: HubEvent) => hub.receive(connection, [event])
  return {
    hub,
    outside,
    database,
    receive,
    write: (thread, body, externalId = `said-${++written}`) =>
      receive('site', { type: 'customer-message', thread, externalId, at: Date.now(), message: text(body) }),
    async stop() {
      await hub.stop(2_000)
      await queues.close()
      if (!options.database) await database.drop()
    },
  }
}

/** Waits until it is true; fails with what it saw last. */
export async function until(what: string, isTrue: () => boolean | Promise<boolean>, ms = 15_000): Promise<void> {
  const end = Date.now() + ms
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error(`It did not come true in ${ms} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
