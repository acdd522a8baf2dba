/** How ES takes phrases. */
import type { School } from '../training.ts'
import type { Client, EsIntent } from './client.ts'
import type { Settings } from './settings.ts'
import { agentPath } from './translate.ts'

export const schoolOf = (client: Client, settings: Settings): School<EsIntent> => ({
  agentPath: agentPath(settings),
  longestPhrase: 768,
  toPhrase: (text) => ({ type: 'EXAMPLE', parts: [{ text }] }),
  list: client.listIntents,
  get: client.getIntent,
  write: client.writePhrases,
  train: client.train,
})
