/** The ledger: what was said on one side against what the other side saw. Pure; it knows nothing but the two views. */
import { plainText } from '../../message.ts'
import type { TicketView } from './agents.ts'
import type { Entry } from './customer.ts'
import type { Recording, Speaker } from './recordings.ts'

/** What is left of a conversation when it has been played. */
export interface Played {
  readonly recording: Recording
  /** What the customer said beside the recording: the wish for a person. */
  readonly wishes: readonly string[]
  readonly customerView: readonly Entry[]
  /** Undefined when no agent ever got it. */
  readonly ticket?: TicketView
  readonly contextComplete: boolean
  /** What the customer is told when an agent accepts, and when it ends. */
  readonly joined: string
  readonly ended: string
  readonly seconds: number
  /** Why it could not be played to its end. */
  readonly problem?: string
}

export interface Account {
  readonly id: string
  readonly handoffs: number
  /** The customer was told that it ended, and at the desk it is resolved. */
  readonly ended: boolean
  readonly turns: number
  readonly customerTurns: number
  readonly agentTurns: number
  readonly actionTurns: number
  readonly delivered: number
  readonly lost: number
  /** Seen more often than said. */
  readonly duplicated: number
  readonly outOfOrder: number
  /** Seen, but said by nobody of this conversation. */
  readonly foreign: number
  /** Words of the bot in the customer's view between "joined" and "ended". */
  readonly botWhilePerson: number
  readonly notesSeenByCustomer: number
  readonly contextComplete: boolean
  readonly seconds: number
  readonly problem?: string
}

export function keepLedger(played: Played): Account {
  const { recording, wishes, customerView, ticket, contextComplete, seconds, problem } = played
  const said = (by: Speaker) => recording.turns.filter((turn) => turn.by === by).map(({ text }) => text)
  const [customer, agent, action] = [said('customer'), said('agent'), said('action')]
  const byAgent = agentWords(customerView)
  const notesSeen = surplus(byAgent, agent).filter((text) => action.includes(text))
  const toAgent = compare(customer, subtract(customerWords(ticket), wishes))
  const toCustomer = compare(agent, subtract(byAgent, notesSeen))
  const noted = compare(action, notesOf(ticket))
  const sum = (field: keyof Comparison) => toAgent[field] + toCustomer[field] + noted[field]
  return {
    id: recording.id,
    handoffs: joinedAt(played) < 0 ? 0 : 1,
    ended: endedAt(played) >= 0 && ticket?.outcome === 'resolved',
    turns: recording.turns.length,
    customerTurns: customer.length,
    agentTurns: agent.length,
    actionTurns: action.length,
    delivered: sum('delivered'),
    lost: sum('lost'),
    duplicated: sum('duplicated'),
    outOfOrder: sum('outOfOrder'),
    foreign: sum('foreign'),
    botWhilePerson: customerView.slice(...whilePerson(played)).filter((entry) => entry.by === 'bot').length,
    notesSeenByCustomer: notesSeen.length,
    contextComplete,
    seconds,
    ...(problem === undefined ? {} : { problem }),
  }
}

export interface Total {
  readonly conversations: number
  readonly handoffs: number
  readonly ended: number
  readonly turns: number
  readonly delivered: number
  readonly lost: number
  readonly duplicated: number
  readonly outOfOrder: number
  readonly foreign: number
  readonly botWhilePerson: number
  readonly notesSeenByCustomer: number
  readonly contextComplete: number
  /** From the first conversation's begin to the last one's end. */
  readonly seconds: number
}

export function addUp(accounts: readonly Account[], seconds: number): Total {
  const sum = (field: Exclude<keyof Total, 'conversations' | 'seconds'>) =>
    accounts.reduce((total, account) => total + Number(account[field]), 0)
  return {
    conversations: accounts.length,
    handoffs: sum('handoffs'),
    ended: sum('ended'),
    turns: sum('turns'),
    delivered: sum('delivered'),
    lost: sum('lost'),
    duplicated: sum('duplicated'),
    outOfOrder: sum('outOfOrder'),
    foreign: sum('foreign'),
    botWhilePerson: sum('botWhilePerson'),
    notesSeenByCustomer: sum('notesSeenByCustomer'),
    contextComplete: sum('contextComplete'),
    seconds,
  }
}

/** Everything arrived, once, in order, at the right side, and every handoff came to its end. */
export function isBalanced(total: Total): boolean {
  const { conversations, lost, duplicated, outOfOrder, foreign, botWhilePerson, notesSeenByCustomer } = total
  const wrong = lost + duplicated + outOfOrder + foreign + botWhilePerson + notesSeenByCustomer
  const whole = [total.handoffs, total.ended, total.contextComplete].every((count) => count === conversations)
  return wrong === 0 && total.delivered === total.turns && whole
}

export interface Comparison {
  readonly delivered: number
  readonly lost: number
  readonly duplicated: number
  readonly outOfOrder: number
  readonly foreign: number
}

/** By text and number of times: a text that was said twice may be seen twice. */
export function compare(said: readonly string[], seen: readonly string[]): Comparison {
  const lost = surplus(said, seen).length
  const delivered = said.length - lost
  const extra = surplus(seen, said)
  const duplicated = extra.filter((text) => said.includes(text)).length
  const outOfOrder = delivered - commonOrder(said, seen)
  return { delivered, lost, duplicated, outOfOrder, foreign: extra.length - duplicated }
}

/** All the customer's words an agent can read, in the order they are shown. */
export function customerWords(ticket: TicketView | undefined): string[] {
  if (!ticket) return []
  const before = ticket.context.transcript.filter((entry) => entry.by === 'customer')
  return textsOf([...before, ...ticket.messages.filter((message) => message.by === 'customer')])
}

export const agentWords = (customerView: readonly Entry[]): string[] =>
  textsOf(customerView.filter((entry) => entry.by === 'agent'))

/** True when the agent can read all that customer and bot have said to each other. */
export function isContextComplete(customerView: readonly Entry[], ticket: TicketView): boolean {
  const before = ticket.context.transcript.filter((entry) => entry.by === 'bot')
  const saidBy = (by: Entry['by']) => textsOf(customerView.filter((entry) => entry.by === by))
  return (
    surplus(saidBy('customer'), customerWords(ticket)).length === 0 &&
    surplus(saidBy('bot'), textsOf(before)).length === 0
  )
}

export const joinedAt = ({ customerView, joined }: Pick<Played, 'customerView' | 'joined'>): number =>
  customerView.findIndex(({ by, message }) => by === 'hub' && plainText(message) === joined)

export const endedAt = ({ customerView, ended }: Pick<Played, 'customerView' | 'ended'>): number =>
  customerView.findLastIndex(({ by, message }) => by === 'hub' && plainText(message) === ended)

/** Where a person has the conversation; without an announcement, from the agent's first words on. */
function whilePerson(played: Played): [from: number, to: number] {
  const starts = [joinedAt(played), played.customerView.findIndex((entry) => entry.by === 'agent')]
  const known = starts.filter((index) => index >= 0)
  const end = endedAt(played)
  const length = played.customerView.length
  return [Math.min(length, ...known), end < 0 ? length : end]
}

const notesOf = (ticket: TicketView | undefined): string[] =>
  textsOf((ticket?.messages ?? []).filter(({ by, visibility }) => by === 'agent' && visibility === 'internal'))

export const textsOf = (said: readonly { readonly message: Entry['message'] }[]): string[] =>
  said.map(({ message }) => plainText(message))

export const countOf = (texts: readonly string[], text: string): number => texts.filter((one) => one === text).length

/** What `many` has more often than `few`, once for each time. */
function surplus(many: readonly string[], few: readonly string[]): string[] {
  return [...new Set(many)].flatMap((text) =>
    Array<string>(Math.max(0, countOf(many, text) - countOf(few, text))).fill(text),
  )
}

/** Takes out the last of each, as often as it is given. */
function subtract(texts: readonly string[], out: readonly string[]): string[] {
  const left = [...texts]
  for (const text of out) {
    const index = left.lastIndexOf(text)
    if (index >= 0) left.splice(index, 1)
  }
  return left
}

/** Length of the longest common subsequence: how many were seen in the order they were said in. */
function commonOrder(said: readonly string[], seen: readonly string[]): number {
  let row = Array<number>(seen.length + 1).fill(0)
  for (const text of said) {
    const next = [0]
    for (const [index, other] of seen.entries())
      next.push(text === other ? row[index]! + 1 : Math.max(row[index + 1]!, next[index]!))
    row = next
  }
  return row.at(-1)!
}
