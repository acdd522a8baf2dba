/** Dialogflow CX (Conversational Agents) as the first line. */
import type { Connector } from '#hub/connector.ts'
import { openBot } from '../bot.ts'
import { forgetSession } from '../session.ts'
import { openTraining } from '../training.ts'
import { openClient } from './client.ts'
import { createDialect } from './dialect.ts'
import { schoolOf } from './school.ts'
import { settings } from './settings.ts'

export const dialogflowCx: Connector<typeof settings> = {
  name: 'dialogflow-cx',
  roles: ['bot', 'training'],
  settings,
  carries: { shows: [], sends: ['choices'] },
  async open(chosen, host) {
    const client = openClient(chosen)
    return {
      bot: openBot(createDialect(client, chosen, host.clock), chosen, host),
      training: openTraining(schoolOf(client, chosen), host),
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
