/** Executes effects as the drain does: in order, the fence checked when one is taken, tried again, given up, its outcome an event. */
import { effectRules } from '../../src/effects.ts'
import type { ErrorCode } from '../../src/errors.ts'
import type { InternalEvent } from '../../src/events.ts'
import { keyOf } from './desks.ts'
import { heed } from './ledger.ts'
import { type Called, perform } from './perform.ts'
import type { Lane, Task, Thread } from './record.ts'
import { append, note, type World } from './world.ts'

/** Looks after a lane that may have something to do. */
export function advance(world: World, thread: Thread, lane: Lane, inMs?: number): void {
  if (lane.isBusy || lane.tasks.length === 0) return
  lane.isBusy = true
  const isDirect = effectRules[lane.tasks[0]!.effect.kind].direct === 'always'
  const hopMs = isDirect ? world.random.whole(0, 20) : world.random.span(5, 500)
  // Sometimes the lane is held up: another effect of the connection, a shut gate, a hub that went away.
  const heldMs = world.random.chance(0.03) ? world.random.span(1_000, 60_000) : 0
  world.agenda.plan(inMs ?? hopMs + heldMs, () => take(world, thread, lane))
}

function take(world: World, thread: Thread, lane: Lane): void {
  const task = lane.tasks[0]!
  const { fence } = task.effect
  if (world.isFenced && fence !== undefined && fence !== thread.conversation.epoch) {
    note(world, () => `  stopped ${nameOf(task)}: decided in epoch ${fence}`)
    settle(world, thread, lane, task, [])
    return
  }
  heed(world, thread, task)
  const called = perform(world, thread, task)
  world.agenda.plan(called.ms, () => finish(world, thread, lane, task, called))
}

const nameOf = ({ lane, n, effect }: Task): string => `${lane} ${effect.kind} ${n}`

function finish(world: World, thread: Thread, lane: Lane, task: Task, called: Called): void {
  if (called.error === undefined) settle(world, thread, lane, task, called.events?.() ?? [])
  else tryAgain(world, thread, lane, task, called.error)
}

function tryAgain(world: World, thread: Thread, lane: Lane, task: Task, error: NonNullable<Called['error']>): void {
  const rule = effectRules[task.effect.kind]
  const waitMs = rule.waitsMs[Math.min(task.attempts, rule.waitsMs.length - 1)]!
  task.attempts++
  task.isUnclear ||= error.isUnclear
  const mayRepeat = error.code === 'unreachable' || error.code === 'busy'
  const isTooOld = world.agenda.now - task.createdAt + waitMs > rule.givenUpAfterMs
  if (!mayRepeat || task.attempts >= rule.attempts || isTooOld) {
    giveUp(world, thread, lane, task, error)
    return
  }
  lane.isBusy = false
  advance(world, thread, lane, waitMs)
}

function giveUp(world: World, thread: Thread, lane: Lane, task: Task, error: { code: ErrorCode; text: string }): void {
  const { connection, role, kind, fence, body } = task.effect
  const name = 'attempt' in body ? { handoff: body.handoff, attempt: body.attempt } : undefined
  world.ledger.dead.push(task)
  const effect = {
    role,
    kind,
    name,
    epoch: fence,
    unclear: task.isUnclear ? { connection, key: keyOf(task) } : undefined,
  }
  settle(world, thread, lane, task, [
    { type: 'effect-failed', at: world.agenda.now, effect, code: error.code, text: error.text },
  ])
}

function settle(world: World, thread: Thread, lane: Lane, task: Task, events: readonly InternalEvent[]): void {
  lane.tasks.shift()
  const externalId = `effect:${task.conversation}:${task.lane}:${task.n}`
  for (const event of events) append(world, task.conversation, event, externalId)
  lane.isBusy = false
  advance(world, thread, lane)
}
