/** Dialogflow CX (Conversational Agents) as the first line. */
import type { Connector } from '#hub/connector.ts'
import { openBot } from './bot.ts'
import { openClient } from './client.ts'
import { forgetSession } from './session.ts'
import { settings } from './settings.ts'
import { openTraining } from './training.ts'

export const dialogflowCx: Connector<typeof settings> = {
  name: 'dialogflow-cx',
  roles: ['bot', 'training'],
  settings,
  carries: { shows: [], sends: ['choices'] },
  async open(chosen, host) {
    const client = openClient(chosen)
    return {
      bot: openBot(client, chosen, host),
      training: openTraining(client, chosen, host),
      ...(chosen.callsPerMinute && { limits: { callsPerMinute: chosen.callsPerMinute } }),
      async check() {
        await client.match('hello')
        const where = chosen.environment ? `environment ${chosen.environment}` : 'the draft'
        return `May talk to ${where} of agent ${chosen.agent} in ${chosen.project}, ${chosen.location}`
      },
      erase: ({ thread }) => forgetSession(host.memory, thread),
      close: () => client.close(),
    }
  },
  twin: async (options) => (await import('./twin.ts')).openTwin(options),
}

export default dialogflowCx
