/** A database with the history in it. */
import { fileURLToPath } from 'node:url'
import { loadConfig } from '../../src/config.ts'
import { aDatabase, type TestDatabase } from '../engines.ts'
import { scenes } from './history.ts'
import { play } from './play.ts'

export interface History {
  readonly database: TestDatabase
  /** The configuration it happened under. */
  readonly yaml: string
  /** The conversation of each scene. */
  readonly ids: Map<string, number>
}

const yaml = fileURLToPath(new URL('history.yaml', import.meta.url))

export async function aHistory(): Promise<History> {
  const database = await aDatabase()
  const { mappings } = await loadConfig(yaml, {})
  const ids = await play(database.pool, mappings, scenes)
  return { database, yaml, ids }
}
