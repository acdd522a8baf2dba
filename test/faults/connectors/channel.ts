/** A channel of the fault suite whose customers sit at a twin: what reaches them, and in which order, is the twin's own word. */
import type { Connection, Connector, Host, HubEvent } from '#hub/connector.ts'
import { plainText } from '#hub/message.ts'
import { openVendor, type Settings, settings } from './vendor.ts'

const channel: Connector<typeof settings> = {
  name: 'fault-channel',
  roles: ['channel'],
  settings,
  open: async (chosen, host) => openChannel(chosen, host),
}

export default channel

function openChannel(chosen: Settings, host: Host): Connection {
  const vendor = openVendor(host, chosen)
  return {
    channel: {
      dedupes: chosen.dedupes,
      async send(visitor, { by, message }, key) {
        const { ref } = await vendor.call('send', key, { to: visitor, by, text: plainText(message) })
        return { ref }
      },
      ...(chosen.finds ? { find: (key: string) => vendor.find(key) } : {}),
    },
    limits: { concurrency: chosen.concurrency },
    hooks: async (app) => {
      app.post('/events', async (request) => {
        await host.receive([request.body as HubEvent])
        return { ok: true }
      })
    },
  }
}
