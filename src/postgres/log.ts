/** The append transaction: a batch of events, what `step` makes of them, and the leases of free lanes, in a few set-wise statements. */
import type pg from 'pg'
import { ticks } from '../clock.ts'
import type { Conversation } from '../conversation.ts'
import type { Effect, EffectKind, TimerName } from '../effects.ts'
import type { RecordEvent } from '../events.ts'
import type { Mapping } from '../mapping.ts'
import type { Ref } from '../message.ts'
import { type Step, step } from '../step.ts'
import { changedRow, lockConversations } from './conversations.ts'
import { encode } from './encode.ts'
import { type HandoffStep, writeHandoffs } from './handoffs.ts'
import { type LaneName, laneOf, type Mark, type Marked, mark } from './lanes.ts'
import { writeStatement } from './statements.ts'
import type { ThreadIds } from './thread-ids.ts'
import { standingTimers } from './timers.ts'

/** One event on its way to the record. */
export interface Entry {
  /** Unique within `connection`; `hub` for what the hub reports to itself. */
  readonly connection: string
  readonly externalId: string
  readonly event: RecordEvent
  /** The conversation, or the thread that names it (and begins it when it is new). */
  readonly at: number | { readonly connection: string; readonly thread: Ref }
  /** The outcome of an effect: valid only while the lane's lease is still the one it ran under. */
  readonly settles?: Mark
  /** A time limit: valid only while it was not changed. */
  readonly timer?: number
}

export type Fate =
  | { readonly is: 'stored'; readonly conversation: number; readonly seq: number; readonly marked?: Marked }
  /** Already on record, or no longer valid (an old lease, a changed time limit). */
  | { readonly is: 'dropped'; readonly conversation: number | undefined }
  /** The conversation is in use elsewhere: it belongs into the next batch. */
  | { readonly is: 'locked' }
  | { readonly is: 'failed'; readonly error: unknown }

/** A lane whose lease was taken with the append: to be drained from memory at once. */
export interface Leased extends LaneName {
  readonly token: string
  readonly effects: readonly LaneEffect[]
}

/** An effect as the lanes know it. */
export interface LaneEffect extends LaneName {
  readonly n: number
  /** The visitor's thread at the channel. */
  readonly thread: Ref
  readonly seq: number
  readonly effect: Effect
  readonly key: string
  readonly attempts: number
  readonly begun: boolean
  readonly late: boolean
  /** By `ticks()`. */
  readonly bornAt: number
}

export interface Batch {
  /** Of its leases, counted from before they were taken: how much of them is left. */
  readonly leftMs: () => number
  readonly fates: readonly Fate[]
  readonly leased: readonly Leased[]
  /** Lanes with something to do that nobody holds: to be woken. */
  readonly due: readonly LaneName[]
  /** Conversations that changed. */
  readonly changed: readonly Conversation[]
  /** When the first of the time limits that were set is reached. */
  readonly nextTimerInMs: number | undefined
  /** Threads that were looked up: to be remembered once the batch is committed, since a new one's row is only then there to stay. */
  readonly found: readonly FoundThread[]
  /** Tickets that became known: early events may wait for them. */
  readonly tickets: ReadonlyArray<{ readonly desk: string; readonly ticket: Ref }>
}

export interface LogContext {
  readonly installation: string
  readonly hub: number
  readonly leaseMs: number
  mappingOf(name: string, channel: string): Mapping
  /** May an effect go to this connection right now, without a queue hop? */
  mayBeDirect(kind: EffectKind, connection: string): boolean
}

interface Working {
  readonly before: Conversation
  conversation: Conversation
}

/**
 * One transaction in two round trips: all that is read, then all that is written with the commit. Throws when the batch as a
 * whole cannot be written, and then leaves the rollback to the caller.
 */
export async function writeBatch(
  client: pg.ClientBase,
  entries: readonly Entry[],
  token: string,
  context: LogContext,
  threads: ThreadIds,
): Promise<Omit<Batch, 'leftMs'>> {
  const begun = client.query('BEGIN')
  // Looked at below; should `resolve` fail first, nobody would.
  begun.catch(() => {})
  const { ids, found } = await resolve(client, entries, context, threads)
  const wanted = [...new Set(ids.filter((id) => id !== undefined))].sort((a, b) => a - b)
  const [locked, known, valid] = await Promise.all([
    lockConversations(client, wanted, context),
    findKnown(client, entries),
    findValid(client, entries),
    begun,
  ])
  const held = new Map(locked.map((one): [number, Working] => [one.id, { before: one, conversation: one }]))

  const rows = { events: [] as object[], lanes: new Map<string, LaneRow>(), effects: [] as EffectRow[] }
  const timers = new Map<string, TimerRow>()
  const steps: HandoffStep[] = []
  const feedback: object[] = []
  const seen = new Set<string>()

  const fates = entries.map((entry, i): Fate => {
    const id = ids[i]
    if (id === undefined) return { is: 'dropped', conversation: undefined }
    const working = held.get(id)
    if (!working) return { is: 'locked' }
    const name = `${entry.connection}\n${entry.externalId}`
    if (known.has(name) || seen.has(name) || !valid(entry)) return { is: 'dropped', conversation: id }
    const before = working.conversation
    let next: Step
    try {
      next = step(before, entry.event, context.mappingOf(before.mapping, before.channel))
    } catch (error) {
      return { is: 'failed', error }
    }
    seen.add(name)
    working.conversation = next.conversation
    steps.push({ before, after: next.conversation, event: entry.event })
    rows.events.push(eventRow(entry, next))
    for (const effect of next.effects) addEffect(rows, next.conversation, effect, context)
    for (const change of next.timers) {
      const ms = 'inMs' in change ? Math.round(change.inMs) : null
      timers.set(`${id}\n${change.name}`, { conversation: id, name: change.name, ms, epoch: next.conversation.epoch })
    }
    if (entry.timer !== undefined && entry.event.type === 'timer') {
      const fired = `${id}\n${entry.event.name}`
      if (!timers.has(fired)) timers.set(fired, { conversation: id, name: entry.event.name, ms: null, epoch: 0 })
    }
    if (entry.event.type === 'feedback')
      feedback.push({ conversation: id, ...entry.event.feedback, at: entry.event.at })
    return { is: 'stored', conversation: id, seq: next.conversation.seq }
  })

  const dirty = [...held.values()].filter((one) => one.conversation !== one.before)
  const lanes = [...rows.lanes.values()].sort(byLane)
  const marks = entries.flatMap((entry, i) => (entry.settles && fates[i]?.is === 'stored' ? [entry.settles] : []))
  // Each of these sends all of its statements before it first waits, so that the commit is the last one.
  const [written, tickets, marked] = await Promise.all([
    write(client, { ...rows, lanes, dirty, timers: [...timers.values()], feedback }, token, context),
    writeHandoffs(client, steps),
    marks.length > 0 ? mark(client, marks) : [],
    client.query('COMMIT'),
  ])

  return {
    fates: fates.map((fate, i) => withMark(fate, entries[i]!.settles, marked)),
    ...sortOut(written, rows.effects, token, context),
    changed: dirty.map((one) => one.conversation),
    nextTimerInMs: soonest(timers),
    tickets,
    found,
  }
}

export interface FoundThread {
  readonly id: number
  readonly connection: string
  readonly thread: Ref
}

async function resolve(
  client: pg.ClientBase,
  entries: readonly Entry[],
  context: LogContext,
  threads: ThreadIds,
): Promise<{ ids: (number | undefined)[]; found: FoundThread[] }> {
  const unknown = new Map<string, { connection: string; thread: Ref; mapping: string }>()
  for (const { at } of entries) {
    if (typeof at === 'number' || threads.get(at.connection, at.thread) !== undefined) continue
    const mapping = context.mappingOf('', at.connection).name
    unknown.set(`${at.connection}\n${at.thread}`, { ...at, mapping })
  }
  let found: FoundThread[] = []
  if (unknown.size > 0) {
    const rows = encode([...unknown.values()].sort((a, b) => (a.thread < b.thread ? -1 : 1)))
    await client.query({
      name: 'birth',
      text: `INSERT INTO conversations (mapping, connection, thread)
             SELECT mapping, connection, thread FROM json_to_recordset($1) AS x(mapping text, connection text, thread text)
             ON CONFLICT (connection, thread) DO NOTHING`,
      values: [rows],
    })
    const { rows: looked } = await client.query<FoundThread>({
      name: 'threads',
      text: `SELECT c.id, c.connection, c.thread FROM conversations c
             JOIN json_to_recordset($1) AS x(connection text, thread text) USING (connection, thread)`,
      values: [rows],
    })
    found = looked
  }
  const fresh = new Map(found.map((row) => [`${row.connection}\n${row.thread}`, row.id]))
  const idOf = (connection: string, thread: Ref) =>
    threads.get(connection, thread) ?? fresh.get(`${connection}\n${thread}`)
  return { ids: entries.map(({ at }) => (typeof at === 'number' ? at : idOf(at.connection, at.thread))), found }
}

/** Deliveries already on record. Read after the lock, so nothing can be added between. */
async function findKnown(client: pg.ClientBase, entries: readonly Entry[]): Promise<Set<string>> {
  const { rows } = await client.query<{ connection: string; external_id: string }>({
    name: 'known',
    text: `SELECT e.connection, e.external_id FROM events e
           JOIN unnest($1::text[], $2::text[]) AS x(connection, external_id) USING (connection, external_id)`,
    values: [entries.map((entry) => entry.connection), entries.map((entry) => entry.externalId)],
  })
  return new Set(rows.map((row) => `${row.connection}\n${row.external_id}`))
}

/** Outcomes whose lease is still theirs, and time limits that were not changed; their rows are locked. */
async function findValid(client: pg.ClientBase, entries: readonly Entry[]): Promise<(entry: Entry) => boolean> {
  const [tokens, timers] = await Promise.all([
    holdLanes(client, entries),
    standingTimers(client, entries.flatMap(timerOf)),
  ])
  return ({ settles, timer }) =>
    (settles === undefined || tokens.get(`${settles.conversation}\n${settles.lane}`) === settles.token) &&
    (timer === undefined || timers.has(timer))
}

const timerOf = ({ timer, event, at }: Entry) =>
  timer !== undefined && event.type === 'timer' && typeof at === 'number'
    ? [{ conversation: at, name: event.name, id: timer }]
    : []

async function holdLanes(client: pg.ClientBase, entries: readonly Entry[]): Promise<Map<string, string | null>> {
  const settled = entries.flatMap((entry) => (entry.settles ? [entry.settles] : []))
  if (settled.length === 0) return new Map()
  const { rows } = await client.query<{ conversation: number; lane: string; token: string | null }>({
    name: 'hold-lanes',
    text: `SELECT l.conversation, l.lane, l.token FROM lanes l
           JOIN (SELECT DISTINCT * FROM unnest($1::bigint[], $2::text[]) AS x(conversation, lane)) x USING (conversation, lane)
           ORDER BY l.conversation, l.lane FOR UPDATE OF l`,
    values: [settled.map((one) => one.conversation), settled.map((one) => one.lane)],
  })
  return new Map(rows.map((row) => [`${row.conversation}\n${row.lane}`, row.token]))
}

function eventRow({ connection, externalId, event }: Entry, next: Step): object {
  const { type, at, ...rest } = event
  const { externalId: _, connection: __, ...body } = rest as Record<string, unknown>
  return {
    conversation: next.conversation.id,
    seq: next.conversation.seq,
    connection,
    external_id: externalId,
    type,
    at: Math.round(at),
    body,
    decisions: next.decisions.length > 0 ? next.decisions : null,
  }
}

interface LaneRow extends LaneName {
  count: number
  /** Its first new effect may be drained without a queue hop. */
  direct: boolean
}

interface EffectRow extends LaneName {
  i: number
  seq: number
  kind: string
  body: object
  fence: number | null
  /** Not written: what the process that drains it from memory needs besides. */
  memory: { readonly effect: Effect; readonly thread: Ref }
}

function addEffect(
  rows: { lanes: Map<string, LaneRow>; effects: EffectRow[] },
  conversation: Conversation,
  effect: Effect,
  context: LogContext,
): void {
  const lane = laneOf(effect.role, effect.connection)
  const name = `${conversation.id}\n${lane}`
  const isDirect = context.mayBeDirect(effect.kind, effect.connection)
  const row = rows.lanes.get(name) ?? { conversation: conversation.id, lane, count: 0, direct: isDirect }
  row.count++
  rows.lanes.set(name, row)
  rows.effects.push({
    conversation: conversation.id,
    lane,
    i: row.count,
    seq: conversation.seq,
    kind: effect.kind,
    body: effect.body,
    fence: effect.fence ?? null,
    memory: { effect, thread: conversation.thread },
  })
}

/** `ms` from now; null: no limit any more. */
interface TimerRow {
  readonly conversation: number
  readonly name: TimerName
  readonly ms: number | null
  readonly epoch: number
}

interface Rows {
  events: object[]
  lanes: LaneRow[]
  effects: EffectRow[]
  dirty: Working[]
  timers: TimerRow[]
  feedback: object[]
}

interface WrittenLane extends LaneName {
  tail: number
  token: string | null
  isDue: boolean
}

async function write(client: pg.ClientBase, rows: Rows, token: string, context: LogContext): Promise<WrittenLane[]> {
  if (rows.events.length === 0) return []
  const effects = rows.effects.map(({ memory: _, ...row }) => row)
  const { rows: written } = await client.query<WrittenLane>({
    name: 'append',
    text: writeStatement,
    values: [
      encode(rows.events),
      encode(rows.dirty.map((one) => changedRow(one.before, one.conversation))),
      encode(rows.lanes),
      encode(effects),
      encode(rows.timers),
      encode(rows.feedback),
      token,
      context.hub,
      context.leaseMs,
      context.installation,
    ],
  })
  return written
}

function sortOut(
  written: readonly WrittenLane[],
  effects: readonly EffectRow[],
  token: string,
  context: LogContext,
): { leased: Leased[]; due: LaneName[] } {
  const bornAt = ticks()
  const leased: Leased[] = []
  const due: LaneName[] = []
  for (const { conversation, lane, tail, token: holder, isDue } of written) {
    if (holder !== token) {
      if (holder === null && isDue) due.push({ conversation, lane })
      continue
    }
    const own = effects.filter((effect) => effect.conversation === conversation && effect.lane === lane)
    leased.push({
      conversation,
      lane,
      token,
      effects: own.map(({ memory, seq, i }) => {
        const n = tail - own.length + i
        const key = `${context.installation}-${conversation}-${lane}-${n}`
        return { conversation, lane, n, seq, ...memory, key, attempts: 0, begun: false, late: false, bornAt }
      }),
    })
  }
  return { leased, due }
}

function withMark(fate: Fate, settles: Mark | undefined, marked: readonly Marked[]): Fate {
  if (fate.is !== 'stored' || !settles) return fate
  return {
    ...fate,
    marked: marked.find((one) => one.conversation === settles.conversation && one.lane === settles.lane),
  }
}

function soonest(timers: ReadonlyMap<string, TimerRow>): number | undefined {
  const times = [...timers.values()].map(({ ms }) => ms).filter((ms) => ms !== null)
  return times.length > 0 ? Math.min(...times) : undefined
}

const byLane = (a: LaneName, b: LaneName): number => a.conversation - b.conversation || (a.lane < b.lane ? -1 : 1)
