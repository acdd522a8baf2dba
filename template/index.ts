/** Sample Desk: hands conversations to the people of an invented desk. Wiring only. */
import type { Connector } from '#hub/connector.ts'
import { createClient } from './client.ts'
import { hooks } from './hooks.ts'
import { settings } from './settings.ts'
import { toMessage, toTicket } from './translate.ts'

const sample: Connector<typeof settings> = {
  name: 'sample',
  roles: ['desk'],
  settings,
  carries: { shows: [], sends: [], textLength: 4_000 },
  async open(given, host) {
    const client = createClient(given, host)
    return {
      desk: {
        // A desk that does not drop a second call with the same key implements `find` instead.
        dedupes: true,
        offer: async (handoff, key) => (await client.openTicket(toTicket(handoff), key)).id,
        send: async (ticket, message, key) => ({ ref: (await client.addMessage(ticket, toMessage(message), key)).id }),
        end: (ticket, why) => client.closeTicket(ticket, why),
      },
      limits: { textLength: 4_000, callsPerMinute: 600 },
      hooks: hooks(given, host),
      check: async () => `Signed in as ${(await client.whoAmI()).name}`,
    }
  },
  twin: async (options) => (await import('./twin.ts')).openTwin(options),
}
export default sample
