/** The desk and its agents: opened, assigned, accepted, spoken, passed on, ended. */
import { type Attempt, attemptOf, currentAttempt, type HandoffState, openHandoff } from '../conversation.ts'
import type { AttemptName } from '../effects.ts'
import type { DeskEvent, InternalEvent, Passed, RecordEvent, StaffCommand } from '../events.ts'
import type { Mapping } from '../mapping.ts'
import type { Ref } from '../message.ts'
import {
  agentAnswered,
  choices,
  closeAtDesk,
  escalate,
  finish,
  giveUp,
  join,
  opened,
  over,
  stepOf,
  tellEta,
  tellInLine,
  wanted,
} from './chain.ts'
import {
  agentSays,
  attemptNamed,
  change,
  changeAttempt,
  changeHandoff,
  choice,
  clearTimers,
  type Draft,
  decide,
  nameOf,
  setTimer,
  take,
  tell,
} from './draft.ts'

type Of<T extends { type: string }, Name extends T['type']> = Extract<T, { type: Name }>

export function deskOpened(d: Draft, event: Of<InternalEvent, 'desk-opened'>): void {
  const attempt = attemptNamed(d, event.name)
  if (attempt?.stage === 'asked' && openHandoff(d.conversation)) return opened(d, attempt, event.ticket, event.staffing)
  // An agent may have been quicker than the desk's own answer; then only its name was missing.
  if (attempt) changeAttempt(d, attempt.number, { ticket: event.ticket, openedAt: attempt.openedAt ?? d.at })
  if (attempt?.stage === 'over') closeAtDesk(d, { ...attempt, ticket: event.ticket }, 'moved')
}

export function deskUnstaffed(d: Draft, event: Of<InternalEvent, 'desk-unstaffed'>): void {
  const attempt = attemptNamed(d, event.name)
  if (attempt?.stage !== 'asked') return
  clearTimers(d, 'connect')
  const sentence = event.staffing.open === false ? 'is closed right now' : 'nobody there can take it'
  decide(d, 'handoff', `${attempt.desk}: ${sentence}`)
  over(d, attempt, sentence)
}

export function openFailed(d: Draft, event: Of<InternalEvent, 'effect-failed'>): void {
  const attempt = event.effect.name && attemptNamed(d, event.effect.name)
  if (attempt?.stage === 'asked') {
    clearTimers(d, 'connect')
    decide(d, 'handoff', `${attempt.desk} could not be asked: ${event.text}`)
    over(d, attempt, event.text)
  }
  const { name, unclear } = event.effect
  // An agent must not sit before a ticket that nobody else knows of.
  if (name && unclear) closeUnseen(d, name, unclear)
}

function closeUnseen(d: Draft, name: AttemptName, { connection, key }: { connection: string; key: string }): void {
  d.effects.push({ connection, role: 'desk', kind: 'close', body: { ...name, why: 'moved', unclear: key } })
}

export function deskClosed(d: Draft, event: { name?: { handoff: number; attempt: number }; ticket?: Ref }): void {
  const attempt = event.name && attemptNamed(d, event.name)
  if (attempt && event.ticket !== undefined) changeAttempt(d, attempt.number, { ticket: event.ticket })
  if (attempt?.stage === 'closing') over(d, attempt, 'ended at the desk')
}

/** Words that will never reach the agent: the desk has lost the ticket, or only this message. */
export function passFailed(d: Draft, event: Of<InternalEvent, 'effect-failed'>): void {
  const attempt = event.effect.name && attemptNamed(d, event.effect.name)
  decide(d, 'alarm', `a message did not reach the agent: ${event.text}`)
  const isGone = event.code === 'unknown' || event.code === 'conflict'
  if (!isGone || attempt === undefined || attempt !== currentAttempt(d.conversation)) return
  take(d, 'waiting', `${attempt.desk} no longer has the ticket`)
  giveUp(d, attempt, 'moved', 'the desk no longer has the ticket')
}

export function sayFailed(d: Draft, event: Of<InternalEvent, 'effect-failed'>): void {
  decide(d, 'alarm', `a message did not reach the customer: ${event.text}`)
}

export function assigned(d: Draft, event: Of<DeskEvent, 'desk-assigned'>): void {
  const attempt = attemptOf(d.conversation, event.ticket)
  if (attempt === undefined || attempt !== currentAttempt(d.conversation) || attempt.stage === 'accepted') return
  changeAttempt(d, attempt.number, { stage: 'assigned', agent: event.agent, assignedAt: d.at })
  changeHandoff(d, { stage: 'assigned', agent: event.agent })
  setTimer(d, 'wait', stepOf(d, attempt)?.answerMs ?? d.mapping.limits.waitMs)
}

export function accepted(d: Draft, event: Of<DeskEvent, 'desk-accepted'>): void {
  const attempt = attemptOf(d.conversation, event.ticket)
  if (attempt && attempt === currentAttempt(d.conversation)) {
    if (d.conversation.control === 'waiting') return join(d, attempt, event.agent)
    if (d.conversation.control === 'agent') return meetAgent(d, attempt, event.agent)
  }
  // Somebody took a handoff that has gone on without them: tell their desk again, so that nobody sits before a dead ticket.
  if (attempt && openHandoff(d.conversation)) closeAtDesk(d, attempt, 'moved')
}

/** A silent re-assignment is no news; another person with a name is. */
function meetAgent(d: Draft, attempt: Attempt, agent: { name?: string }): void {
  const before = d.conversation.handoff?.agent?.name
  changeAttempt(d, attempt.number, { agent })
  changeHandoff(d, { agent })
  if (agent.name && agent.name !== before) tell(d, 'transferred', { agent: agent.name })
}

/** Any public word of a person is a takeover, wherever it was typed. */
export function agentSpoke(d: Draft, event: Of<RecordEvent, 'agent-message'>): void {
  if (event.visibility !== 'public') return
  const attempt = attemptOf(d.conversation, event.ticket)
  const isCurrent = attempt !== undefined && attempt === currentAttempt(d.conversation)
  if (isCurrent && d.conversation.control === 'waiting') join(d, attempt, event.agent)
  else if (isCurrent && d.conversation.control === 'agent') meetAgent(d, attempt, event.agent)
  else if (!openHandoff(d.conversation) || openHandoff(d.conversation)?.stage === 'offered') takeOver(d, event)
  else
    decide(d, 'note', `${event.agent.name ?? 'an agent'} wrote from a ticket that was given up; the customer sees it`)
  agentSays(d, event.agent, event.message)
  if (isCurrent || d.conversation.control === 'agent') agentAnswered(d)
}

/** An agent writes outside of any handoff, for example the answer to a ticket hours later: it becomes one of its own. */
function takeOver(d: Draft, event: Of<RecordEvent, 'agent-message'>): void {
  const desk = event.connection
  clearTimers(d, 'survey', 'contact', 'offer')
  // An offer that still stands has got its answer by this: it goes on as this handoff.
  const offered = openHandoff(d.conversation)
  const since = d.conversation.handoff?.endedAt ?? 0
  const number = offered?.number ?? d.conversation.handoffs + 1
  const attempt: Attempt = {
    number: 1,
    desk,
    mode: 'live',
    stage: 'opened',
    ticket: event.ticket,
    askedAt: d.at,
    openedAt: d.at,
  }
  const reason = { criterion: 'agent_spoke', text: 'An agent wrote to the customer from their desk.' }
  change(d, {
    handoffs: number,
    contactWanted: false,
    handoff: {
      number,
      stage: 'opened',
      ...wanted(reason),
      startedAt: offered?.startedAt ?? d.at,
      next: { list: 'desks', index: 0 },
      attempts: [attempt],
      told: {},
    },
  })
  decide(d, 'handoff', `${event.agent.name ?? 'an agent'} wrote from ${desk} and takes the conversation`)
  const body = { ...nameOf(d, attempt), ticket: event.ticket, since }
  d.effects.push({ connection: desk, role: 'desk', kind: 'brief', body })
  join(d, attempt, event.agent)
}

export function queueMoved(d: Draft, event: Of<DeskEvent, 'desk-queue'>): void {
  const attempt = attemptOf(d.conversation, event.ticket)
  if (!attempt || attempt !== currentAttempt(d.conversation)) return
  if (d.conversation.control !== 'waiting') return
  if (event.etaMs === undefined) return tellPosition(d, event.position)
  const before = d.conversation.handoff?.told.etaMs
  const moved = before === undefined ? Number.POSITIVE_INFINITY : Math.abs(event.etaMs - before)
  // Spoken of only when it is news, and never upwards without a reason.
  const isNews = before === undefined || (event.etaMs < before && (moved >= before / 4 || moved >= 60_000))
  if (isNews) tellEta(d, event.etaMs)
}

/** Where the desk knows no time: the place in line, when it is the first news of it or has come nearer. */
function tellPosition(d: Draft, position: number | undefined): void {
  const told = d.conversation.handoff?.told
  if (position === undefined || position < 1 || position >= (told?.position ?? Number.POSITIVE_INFINITY)) return
  tell(d, 'position', { position })
  changeHandoff(d, { told: { ...told, position } })
}

export function agentLeft(d: Draft, event: Of<DeskEvent, 'agent-left'>): void {
  const attempt = attemptOf(d.conversation, event.ticket)
  if (!attempt || attempt !== currentAttempt(d.conversation)) return
  changeAttempt(d, attempt.number, { stage: 'opened', agent: undefined })
  changeHandoff(d, { stage: 'opened', agent: undefined, unanswered: undefined })
  if (d.conversation.control !== 'agent') return
  clearTimers(d, 'agent', 'idle', 'park')
  take(d, 'waiting', `${event.agent.name ?? 'the agent'} left`)
  tellInLine(d)
  setTimer(d, 'wait', d.mapping.limits.waitMs)
}

export function deskDeclined(d: Draft, event: Of<DeskEvent, 'desk-declined'>): void {
  const attempt = attemptOf(d.conversation, event.ticket)
  if (!attempt || attempt.stage === 'over' || !openHandoff(d.conversation)) return
  // A desk that was given up says so itself: another one may be at work, and its time limits stand.
  if (attempt.stage === 'closing') return over(d, attempt, event.reason)
  clearTimers(d, 'wait', 'reassure', 'connect', 'agent', 'idle', 'park')
  decide(d, 'handoff', `${attempt.desk} gave it up: ${event.reason}`)
  if (d.conversation.control === 'agent') take(d, 'waiting', 'the desk gave it up')
  if (event.passed) passOn(d, event.passed)
  over(d, attempt, event.reason)
  const next = currentAttempt(d.conversation)
  // Said when a desk was asked, and not before: one that was given up may have to confirm its end first.
  if (event.passed && next?.mode === 'live' && next.stage === 'asked' && next.askedAt === d.at)
    tell(d, 'connecting', {}, [choice(d, 'leave', choices.leave)])
}

/** Who is not in the chain cannot be asked; then the chain goes on. */
function passOn(d: Draft, { to, agent, note }: Passed): void {
  changeHandoff(d, { passedOn: note === undefined ? undefined : { by: agent.name, note } })
  const next = placeOf(d.mapping, to)
  if (!next) return decide(d, 'note', `${to.desk} (${to.mode}) is not in this mapping, so the next desk is asked`)
  changeHandoff(d, { next })
}

function placeOf(mapping: Mapping, { desk, mode }: Passed['to']): HandoffState['next'] | undefined {
  for (const list of ['desks', 'fallback'] as const) {
    const index = mapping[list].findIndex((step) => step.desk === desk && step.mode === mode)
    if (index >= 0) return { list, index }
  }
  return undefined
}

export function deskEnded(d: Draft, event: Of<DeskEvent, 'desk-ended'>): void {
  const attempt = attemptOf(d.conversation, event.ticket)
  const handoff = openHandoff(d.conversation)
  if (!attempt || !handoff || attempt.stage === 'over') return
  if (attempt.stage === 'closing') return deskClosed(d, { name: { handoff: handoff.number, attempt: attempt.number } })
  const nobodyCame =
    d.conversation.control === 'waiting' && (event.outcome === 'expired' || event.outcome === 'abandoned')
  if (nobodyCame) {
    clearTimers(d, 'wait', 'reassure', 'connect')
    return over(d, attempt, 'the desk ended it before anybody came')
  }
  const { outcome, digest, intent, agent } = event
  finish(d, outcome, { by: attempt, digest, intent, agent })
  if (outcome === 'returned') {
    take(d, 'bot', 'the agent gave it back to the bot')
    return tell(d, 'returned')
  }
  take(d, 'closed', `the agent ended it: ${outcome}`)
  tell(d, 'ended')
  if (outcome === 'resolved' && d.mapping.survey) setTimer(d, 'survey', d.mapping.limits.surveyDelayMs)
}

export function staffCommand(d: Draft, command: StaffCommand, by: string): void {
  const attempt = currentAttempt(d.conversation)
  decide(d, 'note', `${by} asked for: ${command.do}`)
  if (command.do === 'escalate' && (d.conversation.control === 'bot' || d.conversation.control === 'closed')) {
    return escalate(d, wanted({ criterion: 'staff', text: `${by} asked for a person.` }))
  }
  if (command.do === 'move' && attempt) {
    if (d.conversation.control === 'agent') take(d, 'waiting', `${by} moved it to the next desk`)
    return giveUp(d, attempt, 'moved', `${by} moved it to the next desk`)
  }
  if (command.do === 'end' && openHandoff(d.conversation)) {
    finish(d, command.outcome)
    take(d, command.outcome === 'resolved' ? 'closed' : 'bot', `${by} ended the handoff`)
    tell(d, 'ended')
  }
}
