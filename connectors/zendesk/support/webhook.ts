/** Our webhook at Zendesk: made once the hub listens, its secret kept (zendesk.md 10.1). */
import { type Host, HubError } from '#hub/connector.ts'
import type { Client } from '../client.ts'
import type { TicketSettings } from '../settings.ts'

export const subscriptions = [
  'ticket.comment_added',
  'ticket.status_changed',
  'ticket.agent_assignment_changed',
  'ticket.soft_deleted',
  'ticket.merged',
  'ticket.marked_as_spam',
].map((name) => `zen:event-type:${name}`)

export interface OwnWebhook {
  /** Makes it if there is none for our address. Where Zendesk does not permit that, the poll alone has to do. */
  ensure(): Promise<void>
  /** Calls with the secret until one fits; throws `busy` while none is known, for then Zendesk sends again. */
  fits(verify: (secret: string) => boolean): Promise<boolean>
}

interface Known {
  readonly id: string
  readonly endpoint: string
  readonly secret?: string
}

const memoryKey = 'webhook'
const askAgainMs = 60 * 60_000

export function openWebhook(client: Client, settings: TicketSettings, host: Host): OwnWebhook {
  const endpoint = `${host.url}/support`
  let held: string | undefined = settings.webhookSecret
  let refusedUntil = 0

  const make = async (): Promise<Known> => {
    const body = {
      name: `Baton ${host.name}`,
      status: 'active',
      endpoint,
      http_method: 'POST',
      request_format: 'json',
      subscriptions,
    }
    const { webhook } = await client.post<{ webhook: { id: string } }>('/webhooks', 'webhook', {
      body: { webhook: body },
    })
    const known = { id: webhook.id, endpoint }
    await host.memory.set(memoryKey, known)
    return known
  }
  const complete = async (known: Known): Promise<void> => {
    const path = `/webhooks/${encodeURIComponent(known.id)}/signing_secret`
    const { signing_secret } = await client.get<{ signing_secret: { secret: string } }>(path, 'signing_secret')
    held = signing_secret.secret
    await host.memory.set(memoryKey, { ...known, secret: held })
  }
  const isRefusal = (error: unknown) =>
    error instanceof HubError && (error.code === 'refused' || error.code === 'invalid' || error.code === 'unknown')

  return {
    async ensure() {
      if (settings.webhookSecret !== undefined || host.clock.now() < refusedUntil) return
      const known = await host.memory.get<Known>(memoryKey)
      if (known?.endpoint === endpoint && known.secret) return
      if (known && known.endpoint !== endpoint)
        host.log.warn(
          { connection: host.name, webhook: known.id },
          'the hub has a new address: delete the old webhook at Zendesk',
        )
      try {
        await complete(known?.endpoint === endpoint ? known : await make())
      } catch (error) {
        if (!isRefusal(error)) throw error
        refusedUntil = host.clock.now() + askAgainMs
        host.log.warn(
          { connection: host.name, error: (error as Error).message },
          'Zendesk makes no webhook for us, so agents’ words come by polling: give the user the role admin, or set webhookSecret',
        )
      }
    },
    async fits(verify) {
      if (held !== undefined && verify(held)) return true
      if (settings.webhookSecret !== undefined) return false
      // Another hub may have made a new webhook meanwhile.
      const known = (await host.memory.get<Known>(memoryKey))?.secret
      if (known === undefined && held === undefined)
        throw new HubError('busy', 'The secret of this webhook is not known yet', { retryAfterMs: 5_000 })
      if (known === undefined || known === held) return false
      held = known
      return verify(held)
    },
  }
}
