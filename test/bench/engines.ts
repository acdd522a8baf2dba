/** The engines under the hub, started here so that their cost is told apart from its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import pg from 'pg'
import { pino } from 'pino'
import { startEmbedded } from '../../src/postgres/embedded.ts'
import { freePort } from '../../src/postgres/server.ts'
import { sleep } from './world/clock.ts'

type Stop = () => Promise<unknown>

export interface Engines {
  readonly folder: string
  /** Of PostgreSQL; undefined when it runs elsewhere. */
  readonly postgresPid: number | undefined
  aDatabase(): Promise<{ url: string; drop(): Promise<void> }>
  /** An empty Redis of our own. Throws where none is installed. */
  aRedis(): Promise<{ url: string; empty(): Promise<void>; stop(): Promise<void> }>
  stop(): Promise<void>
}

/** With `databaseUrl` that server is used; else one of the hub's own is started, with the hub's own settings. */
export async function startEngines(databaseUrl?: string): Promise<Engines> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-bench-'))
  await chmod(folder, 0o755)
  const stops: Stop[] = [() => rm(folder, { recursive: true, force: true })]
  const own =
    databaseUrl === undefined
      ? await startEmbedded({ dataDir: join(folder, 'data'), log: pino({ level: 'silent' }) })
      : undefined
  if (own) stops.push(() => own.stop())
  const administrator = new pg.Pool({ connectionString: databaseUrl ?? own!.url, max: 1 })
  stops.push(() => administrator.end())
  let count = 0
  return {
    folder,
    postgresPid: own?.pid(),
    async aDatabase() {
      const name = `bench_${process.pid}_${Date.now()}_${++count}`
      await administrator.query(`CREATE DATABASE ${name}`)
      const url = new URL(databaseUrl ?? own!.url)
      url.pathname = `/${name}`
      return {
        url: url.href,
        drop: async () => void (await administrator.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
      }
    },
    aRedis: () => startRedis(folder),
    async stop() {
      for (const stop of stops.reverse()) await stop()
    },
  }
}

async function startRedis(folder: string) {
  const port = await freePort()
  const options = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'yes',
    '--appenddirname',
    `redis-${port}`,
    '--dir',
    folder,
  ]
  const child = spawn('redis-server', options, { stdio: 'ignore' })
  await once(child, 'spawn')
  const redis = new Redis({ port, host: '127.0.0.1' })
  redis.on('error', () => {})
  await redis.ping()
  return {
    url: `redis://127.0.0.1:${port}`,
    empty: async () => void (await redis.flushall()),
    async stop() {
      redis.disconnect()
      const gone = once(child, 'exit')
      child.kill()
      await Promise.race([gone, sleep(5_000)])
    },
  }
}
