/** The engines the hubs of a set-up share: a PostgreSQL and a Redis of the suite's own, which can be killed and come back. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { startEmbedded } from '../../src/postgres/embedded.ts'
import { freePort } from '../../src/postgres/server.ts'

export interface PostgresServer {
  readonly url: string
  /** Every process of the server at once; it is started again at once, and this resolves when it is back. */
  crash(): Promise<void>
  stop(): Promise<void>
}

export async function aPostgresServer(folder: string): Promise<PostgresServer> {
  await mkdir(folder, { recursive: true })
  await chmod(folder, 0o755)
  let isBack = () => {}
  const log = pino({ level: 'silent' })
  const server = await startEmbedded({ dataDir: folder, log, onUp: () => isBack() })
  return {
    url: server.url,
    async crash() {
      const back = new Promise<void>((resolve) => {
        isBack = resolve
      })
      await killAll(server.pid())
      await back
    },
    stop: () => server.stop(),
  }
}

/** The server's own process first, so that it cannot tidy up after the death of one of its sessions. */
export async function killAll(postmaster: number): Promise<void> {
  const children = await childrenOf(postmaster)
  for (const pid of [postmaster, ...children]) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // Ended by itself meanwhile.
    }
  }
}

async function childrenOf(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0)
  const parents = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    }),
  )
  return pids.filter((_, index) => parents[index] === parent)
}

export interface RedisServer {
  readonly port: number
  kill(): Promise<void>
  /** Empty: it keeps nothing on disk. */
  start(): Promise<void>
  flush(): Promise<void>
  stop(): Promise<void>
}

export async function aRedisServer(): Promise<RedisServer> {
  const port = await freePort()
  let child: ChildProcess | undefined
  const ask = async (words: readonly [string, ...string[]]): Promise<unknown> => {
    const redis = new Redis({ port, host: '127.0.0.1', lazyConnect: true, retryStrategy: () => null })
    redis.on('error', () => {})
    try {
      await redis.connect()
      return await redis.call(...words)
    } catch {
      return undefined
    } finally {
      redis.disconnect()
    }
  }
  const start = async () => {
    const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
    child = spawn('redis-server', options, { stdio: 'ignore', cwd: '/' })
    await once(child, 'spawn')
    for (let tries = 0; (await ask(['PING'])) !== 'PONG'; tries++) {
      if (tries > 200) throw new Error(`redis-server does not answer on port ${port}`)
      await sleep(20)
    }
  }
  const kill = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  await start()
  return { port, kill, start, stop: kill, flush: async () => void (await ask(['FLUSHALL'])) }
}
