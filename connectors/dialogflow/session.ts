/** What the hub keeps of a bot's session: its name at Dialogflow, what it knew, and the last answer for a call made twice. */
import { randomUUID } from 'node:crypto'
import type { BotTurn, Memory, Message, Ref } from '#hub/connector.ts'
import type { Plain } from './struct.ts'

/** `Known`: what the bot knows and Dialogflow forgets after a while, as this product has it. */
export interface Session<Known> {
  /** At most 36 bytes and nothing of the customer: the conversation's own name is neither (dialogflow.md 2). */
  readonly id: string
  /** The last call, epoch milliseconds; none yet without. */
  readonly at?: number
  readonly known?: Known
  /** The last answer ended it: what comes next is a new one to Dialogflow. */
  readonly isOver?: boolean
  readonly isWelcomed?: boolean
  /** What people's work changed: goes along with the next call. */
  readonly news?: Plain
  /** Said by the bot and not shown yet. */
  readonly unsaid?: readonly Message[]
  readonly key?: string
  readonly turn?: BotTurn
}

const keptMs = 7 * 24 * 3_600_000
const nameOf = (inside: Ref): string => `session:${inside}`

export const newSession = (): Session<never> => ({ id: randomUUID() })

export const readSession = <Known>(memory: Memory, inside: Ref): Promise<Session<Known> | undefined> =>
  memory.get<Session<Known>>(nameOf(inside))

export const writeSession = (memory: Memory, inside: Ref, session: Session<unknown>): Promise<void> =>
  memory.set(nameOf(inside), session, keptMs)

export const forgetSession = (memory: Memory, inside: Ref): Promise<void> => memory.delete(nameOf(inside))
