/** An inbox with agents, for tests: a real database, a clock that is moved by hand, everything reachable. */
import type { Connection } from '#hub/connector.ts'
import { aHandoff } from '../../test/conformance/handoff.ts'
import { aHost, type HostOptions, type TestHost } from '../../test/host.ts'
import { type Agent, agentsOf, seen } from './agents.ts'
import type { Commands } from './commands.ts'
import type { Inbox } from './inbox.ts'
import inboxConnector, { openInbox } from './index.ts'
import type { Router } from './router.ts'
import type { AgentSettings, InboxSettings } from './settings.ts'

export const startOfTime = 1_700_000_000_000

export interface Office {
  readonly host: TestHost
  readonly inbox: Inbox
  readonly router: Router
  readonly commands: Commands
  readonly connection: Connection
  /** The agent as commands want them, by first name. */
  agent(name: string): Promise<Agent>
  online(...names: string[]): Promise<void>
  /** Offers a handoff and lets the router go round; the ticket. */
  offer(over?: Parameters<typeof aHandoff>[0]): Promise<string>
  /** At whom it rings, or who has it. */
  holder(ticket: string): Promise<string | undefined>
  told(ticket: string, type?: string): { type: string; externalId: string; [field: string]: unknown }[]
  close(): Promise<void>
}

export const tokenOf = (name: string): string => `token-of-${name.toLowerCase()}-0123456789`

export const person = (name: string, over: Partial<AgentSettings> = {}): AgentSettings => ({
  name,
  email: `${name.toLowerCase()}@example.com`,
  token: tokenOf(name),
  capacity: 1,
  ...over,
})

export async function anOffice(
  agents: AgentSettings[],
  over: Partial<InboxSettings> = {},
  options: HostOptions = {},
): Promise<Office> {
  const settings: InboxSettings = { agents, ...over }
  const host = await aHost({ name: 'people', migrations: inboxConnector.migrations, now: startOfTime, ...options })
  const { connection, inbox, router, commands } = await openInbox(settings, host)
  const office: Office = {
    host,
    inbox,
    router,
    commands,
    connection,
    async agent(name) {
      return (await agentsOf(inbox)).find((agent) => agent.name === name)!
    },
    async online(...names) {
      for (const name of names) {
        await seen(inbox, (await office.agent(name)).id, 'online')
        host.advance(1)
      }
    },
    async offer(handoff) {
      const made = aHandoff(handoff)
      const ticket = await connection.desk!.offer(made, `effect:${made.id}:${made.attempt}`)
      host.advance(1)
      await router.route()
      return ticket
    },
    async holder(ticket) {
      const row = await inbox.db.selectFrom('inbox_tickets').select('agent').where('id', '=', ticket).executeTakeFirst()
      return row?.agent?.split('@')[0] ?? undefined
    },
    told(ticket, type) {
      const events = host.received as unknown as ReturnType<Office['told']>
      return events.filter((event) => event.ticket === ticket && (type === undefined || event.type === type))
    },
    async close() {
      await connection.close?.()
      await host.stop()
    },
  }
  return office
}
