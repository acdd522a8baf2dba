/** Connections: their health in a word with the figures behind it, a harmless test, pause and resume. */
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { reachOf } from '../../access.ts'
import type { Clock } from '../../clock.ts'
import { rolesOf } from '../../config/roles.ts'
import type { Config } from '../../config.ts'
import type { Connection } from '../../connector.ts'
import { within } from '../../deadline.ts'
import { asHubError, HubError } from '../../errors.ts'
import type { Gate, Health } from '../../gates.ts'
import { advice, healthOf, healthWords, nextTryAt } from '../../health.ts'
import type { Hub } from '../../hub.ts'
import { carriesIn, type Pairing, pairingsOf } from '../../pairing.ts'
import { type HeldUp, readHeldUp } from '../../postgres/held-up.ts'
import {
  type Figures,
  noFigures,
  type Quiet,
  readFigures,
  readLast,
  readQuiet,
  readWaiting,
  type TrafficKeeper,
  type Waiting,
} from '../../postgres/traffic.ts'
import { audit } from '../../staff/audit.ts'
import type { CallSeen, RefusedHook } from '../../traffic.ts'
import type { Unwell } from '../live.ts'

const byName = Type.Object({ name: Type.String({ maxLength: 200, description: 'The connection’s name in the YAML' }) })
const pausing = Type.Union([
  Type.Object(
    { reason: Type.Optional(Type.String({ maxLength: 300, description: 'For whoever finds it paused' })) },
    { additionalProperties: false },
  ),
  Type.Null(),
])

/** A connection as `GET /connections` lists it. Whoever may only see the health gets null in the place of all the rest. */
export interface ConnectionRow {
  readonly name: string
  readonly use: string | null
  readonly roles: readonly string[]
  readonly health: Health
  readonly pausedBy: string | null
  readonly pausedAt: number | null
  readonly pauseReason: string | null
  readonly lastError: string | null
  readonly lastErrorAt: number | null
  readonly failingSince: number | null
  /** When it is tried again, or goes on by itself. */
  readonly nextTryAt: number | null
  readonly figures: Figures | null
  readonly waiting: Waiting | null
  /** Calls it may get in a minute, where that is known. */
  readonly limitPerMinute: number | null
  readonly advice: string | null
}

export interface ConnectionDetail extends ConnectionRow {
  readonly capabilities: readonly { readonly what: string; readonly how: string }[]
  /** What is changed or lost between it and the other sides of its mappings. */
  readonly pairings: readonly Pairing[]
  readonly mappings: readonly string[]
  /** Addresses that the other side must know to report anything. */
  readonly hooks: readonly string[]
  readonly canTest: boolean
  readonly calls: readonly CallSeen[]
  readonly refused: readonly RefusedHook[]
  readonly heldUp: HeldUp
  /** What a pause means, one sentence for each role it plays. */
  readonly pauseMeans: readonly string[]
}

export interface ConnectionTest {
  readonly fate: 'fine' | 'failed' | 'not tried'
  readonly said: string
  readonly ms: number
}

export interface Operated {
  readonly hub: Hub
  readonly clock: Clock
  readonly config: Config
  readonly traffic: TrafficKeeper
  /** Under which the hub is reached from outside. */
  readonly url: string
}

const testWithinMs = 15_000
const quietForMs = 60_000
const figuresForMs = 5_000

/** All connections as they are right now; what this hub has counted and not yet written is written first. */
export function lookAtConnections(parts: Operated): () => Promise<ConnectionRow[]> {
  const { hub, clock, traffic } = parts
  const quietOf = remembered(() => readQuiet(hub.pool), clock, quietForMs)
  return async () => {
    await Promise.all([hub.gates.refresh(), traffic.write()])
    const [figures, waiting, quiet] = await Promise.all([
      readFigures(hub.pool, clock.now()),
      readWaiting(hub.pool),
      quietOf(),
    ])
    return [...hub.connections].map(([name, connection]) =>
      toRow(parts, name, connection, figures.get(name) ?? noFigures, waiting.get(name), quiet.get(name)),
    )
  }
}

/** Those that are not healthy, and their words: "1 failing, 2 slow". Cheap enough to be asked at every change. */
export function sayUnwell({ hub, clock }: Operated): () => Promise<Unwell> {
  const quietOf = remembered(() => readQuiet(hub.pool), clock, quietForMs)
  const figuresOf = remembered(() => readFigures(hub.pool, clock.now()), clock, figuresForMs)
  return async () => {
    const [figures, quiet] = await Promise.all([figuresOf(), quietOf()])
    const all = [...hub.connections].map(([name, connection]) => ({
      name,
      health: healthOf({
        gate: hub.gates.health(name).health,
        figures: figures.get(name) ?? noFigures,
        quiet: quiet.get(name),
        reports: reportsItself(connection),
        now: clock.now(),
      }),
    }))
    const byWord = healthWords
      .filter((word) => word !== 'healthy')
      .map((word) => [word, all.filter(({ health }) => health === word)] as const)
    return {
      connections: byWord.flatMap(([, those]) => those),
      words: byWord.flatMap(([word, { length }]) => (length > 0 ? [`${length} ${word}`] : [])).join(', '),
    }
  }
}

export function connections(parts: Operated): FastifyPluginAsync {
  const { hub, clock, config, url } = parts
  const look = lookAtConnections(parts)

  return async (app) => {
    app.get(
      '/connections',
      { schema: { summary: 'Connections and their health, worst first' }, config: { may: 'connections.read' } },
      async (request) => {
        const rows = (await look()).sort(worstFirst)
        return { connections: maySeeFigures(request) ? rows : rows.map(healthOnly), at: clock.now() }
      },
    )

    app.get(
      '/connections/:name',
      {
        schema: {
          params: byName,
          summary: 'One connection: what it can, what it did last, what a pause would hold up',
        },
        config: { may: 'connections.inspect' },
      },
      async (request): Promise<ConnectionDetail> => {
        const name = known(hub, request.params as Static<typeof byName>)
        const row = (await look()).find((one) => one.name === name)!
        const mappings = config.mappings.filter((mapping) => isPartOf(mapping, name))
        const botOf = mappings.filter(({ bot }) => bot === name).map((mapping) => mapping.name)
        const [last, heldUp] = await Promise.all([readLast(hub.pool, name), readHeldUp(hub.pool, name, botOf)])
        const connection = hub.connections.get(name)!
        return {
          ...row,
          ...last,
          heldUp,
          mappings: mappings.map((mapping) => mapping.name),
          capabilities: capabilitiesOf(connection),
          pairings: mappings
            .flatMap((mapping) => pairingsOf(mapping, carriesIn(config.connections)))
            .filter(({ from, to, fate }) => (from === name || to === name) && fate !== 'kept'),
          hooks: connectorOf(config, name)?.migrations
            ? []
            : (hub.traffic.hookPaths.get(name) ?? []).map((path) => url + path),
          canTest: connection.check !== undefined,
          pauseMeans: pauseMeans(connection),
        }
      },
    )

    app.post(
      '/connections/:name/test',
      {
        schema: { params: byName, summary: 'A harmless call with its credentials' },
        config: { may: 'connections.command' },
      },
      async (request): Promise<ConnectionTest> => {
        const name = known(hub, request.params as Static<typeof byName>)
        const tested = await test(hub, name)
        await audit(hub.pool, request.staff!, 'connections.test', name, { fate: tested.fate })
        return tested
      },
    )

    app.post(
      '/connections/:name/pause',
      {
        schema: { params: byName, body: pausing, summary: 'Hold everything back' },
        config: { may: 'connections.command' },
      },
      async (request, reply) => {
        const name = known(hub, request.params as Static<typeof byName>)
        const reason = (request.body as Static<typeof pausing> | undefined)?.reason
        await hub.gates.pause(name, request.staff!.name, reason || undefined)
        await audit(hub.pool, request.staff!, 'connections.pause', name)
        return reply.code(204).send()
      },
    )

    app.post(
      '/connections/:name/resume',
      { schema: { params: byName, summary: 'Go on with what was held back' }, config: { may: 'connections.command' } },
      async (request, reply) => {
        const name = known(hub, request.params as Static<typeof byName>)
        await hub.gates.resume(name)
        await audit(hub.pool, request.staff!, 'connections.resume', name)
        await hub.sweepNow()
        return reply.code(204).send()
      },
    )
  }
}

function toRow(
  { hub, clock, config }: Operated,
  name: string,
  connection: Connection,
  figures: Figures,
  waiting: Waiting | undefined,
  quiet: Quiet | undefined,
): ConnectionRow {
  const { health: said, gate } = hub.gates.health(name)
  const reports = reportsItself(connection)
  const health = healthOf({ gate: said, figures, quiet, reports, now: clock.now() })
  return {
    name,
    use: config.connections.find((one) => one.name === name)?.use ?? null,
    roles: rolesOf(connection),
    health,
    ...fromGate(gate),
    nextTryAt: nextTryAt(health, gate),
    figures,
    waiting: waiting ?? { effects: 0, oldestAt: 0 },
    limitPerMinute: connection.limits?.callsPerMinute ?? null,
    advice: advice[health],
  }
}

/** Something is expected to come from it without being asked for. */
const reportsItself = ({ hooks, poll }: Connection): boolean => hooks !== undefined || poll !== undefined

const fromGate = (gate: Gate | undefined) => ({
  pausedBy: gate?.pausedBy ?? null,
  pausedAt: gate?.pausedAt ?? null,
  pauseReason: gate?.pauseReason ?? null,
  lastError: gate?.lastText ?? null,
  lastErrorAt: gate?.lastAt ?? null,
  failingSince: gate && gate.failures > 0 ? gate.failingSince : null,
})

const healthOnly = ({ name, roles, health }: ConnectionRow): ConnectionRow => ({
  name,
  use: null,
  roles,
  health,
  pausedBy: null,
  pausedAt: null,
  pauseReason: null,
  lastError: null,
  lastErrorAt: null,
  failingSince: null,
  nextTryAt: null,
  figures: null,
  waiting: null,
  limitPerMinute: null,
  advice: null,
})

const maySeeFigures = ({ staff }: FastifyRequest): boolean => reachOf(staff!, 'connections.inspect') !== undefined

const worstFirst = (a: ConnectionRow, b: ConnectionRow): number =>
  healthWords.indexOf(a.health) - healthWords.indexOf(b.health) || (b.waiting?.effects ?? 0) - (a.waiting?.effects ?? 0)

const connectorOf = ({ connections: all }: Config, name: string) => all.find((one) => one.name === name)?.connector

function isPartOf(mapping: Config['mappings'][number], name: string): boolean {
  const { channel, bot, survey, knowledge, crm, desks, fallback } = mapping
  return [channel, bot, survey, knowledge, crm, ...[...desks, ...fallback].map(({ desk }) => desk)].includes(name)
}

function capabilitiesOf(connection: Connection): ConnectionDetail['capabilities'] {
  const { bot, desk, channel, knowledge, training, limits } = connection
  const end = channel ?? desk
  const list: [string, string | undefined][] = [
    ['modes', desk && (desk.modes ?? ['live']).join(', ')],
    ['staffing', desk && (desk.staffed ? 'says who is there' : 'not told: it is asked and the customer waits')],
    ['typing', end && (end.typing ? 'shown there' : 'not shown there')],
    [
      'sent twice',
      end &&
        (end.dedupes
          ? 'the second is dropped there'
          : end.find
            ? 'it is asked first'
            : 'nobody can tell after a failure'),
    ],
    ['news of the handoff', bot && (bot.inform ? 'told' : 'not told')],
    ['articles', knowledge && (knowledge.propose ? 'searched, and new ones proposed' : 'searched')],
    ['training phrases', training && 'added'],
    ['text', limits?.textLength === undefined ? undefined : `at most ${inThousands(limits.textLength)} characters`],
    ['files', limits?.fileBytes === undefined ? undefined : `at most ${mebibytes(limits.fileBytes)} MiB`],
    ['turned into text', limits?.downgrade?.join(', ')],
    ['calls', limits?.callsPerMinute === undefined ? undefined : `at most ${limits.callsPerMinute} a minute`],
  ]
  return list.flatMap(([what, how]) => (how ? [{ what, how }] : []))
}

/** As the console says numbers. */
const inThousands = (amount: number): string => amount.toLocaleString('en-GB')
const mebibytes = (bytes: number): number => Number((bytes / 1_048_576).toFixed(1))

function pauseMeans({ bot, desk, channel, survey, crm }: Connection): string[] {
  const said: [unknown, string][] = [
    [
      channel,
      'Customers’ words still come in. What the bot and agents answer waits; customers are told nothing meanwhile. After 15 minutes it is a dead letter.',
    ],
    [
      bot,
      'The bot answers nobody: each question counts as a failure of the bot, and the criteria decide whether a person is asked.',
    ],
    [
      desk,
      'New handoffs go on to the next desk of their mapping at once; customers hear of it as of any other desk that is not there. In running conversations the agent does not get what customers write; after 15 minutes it is a dead letter.',
    ],
    [survey, 'Invitations wait; after 30 minutes they are dead letters.'],
    [crm, 'Agents see no facts of the customer, and digests wait; after an hour they are dead letters.'],
  ]
  return said.flatMap(([role, words]) => (role ? [words] : []))
}

/** One that works also ends the wait after earlier failures: calls go out again at once. */
async function test(hub: Hub, name: string): Promise<ConnectionTest> {
  const connection = hub.connections.get(name)!
  if (!connection.check) return { fate: 'not tried', said: 'It has no harmless call to try.', ms: 0 }
  const began = performance.now()
  const ms = () => Math.round(performance.now() - began)
  try {
    const said = await within(testWithinMs, name, () => connection.check!())
    await hub.gates.worked(name)
    await hub.gates.refresh()
    return { fate: 'fine', said, ms: ms() }
  } catch (error) {
    const { code, message } = asHubError(error)
    return { fate: 'failed', said: `${message} [${code}]`, ms: ms() }
  }
}

function remembered<T>(read: () => Promise<T>, clock: Clock, forMs: number): () => Promise<T> {
  let known: { at: number; value: Promise<T> } | undefined
  return () => {
    if (!known || clock.now() - known.at > forMs) {
      known = { at: clock.now(), value: read() }
      known.value.catch(() => {
        known = undefined
      })
    }
    return known.value
  }
}

function known(hub: Hub, { name }: Static<typeof byName>): string {
  if (!hub.connections.has(name))
    throw new HubError(
      'unknown',
      `There is no connection "${name}". There are: ${[...hub.connections.keys()].join(', ')}`,
    )
  return name
}
