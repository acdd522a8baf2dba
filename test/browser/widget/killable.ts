/** The chat's stage with the hub as a process of its own: it can be killed, and started again on the same record. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aDatabase } from '../../engines.ts'
import { aHubProcess, type HubProcess, tokenOfHubs } from '../../faults/hub-process.ts'
import { openVisits, type Stage } from '../stage.ts'
import { writeWidgetConfig } from './site.ts'

export interface KillableStage extends Stage {
  readonly hub: HubProcess
}

export async function aKillableStage(chat: object = {}): Promise<KillableStage> {
  const database = await aDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'baton-killable-'))
  const config = await writeWidgetConfig(folder, chat)
  const hub = await aHubProcess({
    name: 'hub',
    config,
    folder,
    command: 'sandbox',
    env: { DATABASE_URL: database.url },
  })
  await hub.start()
  const { leave, ...visits } = await openVisits({ url: hub.url, token: tokenOfHubs })
  return {
    ...visits,
    hub,
    async close() {
      await leave()
      await hub.kill()
      await database.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
