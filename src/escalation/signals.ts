/** What is measured of one episode: from the customer's first message, or their return to the bot, until people take over. */
import type { BotTurn } from '../connector.ts'
import type { Customer } from '../customer.ts'
import type { Message } from '../message.ts'
import { asksWhetherItHelped, isConfused, isDone, isSatisfied, isStock, isThumbDown, saysNo } from './courtesy.ts'
import { contentOf, likeness } from './likeness.ts'
import { findDanger, type Hazard } from './safety.ts'
import { feelWords } from './sentiment.ts'
import { findWish, type Wish } from './wishes.ts'
import { readWords, textLimit, type Words } from './words.ts'

/** How one customer message felt. */
export interface Felt {
  /** −1 to 1. */
  readonly score: number
  readonly loud: boolean
  readonly evidence: readonly string[]
}

/** How sure the bot was in one turn; 0 to 1. */
export interface Confidence {
  readonly top: number
  readonly next?: number
  readonly intent?: string
}

/** The running memory of one episode. JSON, bounded: it is stored with the conversation. */
export interface Measures {
  /** Customer messages, and the milliseconds they took without the customer's pauses. */
  readonly turns: number
  readonly activeMs: number
  readonly lastAt?: number
  /** The same since the customer last sounded as if a goal was reached. */
  readonly goalTurns: number
  readonly goalMs: number
  /** The last customer messages, folded, newest last. */
  readonly said: readonly string[]
  /** The newest of them as it was written, for quoting. */
  readonly lastSaid: string
  /** The last bot answers, folded, newest last, and whether the newest is among those before it. */
  readonly answers: readonly string[]
  readonly sameAnswer: boolean
  readonly felt: readonly Felt[]
  readonly wish: Wish
  /** Clear or nearly clear wishes for a person so far. */
  readonly wishes: number
  readonly danger?: { readonly hazard: Hazard; readonly evidence: readonly string[] }
  readonly language?: string
  readonly segment?: string
  readonly value?: number
  readonly noMatch: { readonly running: number; readonly total: number }
  readonly confidences: readonly Confidence[]
  /** Best relevance of each knowledge search, 0 when nothing was found. */
  readonly searches: readonly number[]
  /** Distinct intents in the customer's last message. */
  readonly intents: number
  readonly intent?: string
  readonly openSlots: number
  readonly slots: Readonly<Record<string, string>>
  /** Kinds of the files in the customer's last message. */
  readonly files: readonly string[]
  readonly botFailures: { readonly running: number; readonly total: number; readonly last?: 'error' | 'timeout' }
  readonly botWants?: { readonly skills: readonly string[] }
  /** Thumbs down, and "no" to "did this help?". */
  readonly downs: number
  readonly askedWhetherItHelped: boolean
  readonly offers: number
  readonly declined: number
  /** Customer turn of the newest offer. */
  readonly offeredAt?: number
  /** The episode began with a return from people. */
  readonly returned: boolean
}

/** Pauses of the customer from here on are no conversation time. */
export const pauseMs = 120_000
/** A wish at least so clear is counted; what follows from the count is the criterion's business. */
export const countedWish = 0.7

/** Words of a stock question, which only counts as a loop when it comes twice in a row. */
const shortAnswer = 8

const kept = {
  said: 6,
  saidLength: 300,
  answers: 4,
  felt: 10,
  confidences: 5,
  searches: 10,
  slots: 30,
  slotLength: 200,
  name: 200,
}

export const noMeasures: Measures = {
  turns: 0,
  activeMs: 0,
  goalTurns: 0,
  goalMs: 0,
  said: [],
  lastSaid: '',
  answers: [],
  sameAnswer: false,
  felt: [],
  wish: { score: 0, evidence: [] },
  wishes: 0,
  noMatch: { running: 0, total: 0 },
  confidences: [],
  searches: [],
  intents: 1,
  openSlots: 0,
  slots: {},
  files: [],
  botFailures: { running: 0, total: 0 },
  downs: 0,
  askedWhetherItHelped: false,
  offers: 0,
  declined: 0,
  returned: false,
}

export function hearCustomer(m: Measures, said: Message, at: number, customer: Customer): Measures {
  const spoken = spokenText(said)
  const words = readWords(spoken)
  const { language, ...felt } = feelWords(words, said.language ?? customer.language, m.language)
  const wish = findWish(words)
  const down = isThumbDown(said.choice ?? spoken) || (m.askedWhetherItHelped && saysNo(words))
  const heard: Measures = {
    ...pass(m, at, true),
    turns: m.turns + 1,
    goalTurns: m.goalTurns + 1,
    said: push(m.said, words.list.join(' ').slice(0, kept.saidLength), kept.said),
    lastSaid: spoken.slice(0, kept.saidLength),
    felt: push(m.felt, felt, kept.felt),
    wish,
    wishes: m.wishes + (wish.score >= countedWish ? 1 : 0),
    danger: findDanger(words),
    language,
    segment: customer.segment,
    value: customer.value,
    intents: 1,
    files: said.parts.flatMap((part) => (part.kind === 'file' ? [part.mime.slice(0, kept.name)] : [])).slice(0, 10),
    downs: m.downs + (down ? 1 : 0),
    askedWhetherItHelped: false,
    sameAnswer: false,
  }
  return isSatisfied(words) && felt.score >= 0 ? { ...heard, goalTurns: 0, goalMs: 0 } : heard
}

export function hearBot(m: Measures, turn: BotTurn, at: number): Measures {
  const words = readWords(turn.messages.map(spokenText).join('\n').slice(0, textLimit))
  const answer = words.list.join(' ').slice(0, kept.saidLength)
  const missed = turn.noMatch ?? (turn.intent === undefined && isConfused(words))
  const ended = turn.wants === 'end' || isDone(words) ? { goalTurns: 0, goalMs: 0 } : {}
  return {
    ...pass(m, at, false),
    ...ended,
    answers: push(m.answers, answer, kept.answers),
    sameAnswer:
      saysSomething(words) &&
      (answer === m.answers.at(-1) || (words.list.length > shortAnswer && m.answers.includes(answer))),
    felt: turn.sentiment === undefined ? m.felt : replaceLast(m.felt, turn.sentiment),
    noMatch: { running: missed ? m.noMatch.running + 1 : 0, total: m.noMatch.total + (missed ? 1 : 0) },
    confidences: hearConfidence(m.confidences, turn),
    searches: turn.articles ? push(m.searches, bestScore(turn.articles), kept.searches) : m.searches,
    intents: turn.intents ?? 1,
    intent: turn.intent?.slice(0, kept.name) ?? m.intent,
    openSlots: turn.slots?.open ?? m.openSlots,
    slots: turn.slots ? boundSlots(turn.slots.filled) : m.slots,
    botFailures: { ...m.botFailures, running: 0 },
    botWants: turn.wants === 'human' ? { skills: turn.need?.skills ?? [] } : undefined,
    askedWhetherItHelped: asksWhetherItHelped(words),
  }
}

/** The bot's turn went wrong for good, the hub's own second try included. */
export function hearFailure(m: Measures, at: number, what: 'error' | 'timeout'): Measures {
  const { running, total } = m.botFailures
  return { ...pass(m, at, false), botFailures: { running: running + 1, total: total + 1, last: what } }
}

export const noteOffer = (m: Measures): Measures => ({ ...m, offers: m.offers + 1, offeredAt: m.turns })

export const noteDecline = (m: Measures): Measures => ({ ...m, declined: m.declined + 1 })

/** A new episode after people gave the conversation back: all counters begin anew, and the cool-down with them. */
export const noteReturn = (m: Measures): Measures => ({
  ...noMeasures,
  language: m.language,
  segment: m.segment,
  value: m.value,
  returned: true,
})

/** How often the customer has said what they said last, within the last `window` messages; 1 is once. */
export function repeats(m: Measures, similarity: number, window: number): number {
  const recent = m.said.slice(-window)
  const last = contentOf(recent.at(-1) ?? '')
  return recent.filter((said, i) => i === recent.length - 1 || likeness(contentOf(said), last) >= similarity).length
}

function pass(m: Measures, at: number, byCustomer: boolean): Measures {
  const gap = Math.max(0, at - (m.lastAt ?? at))
  const ms = byCustomer && gap > pauseMs ? 0 : gap
  return { ...m, lastAt: Math.max(at, m.lastAt ?? at), activeMs: m.activeMs + ms, goalMs: m.goalMs + ms }
}

/** What was written; names of files and labels of buttons are not the speaker's words, the picked button is. */
function spokenText(message: Message): string {
  const texts = message.parts.flatMap((part) => (part.kind === 'text' ? [part.text.slice(0, textLimit)] : []))
  return texts.length > 0 ? texts.join('\n') : (message.choice ?? '')
}

/** A real answer: long enough to be noticed twice, no closing phrase and no report of success. */
const saysSomething = (words: Words): boolean => words.list.length >= 3 && !isStock(words) && !isDone(words)

function hearConfidence(before: readonly Confidence[], turn: BotTurn): readonly Confidence[] {
  if (turn.confidence === undefined) return before
  const intent = turn.intent?.slice(0, kept.name)
  return push(before, { top: turn.confidence, next: turn.nextConfidence, intent }, kept.confidences)
}

const bestScore = (articles: ReadonlyArray<{ readonly score: number }>): number =>
  articles.reduce((best, article) => Math.max(best, article.score), 0)

/** The bot knows its customers' tone better than our lists; what we heard as shouting stays. */
function replaceLast(felt: readonly Felt[], score: number): readonly Felt[] {
  const last = felt.at(-1)
  return last ? [...felt.slice(0, -1), { ...last, score }] : felt
}

function boundSlots(filled: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(filled).slice(0, kept.slots)
  return Object.fromEntries(
    entries.map(([name, value]) => [name.slice(0, kept.name), String(value).slice(0, kept.slotLength)]),
  )
}

const push = <T>(list: readonly T[], item: T, limit: number): readonly T[] => [...list, item].slice(-limit)
