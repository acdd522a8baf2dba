/** Puts a hub together from a configuration: engines, connections, HTTP, each registered by hand, in reading order. */
import { resolve } from 'node:path'
import swagger from '@fastify/swagger'
import websocket from '@fastify/websocket'
import Fastify, { type FastifyInstance, LogController } from 'fastify'
import type { Logger } from 'pino'
import { readAddress, unheard } from './address.ts'
import { systemClock } from './clock.ts'
import { type Config, ConfigError, checkRoles, fitFallback } from './config.ts'
import { type OpenConnections, openConnections } from './connections.ts'
import { HubError } from './errors.ts'
import { type Operated, sayUnwell } from './http/api/connections.ts'
import { api } from './http/api/index.ts'
import { operations } from './http/api/operations.ts'
import { people, waysIn } from './http/api/people.ts'
import { callbackPath } from './http/api/provider.ts'
import type { PeopleParts } from './http/api/session.ts'
import { createDoor, readToken } from './http/auth.ts'
import { consolePages } from './http/console.ts'
import { answerError, answerUnreadable } from './http/errors.ts'
import { guardRoutes } from './http/guard.ts'
import { protect } from './http/headers.ts'
import { health } from './http/health.ts'
import { hooks } from './http/hooks.ts'
import { live, type MoreCounts } from './http/live.ts'
import { metrics } from './http/metrics.ts'
import { pages } from './http/pages.ts'
import { queuePages } from './http/queues.ts'
import { surveyLinks } from './http/survey.ts'
import { type Twins, twinPages } from './http/twins.ts'
import { Hub } from './hub.ts'
import { createLogger } from './logger.ts'
import type { Mapping } from './mapping.ts'
import { openDatabase } from './postgres/database.ts'
import { startEmbedded } from './postgres/embedded.ts'
import { guardDatabase } from './postgres/guarded.ts'
import { readInstallation } from './postgres/installation.ts'
import { migrate } from './postgres/migrate.ts'
import { hubMigrations } from './postgres/migrations/index.ts'
import { countOpenSuggestions } from './postgres/suggestions.ts'
import { keepTraffic } from './postgres/traffic.ts'
import { openQueueEngine, type QueueEngine } from './queue/engine.ts'
import { firstAdminLink } from './staff/links.ts'
import { createPasswords } from './staff/passwords.ts'
import { createProvider, readProvider } from './staff/provider.ts'
import { createThrottle } from './staff/throttle.ts'

export { createLogger } from './logger.ts'

export interface AppOptions {
  readonly env: NodeJS.ProcessEnv
  readonly log?: Logger
  /** Shows the shop page, and lets demo agents in. */
  readonly isSandbox?: boolean
  /** Vendors played on this machine, by connection: each gets a page where a person plays the vendor's side. */
  readonly twins?: Twins
}

export interface App {
  readonly http: FastifyInstance
  readonly hub: Hub
  readonly url: string
  /** The hub's own, for programs and for the day when nobody can sign in. */
  readonly token: string
  /** A link that makes the first admin, once, within half an hour; undefined when there is one. */
  firstAdminLink(): Promise<string | undefined>
  /** Resolves when everything in hand is done or handed on. */
  stop(): Promise<void>
}

/** Listens when it resolves. Throws a HubError (or ConfigError) that says what is wrong; then nothing is left running. */
export async function startApp(config: Config, options: AppOptions): Promise<App> {
  const { env } = options
  const log = options.log ?? createLogger(env)
  const address = readAddress(env)
  const provider = readProvider(env)
  const dataDir = resolve(env.BATON_DATA_DIR ?? 'data')
  const stops: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const one of stops.splice(0).reverse())
      await one().catch((error: unknown) => log.warn({ err: error }, 'stopping'))
  }
  try {
    const token = await readToken(dataDir, env)
    const databaseUrl = env.DATABASE_URL || (await embedded(dataDir, log, stops))
    const database = openDatabase(databaseUrl, { log, max: 20 })
    stops.push(() => database.close())
    await migrate(database.pool, 'hub', hubMigrations, log)

    const installation = await readInstallation(database.pool)
    const queues = await openQueueEngine({ databaseUrl, redisUrl: env.REDIS_URL || undefined, installation, log })
    stops.push(() => queues.close())

    const mappings: Mapping[] = [...config.mappings]
    const hub = new Hub({
      installation,
      pool: database.pool,
      databaseUrl,
      queues,
      mappings,
      clock: systemClock,
      log,
      leaseMs: readLease(env),
    })
    const traffic = keepTraffic(database.pool, hub.traffic, log)
    stops.push(() => traffic.stop())
    const ending = new AbortController()
    let connections: OpenConnections | undefined
    // Stopped last to first: no more requests, then what is in hand ends, and only then are its connections taken away.
    stops.push(async () => {
      ending.abort()
      await connections?.close()
    })
    await hub.enter()
    stops.push(() => hub.stop())

    const { pool } = database
    const door = createDoor({ pool, token, url: address.url, isSandbox: options.isSandbox ?? false })
    const team: PeopleParts = {
      door,
      passwords: createPasswords(),
      throttle: createThrottle(pool),
      ...(provider ? { provider: createProvider(provider, `${address.url}${callbackPath}`) } : {}),
      ownDesks: () => [...hub.connections].flatMap(([name, { desk }]) => (desk?.takesStaff ? [name] : [])),
    }
    const parts = {
      hub,
      staff: door.colleague,
      database: guardDatabase(database.pool),
      clock: systemClock,
      log,
      signal: ending.signal,
      url: address.url,
    }
    connections = await openConnections(config, parts)
    const problems = checkRoles(config, hub.connections)
    if (problems.length > 0) throw new ConfigError(problems)
    mappings.splice(0, mappings.length, ...config.mappings.map((mapping) => fitFallback(mapping, hub.connections)))

    const operated = { hub, clock: systemClock, config, traffic, url: address.url }
    const http = await buildHttp(operated, queues, team, log, options)
    await hub.start()
    stops.push(() => http.close())
    await http.listen({ host: address.host, port: address.port }).catch((error: unknown) => {
      throw unheard(error, address)
    })
    // Only now: a vendor that is asked for webhooks may look at once whether somebody takes them.
    connections.start()
    log.info({ url: address.url, queue: queues.name, connections: config.connections.length }, 'Baton is ready')
    return { http, hub, url: address.url, token, firstAdminLink: () => firstAdminLink(pool, address.url), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function embedded(dataDir: string, log: Logger, stops: (() => Promise<unknown>)[]): Promise<string> {
  const server = await startEmbedded({
    dataDir,
    log,
    onDown: () => log.error('PostgreSQL has died; it is being started again'),
    onUp: () => log.info('PostgreSQL is back'),
  })
  stops.push(() => server.stop())
  return server.url
}

async function buildHttp(
  operated: Operated,
  queues: QueueEngine,
  team: PeopleParts,
  log: Logger,
  options: AppOptions,
): Promise<FastifyInstance> {
  const { config, hub } = operated
  const app = Fastify({
    loggerInstance: log as never,
    bodyLimit: 262_144,
    requestTimeout: 30_000,
    connectionTimeout: 65_000,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: options.env.BATON_TRUST_PROXY === 'true',
    return503OnClosing: true,
    forceCloseConnections: true,
    frameworkErrors: answerUnreadable,
  }) as unknown as FastifyInstance
  app.setErrorHandler(answerError)
  protect(app)
  app.setNotFoundHandler((request, reply) => {
    void reply
      .code(404)
      .send({ error: 'unknown', message: `There is nothing at ${request.method} ${request.url.split('?')[0]}` })
  })
  await app.register(websocket, { options: { maxPayload: 65_536 } })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Baton', version: '1' },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
  })
  await app.register(health(hub.pool))
  await app.register(
    hooks(hub.connections, () => hub.isFull, hub.traffic),
    { prefix: '/hooks' },
  )
  await app.register(pages(config, { withShop: options.isSandbox ?? false }))
  await app.register(surveyLinks(config))
  await app.register(consolePages())
  if (options.twins?.size) await app.register(twinPages(options.twins), { prefix: '/twins' })
  await app.register(waysIn(team), { prefix: '/api/v1' })
  await app.register(async (staff) => {
    guardRoutes(staff, team.door.recognise)
    const unwell = sayUnwell(operated)
    await staff.register(metrics(hub.pool))
    await staff.register(people(team, hub, config, systemClock.now()), { prefix: '/api/v1' })
    await staff.register(api(hub, systemClock, config.mappings, unwell), { prefix: '/api/v1' })
    await staff.register(operations(operated, { env: options.env, isSandbox: options.isSandbox ?? false }, log), {
      prefix: '/api/v1',
    })
    await staff.register(queuePages(queues, () => [...hub.connections.keys()]))
    const counts: MoreCounts = {
      suggestions: (desks) => countOpenSuggestions(hub.pool, desks),
      unwell,
    }
    const { recognise } = team.door
    const heard = { hub, clock: systemClock, mappings: config.mappings, recognise, more: counts }
    await staff.register(live(heard), { prefix: '/api/v1' })
    staff.get('/docs', { schema: { hide: true }, config: { may: 'queues.read' } }, async () => app.swagger())
  })
  return app
}

/** How long a lane is held without a sign of life: at least twice the longest vendor call. */
function readLease(env: NodeJS.ProcessEnv): number {
  const seconds = Number(env.BATON_LEASE_SECONDS || 30)
  if (seconds >= 1 && seconds <= 600) return seconds * 1_000
  throw new HubError(
    'invalid',
    `BATON_LEASE_SECONDS is "${env.BATON_LEASE_SECONDS}". Allowed: 1 to 600; less than 25 only for tests, since a call may take 10.`,
  )
}
