/** What the bot remembers of one conversation between two turns, and how a repeated turn finds the same state again. */
import type { Memory, Ref } from '#hub/connector.ts'

export interface Session {
  /** A person has been there: no greeting any more. */
  readonly handled?: boolean
  /** The intent the person asked us to go on with at the next turn. */
  readonly resume?: string
  /** A question of ours that is open. */
  readonly pending?: Pending
}

export interface Pending {
  readonly intent: string
  readonly filled: Readonly<Record<string, string>>
  /** How often the open question was answered by something else. */
  readonly misses: number
}

/** The state before the last turn is kept beside the one after it: the same key again starts from the same place. */
interface Entry {
  readonly key: string
  readonly before: Session
  readonly after: Session
}

const keptMs = 7 * 24 * 3_600_000
const nameOf = (inside: Ref): string => `session:${inside}`

export async function readSession(memory: Memory, inside: Ref, key?: string): Promise<Session> {
  const entry = await memory.get<Entry>(nameOf(inside))
  if (!entry) return {}
  return entry.key === key ? entry.before : entry.after
}

export const forgetSession = (memory: Memory, inside: Ref): Promise<void> => memory.delete(nameOf(inside))

/** Writes only what changed: most turns leave nothing to remember. */
export async function writeSession(
  memory: Memory,
  inside: Ref,
  key: string,
  before: Session,
  after: Session,
): Promise<void> {
  if (before === after) return
  await memory.set(nameOf(inside), { key, before, after } satisfies Entry, keptMs)
}
