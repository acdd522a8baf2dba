/**
 * What a conversation's past comes to in figures. Pure, and made of the record alone, so that it can be made again at any time.
 * console.md 3.7 is the source of the definitions.
 */
import { feelWords } from '../escalation/sentiment.ts'
import { readWords } from '../escalation/words.ts'
import { isOpen, type Mapping } from '../mapping.ts'
import type { Past, PastAttempt, PastEvent, PastHandoff } from './past.ts'
import { controlTaken, firedBeside, isLateAnswer, isParking, offerAnswered } from './signs.ts'

export interface Facts {
  readonly conversation: number
  readonly seq: number
  readonly mapping: string
  readonly channel: string
  readonly language: string | null
  readonly firstAt: number | undefined
  readonly asked: boolean
  readonly handoffs: readonly HandoffFacts[]
  readonly stops: readonly Stop[]
}

export interface Stop {
  readonly seq: number
  readonly n: number
  readonly at: number
}

export interface HandoffFacts {
  readonly number: number
  readonly bot: string | undefined
  readonly desk: string | undefined
  readonly agent: string | null
  readonly agentRef: string | undefined
  readonly criterion: string
  readonly also: readonly string[]
  readonly intent: string | undefined
  readonly offeredAt: number | undefined
  readonly offerAnswer: 'taken' | 'overtaken' | 'declined' | 'unanswered' | undefined
  readonly requestedAt: number | undefined
  readonly openedAt: number | undefined
  readonly assignedAt: number | undefined
  readonly acceptedAt: number | undefined
  readonly firstWordAt: number | undefined
  readonly endedAt: number | null
  readonly outcome: string | null
  readonly beganAt: number | undefined
  /** The longest wait that the mapping plans for. */
  readonly limitMs: number | undefined
  /** Requested within the mapping's opening hours. */
  readonly isOpen: boolean | undefined
  readonly parkedMs: number
  readonly feelingBefore: number | undefined
  readonly feelingAfter: number | undefined
  readonly invitedAt: number | undefined
  readonly answeredAt: number | undefined
  /** Share of the best score: 4 of 5 is 0.8. */
  readonly score: number | undefined
  /** When the same conversation asked for a person again. */
  againAt: number | undefined
  readonly reopenedAt: number | undefined
  readonly hasWho: boolean
  readonly hasWants: boolean
  /** The words are gone: what was counted before stands. */
  readonly isErased: boolean
}

/** `mapping` is undefined when the configuration no longer has it. */
export function factsOf(past: Past, mapping: Mapping | undefined): Facts {
  const handoffs: HandoffFacts[] = []
  let since = 0
  for (const handoff of past.handoffs) {
    const facts = handoffFacts(past, handoff, mapping, since)
    handoffs.push(facts)
    since = handoff.endedAt === null ? since : lastSeq(past.events, handoff.endedAt)
  }
  for (const one of handoffs) one.againAt = nextRequest(handoffs, one)
  return {
    conversation: past.id,
    seq: past.seq,
    mapping: past.mapping,
    channel: past.channel,
    language: past.language,
    firstAt: past.events.find(({ type }) => type === 'customer-message')?.at,
    asked: handoffs.some((one) => one.requestedAt !== undefined),
    handoffs,
    stops: stopsOf(past),
  }
}

function handoffFacts(past: Past, handoff: PastHandoff, mapping: Mapping | undefined, since: number): HandoffFacts {
  const attempts = past.attempts.filter((one) => one.handoff === handoff.number)
  const isTakeover = handoff.criterion === 'agent_spoke'
  const asked = least(attempts.map((one) => one.askedAt))
  // Where no desk could even be asked, it failed in the moment it was requested.
  const begun = asked ?? (handoff.outcome === 'failed' ? (handoff.endedAt ?? undefined) : undefined)
  const requestedAt = isTakeover ? undefined : begun
  const request = begun === undefined ? undefined : eventOf(past.events, begun)
  const first = eventOf(past.events, handoff.startedAt)
  const lastOf = handoff.endedAt === null ? past.seq : lastSeq(past.events, handoff.endedAt)
  const from = request?.seq ?? first?.seq ?? 0
  const during = past.events.filter(({ seq }) => seq >= from && seq <= lastOf)
  const before = past.events.filter(({ seq }) => seq <= from)
  const inside = isInside(attempts)
  const accepted = during.find(({ decisions }) => controlTaken(decisions) === 'agent')
  const acceptedAt = accepted?.at ?? least(attempts.map((one) => one.acceptedAt))
  const isOffered = begun === undefined || begun > handoff.startedAt
  const intent = before.findLast(
    ({ type, seq, body }) => type === 'bot-answered' && seq > since && body.intent !== undefined,
  )
  const isRated = past.answers.find((one) => one.handoff === handoff.number)
  return {
    number: handoff.number,
    bot: mapping?.bot,
    desk: (attempts.findLast((one) => one.acceptedAt !== null) ?? attempts.at(-1))?.desk,
    agent: handoff.agent,
    agentRef: during.findLast((event) => inside(event) && event.body.agent?.ref !== undefined)?.body.agent?.ref,
    criterion: handoff.criterion,
    also: firedBeside(handoff.criterion, request?.decisions, first?.decisions),
    intent: intent?.body.intent ?? undefined,
    offeredAt: isOffered ? handoff.startedAt : undefined,
    offerAnswer: isOffered ? answerTo(handoff, begun, request, lastEvent(past.events, handoff.endedAt)) : undefined,
    requestedAt,
    openedAt: least(attempts.map((one) => one.openedAt)),
    assignedAt: least(attempts.map((one) => one.assignedAt)),
    acceptedAt,
    firstWordAt: during.find((event) => event.body.visibility === 'public' && inside(event))?.at,
    endedAt: handoff.endedAt,
    outcome: handoff.outcome,
    beganAt: begun,
    limitMs: mapping && limitOf(mapping),
    isOpen: mapping && requestedAt !== undefined ? isOpen(mapping.hours, requestedAt) : undefined,
    parkedMs: acceptedAt === undefined ? 0 : parkedIn(during, handoff.endedAt),
    feelingBefore: requestedAt === undefined ? undefined : feelingIn(before, past.language),
    feelingAfter:
      requestedAt === undefined || handoff.endedAt === null ? undefined : feelingIn(during.slice(1), past.language),
    invitedAt: invitedAt(past, handoff.number),
    answeredAt: isRated?.at,
    score: isRated && isRated.score / isRated.scale,
    againAt: undefined,
    reopenedAt: handoff.outcome === 'resolved' ? firstWordAfter(past.events, lastOf) : undefined,
    hasWho: before.some(({ body: { customer } }) =>
      Boolean(customer?.id ?? customer?.name ?? customer?.email ?? customer?.phone),
    ),
    hasWants: before.some((event) => wordsOf(event) !== ''),
    isErased: first !== undefined && first.decisions === null,
  }
}

const least = (times: readonly (number | null)[]): number | undefined => {
  const known = times.filter((at) => at !== null)
  return known.length > 0 ? Math.min(...known) : undefined
}

/** The event at a moment that a handoff names; the one that decided something where there are several. */
const eventOf = (events: readonly PastEvent[], at: number): PastEvent | undefined => {
  const then = events.filter((event) => event.at === at)
  return then.find((event) => event.decisions !== null) ?? then[0]
}

const lastEvent = (events: readonly PastEvent[], at: number | null): PastEvent | undefined =>
  at === null ? undefined : (events.findLast((event) => event.at === at && event.decisions !== null) ?? undefined)

/** A source's clock may go backwards, so the end is looked for by its own moment first. */
const lastSeq = (events: readonly PastEvent[], at: number): number =>
  (lastEvent(events, at) ?? events.findLast((event) => event.at <= at))?.seq ?? 0

const isInside =
  (attempts: readonly PastAttempt[]) =>
  ({ connection, body }: PastEvent): boolean =>
    body.ticket !== undefined && attempts.some((one) => one.desk === connection && one.ticket === body.ticket)

function answerTo(
  { endedAt }: PastHandoff,
  begun: number | undefined,
  request: PastEvent | undefined,
  end: PastEvent | undefined,
): HandoffFacts['offerAnswer'] {
  if (begun !== undefined) return offerAnswered(request?.decisions) === 'taken' ? 'taken' : 'overtaken'
  if (endedAt === null) return undefined
  return offerAnswered(end?.decisions) === 'declined' ? 'declined' : 'unanswered'
}

const limitOf = ({ desks, limits }: Mapping): number =>
  desks.find(({ mode }) => mode === 'live')?.waitMs ?? limits.waitMs

/** From the moment a conversation was parked until somebody spoke or it ended. */
function parkedIn(during: readonly PastEvent[], endedAt: number | null): number {
  let since: number | undefined
  let total = 0
  for (const { type, at, decisions, body } of during) {
    if (isParking(decisions)) since ??= at
    else if (since !== undefined && (type === 'customer-message' || body.visibility === 'public')) {
      total += at - since
      since = undefined
    }
  }
  return since === undefined || endedAt === null ? total : total + Math.max(0, endedAt - since)
}

const wordsOf = ({ type, body }: PastEvent): string =>
  type === 'customer-message'
    ? (body.message?.parts ?? [])
        .map((part) => (part.kind === 'text' ? part.text : ''))
        .join('\n')
        .trim()
    : ''

const felt = 3

/** The mean of the last three messages of the customer, by our own measure on both sides of a handoff. */
function feelingIn(events: readonly PastEvent[], language: string | null): number | undefined {
  const said = events.filter((event) => wordsOf(event) !== '').slice(-felt)
  if (said.length === 0) return undefined
  const scores = said.map(
    (event) => feelWords(readWords(wordsOf(event)), event.body.message?.language ?? language ?? undefined).score,
  )
  return scores.reduce((sum, score) => sum + score, 0) / scores.length
}

/** When the customer had the invitation; a survey that reaches them by itself had it when it said so. */
function invitedAt(past: Past, handoff: number): number | undefined {
  const ready = past.events.find(({ type, body }) => type === 'survey-ready' && body.handoff === handoff)
  if (!ready?.body.message) return ready?.at
  const said = past.says.some(({ seq, status }) => seq === ready.seq && status === 'done')
  return said ? ready.at : undefined
}

const firstWordAfter = (events: readonly PastEvent[], seq: number): number | undefined =>
  events.find((event) => event.seq > seq && event.type === 'customer-message')?.at

function nextRequest(handoffs: readonly HandoffFacts[], { number, endedAt }: HandoffFacts): number | undefined {
  if (endedAt === null) return undefined
  return handoffs.find((one) => one.number > number && one.requestedAt !== undefined)?.requestedAt
}

function stopsOf({ events, says }: Past): Stop[] {
  const early = events.filter(isLateAnswer).map(({ seq, at }) => ({ seq, n: 0, at }))
  const late = says.filter(({ by, status, settledAt }) => by === 'bot' && status === 'stopped' && settledAt !== null)
  return [...early, ...late.map(({ seq, n, settledAt }) => ({ seq, n, at: settledAt! }))]
}
