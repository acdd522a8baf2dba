/** BullMQ on PostgreSQL or on Redis: the same queues and the same relay, one backend or the other. */
import {
  createPostgresBackend,
  createPostgresRelayBackend,
  type Processor,
  Queue,
  type QueueOptions,
  Relay,
  runMigrations,
  Worker,
  type WorkerOptions,
} from 'bullmq'
import { Redis } from 'ioredis'
import pg from 'pg'
import type { Logger } from 'pino'

export interface QueueEngine {
  readonly name: 'postgres' | 'redis'
  queue(name: string): Queue
  worker(name: string, concurrency: number, processor: Processor): Worker
  relay(): Relay
  close(): Promise<void>
}

export interface QueueEngineOptions {
  readonly databaseUrl: string
  readonly redisUrl?: string
  /** Keeps the queues of several installations on one Redis apart. */
  readonly installation: string
  readonly log: Logger
}

/** A finished job has nothing to tell: the record has it all. A few failed ones are kept for whoever looks at the queues. */
const defaultJobOptions: QueueOptions['defaultJobOptions'] = { removeOnComplete: true, removeOnFail: { count: 100 } }

export const openQueueEngine = (options: QueueEngineOptions): Promise<QueueEngine> =>
  options.redisUrl ? onRedis(options.redisUrl, options) : onPostgres(options.databaseUrl, options)

async function onPostgres(connectionString: string, { log }: QueueEngineOptions): Promise<QueueEngine> {
  // One pool for every queue, worker and the relay; each worker keeps one connection of it for listening.
  // With a pool of ours BullMQ leaves finding its tables to us.
  const options = '-c search_path=bullmq'
  const pool = new pg.Pool({ connectionString, options, max: 30, application_name: 'baton queue', keepAlive: true })
  // Each queue and worker listens for itself.
  pool.setMaxListeners(0)
  let isClosing = false
  pool.on(
    'error',
    (error) => isClosing || log.warn({ code: (error as { code?: string }).code }, 'a queue connection was lost'),
  )
  pool.on('connect', (client) => client.on('error', () => {}))
  const client = await pool.connect()
  try {
    await runMigrations(client as never)
  } finally {
    client.release()
  }
  const common = { connection: pool as never }
  const watched = watch(log, () => isClosing)
  return {
    name: 'postgres',
    queue: (name) => watched(new Queue(name, { ...common, defaultJobOptions }, createPostgresBackend as never)),
    worker: (name, concurrency, processor) =>
      watched(new Worker(name, processor, workerOptions(common, concurrency), createPostgresBackend as never)),
    relay: () => watched(new Relay({ ...common, ...relayOptions, backend: createPostgresRelayBackend as never })),
    close() {
      isClosing = true
      return pool.end()
    },
  }
}

async function onRedis(url: string, { log, installation }: QueueEngineOptions): Promise<QueueEngine> {
  // Workers wait on a connection of their own and never give up; whoever adds must fail fast, since the sweeper finds what was not added.
  const open = (patient: boolean) => {
    const redis = new Redis(url, {
      maxRetriesPerRequest: patient ? null : 1,
      enableOfflineQueue: patient,
      retryStrategy: (times) => Math.min(200 * times, 2_000),
    })
    redis.on('error', (error) => log.warn({ code: (error as { code?: string }).code }, 'Redis cannot be reached'))
    return redis
  }
  const adding = open(false)
  const working = open(true)
  await new Promise<void>((resolve) => (adding.status === 'ready' ? resolve() : adding.once('ready', () => resolve())))
  let isClosing = false
  const watched = watch(log, () => isClosing)
  const prefix = `baton-${installation}`
  return {
    name: 'redis',
    queue: (name) => watched(new Queue(name, { connection: adding as never, prefix, defaultJobOptions })),
    worker: (name, concurrency, processor) =>
      watched(new Worker(name, processor, { ...workerOptions({ connection: working as never }, concurrency), prefix })),
    relay: () => watched(new Relay({ connection: working as never, prefix, ...relayOptions })),
    async close() {
      isClosing = true
      adding.disconnect()
      working.disconnect()
    },
  }
}

const workerOptions = (common: { connection: never }, concurrency: number): WorkerOptions => ({
  ...common,
  concurrency,
  // A drain ends by its lane's lease long before; then the job may run again, which finds nothing to do.
  lockDuration: 60_000,
  maxStalledCount: 10,
  // A new job wakes the worker; these are how often it asks although nothing woke it, which is most of what an idle hub does.
  drainDelay: 60,
  stalledInterval: 120_000,
})

/** The same for signals: how long one question waits for news, and how often a hub says that it lives. */
const relayOptions = { namespace: 'baton', blockTimeout: 30_000, leaseDuration: 180_000 } as const

/** Unheard error events would end the process. */
const watch =
  (log: Logger, isClosing: () => boolean) =>
  <T extends { on(event: 'error', heard: (error: Error) => void): unknown }>(part: T): T => {
    part.on('error', (error) => isClosing() || log.warn({ error: error.message }, 'queue'))
    return part
  }
