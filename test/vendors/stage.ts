/** A whole hub whose desk is a vendor's, played by its twin: customers at the built-in chat, agents at the twin. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Twin, TwinCase } from '../../src/twin.ts'
import { aRunningApp, aVisitor, type Running, type Visitor } from '../app.ts'

/** A hub with every vendor of its configuration played. */
export interface TwinHub extends Running {
  visitor(): Promise<Visitor>
  /** Effects that are still to be done. */
  pending(): Promise<number>
  /** What the record holds of a customer's thread; undefined while there is none. */
  recorded(thread: string): Promise<Recorded | undefined>
  /** What the connection does from time to time, now: a test does not wait for its turn. */
  poll(connection: string): Promise<void>
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
  const hub = await aRunningApp({ yaml, isPlayed: true })
  const { app, database } = hub
  return {
    ...hub,
    visitor: () => aVisitor(app.url),
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
