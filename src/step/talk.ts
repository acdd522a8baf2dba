/** The customer and the bot: what is asked, what is answered, and when a person is needed. */
import { currentAttempt, openHandoff } from '../conversation.ts'
import type { Customer } from '../customer.ts'
import { decide as judge, type Verdict } from '../escalation/criteria.ts'
import { hearBot, hearCustomer, hearFailure, noMeasures, noteDecline } from '../escalation/signals.ts'
import type { ChannelEvent, InternalEvent } from '../events.ts'
import { isLate } from '../fence.ts'
import type { Skills } from '../handoff.ts'
import { type Message, plainText } from '../message.ts'
import { awaitAgent, choices, escalate, finish, giveUp, offer, wanted } from './chain.ts'
import {
  botSays,
  change,
  changeHandoff,
  clearTimers,
  type Draft,
  decide,
  noteToDesk,
  passToDesk,
  take,
  tell,
} from './draft.ts'
import { isYes, readContact, readLanguage, readTimeZone } from './reading.ts'

type Said = Extract<ChannelEvent, { type: 'customer-message' }>
type Answered = Extract<InternalEvent, { type: 'bot-answered' }>
type Failed = Extract<InternalEvent, { type: 'effect-failed' }>

/** Whatever the state: who the customer is, and that they are there. */
export function hear(d: Draft, event: Said): void {
  change(d, { heardAt: d.at, parked: false })
  if (event.customer) meet(d, event.customer)
  const language = readLanguage(event.message.language)
  if (language) change(d, { language })
}

/** Facts add up; what was vouched for is not overwritten by what was only typed. */
export function meet(d: Draft, told: Customer): void {
  const known = d.conversation.customer
  const customer = readable(told, known)
  if (known.verified && !customer.verified) {
    const { id: _id, name: _name, email: _email, phone: _phone, verified: _verified, ...rest } = customer
    change(d, { customer: { ...rest, ...known, facts: { ...known.facts, ...customer.facts } } })
  } else change(d, { customer: { ...known, ...customer, facts: { ...known.facts, ...customer.facts } } })
  if (customer.language && d.conversation.seq === 0) change(d, { language: customer.language })
}

/** Without a language or a zone that nothing can be said in. */
function readable({ language, timeZone, ...rest }: Customer, known: Customer): Customer {
  const spoken = readLanguage(language)
  const zone = timeZone === known.timeZone ? timeZone : readTimeZone(timeZone)
  return { ...rest, ...(spoken && { language: spoken }), ...(zone && { timeZone: zone }) }
}

export function toBot(d: Draft, event: Said): void {
  hear(d, event)
  // From a second screen or a second click: it has begun already.
  if (event.message.choice === choices.again) return
  if (openHandoff(d.conversation)?.stage === 'offered' && answersOffer(d, event.message)) return
  if (d.conversation.contactWanted && givesContact(d, event.message)) return
  change(d, { measures: hearCustomer(d.conversation.measures, event.message, d.at, d.conversation.customer) })
  const verdict = judge(d.mapping.criteria, d.conversation.measures, d.at)
  if (verdict.action === 'escalate') return escalateBy(d, verdict)
  change(d, { asked: d.conversation.asked + 1 })
  const body = { message: event.message }
  d.effects.push({ connection: d.mapping.bot, role: 'bot', kind: 'turn', body, fence: d.conversation.epoch })
}

function answersOffer(d: Draft, message: Message): boolean {
  const handoff = openHandoff(d.conversation)!
  if (message.choice === choices.person || (message.choice === undefined && isYes(plainText(message)))) {
    decide(d, 'offer', 'the customer accepted the offer')
    escalate(d, wanted(handoff.reason, handoff.priority, handoff.need))
    return true
  }
  if (message.choice !== choices.bot) return false
  change(d, { measures: noteDecline(d.conversation.measures) })
  decide(d, 'offer', 'the customer declined the offer')
  finish(d, 'declined')
  tell(d, 'goOn')
  return true
}

function givesContact(d: Draft, message: Message): boolean {
  const contact = readContact(plainText(message))
  if (!contact) return false
  clearTimers(d, 'contact')
  change(d, { contactWanted: false })
  meet(d, { ...d.conversation.customer, ...contact })
  const attempt = d.conversation.handoff?.attempts.at(-1)
  if (attempt) passToDesk(d, attempt, message)
  tell(d, 'gotContact')
  return true
}

export function answer(d: Draft, event: Answered): void {
  if (isLate(event.epoch, d.conversation.epoch)) return tooLate(d, event)
  const { turn } = event
  const { mapping } = d
  change(d, {
    asked: Math.max(0, d.conversation.asked - 1),
    measures: hearBot(d.conversation.measures, turn, d.at),
    understood: { intent: turn.intent, confidence: turn.confidence },
  })
  const verdict = judge(mapping.criteria, d.conversation.measures, d.at)
  if (verdict.action === 'escalate') {
    // What a bot says on asking for a person is meant to be heard; any other answer of this turn has just been judged no help.
    if (turn.wants === 'human') for (const message of turn.messages) botSays(d, message)
    else decide(d, 'stopped', 'the bot’s answer was not sent: the conversation is handed over in this turn')
    return escalateBy(d, verdict, turn.need)
  }
  for (const message of turn.messages) botSays(d, message)
  if (verdict.action === 'offer' && !openHandoff(d.conversation)) return offerBy(d, verdict, turn.need)
  if (verdict.action === 'none' && verdict.held) decide(d, 'offer', `no person was offered: ${verdict.text}`)
  if (turn.wants === 'end' && !openHandoff(d.conversation)) take(d, 'closed', 'the bot said goodbye')
}

/** A bot's answer from an older epoch is kept, counted and never sent. */
export function tooLate(d: Draft, event: Answered): void {
  decide(
    d,
    'stopped',
    `stopped a bot answer: written in epoch ${event.epoch}, control is with ${d.conversation.control} in epoch ${d.conversation.epoch}`,
  )
}

export function botFailed(d: Draft, event: Failed): void {
  if (event.effect.epoch !== d.conversation.epoch || d.conversation.control !== 'bot') return
  change(d, {
    asked: Math.max(0, d.conversation.asked - 1),
    measures: hearFailure(d.conversation.measures, d.at, event.text.includes('time') ? 'timeout' : 'error'),
  })
  decide(d, 'note', `the bot did not answer: ${event.text}`)
  const verdict = judge(d.mapping.criteria, d.conversation.measures, d.at)
  if (verdict.action === 'escalate') {
    tell(d, 'botDown')
    return escalateBy(d, verdict)
  }
  if (verdict.action === 'offer' && !openHandoff(d.conversation)) return offerBy(d, verdict)
  tell(d, 'botTrouble')
}

function escalateBy(d: Draft, verdict: Verdict, need?: Skills): void {
  decide(d, 'escalation', `escalated: ${verdict.text}`, verdict.findings)
  escalate(d, wanted(reasonOf(verdict), verdict.priority, joined(verdict, need)))
}

function offerBy(d: Draft, verdict: Verdict, need?: Skills): void {
  decide(d, 'escalation', `a person is worth offering: ${verdict.text}`, verdict.findings)
  offer(d, wanted(reasonOf(verdict), verdict.priority, joined(verdict, need)))
}

/** What the criterion asks for, and what the bot does. */
const joined = (verdict: Verdict, need: Skills | undefined): Skills => ({
  ...need,
  skills: [...new Set([...(verdict.skills ?? []), ...(need?.skills ?? [])])],
})

const reasonOf = (verdict: Verdict) => ({ criterion: verdict.criterion ?? 'unknown', text: verdict.text })

/** While a person is needed or there: the words go to the desk, in order, behind its opening if that is still under way. */
export function toDesk(d: Draft, event: Said): void {
  const isAgent = d.conversation.control === 'agent'
  const wasParked = d.conversation.parked
  hear(d, event)
  if (event.message.choice && picksWhileWaiting(d, event.message.choice)) return
  const attempt = currentAttempt(d.conversation)
  // Between two desks there is none to pass it to: it is on record, and the next desk gets the whole record.
  if (attempt) passToDesk(d, attempt, event.message)
  if (!isAgent) return
  clearTimers(d, 'idle', 'park')
  awaitAgent(d)
  if (wasParked) decide(d, 'note', 'the customer is back')
}

function picksWhileWaiting(d: Draft, picked: string): boolean {
  if (picked === choices.again) return true
  if (d.conversation.control !== 'waiting') return false
  if (picked === choices.leave) {
    leave(d, 'the customer left the line')
    tell(d, 'left')
    return true
  }
  if (picked === choices.ticket || picked === choices.callback) return prefersWriting(d, picked)
  return picked === choices.stay
}

/** Goes on at the step of the fallback that answers later, instead of the line. */
function prefersWriting(d: Draft, picked: string): boolean {
  const mode = picked === choices.callback ? 'callback' : 'ticket'
  const index = d.mapping.fallback.findIndex((step) => step.mode === mode)
  const attempt = currentAttempt(d.conversation)
  if (index < 0) return false
  // Pressed twice: what was asked for is being made.
  if (attempt?.mode === mode) return true
  changeHandoff(d, { next: { list: 'fallback', index } })
  if (attempt) giveUp(d, attempt, 'moved', `the customer prefers a ${mode}`)
  return true
}

export function leave(d: Draft, why: string): void {
  finish(d, 'abandoned')
  take(d, 'bot', why)
}

export function reopen(d: Draft, event: Said): void {
  clearTimers(d, 'survey')
  if (event.message.choice === choices.again) return beginAgain(d, event)
  take(d, 'bot', 'the customer wrote again')
  toBot(d, event)
}

/** In the same thread, on all screens of the customer, where a late word of the last agent still finds them; but nothing of before counts. */
function beginAgain(d: Draft, event: Said): void {
  hear(d, event)
  take(d, 'bot', 'the customer began again')
  const { language, segment, value } = d.conversation.measures
  change(d, { measures: { ...noMeasures, language, segment, value }, understood: undefined, contactWanted: false })
  tell(d, 'begun')
}

/** The customer closed the conversation. An agent is told and decides; nobody else waits for them. */
export function left(d: Draft): void {
  const attempt = currentAttempt(d.conversation)
  if (d.conversation.control === 'agent') {
    if (attempt) noteToDesk(d, attempt, 'The customer has closed the chat.')
    return
  }
  if (d.conversation.control === 'waiting') leave(d, 'the customer left while waiting')
  else finish(d, 'declined')
  take(d, 'closed', 'the customer left')
}
