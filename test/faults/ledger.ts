/** The ledger: what was acknowledged on one side against what the other side saw. Pure; it knows nothing but the two views. */
import type { Heard } from './customers.ts'
import { conversationIn, ended, joined } from './words.ts'

/** What is left of a conversation when the round is over. */
export interface Played {
  readonly conversation: string
  /** Of the customer, acknowledged, in order. */
  readonly said: readonly string[]
  readonly tickets: ReadonlyArray<{
    readonly ref: string
    readonly transcript: readonly string[]
    readonly messages: readonly string[]
    /** Of the agent, acknowledged, in order. */
    readonly said: readonly string[]
    readonly ended?: 'agent' | 'hub'
  }>
  readonly heard: readonly Heard[]
  /** The same, read anew from the beginning. */
  readonly reloaded?: readonly Heard[]
  /** Where the vendor can neither deduplicate nor be asked, what is there twice may be doubtful. */
  readonly deskCanOnlyDoubt: boolean
  readonly channelCanOnlyDoubt: boolean
}

/** Each promise of the record by the number of times it was broken. */
export interface Account {
  /** Acknowledged, but not at the other side. */
  readonly lost: number
  readonly visibleTwice: number
  readonly outOfOrder: number
  /** Words of the bot between "joined" and "ended". */
  readonly botWhilePersonHeldControl: number
  /** Words of an agent at another customer, or of a customer at another's ticket. */
  readonly wrongCustomer: number
  /** Words (at a desk) and keys (at a channel) seen more than once where nothing better was possible; to be compared with what the hub itself shows as doubtful. */
  readonly twiceInDoubt: readonly string[]
  /** One sentence for each thing that is wrong. */
  readonly wrong: readonly string[]
}

export function keepLedger(played: Played): Account {
  const { conversation, said, tickets, heard, reloaded } = played
  const wrong: string[] = []
  const note = (count: number, sentence: string) => {
    if (count > 0) wrong.push(`${conversation}: ${sentence} (${count})`)
    return count
  }
  const atDesk = tickets.map((ticket) => [...ticket.transcript, ...ticket.messages])
  const agentWords = heard.filter((one) => one.by === 'agent').map((one) => one.text)
  const agentSaid = tickets.flatMap((ticket) => ticket.said)

  const lost =
    note(missing(said, atDesk.flat()), `of the customer not at the desk: ${first(said, atDesk.flat())}`) +
    note(missing(agentSaid, agentWords), `of the agent not at the customer: ${first(agentSaid, agentWords)}`) +
    note(missing(idsOf(reloaded), idsOf(heard)), 'in the record, but not shown to a page that reads on by its cursor')

  const twiceAtDesk = atDesk.reduce((sum, texts) => sum + copies(texts), 0)
  const twiceAtCustomer = copies(idsOf(heard)) + copies(textsOf(heard, 'agent')) + copies(textsOf(heard, 'bot'))
  const visibleTwice =
    (played.deskCanOnlyDoubt ? 0 : note(twiceAtDesk, 'twice at the desk')) +
    (played.channelCanOnlyDoubt ? 0 : note(twiceAtCustomer, 'twice at the customer'))
  const twiceInDoubt = [
    ...(played.deskCanOnlyDoubt ? atDesk.flatMap(repeated) : []),
    // A channel without ids of its own shows a copy by its key.
    ...(played.channelCanOnlyDoubt ? repeated(idsOf(heard)) : []),
  ]

  const outOfOrder =
    atDesk.reduce((sum, texts) => sum + note(inversions(said, texts), 'out of order at the desk'), 0) +
    tickets.reduce((sum, ticket) => sum + note(inversions(ticket.said, agentWords), 'out of order at the customer'), 0)

  const foreign = [...agentWords, ...atDesk.flat()].filter((text) => conversationIn(text) !== conversation)
  return {
    lost,
    visibleTwice,
    outOfOrder,
    botWhilePersonHeldControl: note(botWhilePerson(heard), 'the bot spoke while a person held control'),
    wrongCustomer: note(foreign.length, 'words of another conversation'),
    twiceInDoubt,
    wrong,
  }
}

const idsOf = (heard: readonly Heard[] = []): string[] => heard.map((one) => one.id)
const textsOf = (heard: readonly Heard[], by: string): string[] =>
  heard.filter((one) => one.by === by).map((one) => one.text)

const missing = (said: readonly string[], seen: readonly string[]): number =>
  said.filter((text) => !seen.includes(text)).length

const first = (said: readonly string[], seen: readonly string[]): string | undefined =>
  said.find((text) => !seen.includes(text))

const copies = (texts: readonly string[]): number => texts.length - new Set(texts).size

/** Those that are there more than once. The hub shows one word as doubtful once, however often it had to be said again. */
const repeated = (texts: readonly string[]): string[] => [
  ...new Set(texts.filter((text, index) => texts.indexOf(text) < index)),
]

/** Of neighbours among those seen (each where it was first seen), how many stand the wrong way round. */
function inversions(said: readonly string[], seen: readonly string[]): number {
  const places = [...new Set(seen)].map((text) => said.indexOf(text)).filter((place) => place >= 0)
  return places.filter((place, index) => index > 0 && place < places[index - 1]!).length
}

function botWhilePerson(heard: readonly Heard[]): number {
  let isPersonThere = false
  let count = 0
  for (const { by, text } of heard) {
    if (by === 'hub' && text === joined) isPersonThere = true
    else if (by === 'hub' && text === ended) isPersonThere = false
    else if (by === 'bot' && isPersonThere) count++
  }
  return count
}
