/** The heart: append (one transaction around `step`), and the lanes that carry out what it asked for. */
import type pg from 'pg'
import type { Logger } from 'pino'
import { Appender } from './appender.ts'
import { bound, Switchboard } from './calls.ts'
import { type Clock, countdown } from './clock.ts'
import type { Connection } from './connector.ts'
import type { Conversation } from './conversation.ts'
import { type Drains, drain } from './drain.ts'
import { type EffectKind, effectRules } from './effects.ts'
import { HubError } from './errors.ts'
import type { DeskEvent, HubEvent } from './events.ts'
import { Gates } from './gates.ts'
import { LeftBehind } from './left-behind.ts'
import type { Mapping } from './mapping.ts'
import { Marker, markedTopic } from './marker.ts'
import type { Ref } from './message.ts'
import { canTell, type Performer, perform } from './perform.ts'
import { isDatabaseAway } from './postgres/database.ts'
import { keepEarly, takeEarly } from './postgres/early.ts'
import { Epochs } from './postgres/epochs.ts'
import { type LaneName, mark, roleOf, take } from './postgres/lanes.ts'
import { type Batch, type Entry, type Fate, type LaneEffect, writeBatch } from './postgres/log.ts'
import { enter, type Presence } from './postgres/presence.ts'
import { openStory, type Story } from './postgres/story.ts'
import { Lookout } from './postgres/sweep.ts'
import { ThreadIds } from './postgres/thread-ids.ts'
import { dueTimers } from './postgres/timers.ts'
import type { QueueEngine } from './queue/engine.ts'
import { type Fanout, openFanout } from './queue/fanout.ts'
import { openWakes, type Wakes } from './queue/wakes.ts'
import { Sweeper } from './sweeper.ts'
import { Traffic } from './traffic.ts'

export interface HubOptions {
  /** From `readInstallation`. */
  readonly installation: string
  readonly pool: pg.Pool
  readonly databaseUrl: string
  readonly queues: QueueEngine
  readonly mappings: readonly Mapping[]
  readonly clock: Clock
  readonly log: Logger
  /** How long a lane is held without a sign of life. Longer than any vendor call. Default 30 s. */
  readonly leaseMs?: number
}

export class Hub {
  readonly pool: pg.Pool
  readonly gates: Gates
  readonly story: Story
  readonly connections = new Map<string, Connection>()
  readonly traffic: Traffic = new Traffic(() => this.#options.clock.now())
  /** No other hub lives on this record. */
  isAlone = true
  readonly #options: HubOptions
  readonly #log: Logger
  readonly #leaseMs: number
  readonly #appender: Appender
  readonly #marker: Marker
  readonly #threads = new ThreadIds()
  readonly #drains: Drains
  readonly #newTickets = new Map<string, Promise<void>>()
  readonly #leftBehind = new LeftBehind()
  readonly #lookout = new Lookout()
  readonly #lookups = new Map<string, Promise<number | undefined>>()
  readonly #calls = new Switchboard((name) => this.#concurrencyOf(name))
  readonly #running = new Set<Promise<void>>()
  #performer!: Performer
  #presence!: Presence
  #wakes: Wakes | undefined
  #fanout!: Fanout
  #sweeper: Sweeper | undefined
  #tokens = 0
  #isStopping = false

  constructor(options: HubOptions) {
    this.#options = options
    this.pool = options.pool
    this.#log = options.log
    this.#leaseMs = options.leaseMs ?? 30_000
    this.gates = new Gates(
      this.pool,
      () => options.clock.now(),
      () => this.#fanout.publish(gatesTopic, null),
    )
    this.story = openStory(this.pool, this.mappingOf)
    this.#appender = new Appender(
      (entries) => this.#write(entries),
      (batch) => this.#committed(batch),
    )
    this.#marker = new Marker(
      (marks) => mark(this.pool, marks),
      (marks) => {
        for (const one of marks) if (roleOf(one.lane) === 'channel') this.changed(one.conversation)
        this.#fanout.publish(
          markedTopic,
          marks.map((one) => one.conversation),
        )
      },
    )
    const epochs = new Epochs(this.pool)
    this.#drains = {
      pool: this.pool,
      gates: this.gates,
      log: this.#log,
      leaseMs: this.#leaseMs,
      countLease: () => countdown(this.#leaseMs, options.clock),
      session: () => this.#presence.session,
      now: () => options.clock.now(),
      epochOf: (id) => epochs.of(id),
      enter: (connection) => this.#calls.enter(connection),
      perform: (task, ms) => bound(this.traffic, task.effect, ms, () => perform(this.#performer, task)),
      canTell: (task) => canTell(this.#performer, task),
      append: (entry) => this.append(entry),
      mark: (one) => this.#marker.mark(one),
      wake: (lanes, inMs) => this.#wakes?.wake(lanes, inMs),
      leaveBehind: (lane) => this.#leftBehind.lane(lane),
      deadlineOf: (task) => this.#deadlineOf(task),
    }
  }

  get hub(): number {
    return this.#presence.hub
  }

  /** More has come in than could be recorded yet. */
  get isFull(): boolean {
    return this.#appender.isFull
  }

  get installation(): string {
    return this.#options.installation
  }

  /** Registers with the record. Connections are opened after this, since they may report events at once. */
  async enter(): Promise<void> {
    this.#presence = await enter(this.#options.databaseUrl, this.pool, {
      lost: () => this.#log.warn('the session with the record was lost'),
      back: () => this.#sweeper?.look(),
    })
    this.#fanout = await openFanout(this.#options.queues.relay(), this.#log)
    this.#performer = {
      connections: this.connections,
      story: this.story,
      mappingOf: (conversation) => this.mappingOf(conversation.mapping, conversation.channel),
      installation: this.installation,
      now: () => this.#options.clock.now(),
    }
    await this.gates.tryAgain()
    this.#fanout.subscribe(gatesTopic, () => void this.gates.refresh().catch(() => {}))
  }

  /** Begins to carry out what is on record, also what an earlier life left behind. */
  async start(): Promise<void> {
    const named = [...this.connections.keys()].map((name) => ({ name, concurrency: this.#concurrencyOf(name) }))
    this.#wakes = await openWakes(this.#options.queues, named, (lanes) => this.#drainQueued(lanes), this.#log)
    this.#sweeper = new Sweeper(
      {
        sweep: () => this.#sweep(),
        fire: () => this.#fireTimers(),
      },
      this.#log,
    )
    await this.#sweeper.start()
  }

  #concurrencyOf(connection: string): number {
    return this.connections.get(connection)?.limits?.concurrency ?? 32
  }

  /** Resolves when it is on record. Rejects with `unreachable` or `busy` when it could not be recorded, else with what is wrong with it. */
  append(entry: Entry): Promise<Fate> {
    return this.#appender.append(entry)
  }

  /** What a connection reports. All or nothing is not promised: each event is dropped or recorded by its own external id. */
  async receive(connection: string, events: readonly HubEvent[]): Promise<void> {
    await Promise.all(events.map((event) => this.#receiveOne(connection, event)))
  }

  async #receiveOne(connection: string, event: HubEvent): Promise<void> {
    const base = { connection, externalId: event.externalId, event: { ...event, connection } }
    if ('thread' in event) return void (await this.append({ ...base, at: { connection, thread: event.thread } }))
    if ('conversation' in event) return void (await this.append({ ...base, at: event.conversation }))
    const name = `${connection}\n${event.ticket}`
    const before = this.#newTickets.get(name)
    const known = before ? undefined : this.#threads.get(connection, event.ticket)
    if (known !== undefined) return void (await this.append({ ...base, at: known }))
    // Until the ticket is known, its events go one by one, so that they keep the order in which they came.
    const mine = (before ?? Promise.resolve()).catch(() => {}).then(() => this.#receiveEarly(connection, event))
    this.#newTickets.set(name, mine)
    await mine.finally(() => this.#newTickets.get(name) === mine && this.#newTickets.delete(name))
  }

  async #receiveEarly(connection: string, event: DeskEvent): Promise<void> {
    const conversation = await this.conversationOf(connection, event.ticket)
    if (conversation !== undefined) {
      const { externalId } = event
      return void (await this.append({ connection, externalId, event: { ...event, connection }, at: conversation }))
    }
    await keepEarly(this.pool, connection, event.ticket, event)
    // The ticket may have become known between the two looks; each side writes before it looks, so one of them sees the other. A
    // look that is under way or remembered began before this was written.
    await this.#lookUp(connection, event.ticket)
  }

  /**
   * A ticket's conversation, by the desk's own name for it. What came before the ticket was known is on record when this
   * resolves.
   */
  async conversationOf(desk: string, ticket: Ref): Promise<number | undefined> {
    const known = this.#threads.get(desk, ticket)
    if (known !== undefined) return known
    const name = `${desk}\n${ticket}`
    const asked = this.#lookups.get(name) ?? this.#lookUp(desk, ticket).finally(() => this.#lookups.delete(name))
    this.#lookups.set(name, asked)
    return asked
  }

  async #lookUp(desk: string, ticket: Ref): Promise<number | undefined> {
    const { rows } = await this.pool.query<{ conversation: number }>({
      name: 'conversation-of',
      text: 'SELECT conversation FROM attempts WHERE desk = $1 AND ticket = $2 ORDER BY conversation DESC LIMIT 1',
      values: [desk, ticket],
    })
    const id = rows[0]?.conversation
    if (id === undefined) return undefined
    await takeEarly(this.pool, desk, ticket, async (event) => {
      await this.append({
        connection: desk,
        externalId: event.externalId,
        event: { ...event, connection: desk },
        at: id,
      })
    })
    this.#threads.set(desk, ticket, id)
    return id
  }

  mappingOf = (name: string, channel: string): Mapping => {
    const { mappings } = this.#options
    const found = mappings.find((one) => one.name === name) ?? mappings.find((one) => one.channel === channel)
    if (!found) throw new HubError('unknown', `No mapping serves the channel "${channel}"`)
    return found
  }

  /** Tells everybody who watches a conversation, on whichever hub, to look again. */
  changed(conversation: number): void {
    this.#fanout.publish(conversationTopic(conversation), null)
    this.#fanout.publish('conversations', conversation)
  }

  wake = (lanes: readonly LaneName[]): void => this.#wakes?.wake(lanes)

  /** After something made lanes due by hand. */
  sweepNow = async (): Promise<void> => void (await this.#sweep())

  get fanout(): Fanout {
    return this.#fanout
  }

  async #write(entries: readonly Entry[]): Promise<Batch> {
    const client = await this.pool.connect()
    const token = this.#newToken()
    const leftMs = this.#drains.countLease()
    let failure: Error | undefined
    try {
      return { ...(await writeBatch(client, entries, token, this, this.#threads)), leftMs }
    } catch (error) {
      // A commit that was not answered may have been made, with leases that nobody knows of.
      if (isDatabaseAway(error)) this.#leftBehind.commit(token)
      await client.query('ROLLBACK').catch((lost: Error) => {
        failure = lost
      })
      throw error
    } finally {
      client.release(failure)
    }
  }

  get leaseMs(): number {
    return this.#leaseMs
  }

  mayBeDirect = (kind: EffectKind, connection: string): boolean => {
    const { direct } = effectRules[kind]
    if (direct === 'never' || this.#isStopping || !this.gates.isFlowing(connection)) return false
    return direct === 'always' || this.#calls.hasRoom(connection)
  }

  #newToken(): string {
    return `${this.hub}.${++this.#tokens}`
  }

  #committed(batch: Batch): void {
    for (const { connection, thread, id } of batch.found) this.#threads.set(connection, thread, id)
    const { leftMs } = batch
    // A session that ended meanwhile counts as a new one soon enough: nobody is missed for good within a transaction.
    const { session } = this.#presence
    for (const { conversation, lane, token, effects } of batch.leased) {
      this.#run(drain(this.#drains, { conversation, lane, token, leftMs, session, isDirect: true }, effects))
    }
    if (batch.due.length > 0) this.#wakes?.wake(batch.due)
    for (const { id, seq, channel, thread } of batch.changed) {
      this.changed(id)
      if (seq <= 32) this.#fanout.publish(threadTopic(channel, thread), id)
    }
    for (const { desk, ticket } of batch.tickets) {
      const found = this.conversationOf(desk, ticket).then(() => {})
      this.#run(found.catch((error) => this.#log.warn({ err: error }, 'early events wait for the sweeper')))
    }
    this.#sweeper?.expectTimer(batch.nextTimerInMs)
  }

  #run(work: Promise<void>): void {
    this.#running.add(work)
    void work.finally(() => this.#running.delete(work))
  }

  async #drainQueued(lanes: readonly LaneName[]): Promise<void> {
    if (this.#isStopping) return
    const { session } = this.#presence
    const token = this.#newToken()
    const leftMs = this.#drains.countLease()
    const taken = await take(this.pool, lanes, { token, hub: this.hub, ms: this.#leaseMs })
    const drains = taken.map(({ conversation, lane, effects }) =>
      drain(this.#drains, { conversation, lane, token, leftMs, session, isDirect: false }, effects),
    )
    for (const work of drains) this.#run(work)
    await Promise.all(drains)
  }

  #deadlineOf({ effect, conversation: _ }: LaneEffect): number {
    const { deadlineMs } = effectRules[effect.kind]
    if (effect.kind !== 'turn') return deadlineMs
    const limits = this.#options.mappings.filter((one) => one.bot === effect.connection).map((one) => one.limits.botMs)
    return limits.length > 0 ? Math.min(...limits) : deadlineMs
  }

  /** Resolves to true when nobody else lives and nothing was found. */
  async #sweep(): Promise<boolean> {
    await this.#leftBehind.giveBack(this.pool)
    const { living, gates, early, due } = await this.#lookout.look(this.pool)
    this.isAlone = living <= 1
    this.#fanout.setAlone(this.isAlone)
    this.gates.learn(gates)
    for (const { connection, ticket } of early) {
      this.#threads.forget(connection, ticket)
      await this.conversationOf(connection, ticket)
    }
    // Without the queue: it may be the queue that is away.
    if (due.length > 0)
      this.#run(this.#drainQueued(due).catch((error: Error) => this.#log.debug({ error: error.message }, 'sweep')))
    return this.isAlone && due.length === 0
  }

  /** Fires what is due; resolves to the milliseconds until the next one is. */
  async #fireTimers(): Promise<number | undefined> {
    const { due, nextInMs } = await dueTimers(this.pool, 100)
    await Promise.all(
      due.map((timer) =>
        this.append({
          connection: 'hub',
          externalId: `timer:${timer.id}:${timer.epoch}`,
          event: { type: 'timer', at: this.#options.clock.now(), name: timer.name },
          at: timer.conversation,
          timer: timer.id,
        }).catch((error) =>
          this.#log.warn({ err: error, timer: timer.name }, 'a time limit could not be recorded; it fires again'),
        ),
      ),
    )
    return nextInMs
  }

  /** Takes nothing new and lets what runs end, at most `graceMs`; what is left is another hub's, or the next start's. */
  async stop(graceMs = 10_000): Promise<void> {
    this.#isStopping = true
    this.#sweeper?.stop()
    const done = async () => {
      await this.#wakes?.close()
      while (this.#running.size > 0 || this.#appender.waiting > 0) {
        await Promise.all([...this.#running, new Promise((resolve) => setTimeout(resolve, 5))])
      }
    }
    await Promise.race([done(), new Promise((resolve) => setTimeout(resolve, graceMs).unref())])
    await this.#fanout.close().catch(() => {})
    await this.#presence.leave()
  }

  conversation(id: number): Promise<Conversation> {
    return this.story.conversation(id)
  }
}

/** Told of a thread's first events, to those who wait for it to become a conversation. */
export const threadTopic = (channel: string, thread: Ref): string => `thread.${channel}.${thread}`
const gatesTopic = 'gates'
export const conversationTopic = (id: number): string => `conversation.${id}`
