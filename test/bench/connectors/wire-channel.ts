/** A channel over plain HTTP: customers' messages come in signed, the hub's go out. */
import type { Connector } from '#hub/connector.ts'
import { plainText, text } from '#hub/message.ts'
import { takeSigned } from './signature.ts'
import { field, post, settings } from './wire.ts'

const wireChannel: Connector<typeof settings> = {
  name: 'wire-channel',
  roles: ['channel'],
  settings,
  open: async (chosen, host) => ({
    limits: { concurrency: 64 },
    channel: {
      dedupes: true,
      async send(visitor, { message }, key) {
        await post(host, chosen, '/channel', key, { thread: visitor, text: plainText(message) })
        return {}
      },
    },
    hooks: async (app) => {
      takeSigned(app, chosen.secret)
      app.post('/messages', async ({ body }) => {
        const message = text(field(body, 'text'))
        const [externalId, thread] = [field(body, 'id'), field(body, 'thread')]
        await host.receive([{ type: 'customer-message', externalId, thread, at: host.clock.now(), message }])
        return { ok: true }
      })
    },
  }),
}

export default wireChannel
