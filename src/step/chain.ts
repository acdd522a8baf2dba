/** A handoff from its first request to its outcome: which desk is asked next, and what the customer is told meanwhile. */
import { type Attempt, currentAttempt, type HandoffState, openHandoff, type Reason } from '../conversation.ts'
import { noteOffer, noteReturn } from '../escalation/signals.ts'
import type { Agent, EndReason, Outcome, Skills, Staffing } from '../handoff.ts'
import { type DeskChoice, isOpen, nextOpen } from '../mapping.ts'
import {
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
import { sayWhen } from './when.ts'

/** Values of the choices that Baton itself offers. */
export const choices = {
  person: 'baton:person',
  bot: 'baton:bot',
  leave: 'baton:leave',
  ticket: 'baton:ticket',
  callback: 'baton:callback',
  stay: 'baton:stay',
  again: 'baton:again',
} as const

/** Instead of the line, where the mapping has a step that answers later: in writing, by a call back. */
export function laterWays(d: Draft) {
  const modes = new Set(d.mapping.fallback.map(({ mode }) => mode))
  return [
    ...(modes.has('ticket') ? [choice(d, 'wantTicket', choices.ticket)] : []),
    ...(modes.has('callback') ? [choice(d, 'wantCallback', choices.callback)] : []),
  ]
}

/** The customer is in line, and may leave it at any time, one way or another. */
export const tellInLine = (d: Draft): void =>
  tell(d, 'inLine', {}, [...laterWays(d), choice(d, 'leave', choices.leave)])

export interface Wanted {
  readonly reason: Reason
  readonly priority: HandoffState['priority']
  readonly need: Skills
}

const anybody: Skills = { skills: [] }
export const wanted = (reason: Reason, priority: Wanted['priority'] = 'normal', need: Skills = anybody): Wanted => ({
  reason,
  priority,
  need,
})

/** Asks whether a person is wanted; the bot goes on meanwhile. */
export function offer(d: Draft, want: Wanted): void {
  change(d, { measures: noteOffer(d.conversation.measures) })
  begin(d, want, 'offered')
  decide(d, 'offer', `offered a person: ${want.reason.text}`)
  tell(d, 'offer', {}, [choice(d, 'yes', choices.person), choice(d, 'no', choices.bot)])
  setTimer(d, 'offer', d.mapping.limits.offerMs)
}

/** A person is needed now: control leaves the bot, and the first desk is asked. */
export function escalate(d: Draft, want: Wanted): void {
  clearTimers(d, 'offer', 'contact', 'survey')
  if (openHandoff(d.conversation)?.stage === 'offered') changeHandoff(d, { ...want, stage: 'requested' })
  else begin(d, want, 'requested')
  take(d, 'waiting', want.reason.criterion)
  const asked = askNext(d)
  if (asked?.mode === 'live') tell(d, 'connecting', {}, [choice(d, 'leave', choices.leave)])
}

function begin(d: Draft, want: Wanted, stage: 'offered' | 'requested'): void {
  const number = d.conversation.handoffs + 1
  const handoff: HandoffState = {
    number,
    stage,
    ...want,
    startedAt: d.at,
    next: { list: 'desks', index: 0 },
    attempts: [],
    told: {},
  }
  change(d, { handoff, handoffs: number, contactWanted: false })
}

/** Asks the next desk of the chain that is open; when there is none, says so, fails the handoff and sounds the alarm. */
export function askNext(d: Draft): DeskChoice | undefined {
  const handoff = openHandoff(d.conversation)
  if (!handoff) return undefined
  const { list, index } = handoff.next
  const step = d.mapping[list][index]
  if (step === undefined) {
    if (list === 'fallback') return void fail(d)
    if (handoff.attempts.length > 0 || d.mapping.desks.length > 0) sayWhyNot(d)
    changeHandoff(d, { next: { list: 'fallback', index: 0 } })
    return askNext(d)
  }
  changeHandoff(d, { next: { list, index: index + 1 } })
  if (isClosed(step, d.at)) {
    decide(d, 'handoff', `${step.desk} is closed at this time, so it was not asked`)
    return askNext(d)
  }
  ask(d, step)
  return step
}

const isClosed = (step: DeskChoice, at: number): boolean =>
  step.mode === 'live' && step.hours !== undefined && !isOpen(step.hours, at)

function ask(d: Draft, step: DeskChoice): void {
  const handoff = openHandoff(d.conversation)!
  const attempt: Attempt = {
    number: handoff.attempts.length + 1,
    desk: step.desk,
    mode: step.mode,
    stage: 'asked',
    askedAt: d.at,
  }
  changeHandoff(d, { attempts: [...handoff.attempts, attempt], stage: 'requested' })
  d.effects.push({ connection: step.desk, role: 'desk', kind: 'open', body: nameOf(d, attempt) })
  decide(d, 'handoff', `asked ${step.desk} (${step.mode}), attempt ${attempt.number}`)
  setTimer(d, 'connect', d.mapping.limits.connectMs)
}

function sayWhyNot(d: Draft): void {
  const closed = d.mapping.desks.flatMap((step) => {
    return isClosed(step, d.at) ? [nextOpen(step.hours!, d.at)] : []
  })
  const live = d.mapping.desks.filter((step) => step.mode === 'live').length
  const soonest = closed.filter((at) => at !== undefined).sort((a, b) => a - b)[0]
  if (live > 0 && closed.length === live && soonest !== undefined) {
    const zone = d.conversation.customer.timeZone ?? d.mapping.hours?.timeZone ?? 'UTC'
    tell(d, 'closedHours', { opens: sayWhen(soonest, d.at, zone, d.conversation.language) })
  } else if (live > 0) tell(d, 'nobody')
}

function fail(d: Draft): void {
  decide(d, 'alarm', 'no desk of the chain could be reached: the customer was told, a person should look')
  finish(d, 'failed')
  take(d, 'bot', 'no desk could be reached')
  tell(d, 'apology')
}

/** Gives one attempt up. With a ticket, its desk is told first and the next one is asked when that is done. */
export function giveUp(d: Draft, attempt: Attempt, why: EndReason, sentence: string): void {
  decide(d, 'handoff', `${attempt.desk}: ${sentence}`)
  clearTimers(d, 'wait', 'reassure', 'agent', 'idle', 'park')
  changeHandoff(d, nobodyYet)
  changeAttempt(d, attempt.number, {
    stage: 'closing',
    overAt: d.at,
    why: sentence,
  })
  closeAtDesk(d, attempt, why)
  if (unconfirmed(d).length > 0) setTimer(d, 'connect', d.mapping.limits.connectMs)
  else askNext(d)
}

/** A handoff between two desks: what its last agent left open is not the next one's. */
const nobodyYet = { stage: 'requested', agent: undefined, unanswered: undefined } as const

export function closeAtDesk(d: Draft, attempt: Attempt, why: EndReason): void {
  const body = { ...nameOf(d, attempt), why }
  d.effects.push({ connection: attempt.desk, role: 'desk', kind: 'close', body })
}

/**
 * The attempt is over at its desk, by its own word or after ours; the chain goes on if nobody else is being asked and no desk
 * still has to confirm the end of its ticket.
 */
export function over(d: Draft, attempt: Attempt, sentence: string): void {
  const patch = { stage: 'over', overAt: attempt.overAt ?? d.at, why: attempt.why ?? sentence } as const
  changeAttempt(d, attempt.number, patch)
  if (!openHandoff(d.conversation) || d.conversation.control !== 'waiting' || currentAttempt(d.conversation)) return
  changeHandoff(d, nobodyYet)
  if (unconfirmed(d).length > 0) return setTimer(d, 'connect', d.mapping.limits.connectMs)
  clearTimers(d, 'connect')
  askNext(d)
}

/** Attempts whose desk has a ticket and was told, but did not say yet, that it is over. */
export const unconfirmed = (d: Draft): readonly Attempt[] =>
  (openHandoff(d.conversation)?.attempts ?? []).filter(
    (attempt) => attempt.stage === 'closing' && attempt.ticket !== undefined,
  )

export function opened(d: Draft, attempt: Attempt, ticket: string, staffing: Staffing | undefined): void {
  clearTimers(d, 'connect')
  changeAttempt(d, attempt.number, { stage: 'opened', ticket, openedAt: d.at })
  changeHandoff(d, { stage: 'opened' })
  decide(d, 'handoff', `${attempt.desk} opened ${ticket}`)
  if (attempt.mode !== 'live') return defer(d, attempt, ticket)
  tellInLine(d)
  if (staffing?.etaMs !== undefined) tellEta(d, staffing.etaMs)
  setTimer(d, 'wait', stepOf(d, attempt)?.waitMs ?? d.mapping.limits.waitMs)
  setTimer(d, 'reassure', d.mapping.limits.reassureMs)
}

/** The chain's step an attempt came from: its time limits and skills. */
export const stepOf = (d: Draft, attempt: Attempt): DeskChoice | undefined =>
  [...d.mapping.desks, ...d.mapping.fallback].find((step) => step.desk === attempt.desk && step.mode === attempt.mode)

/** An interval, since a single number is never true. */
export function tellEta(d: Draft, etaMs: number): void {
  const from = Math.max(1, Math.floor(etaMs / 60_000))
  tell(d, 'eta', { from, to: Math.max(from + 1, Math.ceil((etaMs * 1.5) / 60_000)) })
  changeHandoff(d, { told: { ...d.conversation.handoff?.told, etaMs } })
}

function defer(d: Draft, attempt: Attempt, ticket: string): void {
  finish(d, 'deferred', { by: attempt })
  take(d, 'bot', `${attempt.desk} will answer later`)
  tell(d, attempt.mode === 'callback' ? 'callbackMade' : 'ticketMade', { ticket })
  const { email, phone } = d.conversation.customer
  if (email || phone) return
  tell(d, 'askContact')
  change(d, { contactWanted: true })
  setTimer(d, 'contact', d.mapping.limits.idleMs)
}

/** The first moment a person speaks or says they are there. */
export function join(d: Draft, attempt: Attempt, agent: Agent): void {
  clearTimers(d, 'connect', 'wait', 'reassure')
  changeAttempt(d, attempt.number, { stage: 'accepted', agent, acceptedAt: d.at, openedAt: attempt.openedAt ?? d.at })
  changeHandoff(d, { stage: 'accepted', agent })
  take(d, 'agent', `${agent.name ?? 'an agent'} accepted at ${attempt.desk}`)
  if (agent.name) tell(d, 'joined', { agent: agent.name })
  else tell(d, 'joinedNoName')
  informBot(d, { what: 'accepted' })
  awaitAgent(d)
}

/** The customer waits for a word of the agent, since the first one that was not answered. */
export function awaitAgent(d: Draft): void {
  if (openHandoff(d.conversation)?.unanswered) return
  changeHandoff(d, { unanswered: { since: d.at, reminded: false } })
  setTimer(d, 'agent', d.mapping.limits.agentSilentMs)
}

export function agentAnswered(d: Draft): void {
  changeHandoff(d, { unanswered: undefined })
  change(d, { parked: false })
  clearTimers(d, 'agent', 'park')
  setTimer(d, 'idle', d.mapping.limits.idleMs)
}

/** What each outcome is called at a desk that has to be told. */
const endReasons: Record<Outcome, EndReason> = {
  resolved: 'resolved',
  returned: 'returned',
  deferred: 'moved',
  declined: 'ended',
  abandoned: 'abandoned',
  expired: 'expired',
  failed: 'ended',
}

/**
 * Ends the handoff with an outcome; every desk still holding an attempt is told, but for the one in `told.by`, which said so
 * itself or keeps its ticket. Control and words are the caller's.
 */
export function finish(
  d: Draft,
  outcome: Outcome,
  told: { by?: Attempt; digest?: string; intent?: string; agent?: Agent } = {},
): void {
  const handoff = openHandoff(d.conversation)
  if (!handoff) return
  clearTimers(d, 'offer', 'connect', 'wait', 'reassure', 'agent', 'idle', 'park')
  for (const attempt of handoff.attempts) {
    const isHeld = attempt.stage !== 'over' && attempt.stage !== 'closing' && attempt.number !== told.by?.number
    if (isHeld) closeAtDesk(d, attempt, endReasons[outcome])
  }
  changeHandoff(d, {
    stage: 'ended',
    outcome,
    endedAt: d.at,
    attempts: handoff.attempts.map((attempt) =>
      attempt.stage === 'over' ? attempt : { ...attempt, stage: 'over', overAt: d.at, why: attempt.why ?? outcome },
    ),
    ...(told.digest ? { digest: told.digest } : {}),
    ...(told.intent ? { intent: told.intent } : {}),
    ...(told.agent ? { agent: told.agent } : {}),
  })
  decide(d, 'handoff', `handoff ${handoff.number} ended: ${outcome}`)
  if (outcome === 'declined') return
  change(d, { measures: noteReturn(d.conversation.measures), parked: false })
  informBot(d, { what: outcome === 'failed' ? 'failed' : 'ended', outcome, ...told })
  if (d.mapping.crm) {
    d.effects.push({ connection: d.mapping.crm, role: 'crm', kind: 'log', body: { handoff: handoff.number } })
  }
}

function informBot(
  d: Draft,
  news: { what: 'accepted' | 'failed' | 'ended'; outcome?: Outcome; digest?: string; intent?: string },
) {
  const { what, outcome, digest, intent } = news
  d.effects.push({ connection: d.mapping.bot, role: 'bot', kind: 'inform', body: { what, outcome, digest, intent } })
}
