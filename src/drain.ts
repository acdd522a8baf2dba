/**
 * Executes the effects of one lane in order, whoever holds its lease. Two ways lead here: *direct*, from memory right after the
 * append that took the lease; *queued*, from a job or the sweeper.
 */

import type pg from 'pg'
import type { Logger } from 'pino'
import { ticks } from './clock.ts'
import { effectRules } from './effects.ts'
import { asHubError, HubError, isTransient, toKept } from './errors.ts'
import { isLate, whyLate } from './fence.ts'
import type { Gates } from './gates.ts'
import type { Performed } from './perform.ts'
import { isDatabaseAway } from './postgres/database.ts'
import {
  begin,
  connectionOf,
  type HeldLane,
  type LaneName,
  type Mark,
  type Marked,
  pendingOf,
  putBack,
} from './postgres/lanes.ts'
import type { Entry, Fate, LaneEffect } from './postgres/log.ts'

export interface Drains {
  readonly pool: pg.Pool
  readonly gates: Gates
  readonly log: Logger
  readonly leaseMs: number
  /** Of a lease that is taken now: how much of it is left. */
  countLease(): () => number
  /** Of this hub with the record; undefined while there is none, and others may take its lanes over. */
  session(): number | undefined
  now(): number
  /** Control's epoch of a conversation, from the record. */
  epochOf(conversation: number): Promise<number>
  /** Resolves when one more call may be made to the connection; what it resolves to is called when that call is over. */
  enter(connection: string): Promise<() => void>
  /** `deadlineMs` bounds the whole call. */
  perform(task: LaneEffect, deadlineMs: number): Promise<Performed>
  /** Whether the other side can tell what an unclear call has done. */
  canTell(task: LaneEffect): boolean
  append(entry: Entry): Promise<Fate>
  mark(mark: Mark): Promise<Marked | undefined>
  wake(lanes: readonly LaneName[], inMs?: number): void
  /** The lane is held, and nobody drains it any more. */
  leaveBehind(lane: Held): void
  deadlineOf(task: LaneEffect): number
}

export interface Held extends HeldLane {
  /** Milliseconds of the lease by our own clocks, which only ever make us stop early. */
  leftMs(): number
  /** In which it was taken, or looked at last; undefined where that is not known. */
  session: number | undefined
  readonly isDirect: boolean
}

/** What became of one effect: the lane goes on, is released, waits, or is no longer ours. */
type Next = 'on' | 'end'

/** Ends when the lane is empty, must wait, or has been taken over. Never throws: what fails stays in the record. */
export async function drain(d: Drains, lane: Held, first: readonly LaneEffect[]): Promise<void> {
  try {
    let tasks = [...first]
    let next: Next = 'on'
    let last = 0
    while (next === 'on') {
      if (tasks.length === 0) tasks = await pendingOf(d.pool, lane, last)
      const task = tasks.shift()
      if (!task) return await putBack(d.pool, lane, 0)
      // Taking the lease wrote down as begun what was in memory then: all of an append, the first of a lane found waiting.
      next = await advance(d, lane, task, lane.isDirect ? first.includes(task) : task === first[0])
      last = task.n
    }
  } catch (error) {
    // The record is away or the process is in trouble: when the lease is given back or runs out, somebody goes on from the record.
    d.log.warn(
      { conversation: lane.conversation, lane: lane.lane, error: (error as Error).message },
      'a drain was interrupted',
    )
    d.leaveBehind(lane)
  }
}

async function advance(d: Drains, lane: Held, task: LaneEffect, isBegun: boolean): Promise<Next> {
  if (lane.isDirect && effectRules[task.effect.kind].direct === 'never') return giveBack(d, lane, task, 0)
  // Its turn first: gate, fence and lease must not grow old while it waits for other calls to end.
  const leave = await d.enter(connectionOf(lane.lane))
  const then = await call(d, lane, task, isBegun).finally(leave)
  return then()
}

/** Calls the other side, if that is still right; resolves to what is to be done about it when the turn is given on. */
async function call(d: Drains, lane: Held, task: LaneEffect, isBegun: boolean): Promise<() => Promise<Next>> {
  const blockedMs = d.gates.waitMs(connectionOf(lane.lane))
  if (blockedMs > 0) return () => wait(d, lane, task, blockedMs)
  const { fence } = task.effect
  const epoch = fence === undefined ? undefined : await d.epochOf(task.conversation)
  if (fence !== undefined && epoch !== undefined && isLate(fence, epoch)) {
    return () => settle(d, lane, task, { stopped: whyLate(fence, epoch) })
  }
  const session = d.session()
  if (session === undefined) throw new Error('the session with the record is lost: others may take the lane')
  // Otherwise, and when the lease grows short for the call, or somebody may have missed us meanwhile, that is done now.
  const deadlineMs = d.deadlineOf(task)
  const neededMs = Math.min(deadlineMs + 1_000, 0.9 * d.leaseMs)
  let isReady = isBegun && session === lane.session && lane.leftMs() >= neededMs
  while (!isReady) {
    // Counted from before it is taken: the process may be stopped while the record answers.
    const leftMs = d.countLease()
    if (!(await begin(d.pool, task, { token: lane.token, ms: d.leaseMs }))) return async () => 'end'
    Object.assign(lane, { leftMs, session })
    isReady = leftMs() >= neededMs
  }
  try {
    const performed = await d.perform(task, deadlineMs)
    return () => settleInTime(d, lane, task, performed)
  } catch (thrown) {
    return () => failed(d, lane, task, thrown)
  }
}

const settleAgainMs = 250

/**
 * It is done at the other side: that the record is away for a moment is neither the vendor's failure nor a reason to do it
 * again. While the lease lives the outcome is told again; afterwards whoever takes the lane finds the effect begun.
 */
async function settleInTime(d: Drains, lane: Held, task: LaneEffect, performed: Performed): Promise<Next> {
  for (;;) {
    try {
      const next = await settle(d, lane, task, performed)
      // Only clears a count; the next call that works does it as well.
      const isSign = performed.stopped === undefined && !performed.isUntold
      if (isSign) await d.gates.worked(connectionOf(lane.lane)).catch(() => {})
      return next
    } catch (thrown) {
      const isAway = isDatabaseAway(thrown) || (thrown instanceof HubError && isTransient(thrown))
      if (!isAway) return failed(d, lane, task, thrown)
      if (lane.leftMs() < settleAgainMs) throw thrown
      await new Promise((resolve) => setTimeout(resolve, settleAgainMs))
    }
  }
}

async function settle(d: Drains, lane: Held, task: LaneEffect, performed: Performed): Promise<Next> {
  const mark: Mark = {
    conversation: lane.conversation,
    lane: lane.lane,
    token: lane.token,
    n: task.n,
    status: performed.stopped === undefined ? 'done' : 'stopped',
    ref: performed.ref,
    attempts: task.attempts + 1,
    doubtful: isInDoubt(d, task, task.begun),
    error: performed.stopped === undefined ? undefined : { code: 'stopped', text: performed.stopped },
  }
  return follow(await settleWith(d, mark, performed.events ?? []))
}

/** A try of it may have gone through unnoticed, and nobody can be asked: also when it was stopped or given up in the end. */
const isInDoubt = (d: Drains, task: LaneEffect, isUnclear: boolean): boolean => isUnclear && !d.canTell(task)

/** An outcome and the events it produced are one append; a second outcome of the same effect is dropped there. */
async function settleWith(d: Drains, mark: Mark, events: Performed['events'] & object): Promise<Marked | undefined> {
  const [event] = events
  if (!event) return d.mark(mark)
  const fate = await d.append({
    connection: 'hub',
    externalId: `effect:${mark.conversation}:${mark.lane}:${mark.n}`,
    event,
    at: mark.conversation,
    settles: mark,
  })
  return fate.is === 'stored' ? fate.marked : undefined
}

const follow = (marked: Marked | undefined): Next => (marked && !marked.isReleased ? 'on' : 'end')

async function failed(d: Drains, lane: Held, task: LaneEffect, thrown: unknown): Promise<Next> {
  const error = asHubError(thrown)
  if (!(thrown instanceof HubError)) d.log.error({ err: thrown, key: task.key }, 'an effect failed unexpectedly')
  const connection = connectionOf(lane.lane)
  await d.gates.failed(connection, error)
  const rule = effectRules[task.effect.kind]
  const attempts = task.attempts + 1
  const waitMs = error.retryAfterMs ?? jitter(rule.waitsMs[Math.min(task.attempts, rule.waitsMs.length - 1)]!)
  const mayRepeat =
    isTransient(error) || (error.code === 'refused' && rule.outlastsRefusal === true) || mayHaveEnded(task, error)
  const isTooOld = ticks() - task.bornAt + waitMs > rule.givenUpAfterMs
  if (!mayRepeat || attempts >= rule.attempts || isTooOld) return giveUp(d, lane, task, error)
  const failure = {
    n: task.n,
    error: toKept(error),
    isUnclear: isUnclearAfter(task, error),
  }
  await putBack(d.pool, lane, waitMs, { failed: failure })
  d.wake([lane], waitMs)
  return 'end'
}

/** A failure that surely did nothing does not undo what an earlier try may have done. */
const isUnclearAfter = (task: LaneEffect, error: HubError): boolean => task.begun || !error.certain

const endIsToldWithinMs = 30_000

/** A desk refuses words for a ticket that has ended, often before its webhook has told so: that news decides what becomes of them. */
const mayHaveEnded = ({ effect, bornAt }: LaneEffect, { code }: HubError): boolean =>
  effect.kind === 'pass' && code === 'conflict' && ticks() - bornAt < endIsToldWithinMs

/** Dead: kept with its reason for a person to replay or dismiss; the lane goes on, and the conversation hears of it. */
async function giveUp(d: Drains, lane: Held, task: LaneEffect, error: HubError): Promise<Next> {
  const { effect } = task
  const isUnclear = isUnclearAfter(task, error)
  const mark: Mark = {
    conversation: lane.conversation,
    lane: lane.lane,
    token: lane.token,
    n: task.n,
    status: 'dead',
    attempts: task.attempts + 1,
    doubtful: isInDoubt(d, task, isUnclear),
    error: toKept(error),
  }
  d.log.warn({ key: task.key, kind: effect.kind, code: error.code }, 'an effect was given up')
  const name = 'attempt' in effect.body ? { handoff: effect.body.handoff, attempt: effect.body.attempt } : undefined
  return follow(
    await settleWith(d, mark, [
      {
        type: 'effect-failed',
        at: d.now(),
        effect: {
          role: effect.role,
          kind: effect.kind,
          name,
          epoch: effect.fence,
          ...(isUnclear ? { unclear: { connection: effect.connection, key: task.key } } : {}),
        },
        code: error.code,
        text: error.message,
      },
    ]),
  )
}

/** The gate is shut: an effect that could not outlive the wait is given up now, so that nobody waits for a vendor known to be down. */
async function wait(d: Drains, lane: Held, task: LaneEffect, blockedMs: number): Promise<Next> {
  const rule = effectRules[task.effect.kind]
  if (ticks() - task.bornAt + blockedMs > rule.givenUpAfterMs) {
    return giveUp(d, lane, task, new HubError('unreachable', d.gates.why(connectionOf(lane.lane))))
  }
  return giveBack(d, lane, task, blockedMs)
}

async function giveBack(d: Drains, lane: Held, task: LaneEffect, inMs: number): Promise<Next> {
  await putBack(d.pool, lane, inMs, { unclear: task.begun ? task.n : undefined })
  d.wake([lane], inMs)
  return 'end'
}

/** Spread, so that what failed together does not come back together. */
const jitter = (ms: number): number => ms * (0.75 + Math.random() * 0.5)
