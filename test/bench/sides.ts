/** The two sides of each comparison, started under the same world: the minimal relay, and Baton. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../src/postgres/server.ts'
import { type Child, startChild } from './child.ts'
import type { Engines } from './engines.ts'

export const secret = 'a secret of the benchmark'

/** Relay: a customer's words to an agent. Turn: a customer's words to the bot, its answer to the customer. */
export type Work = 'relay' | 'turn'

export interface Side {
  /** One, or several of one hub. */
  readonly children: readonly Child[]
  /** Where customers' messages go. */
  readonly messages: readonly URL[]
  /** Where agents' replies go; undefined: the side has no notion of agents. */
  readonly replies: URL | undefined
  stop(): Promise<void>
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
let started = 0

export async function startMinimal(engines: Engines, vendor: string, work: Work): Promise<Side> {
  const port = await freePort()
  const file = join(engines.folder, `minimal-${++started}.db`)
  const env = { PORT: String(port), FILE: file, VENDOR: vendor, HOPS: work === 'turn' ? '2' : '1' }
  const child = await startChild({ script: here('./minimal/relay.ts'), env, port, folder: engines.folder })
  return { children: [child], messages: [new URL('/messages', child.url)], replies: undefined, stop: child.stop }
}

export interface BatonOptions {
  readonly vendor: string
  /** Undefined: the hub starts a server of its own. */
  readonly databaseUrl: string | undefined
  readonly redisUrl?: string
  readonly processes?: number
  /** Default: the benchmark's own. */
  readonly config?: string
  readonly dataDir?: string
}

export async function startBaton(engines: Engines, options: BatonOptions): Promise<Side> {
  const { vendor, databaseUrl, redisUrl, processes = 1, config = here('./baton.yaml') } = options
  const children: Child[] = []
  const stop = async () => void (await Promise.all(children.map((child) => child.stop())))
  try {
    // One after the other: the first one makes the tables.
    for (let i = 0; i < processes; i++) {
      const port = await freePort()
      const dataDir = options.dataDir ?? join(engines.folder, `hub-${++started}`)
      await mkdir(dataDir, { recursive: true, mode: 0o755 })
      const env = {
        BENCH_VENDOR: vendor,
        BENCH_SECRET: secret,
        BATON_PORT: String(port),
        BATON_DATA_DIR: dataDir,
        ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
        ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
      }
      const script = here('../../bin/baton.js')
      children.push(await startChild({ script, args: ['start', config], env, port, folder: engines.folder }))
    }
  } catch (error) {
    await stop()
    throw error
  }
  return {
    children,
    messages: children.map(({ url }) => new URL('/hooks/site/messages', url)),
    replies: new URL('/hooks/people/replies', children[0]!.url),
    stop,
  }
}
