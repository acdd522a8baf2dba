/** A set-up, running: engines, hubs on them, a proxy before each engine for each hub, and the outside. It lives for many rounds. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type Clock, noClock, openClock } from './clock.ts'
import { writeConfig } from './config.ts'
import { openSmallDisk, type SmallDisk } from './disk.ts'
import { aPostgresServer, aRedisServer, type PostgresServer, type RedisServer } from './engines.ts'
import { aHubProcess, type HubProcess } from './hub-process.ts'
import { type Outside, openOutside } from './outside.ts'
import { openProxy, type TcpProxy } from './proxy.ts'
import { openRecord, type RecordView } from './record.ts'

export const setups = {
  'postgres-1': { hubs: 1, redis: false },
  'postgres-3': { hubs: 3, redis: false },
  'redis-1': { hubs: 1, redis: true },
  'redis-3': { hubs: 3, redis: true },
} as const
export type SetupName = keyof typeof setups
export const setupNames = Object.keys(setups) as SetupName[]

export interface Hub extends HubProcess {
  readonly toPostgres: TcpProxy
  readonly toRedis: TcpProxy | undefined
  readonly clock: Clock | undefined
}

export interface Stage {
  readonly setup: SetupName
  readonly hubs: readonly Hub[]
  readonly postgres: PostgresServer
  readonly redis: RedisServer | undefined
  /** PostgreSQL's own, where it was asked for. */
  readonly disk: SmallDisk | undefined
  readonly outside: Outside
  readonly record: RecordView
  /** Of a lease, as the hubs were told. */
  readonly leaseMs: number
  close(): Promise<void>
}

/** Shorter than by default, so that a round with a hub that stands still does not take a minute; longer than any call. */
const leaseSeconds = 14

/** `onSmallDisk`: PostgreSQL has a small disk of its own, which can be filled. */
export async function openStage(setup: SetupName, onSmallDisk = false): Promise<Stage> {
  const stops: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const stop of stops.splice(0).reverse()) await stop()
  }
  try {
    const folder = await mkdtemp(join(tmpdir(), 'baton-faults-'))
    stops.push(() => rm(folder, { recursive: true, force: true }))
    await chmod(folder, 0o755)
    const disk = onSmallDisk ? await openSmallDisk(join(folder, 'small-disk')) : undefined
    if (disk) stops.push(() => disk.close())
    const postgres = await aPostgresServer(join(disk?.folder ?? folder, 'postgres-server'))
    stops.push(() => postgres.stop())
    const redis = setups[setup].redis ? await aRedisServer() : undefined
    if (redis) stops.push(() => redis.stop())
    const outside = await openOutside()
    stops.push(() => outside.close())
    const config = join(folder, 'baton.yaml')
    await writeFile(config, writeConfig(outside.twin.url))
    const pool = new pg.Pool({ connectionString: postgres.url, max: 2 })
    pool.on('error', () => {})
    stops.push(() => pool.end())

    const hubs: Hub[] = []
    for (let n = 1; n <= setups[setup].hubs; n++) {
      const hub = await aHub(`hub-${n}`, { folder, config, postgres, redis }, stops)
      hubs.push(hub)
      await hub.start()
    }
    const record = openRecord(pool)
    return { setup, hubs, postgres, redis, disk, outside, record, leaseMs: leaseSeconds * 1000, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function aHub(
  name: string,
  on: { folder: string; config: string; postgres: PostgresServer; redis: RedisServer | undefined },
  stops: (() => Promise<unknown>)[],
): Promise<Hub> {
  const database = new URL(on.postgres.url)
  const toPostgres = await openProxy({ host: '127.0.0.1', port: Number(database.port) })
  stops.push(() => toPostgres.close())
  database.port = String(toPostgres.port)
  const toRedis = on.redis && (await openProxy({ host: '127.0.0.1', port: on.redis.port }))
  if (toRedis) stops.push(() => toRedis.close())
  const hub = await aHubProcess({
    name,
    config: on.config,
    folder: join(on.folder, name),
    env: {
      DATABASE_URL: database.href,
      REDIS_URL: toRedis && `redis://127.0.0.1:${toRedis.port}`,
      BATON_LEASE_SECONDS: String(leaseSeconds),
    },
  })
  stops.push(() => hub.kill())
  // Not spread: its numbers change.
  const clock = noClock === undefined ? await openClock(join(on.folder, `${name}.clock`)) : undefined
  return Object.assign(hub, { toPostgres, toRedis, clock })
}
