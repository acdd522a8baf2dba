/** How CX takes phrases. */
import type { School } from '../training.ts'
import type { Client, CxIntent } from './client.ts'
import type { Settings } from './settings.ts'
import { agentPath } from './translate.ts'

export const schoolOf = (client: Client, settings: Settings): School<CxIntent> => ({
  agentPath: agentPath(settings),
  toPhrase: (text) => ({ parts: [{ text }], repeatCount: 1 }),
  list: client.listIntents,
  get: client.getIntent,
  write: client.writePhrases,
  train: client.train,
})
