/** What a hub costs while nothing happens, and how long it takes to be there. */
import { Redis } from 'ioredis'
import pg from 'pg'
import type { Engines } from './engines.ts'
import { memoryMiBBelow } from './machine.ts'
import { type BatonOptions, type Side, startBaton, startMinimal } from './sides.ts'
import { now, sleep } from './world/clock.ts'

export interface Idle {
  readonly minimal: { readonly rssMiB: number; readonly startMs: number }
  /** The first start makes the database; the next ones find it. Both with the engines that come with the hub. */
  readonly baton: {
    readonly rssMiB: number
    readonly postgresMiB: number
    readonly firstStartMs: number
    readonly startMs: number
  }
  readonly quiet: { readonly cpuShare: number; readonly sqlPerMinute: number }
  /** Undefined where Redis is not installed. */
  readonly quietOnRedis?: { readonly cpuShare: number; readonly sqlPerMinute: number; readonly redisPerMinute: number }
}

const vendor = 'http://127.0.0.1:9'
const mib = 1_048_576
/** A session of PostgreSQL tells what it did when it has had nothing to do for ten seconds: the start must not count as rest. */
const settledMs = 20_000

export async function measureIdle(engines: Engines, idleSeconds: number): Promise<Idle> {
  const minimal = await resting(await startMinimal(engines, vendor, 'relay'))
  const first = await resting(
    await startBaton(engines, { vendor, databaseUrl: undefined, dataDir: `${engines.folder}/first` }),
  )
  const next = await resting(
    await startBaton(engines, { vendor, databaseUrl: undefined, dataDir: `${engines.folder}/first` }),
  )
  const quiet = await quietHub(engines, idleSeconds, {})
  const redis = await engines.aRedis().catch(() => undefined)
  const quietOnRedis = redis && (await quietHub(engines, idleSeconds, { redisUrl: redis.url }))
  await redis?.stop()
  return {
    minimal,
    baton: {
      rssMiB: next.rssMiB,
      postgresMiB: next.belowMiB,
      firstStartMs: first.startMs,
      startMs: next.startMs,
    },
    quiet,
    ...(quietOnRedis ? { quietOnRedis } : {}),
  }
}

async function resting(side: Side): Promise<{ rssMiB: number; belowMiB: number; startMs: number }> {
  try {
    await sleep(3_000)
    const [child] = side.children
    const { rssBytes } = await child!.figures()
    return { rssMiB: rssBytes / mib, belowMiB: memoryMiBBelow(child!.pid), startMs: child!.startMs }
  } finally {
    await side.stop()
  }
}

async function quietHub(engines: Engines, idleSeconds: number, { redisUrl }: Pick<BatonOptions, 'redisUrl'>) {
  const database = await engines.aDatabase()
  const side = await startBaton(engines, { vendor, databaseUrl: database.url, redisUrl })
  const counter = new pg.Client({ connectionString: database.url })
  await counter.connect()
  const redis = redisUrl === undefined ? undefined : new Redis(redisUrl)
  const look = async () => ({
    at: now(),
    cpuUs: (await side.children[0]!.figures()).cpuUs,
    sql: await transactions(counter),
    redis: redis ? await commands(redis) : Number.NaN,
  })
  try {
    await sleep(Math.min(idleSeconds * 1_000, settledMs))
    const before = await look()
    await sleep(idleSeconds * 1_000)
    const after = await look()
    const minutes = (after.at - before.at) / 60_000
    return {
      cpuShare: (after.cpuUs - before.cpuUs) / ((after.at - before.at) * 1_000),
      sqlPerMinute: (after.sql - before.sql) / minutes,
      redisPerMinute: (after.redis - before.redis) / minutes,
    }
  } finally {
    redis?.disconnect()
    await counter.end()
    await side.stop()
    await database.drop()
  }
}

/** Transactions of this database; while nothing happens each is one statement. */
async function transactions(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ count: string }>(
    'SELECT xact_commit + xact_rollback AS count FROM pg_stat_database WHERE datname = current_database()',
  )
  return Number(rows[0]!.count)
}

const commands = async (redis: Redis): Promise<number> =>
  Number(/total_commands_processed:(\d+)/.exec(await redis.info('stats'))![1])
