/**
 * A world around `step`: a customer, a bot, desks with agents, time limits and lanes, all by chance from one seed. After every
 * event the promises are checked; the first one that is broken ends the world.
 */
import type { InternalEvent, RecordEvent } from '../../src/events.ts'
import type { Mapping } from '../../src/mapping.ts'
import { type Step, step } from '../../src/step.ts'
import { type Agenda, openAgenda } from './agenda.ts'
import { beginCustomer } from './customer.ts'
import { type DeskSide, openDesks, receiveEarly } from './desks.ts'
import { advance } from './lanes.ts'
import { checkEnd, type Ledger, openLedger } from './ledger.ts'
import { aMapping, deepFreeze } from './mappings.ts'
import { checkStep } from './promises.ts'
import { type Random, seeded } from './random.ts'
import { laneOf, openRecord, type Recorded, type Thread, type WorldRecord, writeRows } from './record.ts'
import { beginStaff } from './staff.ts'

export interface WorldOptions {
  /** In place of the real one, to see that a broken one is noticed. */
  readonly step?: typeof step
  /** False: the drain does not look at the fence. */
  readonly isFenced?: boolean
  /** In place of one chosen by the seed. */
  readonly mapping?: Mapping
}

export interface Result {
  readonly seed: number
  readonly events: number
  /** The promise that was broken. */
  readonly broken?: string
  /** What was found, the seed, and the last lines of the world's log. */
  readonly text?: string
}

export interface World {
  readonly seed: number
  readonly random: Random
  readonly agenda: Agenda
  readonly mapping: Mapping
  readonly record: WorldRecord
  readonly desks: ReadonlyMap<string, DeskSide>
  readonly ledger: Ledger
  /** Written out only when a promise is broken. */
  readonly log: (() => string)[]
  readonly isFenced: boolean
  readonly step: typeof step
  /** From here on nobody acts any more: only effects and time limits go on. */
  isQuiet: boolean
  events: number
}

const minute = 60_000
const day = 24 * 60 * minute
/** A Tuesday; the hour comes with the seed. */
const start = Date.UTC(2026, 0, 13)

export function runWorld(seed: number, options: WorldOptions = {}): Result {
  const world = openWorld(seed, options)
  try {
    for (const id of world.record.threads.keys()) {
      beginCustomer(world, id)
      beginStaff(world, id)
    }
    world.agenda.runUntil(world.agenda.now + world.random.whole(20, 600) * minute)
    world.isQuiet = true
    world.agenda.runUntil(world.agenda.now + 3 * day)
    checkEnd(world)
    return { seed, events: world.events }
  } catch (error) {
    if (!(error instanceof PromiseBroken)) throw error
    const lines = [`world ${seed}: ${error.promise}: ${error.message}`, ...world.log.slice(-30).map((line) => line())]
    return { seed, events: world.events, broken: error.promise, text: lines.join('\n') }
  }
}

function openWorld(seed: number, options: WorldOptions): World {
  const random = seeded(seed)
  const agenda = openAgenda(start + random.whole(0, 24 * 60) * minute)
  return {
    seed,
    random,
    agenda,
    mapping: options.mapping ?? aMapping(random),
    record: openRecord(random.chance(0.15) ? 2 : 1, agenda.now),
    desks: openDesks(random),
    ledger: openLedger(),
    log: [],
    isFenced: options.isFenced ?? true,
    step: options.step ?? step,
    isQuiet: false,
    events: 0,
  }
}

export class PromiseBroken extends Error {
  readonly promise: string

  constructor(promise: string, found: string) {
    super(found)
    this.promise = promise
  }
}

/** `found` is only asked for when the promise is broken. */
export function expectKept(promise: string, isKept: boolean, found: () => string): void {
  if (!isKept) throw new PromiseBroken(promise, found())
}

export function note(world: World, line: () => string): void {
  const { now } = world.agenda
  world.log.push(() => `${new Date(now).toISOString().slice(5, 19)} ${line()}`)
}

/** One transaction of the record. A delivery already seen is dropped. */
export function append(world: World, id: number, event: RecordEvent, externalId?: string): void {
  if (externalId !== undefined && world.record.seen.has(externalId)) return
  if (externalId !== undefined) world.record.seen.add(externalId)
  const thread = world.record.threads.get(id)!
  const before = deepFreeze(thread.conversation)
  const next = stepOrBreak(world, thread, event)
  world.events++
  const json = JSON.stringify(next.conversation)
  const after = JSON.parse(json) as typeof next.conversation
  const recorded: Recorded = { seq: after.seq, event, before, after, effects: next.effects, decisions: next.decisions }
  thread.conversation = after
  thread.story.push(recorded)
  note(
    world,
    () =>
      `${id}#${after.seq} ${told(event)} | ${heldBy(recorded)} | ${next.decisions.map((one) => one.text).join('; ')}`,
  )
  setTimers(world, thread, next, event)
  addEffects(world, thread, recorded)
  const tickets = writeRows(thread, after, event)
  checkStep(world, thread, recorded, next, json)
  for (const ticket of tickets) receiveEarly(world, thread, ticket)
}

function stepOrBreak(world: World, thread: Thread, event: RecordEvent): Step {
  try {
    return world.step(thread.conversation, deepFreeze(event), world.mapping)
  } catch (error) {
    const { stack } = error as Error
    throw new PromiseBroken('a legal event never throws and never changes its input', `${told(event)}: ${stack}`)
  }
}

const heldBy = ({ before, after }: Recorded): string =>
  `${before.control === after.control ? '' : `${before.control} → `}${after.control} ${after.epoch}`

const told = (event: RecordEvent): string => {
  const { type, at: _, ...rest } = event
  return `${type} ${JSON.stringify(rest).slice(0, 160)}`
}

/** A row per name; one that fired is gone unless it was set again. */
function setTimers(world: World, thread: Thread, next: Step, event: RecordEvent): void {
  if (event.type === 'timer') thread.timers.delete(event.name)
  for (const change of next.timers) {
    if (!('inMs' in change)) {
      thread.timers.delete(change.name)
      continue
    }
    const { name, inMs } = change
    const timer = { id: ++world.ledger.timers, at: world.agenda.now + inMs }
    thread.timers.set(name, timer)
    const lateMs = world.random.chance(0.05) ? world.random.whole(1_000, 5 * minute) : world.random.whole(0, 500)
    world.agenda.plan(inMs + lateMs, () => {
      if (thread.timers.get(name)?.id !== timer.id) return
      const fired: InternalEvent = { type: 'timer', at: world.agenda.now, name }
      append(world, thread.conversation.id, fired)
    })
  }
}

function addEffects(world: World, thread: Thread, { seq, after, effects }: Recorded): void {
  for (const effect of effects) {
    const lane = laneOf(thread, effect)
    // Stored and read back, as the lanes do.
    const stored = JSON.parse(JSON.stringify(effect)) as typeof effect
    lane.tasks.push({
      conversation: after.id,
      lane: lane.name,
      n: ++lane.count,
      seq,
      epoch: after.epoch,
      effect: stored,
      createdAt: world.agenda.now,
      attempts: 0,
      isUnclear: false,
    })
    advance(world, thread, lane)
  }
}
