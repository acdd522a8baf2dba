/** A real Host for connector tests: real tables, real HTTP, real logger; what it receives can be looked at. */
import { EventEmitter } from 'node:events'
import { pino } from 'pino'
import type { Host, HubEvent, Ref, Signals, ThreadEntry, ThreadRecord, ThreadState } from '../src/connector.ts'
import { createMemory } from '../src/postgres/memory.ts'
import { migrate } from '../src/postgres/migrate.ts'
import { createVendorClient } from '../src/vendor-client.ts'
import { aDatabase, type TestDatabase } from './engines.ts'

export interface TestHost extends Host {
  /** What a connector reported, in order; a second copy with the same external id is dropped, as the hub does. */
  readonly received: HubEvent[]
  /** Called with the events that are new before they are received; when it throws, nothing is. */
  onReceive?: (events: HubEvent[]) => Promise<void>
  readonly record: TestRecord
  /** Who was said to be typing, oldest first. */
  readonly typing: Array<{ by: 'customer' | 'agent'; ref: Ref; on: boolean }>
  /** How far the agents of tickets were said to have seen, oldest first. */
  readonly seen: Array<{ ref: Ref; until: number }>
  /** Threads whose customer was said to have read on, oldest first. */
  readonly read: Ref[]
  readonly pool: TestDatabase['pool']
  /** Moves `clock`. */
  advance(ms: number): void
  /** Aborts `signal` and deletes the database, unless it was given. */
  stop(): Promise<void>
}

export interface TestRecord extends ThreadRecord {
  /** As if the hub had recorded it; `seq` and `id` are counted where they are left out. */
  putEntry(thread: Ref, entry: Omit<ThreadEntry, 'seq' | 'id' | 'at'> & Partial<ThreadEntry>): ThreadEntry
  putState(thread: Ref, state: Partial<ThreadState>): void
}

export interface HostOptions {
  /** The connection's name. Default `test`. */
  name?: string
  /** A connector's own tables. */
  migrations?: Readonly<Record<string, string>>
  /** Epoch milliseconds at which the clock stands still but for `advance`. Without it the clock runs. */
  now?: number
  /** To have two hosts on one database; whoever made it drops it. */
  database?: TestDatabase
  /** Where its webhooks arrive. Default: nowhere. */
  url?: string
  /** Total limit of one vendor call. */
  deadlineMs?: number
}

export async function aHost(options: HostOptions = {}): Promise<TestHost> {
  const name = options.name ?? 'test'
  const database = options.database ?? (await aDatabase())
  await migrate(database.pool, name, options.migrations ?? {})
  const log = pino({ name, level: process.env.DEBUG ? 'debug' : 'silent' })
  const stopping = new AbortController()
  let moved = 0
  const clock = { now: () => (options.now ?? Date.now()) + moved }
  const received: HubEvent[] = []
  const typing: TestHost['typing'] = []
  const seen: TestHost['seen'] = []
  const read: Ref[] = []

  const host: TestHost = {
    name,
    received,
    typing,
    seen,
    read,
    clock,
    log,
    signal: stopping.signal,
    url: options.url ?? `http://127.0.0.1/hooks/${name}`,
    database: database.db,
    pool: database.pool,
    memory: createMemory(database.db, name, clock),
    http: createVendorClient({ name, log, deadlineMs: options.deadlineMs, signal: stopping.signal }),
    record: createRecord(clock),
    signals: createSignals(typing, seen, read),
    async receive(events) {
      const fresh = unseen(received, events)
      await host.onReceive?.(fresh)
      received.push(...unseen(received, fresh))
    },
    advance(ms) {
      moved += ms
    },
    async stop() {
      stopping.abort()
      if (!options.database) await database.drop()
    },
  }
  return host
}

function unseen(received: readonly HubEvent[], events: readonly HubEvent[]): HubEvent[] {
  const seen = new Set(received.map((event) => event.externalId))
  return events.filter(({ externalId }) => !seen.has(externalId) && seen.add(externalId))
}

function createRecord(clock: Host['clock']): TestRecord {
  const threads = new Map<Ref, ThreadEntry[]>()
  const states = new Map<Ref, ThreadState>()
  const changes = new EventEmitter().setMaxListeners(0)
  const entriesOf = (thread: Ref) => threads.get(thread) ?? []
  return {
    async read(thread, after, limit = 100) {
      return entriesOf(thread)
        .filter((entry) => entry.seq > after)
        .slice(0, limit)
    },
    async state(thread) {
      return states.get(thread)
    },
    watch(thread, changed) {
      changes.on(thread, changed)
      return () => changes.off(thread, changed)
    },
    putEntry(thread, given) {
      const seq = given.seq ?? (entriesOf(thread).at(-1)?.seq ?? 0) + 1
      const entry: ThreadEntry = { id: `entry-${seq}`, at: clock.now(), ...given, seq }
      threads.set(thread, [...entriesOf(thread), entry])
      this.putState(thread, { seq })
      return entry
    },
    putState(thread, state) {
      const before = states.get(thread) ?? { conversation: states.size + 1, control: 'bot', seq: 0 }
      states.set(thread, { ...before, ...state })
      changes.emit(thread)
    },
  }
}

/** Delivers in a later turn of the event loop, as another hub's would come. */
function createSignals(typing: TestHost['typing'], seen: TestHost['seen'], read: Ref[]): Signals {
  const topics = new EventEmitter().setMaxListeners(0)
  return {
    publish(topic, data) {
      setImmediate(() => topics.emit(topic, data))
    },
    subscribe(topic, heard) {
      topics.on(topic, heard)
      return () => topics.off(topic, heard)
    },
    customerTyping: (ref, on) => typing.push({ by: 'customer', ref, on }),
    agentTyping: (ref, on) => typing.push({ by: 'agent', ref, on }),
    agentSaw: (ref, until) => seen.push({ ref, until }),
    customerRead: (ref) => read.push(ref),
  }
}
