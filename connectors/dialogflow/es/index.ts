/** Dialogflow ES as the first line. */
import type { Connector } from '#hub/connector.ts'
import { openBot } from '../bot.ts'
import { forgetSession } from '../session.ts'
import { openTraining } from '../training.ts'
import { openClient } from './client.ts'
import { createDialect } from './dialect.ts'
import { openKnowledge } from './knowledge.ts'
import { createPace } from './pace.ts'
import { schoolOf } from './school.ts'
import { settings } from './settings.ts'

export const dialogflowEs: Connector<typeof settings> = {
  name: 'dialogflow-es',
  roles: ['bot', 'training', 'knowledge'],
  settings,
  carries: { shows: [], sends: ['choices', 'articles'] },
  async open(chosen, host) {
    const client = openClient(chosen, createPace(chosen.learningCallsPerMinute, host.clock))
    const knowledge = openKnowledge(client, chosen)
    return {
      bot: openBot(createDialect(client, chosen), chosen, host),
      training: openTraining(schoolOf(client, chosen), host),
      ...(knowledge && { knowledge }),
      limits: { callsPerMinute: chosen.callsPerMinute },
      async check() {
        const name = await client.agentName()
        return `May read agent "${name}" of ${chosen.project}, ${chosen.location}`
      },
      erase: ({ thread }) => forgetSession(host.memory, thread),
      close: () => client.close(),
    }
  },
  twin: async (options) => (await import('./twin.ts')).openTwin(options),
}

export default dialogflowEs
