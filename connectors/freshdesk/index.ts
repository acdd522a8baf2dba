/** Freshdesk: tickets as a desk, Solutions as knowledge, contacts as a CRM. */
import { type Connector, HubError } from '#hub/connector.ts'
import { createRoster } from './assignment.ts'
import { createClient } from './client.ts'
import { createCrm } from './contacts.ts'
import { createDesk } from './desk.ts'
import { ticketBytes } from './files.ts'
import { createHooks } from './hooks.ts'
import { createKnowledge } from './knowledge.ts'
import { createLinks } from './links.ts'
import { createPoll } from './polling.ts'
import { readTicket } from './reading.ts'
import { settings } from './settings.ts'
import { createTickets } from './tickets.ts'
import { bodyLength } from './translate.ts'

const freshdesk: Connector<typeof settings> = {
  name: 'freshdesk',
  roles: ['desk', 'knowledge', 'crm'],
  settings,
  carries: { shows: ['file'], sends: ['file'], textLength: bodyLength },
  async open(given, host) {
    const client = createClient(given, host)
    await client.me().catch((error: unknown) => {
      // An account that cannot be reached now may be reached later; a wrong key stays wrong.
      if (error instanceof HubError && error.code !== 'refused') return
      throw error
    })
    const tickets = createTickets(host)
    const roster = createRoster(client, host)
    const links = createLinks(host.url, given.webhookSecret, client)
    const desk = { settings: given, host, client, tickets, roster, links }
    return {
      desk: createDesk(desk),
      knowledge: createKnowledge(given, client, tickets, host),
      crm: createCrm(client, tickets),
      hooks: async (app) => {
        await app.register(createHooks(given.webhookSecret, (ticket) => readTicket(desk, ticket)))
        await app.register(links.routes)
      },
      poll: { everyMs: given.pollSeconds * 1_000, run: createPoll(desk) },
      limits: { textLength: bodyLength, fileBytes: ticketBytes, callsPerMinute: given.callsPerMinute },
      async check() {
        const me = await client.me()
        return `Signed in to Freshdesk as ${me.contact?.name ?? `agent ${me.id}`}`
      },
      erase: async ({ thread }) => tickets.forget(thread),
    }
  },
  twin: async (options) => (await import('./twin.ts')).openTwin(options),
}

export default freshdesk
