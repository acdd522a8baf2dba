/** What the connection remembers of its conversations: ids only, no words. */
import { createHash } from 'node:crypto'
import type { Host, Message, Ref } from '#hub/connector.ts'
import { plainText } from '#hub/message.ts'

/** One handoff to the agents of Zendesk. */
export interface Handover {
  readonly ticket: Ref
  readonly talk: Ref
  /** The customer writes in this very conversation, so Zendesk itself passes words on. */
  readonly isNative: boolean
  /** Control is on its way there. */
  readonly isPassing?: boolean
  /** As who the hub speaks for the customer, in a conversation made for the handoff. */
  readonly person?: string
  /** By us, or by Zendesk. */
  readonly ended?: boolean
  /** Zendesk said that it is over. */
  readonly isGone?: boolean
}

export interface Talks {
  /** The hub’s number of the customer’s conversation. */
  ofConversation(conversation: number): Promise<Ref | undefined>
  /** A customer’s conversation; `seen` is where a later look begins. */
  note(talk: Ref, seen?: string): Promise<void>
  /** Those that were active lately, for a look at what was missed. */
  recent(): Promise<readonly Ref[]>
  seen(talk: Ref): Promise<string | undefined>
  /** The first message since the last handoff ended. */
  firstOf(talk: Ref): Promise<string | undefined>
  keepSeen(talk: Ref, message: string): Promise<void>
  /** The latest handoff of the conversation. */
  handover(talk: Ref): Promise<Handover | undefined>
  /** The handoff this ticket names. */
  byTicket(ticket: Ref): Promise<Handover | undefined>
  keep(handover: Handover): Promise<void>
  /** An agent’s words that Zendesk showed the customer itself. False where they were known. */
  relayed(talk: Ref, id: string, message: Message): Promise<boolean>
  /** Whether these are such words, each of them counted once; the same key gets the same answer. */
  wasRelayed(talk: Ref, message: Message, key: string): Promise<Ref | undefined>
  forget(talk: Ref): Promise<void>
}

interface Active {
  readonly talk: Ref
  readonly at: number
}

interface Shown {
  readonly id: string
  readonly words: string
  readonly key?: string
}

const day = 24 * 60 * 60_000
const keptMs = 180 * day
const mostRecent = 100
const recentMs = day
const hour = 60 * 60_000
const mostShown = 100

export function openTalks({ memory, record, clock }: Host): Talks {
  const noted = new Map<Ref, number>()
  let line: Promise<unknown> = Promise.resolve()
  /** Lists are read and written as a whole: one after the other. */
  const inLine = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = line.then(work, work)
    line = mine.catch(() => {})
    return mine
  }
  const active = async () =>
    ((await memory.get<Active[]>('talks')) ?? []).filter(({ at }) => at > clock.now() - recentMs)
  const shown = async (talk: Ref) => (await memory.get<Shown[]>(`relayed:${talk}`)) ?? []
  const byTicket = (ticket: Ref) => memory.get<Handover>(`handover:${ticket}`)

  return {
    ofConversation: (conversation) => memory.get<Ref>(`conversation:${conversation}`),
    async note(talk, seen) {
      const state = await record.state(talk)
      if (state) await memory.set(`conversation:${state.conversation}`, talk, keptMs)
      if (seen !== undefined && !(await memory.get(`seen:${talk}`))) await memory.set(`seen:${talk}`, seen, keptMs)
      if (seen !== undefined && !(await memory.get(`first:${talk}`))) await memory.set(`first:${talk}`, seen, keptMs)
      const at = clock.now()
      if ((noted.get(talk) ?? 0) > at - hour) return
      noted.set(talk, at)
      await inLine(async () => {
        const others = (await active()).filter((one) => one.talk !== talk)
        await memory.set('talks', [{ talk, at }, ...others].slice(0, mostRecent), keptMs)
      })
    },
    recent: async () => (await active()).map(({ talk }) => talk),
    seen: (talk) => memory.get<string>(`seen:${talk}`),
    firstOf: (talk) => memory.get<string>(`first:${talk}`),
    keepSeen: (talk, message) => memory.set(`seen:${talk}`, message, keptMs),
    async handover(talk) {
      const ticket = await memory.get<Ref>(`current:${talk}`)
      return ticket === undefined ? undefined : byTicket(ticket)
    },
    byTicket,
    async keep(handover) {
      await memory.set(`handover:${handover.ticket}`, handover, keptMs)
      if (handover.ended) await memory.delete(`first:${handover.talk}`)
      else await memory.set(`current:${handover.talk}`, handover.ticket, keptMs)
    },
    relayed: (talk, id, message) =>
      inLine(async () => {
        const known = await shown(talk)
        if (known.some((one) => one.id === id)) return false
        await memory.set(`relayed:${talk}`, [...known, { id, words: wordsOf(message) }].slice(-mostShown), 2 * day)
        return true
      }),
    wasRelayed: (talk, message, key) =>
      inLine(async () => {
        const known = await shown(talk)
        const words = wordsOf(message)
        const found =
          known.find((one) => one.key === key) ?? known.find((one) => one.key === undefined && one.words === words)
        if (!found) return undefined
        if (found.key === undefined)
          await memory.set(
            `relayed:${talk}`,
            known.map((one) => (one === found ? { ...one, key } : one)),
            2 * day,
          )
        return found.id
      }),
    async forget(talk) {
      noted.delete(talk)
      const ticket = await memory.get<Ref>(`current:${talk}`)
      if (ticket !== undefined) await memory.delete(`handover:${ticket}`)
      for (const name of ['seen', 'first', 'current', 'relayed']) await memory.delete(`${name}:${talk}`)
      await inLine(async () =>
        memory.set(
          'talks',
          (await active()).filter((one) => one.talk !== talk),
          keptMs,
        ),
      )
    },
  }
}

const wordsOf = (message: Message): string => createHash('sha256').update(plainText(message)).digest('hex').slice(0, 32)
