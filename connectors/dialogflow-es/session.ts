/** What the hub keeps of a bot's session: its name at Dialogflow, where it stood, and the last answer for a call made twice. */
import { randomUUID } from 'node:crypto'
import type { BotTurn, Memory, Message, Ref } from '#hub/connector.ts'
import type { Plain } from './struct.ts'

export interface Session {
  /** At most 36 characters and nothing of the customer: the conversation's own name is neither (dialogflow.md 2). */
  readonly id: string
  /** The last call, epoch milliseconds; none yet without. */
  readonly at?: number
  /** What the bot remembers, without what Dialogflow keeps for itself: it forgets each after 20 minutes (dialogflow.md 10). */
  readonly contexts?: readonly Context[]
  /** Dialogflow ended it: the next message begins anew. */
  readonly isOver?: boolean
  readonly isWelcomed?: boolean
  /** What people's work changed: goes along with the next call. */
  readonly news?: Plain
  /** Said by the bot and not shown yet. */
  readonly unsaid?: readonly Message[]
  readonly key?: string
  readonly turn?: BotTurn
}

export interface Context {
  /** Its short name, in small letters. */
  readonly name: string
  readonly lifespan: number
  readonly parameters: Plain
}

const keptMs = 7 * 24 * 3_600_000
const nameOf = (inside: Ref): string => `session:${inside}`

export const newSession = (): Session => ({ id: randomUUID() })

export const readSession = (memory: Memory, inside: Ref): Promise<Session | undefined> =>
  memory.get<Session>(nameOf(inside))

export const writeSession = (memory: Memory, inside: Ref, session: Session): Promise<void> =>
  memory.set(nameOf(inside), session, keptMs)

export const forgetSession = (memory: Memory, inside: Ref): Promise<void> => memory.delete(nameOf(inside))
