/** Freshchat: live conversations with agents. */
import { type Connector, HubError } from '#hub/connector.ts'
import { createClient } from './client.ts'
import { createDesk } from './desk.ts'
import { createHooks } from './hooks.ts'
import { readPublicKey } from './keys.ts'
import { createMemory } from './memory.ts'
import { createPeople } from './people.ts'
import { createPoll } from './polling.ts'
import { readWebhook } from './reading.ts'
import { settings } from './settings.ts'

/** Not published for the API; the usual figure (freshchat.md 2.4). */
const fileBytes = 25 * 1024 * 1024

const freshchat: Connector<typeof settings> = {
  name: 'freshchat',
  roles: ['desk'],
  settings,
  carries: { shows: [], sends: ['file'] },
  async open(given, host) {
    const key = readPublicKey(given.publicKey)
    const client = createClient(given, host)
    const account = () => client.get<{ organisation_id?: number | string }>('/accounts/configuration')
    await account().catch((error: unknown) => {
      // An account that cannot be reached now may be reached later; a wrong token stays wrong.
      if (error instanceof HubError && error.code !== 'refused') return
      throw error
    })
    const memory = createMemory(host)
    const people = createPeople(given, client, host)
    const desk = { settings: given, host, client, memory, people }
    return {
      desk: createDesk(desk),
      hooks: createHooks({ key, pathSecret: given.pathSecret, take: (webhook) => readWebhook(desk, webhook) }),
      poll: { everyMs: given.pollSeconds * 1_000, run: createPoll(desk) },
      limits: { textLength: given.textLength, fileBytes, callsPerMinute: given.callsPerMinute },
      async check() {
        const { organisation_id } = await account()
        await people.channelId()
        return `Freshchat takes the token (organisation ${organisation_id ?? 'unnamed'}) and has the channel "${given.channel}"`
      },
      erase: async ({ thread }) => memory.forget(thread),
    }
  },
  twin: async (options) => (await import('./twin.ts')).openTwin(options),
}

export default freshchat
