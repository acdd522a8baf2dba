/** Who was invited: what the token of a link stands for. The customer can edit a link, so only what we gave counts. */
import { createHash, createHmac } from 'node:crypto'
import type { Host, Invitation } from '#hub/connector.ts'
import type { Settings } from './settings.ts'
import type { Invited } from './translate.ts'

export const validMs = 30 * 24 * 60 * 60_000

export type Invitations = ReturnType<typeof openInvitations>

export function openInvitations({ clientSecret }: Settings, { memory, name }: Pick<Host, 'memory' | 'name'>) {
  /** The same key gives the same token, and nobody without the secret can guess one. */
  const tokenOf = (key: string): string =>
    createHmac('sha256', clientSecret)
      .update(`invitation\n${name}\n${key}`)
      .digest()
      .subarray(0, 24)
      .toString('base64url')
  const ofConversation = (conversation: number) => `invited:${conversation}`

  return {
    async invite({ conversation, handoff }: Invitation, key: string): Promise<string> {
      const token = tokenOf(key)
      const entry = entryOf(token)
      const entries = (await memory.get<string[]>(ofConversation(conversation))) ?? []
      // The list first: an entry that no list names could not be erased.
      if (!entries.includes(entry)) await memory.set(ofConversation(conversation), [...entries, entry], validMs)
      await memory.set(entry, { conversation, handoff } satisfies Invited, validMs)
      return token
    },

    find: (token: string): Promise<Invited | undefined> => memory.get<Invited>(entryOf(token)),

    async erase(conversation: number): Promise<void> {
      for (const entry of (await memory.get<string[]>(ofConversation(conversation))) ?? []) await memory.delete(entry)
      await memory.delete(ofConversation(conversation))
    },
  }
}

/** Only a hash is stored: the link is the right to answer. */
const entryOf = (token: string): string => `link:${createHash('sha256').update(token).digest('base64url')}`
