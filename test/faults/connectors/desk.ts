/** The desk of the fault suite: live handoffs at a twin whose agents answer by webhook. */
import type { Connection, Connector, Host, HubEvent } from '#hub/connector.ts'
import { plainText } from '#hub/message.ts'
import { openVendor, type Settings, settings } from './vendor.ts'

const desk: Connector<typeof settings> = {
  name: 'fault-desk',
  roles: ['desk'],
  settings,
  open: async (chosen, host) => openDesk(chosen, host),
}

export default desk

function openDesk(chosen: Settings, host: Host): Connection {
  const vendor = openVendor(host, chosen)
  return {
    desk: {
      dedupes: chosen.dedupes,
      async offer({ context }, key) {
        const said = context.transcript.map(({ by, message }) => ({ by, text: plainText(message) }))
        return (await vendor.call('offer', key, { said })).ref
      },
      async send(ticket, { by, visibility, message }, key) {
        const { ref } = await vendor.call('send', key, { to: ticket, by, visibility, text: plainText(message) })
        return { ref }
      },
      async end(ticket, why, key) {
        await vendor.call('end', key, { to: ticket, why })
      },
      ...(chosen.finds ? { find: (key: string) => vendor.find(key) } : {}),
    },
    limits: { concurrency: chosen.concurrency },
    hooks: async (app) => {
      // What the twin's agents did, already in the hub's words: translating is not what is tested here.
      app.post('/events', async (request) => {
        await host.receive([request.body as HubEvent])
        return { ok: true }
      })
    },
  }
}
