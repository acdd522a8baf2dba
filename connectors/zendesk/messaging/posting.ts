/** Puts a message into a conversation, each piece once for its key, however often it is tried. */
import type { Message, Ref } from '#hub/connector.ts'
import { createOnce } from '../support/once.ts'
import type { Records } from '../support/records.ts'
import type { MessagingClient, Metadata } from './client.ts'
import { hasMark, type Marks, markName, pieceName } from './marks.ts'
import { toContents } from './translate.ts'
import type { WireMessage } from './wire.ts'

export interface Posting {
  /** The name of the first piece; undefined where the message has nothing to show. */
  post(conversation: Ref, message: Message, how: How, key: string): Promise<Ref | undefined>
  find(conversation: Ref, key: string): Promise<Ref | undefined>
}

export interface How {
  readonly author: object
  /** Kept in the conversation, and shown on no channel of the customer’s (zendesk.md 3.1, `destination`). */
  readonly silent?: boolean
}

export function createPosting(client: MessagingClient, marks: Marks, records: Records): Posting {
  const once = createOnce(records)

  /** Nothing there drops a second call, so the newest page is looked through first (zendesk.md 3.1). */
  const madeBy = async (conversation: Ref, key: string): Promise<readonly WireMessage[]> =>
    (await client.messages(conversation)).filter((message) => hasMark(message, marks.of(key)))

  const postMissing = async (
    conversation: Ref,
    contents: readonly object[],
    how: How,
    key: string,
    there: readonly WireMessage[],
  ): Promise<Ref | undefined> => {
    const known = new Map(there.map((message) => [Number(message.metadata?.[pieceName] ?? 0), message.id]))
    for (const [piece, content] of contents.entries()) {
      if (known.has(piece)) continue
      const metadata: Metadata = { [markName]: marks.of(key), [pieceName]: piece }
      const destination = how.silent ? { integrationType: 'none' } : undefined
      const made = await client.post(conversation, {
        author: how.author,
        content,
        metadata,
        ...(destination && { destination }),
      })
      known.set(piece, made.id)
    }
    return known.get(0)
  }

  return {
    async post(conversation, message, how, key) {
      const contents = toContents(message)
      if (contents.length === 0) return undefined
      const look = async () => {
        const there = await madeBy(conversation, key)
        const ref = await postMissing(conversation, contents, how, key, there)
        return { ticket: conversation, ref }
      }
      const act = async () => ({ ticket: conversation, ref: await postMissing(conversation, contents, how, key, []) })
      return (await once(key, look, act)).ref
    },
    async find(conversation, key) {
      const found = await madeBy(conversation, key)
      return found.find((message) => Number(message.metadata?.[pieceName] ?? 0) === 0)?.id
    },
  }
}
