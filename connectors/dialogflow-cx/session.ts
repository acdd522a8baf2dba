/** What the hub keeps of a bot's session: its name at Dialogflow, where it stood, and the last answer for a call made twice. */
import { randomUUID } from 'node:crypto'
import type { BotTurn, Memory, Message, Ref } from '#hub/connector.ts'
import type { Plain } from './struct.ts'

export interface Session {
  /** At most 36 bytes and nothing of the customer: the conversation's own name is neither (dialogflow.md 2). */
  readonly id: string
  /** The last call, epoch milliseconds; none yet without. */
  readonly at?: number
  readonly place?: Place
  /** Dialogflow ended it: the next call finds it empty. */
  readonly isOver?: boolean
  readonly isWelcomed?: boolean
  /** What people's work changed: goes along with the next call. */
  readonly news?: Plain
  /** Said by the bot and not shown yet. */
  readonly unsaid?: readonly Message[]
  readonly key?: string
  readonly turn?: BotTurn
}

/** Where the talk stands. Dialogflow forgets it after the session's time without a word. */
export interface Place {
  readonly parameters: Plain
  readonly page?: string
  readonly pageName?: string
  readonly flow?: string
  readonly flowName?: string
}

const keptMs = 7 * 24 * 3_600_000
const nameOf = (inside: Ref): string => `session:${inside}`

export const newSession = (): Session => ({ id: randomUUID() })

export const readSession = (memory: Memory, inside: Ref): Promise<Session | undefined> =>
  memory.get<Session>(nameOf(inside))

export const writeSession = (memory: Memory, inside: Ref, session: Session): Promise<void> =>
  memory.set(nameOf(inside), session, keptMs)

export const forgetSession = (memory: Memory, inside: Ref): Promise<void> => memory.delete(nameOf(inside))
