/** Our webhook at the integration: found or made once the hub listens, its secret kept (zendesk.md 3, 4.1). */
import { type Host, HubError } from '#hub/connector.ts'
import type { MessagingSettings } from '../settings.ts'
import type { MessagingClient } from './client.ts'

export const triggers = [
  'conversation:message',
  'conversation:postback',
  'conversation:typing',
  'conversation:create',
  'switchboard:passControl',
  'switchboard:passControl:failure',
  'switchboard:offerControl',
  'switchboard:acceptControl',
  'switchboard:releaseControl',
]

export interface MessagingWebhook {
  ensure(): Promise<void>
  /** Throws `busy` while no secret is known: Zendesk sends again after 503, but never after 401 (zendesk.md 4.2). */
  fits(verify: (secret: string) => boolean): Promise<boolean>
}

interface Known {
  readonly target: string
  readonly secret: string
}

const memoryKey = 'messaging-webhook'

export function openMessagingWebhook(
  client: MessagingClient,
  settings: MessagingSettings,
  host: Host,
): MessagingWebhook {
  const target = `${host.url}/messaging`
  let held: string | undefined = settings.webhookSecret

  return {
    async ensure() {
      if (settings.webhookSecret !== undefined) return
      const known = await host.memory.get<Known>(memoryKey)
      if (known?.target === target) {
        held = known.secret
        return
      }
      const there = (await client.webhooks()).find((webhook) => webhook.target === target && webhook.secret)
      const webhook = there ?? (await client.makeWebhook({ target, triggers, includeFullUser: true }))
      if (!webhook.secret) throw new HubError('invalid', 'Zendesk tells no secret of the webhook: set webhookSecret')
      held = webhook.secret
      await host.memory.set(memoryKey, { target, secret: held })
    },
    async fits(verify) {
      if (held !== undefined && verify(held)) return true
      if (settings.webhookSecret !== undefined) return false
      // Another hub may have found a new one meanwhile.
      const known = (await host.memory.get<Known>(memoryKey))?.secret
      if (known === undefined && held === undefined)
        throw new HubError('busy', 'The secret of this webhook is not known yet', { retryAfterMs: 5_000 })
      held = known ?? held
      return held !== undefined && verify(held)
    },
  }
}
