/** The record of a world: what the database keeps, with its rules. Deliveries are dropped twice over, states are JSON. */
import { type Conversation, newConversation } from '../../src/conversation.ts'
import type { AttemptName, Decision, Effect, TimerName } from '../../src/effects.ts'
import type { DeskEvent, RecordEvent } from '../../src/events.ts'
import type { Outcome } from '../../src/handoff.ts'
import type { Ref } from '../../src/message.ts'

export interface Recorded {
  readonly seq: number
  readonly event: RecordEvent
  readonly before: Conversation
  readonly after: Conversation
  readonly effects: readonly Effect[]
  readonly decisions: readonly Decision[]
}

export interface Timer {
  readonly id: number
  readonly at: number
}

/** One effect on its way. `n` counts within its lane. */
export interface Task {
  readonly conversation: number
  readonly lane: string
  readonly n: number
  readonly seq: number
  /** The epoch the step that asked for it ended in. */
  readonly epoch: number
  readonly effect: Effect
  readonly createdAt: number
  attempts: number
  isUnclear: boolean
}

export interface Lane {
  readonly name: string
  readonly tasks: Task[]
  count: number
  isBusy: boolean
}

export interface Thread {
  conversation: Conversation
  readonly story: Recorded[]
  readonly timers: Map<TimerName, Timer>
  readonly lanes: Map<string, Lane>
  /** Handoff number to outcome, as the reports see it. */
  readonly handoffs: Map<number, { stage: string; outcome: Outcome | undefined }>
  /** The `attempts` table: `<handoff>.<attempt>` to desk and ticket. */
  readonly attempts: Map<string, { desk: string; ticket: Ref | undefined }>
}

export interface WorldRecord {
  readonly threads: ReadonlyMap<number, Thread>
  readonly seen: Set<string>
  /** Desk events whose ticket is not known yet, in order of arrival. */
  readonly early: Map<string, DeskEvent[]>
}

export function openRecord(conversations: number, at: number): WorldRecord {
  const threads = new Map<number, Thread>()
  for (let id = 1; id <= conversations; id++) {
    const birth = { mapping: 'world', channel: 'site', thread: `visitor-${id}`, language: 'en', at }
    threads.set(id, {
      conversation: newConversation(id, birth),
      story: [],
      timers: new Map(),
      lanes: new Map(),
      handoffs: new Map(),
      attempts: new Map(),
    })
  }
  return { threads, seen: new Set(), early: new Map() }
}

export const attemptKey = ({ handoff, attempt }: AttemptName): string => `${handoff}.${attempt}`

/** Handoffs and attempts as rows; returns the tickets that became known, also that of an older handoff which was opened late. */
export function writeRows(thread: Thread, after: Conversation, event: RecordEvent): { desk: string; ticket: Ref }[] {
  const { handoff } = after
  const known: { desk: string; ticket: Ref }[] = []
  const write = (key: string, desk: string, ticket: Ref | undefined) => {
    if (ticket !== undefined && thread.attempts.get(key)?.ticket === undefined) known.push({ desk, ticket })
    thread.attempts.set(key, { desk, ticket })
  }
  if (handoff) thread.handoffs.set(handoff.number, { stage: handoff.stage, outcome: handoff.outcome })
  for (const { number, desk, ticket } of handoff?.attempts ?? []) {
    write(attemptKey({ handoff: handoff!.number, attempt: number }), desk, ticket)
  }
  const names = event.type === 'desk-opened' || (event.type === 'desk-closed' && event.ticket !== undefined)
  if (names && event.name.handoff !== handoff?.number) {
    const key = attemptKey(event.name)
    write(key, thread.attempts.get(key)!.desk, event.ticket)
  }
  return known
}

export function laneOf(thread: Thread, effect: Effect): Lane {
  const name = `${effect.role}:${effect.connection}`
  const lane = thread.lanes.get(name) ?? { name, tasks: [], count: 0, isBusy: false }
  thread.lanes.set(name, lane)
  return lane
}

/** The conversation a desk's ticket belongs to. */
export function threadOf(record: WorldRecord, desk: string, ticket: Ref): Thread | undefined {
  return [...record.threads.values()].findLast((thread) =>
    [...thread.attempts.values()].some((row) => row.desk === desk && row.ticket === ticket),
  )
}
