/** A desk over plain HTTP whose agents answer by webhook. */
import type { Connector } from '#hub/connector.ts'
import { plainText, text } from '#hub/message.ts'
import { takeSigned } from './signature.ts'
import { field, post, settings } from './wire.ts'

const wireDesk: Connector<typeof settings> = {
  name: 'wire-desk',
  roles: ['desk'],
  settings,
  open: async (chosen, host) => ({
    limits: { concurrency: 64 },
    desk: {
      dedupes: true,
      async offer({ id }, key) {
        return (await post<{ ticket: string }>(host, chosen, '/tickets', key, { handoff: id })).ticket
      },
      async send(ticket, { message }, key) {
        await post(host, chosen, '/desk', key, { ticket, text: plainText(message) })
        return {}
      },
      async end() {},
    },
    hooks: async (app) => {
      takeSigned(app, chosen.secret)
      app.post('/replies', async ({ body }) => {
        const message = text(field(body, 'text'))
        const [externalId, ticket] = [field(body, 'id'), field(body, 'ticket')]
        const reply = { externalId, ticket, at: host.clock.now(), message, agent: { name: 'Ana' } } as const
        await host.receive([{ type: 'agent-message', visibility: 'public', ...reply }])
        return { ok: true }
      })
    },
  }),
}

export default wireDesk
