/** The parts of Zendesk messaging, put together: a channel, and the agents of the workspace as a desk. */
import type { Channel, Desk, Host } from '#hub/connector.ts'
import type { MessagingSettings, Settings } from '../settings.ts'
import { openRecords } from '../support/records.ts'
import { createChannel } from './channel.ts'
import { openMessagingClient } from './client.ts'
import { createMessagingDesk } from './desk.ts'
import type { MessagingHooks } from './hooks.ts'
import { createMarks } from './marks.ts'
import { createPosting } from './posting.ts'
import { openTalks } from './records.ts'
import { createMessagingReporting } from './reporting.ts'
import { createSwitchboard } from './switchboard.ts'
import { openMessagingWebhook } from './webhook.ts'

export interface Messaging extends MessagingHooks {
  readonly channel: Channel
  readonly desk: Desk
  check(): Promise<string>
  forget(thread: string): Promise<void>
}

export function openMessaging(given: Settings, settings: MessagingSettings, host: Host): Messaging {
  const client = openMessagingClient(given, settings, host)
  const talks = openTalks(host)
  const records = openRecords(host)
  const board = createSwitchboard(client, settings)
  const marks = createMarks(settings.keySecret)
  const posting = createPosting(client, marks, records)
  const webhook = openMessagingWebhook(client, settings, host)
  return {
    webhook,
    channel: createChannel({ client, posting, talks, botName: settings.botName }),
    desk: createMessagingDesk({ client, host, settings, talks, board, posting, marks, records }),
    reporting: createMessagingReporting({ client, host, talks, board }),
    async check() {
      const { displayName, id } = await client.app()
      return `messaging of ${displayName ?? id}`
    },
    // A ticket is named after its conversation.
    forget: (thread) => talks.forget(thread.split('.')[0]!),
  }
}
