/** A whole hub whose desk is a vendor's, played by its twin: customers at the built-in chat, agents at the twin. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readAddress } from '../../src/address.ts'
import { type App, startApp } from '../../src/app.ts'
import { freePort } from '../../src/postgres/server.ts'
import { openSandbox } from '../../src/sandbox.ts'
import type { Twin, TwinCase } from '../../src/twin.ts'
import { type Answer, ask, aVisitor, type Visitor } from '../app.ts'
import { aDatabase, type TestDatabase } from '../engines.ts'

/** A hub with every vendor of its configuration played. */
export interface TwinHub {
  readonly app: App
  twin(connection: string): Twin
  visitor(): Promise<Visitor>
  staff(path: string): Promise<Answer>
  /** Effects that are still to be done. */
  pending(): Promise<number>
  /** What the record holds of a customer's thread; undefined while there is none. */
  recorded(thread: string): Promise<Recorded | undefined>
  readonly database: TestDatabase
  /** What the connection does from time to time, now: a test does not wait for its turn. */
  poll(connection: string): Promise<void>
  stop(): Promise<void>
}

export interface Recorded {
  readonly id: number
  readonly control: string
  readonly handoffs: string
  /** Of the last handoff. */
  readonly outcome: string | null
  // biome-ignore lint/suspicious/noExplicitAny: read as it was stored
  readonly events: readonly { readonly type: string; readonly body: any }[]
}

export interface VendorHub extends Omit<TwinHub, 'twin'> {
  /** Of the connection `people`. */
  readonly twin: Twin
}

/** `people`: the YAML of the desk's connection, in one line. */
export async function aVendorHub(people: string): Promise<VendorHub> {
  const hub = await aTwinHub(`connections:
  site: { use: webchat }
  first-line: { use: echo }
  people: ${people}
mappings:
  - { channel: site, bot: first-line, desks: [people] }
`)
  return { ...hub, twin: hub.twin('people') }
}

export async function aTwinHub(yaml: string): Promise<TwinHub> {
  const database = await aDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'baton-vendor-'))
  const env = {
    DATABASE_URL: database.url,
    BATON_DATA_DIR: folder,
    BATON_PORT: String(await freePort()),
    BATON_LOG: process.env.DEBUG ? 'debug' : 'silent',
  }
  const file = join(folder, 'baton.yaml')
  await writeFile(file, yaml)
  const sandbox = await openSandbox(file, env, readAddress(env).url)
  const app = await startApp(sandbox.config, { env, isSandbox: true, twins: sandbox.twins })
  return {
    app,
    database,
    twin: (connection) => sandbox.twins.get(connection)!,
    visitor: () => aVisitor(app.url),
    staff: (path) => ask(app.url, path, { headers: { authorization: `Bearer ${app.token}` } }),
    async pending() {
      const { rows } = await database.pool.query(`SELECT count(*)::integer AS n FROM effects WHERE status = 'pending'`)
      return rows[0].n
    },
    async recorded(thread) {
      const { rows } = await database.pool.query<Recorded>(
        `SELECT id, control, state::json ->> 'handoffs' AS handoffs, state::json #>> '{handoff,outcome}' AS outcome,
           (SELECT coalesce(json_agg(json_build_object('type', type, 'body', body) ORDER BY seq), '[]')
            FROM events WHERE conversation = conversations.id) AS events
         FROM conversations WHERE thread = $1 AND seq > 0`,
        [thread],
      )
      return rows[0]
    },
    poll: async (connection) => app.hub.connections.get(connection)!.poll!.run(),
    async stop() {
      await app.stop()
      await sandbox.close()
      await database.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Throws what was waited for, after a generous time. Looks ever less often: a visitor may ask only so often a minute. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const began = performance.now()
  for (;;) {
    const found = await look()
    if (found) return found
    const waitedMs = performance.now() - began
    if (waitedMs > 100_000) throw new Error(`waited in vain: ${what}`)
    await sleep(Math.min(250, 25 + waitedMs / 10))
  }
}

/** The vendor's case in which these words can be read. */
export const caseWith = (twin: Twin, words: string): TwinCase | undefined =>
  twin.view().cases.find(({ lines }) => lines.some(({ text }) => text.includes(words)))
