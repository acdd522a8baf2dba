/** The channel as the hub sees it: the customer writes in Zendesk messaging. */
import type { Channel, ChannelMessage } from '#hub/connector.ts'
import type { MessagingClient } from './client.ts'
import type { Posting } from './posting.ts'
import type { Talks } from './records.ts'
import { harmless } from './translate.ts'

export interface ChannelParts {
  readonly client: MessagingClient
  readonly posting: Posting
  readonly talks: Talks
  readonly botName?: string
}

export function createChannel({ client, posting, talks, botName }: ChannelParts): Channel {
  const author = ({ by, name }: ChannelMessage) => {
    const displayName = name ?? (by === 'agent' ? undefined : botName)
    return { type: 'business', ...(displayName && { displayName: harmless(displayName) }) }
  }
  return {
    async send(visitor, said, key) {
      if (isInternal(said)) return {}
      // Zendesk has shown the customer what its own agents wrote; said again it would be doubled (zendesk.md 12).
      const shown = said.by === 'agent' ? await talks.wasRelayed(visitor, said.message, key) : undefined
      if (shown !== undefined) return { ref: shown }
      const ref = await posting.post(visitor, said.message, { author: author(said) }, key)
      return ref === undefined ? {} : { ref }
    },
    async typing(visitor, on) {
      await client.activity(visitor, on ? 'typing:start' : 'typing:stop')
    },
    async find(key, inside) {
      return posting.find(inside, key)
    },
  }
}

const isInternal = (said: ChannelMessage): boolean => (said as { visibility?: unknown }).visibility === 'internal'
