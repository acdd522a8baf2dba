/** What we remember of our conversations at Freshchat, and which of its messages are ours. */
import { createHash } from 'node:crypto'
import type { Host, Ref } from '#hub/connector.ts'
import type { Webhook } from './wire.ts'

export interface ConversationRecord {
  /** The vendor's conversation that takes our words now; another than the ref after "not the latest conversation". */
  readonly conversation: string
  /** Its numeric id: some accounts know it by this one only (freshchat.md 1). */
  readonly numeric?: string
  readonly user: string
  readonly channel: string
  readonly isResolved: boolean
  /** Over for the hub; an agent who writes or reopens makes it live again. */
  readonly ended: boolean
  readonly agent?: string
  readonly joined: boolean
  /** The vendor's time of the last change of status and of agent: what is older comes late. */
  readonly statusAt: number
  readonly agentAt: number
  /** Endings so far, counted into external ids. */
  readonly endings: number
  /** The vendor's time of the last message that a list showed: all before it were told, but those that came to the list late. */
  readonly readTo: number
  /** Messages that were told, the latest of them: enough for what is read again. */
  readonly seen: readonly string[]
}

/** What a key is about to make: a conversation of this user, or a message of these words. */
export interface Intent {
  readonly user?: string
  readonly words?: string
  readonly at: number
}

const day = 24 * 3_600_000
const conversationTtlMs = 120 * day
const keyTtlMs = 30 * day
const keptSeen = 300

export function createMemory({ memory }: Host) {
  const lines = new Map<string, Promise<unknown>>()
  const keyName = (key: string) => `key:${createHash('sha256').update(key).digest('hex').slice(0, 32)}`

  /** One at a time within this process. */
  function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
    const mine = (lines.get(name) ?? Promise.resolve()).then(work, work)
    lines.set(name, mine)
    const clear = () => void (lines.get(name) === mine && lines.delete(name))
    mine.then(clear, clear)
    return mine
  }

  /** The same, but what comes while one waits for its turn goes along with that one. */
  const gathered = new Map<string, { webhooks: Webhook[]; done: Promise<void> }>()
  function together(
    name: string,
    webhook: Webhook,
    work: (webhooks: readonly Webhook[]) => Promise<void>,
  ): Promise<void> {
    const there = gathered.get(name)
    if (there) {
      there.webhooks.push(webhook)
      return there.done
    }
    const webhooks = [webhook]
    const done = alone(name, () => {
      gathered.delete(name)
      return work(webhooks)
    })
    gathered.set(name, { webhooks, done })
    return done
  }

  const changeOpen = (change: (open: readonly Ref[]) => readonly Ref[]) =>
    alone('open', async () => memory.set('open', change((await memory.get<Ref[]>('open')) ?? [])))

  return {
    alone,
    together,
    read: (ref: Ref) => memory.get<ConversationRecord>(`conversation:${ref}`),
    write: (ref: Ref, record: ConversationRecord) =>
      memory.set(`conversation:${ref}`, { ...record, seen: record.seen.slice(-keptSeen) }, conversationTtlMs),
    async name(ref: Ref, ...ids: (string | undefined)[]) {
      for (const id of ids) if (id) await memory.set(`alias:${id}`, ref, conversationTtlMs)
    },
    /** Ours, by either of the vendor's ids. */
    async refOf(...ids: (string | undefined)[]): Promise<Ref | undefined> {
      for (const id of ids) {
        const ref = id && (await memory.get<Ref>(`alias:${id}`))
        if (ref) return ref
      }
      return undefined
    },
    async forget(ref: Ref) {
      const record = await memory.get<ConversationRecord>(`conversation:${ref}`)
      for (const id of [ref, record?.conversation, record?.numeric]) if (id) await memory.delete(`alias:${id}`)
      await memory.delete(`conversation:${ref}`)
      await changeOpen((open) => open.filter((one) => one !== ref))
    },
    made: async (key: string) => (await memory.get<{ id?: string }>(keyName(key)))?.id,
    async claim(key: string, id: string) {
      await memory.set(`ours:${id}`, true, keyTtlMs)
      await memory.set(keyName(key), { id }, keyTtlMs)
    },
    intend: (key: string, intent: Intent) => memory.set(keyName(key), { intent }, keyTtlMs),
    intent: async (key: string) => (await memory.get<{ intent?: Intent }>(keyName(key)))?.intent,
    isClaimed: async (message: string) => (await memory.get(`ours:${message}`)) !== undefined,
    /** Conversations that a poll looks at. */
    open: async () => (await memory.get<Ref[]>('open')) ?? [],
    addOpen: (ref: Ref) => changeOpen((open) => (open.includes(ref) ? open : [...open, ref])),
    dropOpen: (ref: Ref) => changeOpen((open) => open.filter((one) => one !== ref)),
  }
}
export type Memories = ReturnType<typeof createMemory>
