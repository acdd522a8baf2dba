/**
 * The state machine: (conversation, event, mapping) → next conversation, effects, timers, decisions.
 *
 * Pure: no clock (the event carries the time), no I/O, no randomness. Read the table: a row is what happened, a column who
 * holds control, a cell what is done.
 */
import type { Control, Conversation } from './conversation.ts'
import type { Decision, Effect, EffectKind, TimerChange } from './effects.ts'
import type { InternalEvent, RecordEvent } from './events.ts'
import type { Mapping } from './mapping.ts'
import * as desk from './step/desk.ts'
import { change, type Draft, decide, stamp } from './step/draft.ts'
import { invited, rated } from './step/survey.ts'
import * as talk from './step/talk.ts'
import { waits } from './step/waits.ts'

export interface Step {
  readonly conversation: Conversation
  readonly effects: readonly Effect[]
  readonly timers: readonly TimerChange[]
  readonly decisions: readonly Decision[]
}

type EventOf<Type extends RecordEvent['type']> = Extract<RecordEvent, { type: Type }>
type Cell<Type extends RecordEvent['type']> = (d: Draft, event: EventOf<Type>) => void
type Row<Type extends RecordEvent['type']> = Record<Control, Cell<Type>>

const always = <Type extends RecordEvent['type']>(cell: Cell<Type>): Row<Type> => ({
  bot: cell,
  waiting: cell,
  agent: cell,
  closed: cell,
})

const { toBot, toDesk, reopen, answer, tooLate } = talk

export const table: { readonly [Type in RecordEvent['type']]: Row<Type> } = {
  //                            bot            waiting          agent            closed
  'customer-message': /*   */ { bot: toBot, waiting: toDesk, agent: toDesk, closed: reopen },
  'bot-answered': /*       */ { bot: answer, waiting: tooLate, agent: tooLate, closed: tooLate },
  'customer-identified': always((d, event) => talk.meet(d, event.customer)),
  'customer-found': always((d, event) => talk.meet(d, event.customer)),
  'customer-left': always((d) => talk.left(d)),
  'desk-opened': always(desk.deskOpened),
  'desk-unstaffed': always(desk.deskUnstaffed),
  'desk-closed': always(desk.deskClosed),
  'desk-assigned': always(desk.assigned),
  'desk-accepted': always(desk.accepted),
  'desk-queue': always(desk.queueMoved),
  'desk-declined': always(desk.deskDeclined),
  'desk-ended': always(desk.deskEnded),
  'agent-message': always(desk.agentSpoke),
  'agent-left': always(desk.agentLeft),
  'survey-ready': always(invited),
  feedback: always(rated),
  timer: always((d, event) => waits[event.name](d)),
  'effect-failed': always((d, event) => failures[event.effect.kind](d, event)),
  'staff-command': always((d, event) => desk.staffCommand(d, event.command, event.by)),
}

/** What depends on an effect that was given up for good. */
const failures: Record<EffectKind, (d: Draft, event: Extract<InternalEvent, { type: 'effect-failed' }>) => void> = {
  turn: talk.botFailed,
  open: desk.openFailed,
  pass: desk.passFailed,
  close: (d, event) => desk.deskClosed(d, { name: event.effect.name }),
  say: desk.sayFailed,
  brief: (d, event) => decide(d, 'note', `the agent could not be told what was said since: ${event.text}`),
  invite: (d, event) => decide(d, 'survey', `the survey could not be sent: ${event.text}`),
  inform: (d, event) => decide(d, 'note', `the bot could not be told: ${event.text}`),
  identify: (d, event) => decide(d, 'note', `the CRM could not be asked: ${event.text}`),
  log: (d, event) => decide(d, 'note', `the CRM could not be told: ${event.text}`),
}

export function step(conversation: Conversation, event: RecordEvent, mapping: Mapping): Step {
  const d: Draft = { conversation, mapping, at: event.at, effects: [], timers: [], decisions: [] }
  // One table lookup; the row's type follows from the event's, which TypeScript cannot see across an index.
  const row = table[event.type] as Row<typeof event.type>
  const cell = row[conversation.control] as (d: Draft, event: RecordEvent) => void
  if (conversation.seq === 0 && mapping.crm) {
    d.effects.push({ connection: mapping.crm, role: 'crm', kind: 'identify', body: {} })
  }
  cell(d, event)
  stamp(d)
  change(d, { seq: conversation.seq + 1 })
  return d
}
