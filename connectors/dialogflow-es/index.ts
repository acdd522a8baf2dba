/** Dialogflow ES as the first line. */
import type { Connector } from '#hub/connector.ts'
import { openBot } from './bot.ts'
import { openClient } from './client.ts'
import { openKnowledge } from './knowledge.ts'
import { createPace } from './pace.ts'
import { forgetSession } from './session.ts'
import { settings } from './settings.ts'
import { openTraining } from './training.ts'

export const dialogflowEs: Connector<typeof settings> = {
  name: 'dialogflow-es',
  roles: ['bot', 'training', 'knowledge'],
  settings,
  carries: { shows: [], sends: ['choices', 'articles'] },
  async open(chosen, host) {
    const client = openClient(chosen, createPace(chosen.learningCallsPerMinute, host.clock))
    const knowledge = openKnowledge(client, chosen)
    return {
      bot: openBot(client, chosen, host),
      training: openTraining(client, chosen, host),
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
