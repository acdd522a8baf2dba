/** Our own agent desk: live conversations that ring at agents, tickets and callbacks that wait for one. */
import type { Connection, Connector, Host } from '#hub/connector.ts'
import { seedAgents } from './agents.ts'
import { type Commands, createCommands } from './commands.ts'
import { demoAgents } from './demo.ts'
import { createDesk } from './desk.ts'
import { eraseTickets } from './erasure.ts'
import { sweepFiles } from './files.ts'
import { createHooks } from './hooks.ts'
import { createInbox, type Inbox } from './inbox.ts'
import { flush } from './reports.ts'
import { createRouter, type Router } from './router.ts'
import { type InboxSettings, settings } from './settings.ts'
import { createSockets } from './socket.ts'
import { migrations } from './tables.ts'

const inboxConnector: Connector<typeof settings> = {
  name: 'inbox',
  roles: ['desk'],
  settings,
  carries: { shows: ['choices', 'file', 'articles'], sends: ['file'], typing: { shows: true, tells: true } },
  migrations,
  open: async (given, host) => (await openInbox(given, host)).connection,
}

export default inboxConnector

const sweepMs = 3_600_000

export interface OpenInbox {
  readonly connection: Connection
  readonly inbox: Inbox
  readonly router: Router
  readonly commands: Commands
}

/** The connection and what it is made of. */
export async function openInbox(given: InboxSettings, host: Host): Promise<OpenInbox> {
  const inbox = createInbox(given, host)
  const demo = given.demo ? await demoAgents(host) : []
  await seedAgents(inbox, [...(given.agents ?? []), ...demo])
  const router = createRouter(inbox)
  const commands = createCommands(inbox, router)
  const sockets = createSockets(inbox)
  let sweptAt = 0
  const sweep = async () => {
    const now = host.clock.now()
    if (now - sweptAt < sweepMs) return
    sweptAt = now
    await sweepFiles(inbox)
  }
  const connection: Connection = {
    desk: createDesk(inbox, router),
    hooks: createHooks({ inbox, router, commands, sockets, demo }),
    poll: {
      everyMs: 1000,
      // What a crash left untold is told first: the customer may be waiting for these words.
      run: async () => {
        await flush(inbox)
        await router.look()
        await sweep()
      },
    },
    erase: async ({ conversation }) => {
      await eraseTickets(inbox, conversation)
      router.nudge()
    },
    close: async () => {
      sockets.close()
      await router.rest()
    },
  }
  return { connection, inbox, router, commands }
}
