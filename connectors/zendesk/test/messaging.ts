/** Messaging on its stage: customers who write, agents who take over. */
import type { Handoff, Ref } from '#hub/connector.ts'
import type { HostOptions } from '../../../test/host.ts'
import { openCase, type Talk } from '../twin/messaging/app.ts'
import { wordsOf } from '../twin/messaging/stage.ts'
import type { MessagingTwin } from '../twin/messaging.ts'
import type { Quirks } from '../twin/quirks.ts'
import { aStage, type Stage } from './stage.ts'

export const keySecret = 'a-secret-of-the-key'
export const messaging = {
  app: '64f0c1a2b3d4e5f60718293a',
  keyId: 'app_64f0c1a2b3d4e5f60718293b',
  keySecret,
  integration: '64f0d0b2c3d4e5f607182930',
}
export const withMessaging = { subdomain: 'acme', messaging }

export interface MessagingStage extends Stage {
  readonly app: MessagingTwin['app']
  talk(id: Ref): Talk
  /** A customer who wrote once; the hub knows the conversation by this number. */
  customer(words?: string): Promise<{ readonly thread: Ref; readonly conversation: number }>
  /** What the customer’s screen shows of what was said to them. */
  shown(thread: Ref): string[]
}

export async function aMessagingStage(
  over: object = {},
  quirks: Quirks = {},
  options: Omit<HostOptions, 'url' | 'migrations'> = {},
): Promise<MessagingStage> {
  const stage = await aStage({ ...withMessaging, messaging: { ...messaging, ...over } }, quirks, options)
  const { app } = stage.twin.messaging!
  const talk = (id: Ref) => app.talks.get(id.split('.')[0]!)!
  let conversations = 0
  return {
    ...stage,
    app,
    talk,
    async act(what, ticket, input) {
      await stage.twin.act({ do: what, case: ticket.split('.')[0], input })
      await stage.twin.delivered()
    },
    async customer(words = 'I was charged twice') {
      const conversation = 70_000 + ++conversations
      const before = stage.host.onReceive
      stage.host.onReceive = async (events) => {
        for (const event of events)
          if (event.type === 'customer-message') stage.host.record.putState(event.thread, { conversation })
      }
      await stage.twin.act({ do: 'begin', input: words })
      await stage.twin.delivered()
      stage.host.onReceive = before
      return { thread: [...app.talks.keys()].at(-1)!, conversation }
    },
    shown: (thread) =>
      talk(thread)
        .messages.filter(({ author, isSilent }) => author.type === 'business' && !isSilent)
        .map(wordsOf),
  }
}

/** In the customer’s own conversation, as the hub would ask. */
export const here = (conversation: number, over: Partial<Handoff> = {}): Partial<Handoff> => ({
  conversation,
  ...over,
})

export { openCase, wordsOf }
