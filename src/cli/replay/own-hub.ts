/** A hub for one replay: its own port, its own throw-away data. */
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger, startApp } from '../../app.ts'
import type { Config } from '../../config.ts'
import { SYSTEM_FOLDER } from '../../postgres/home.ts'
import { freePort } from '../../postgres/server.ts'

export interface OwnHub {
  readonly url: string
  /** Stops it and deletes its data. */
  stop(): Promise<void>
}

/** Of the environment only the queue's engine, log level and secrets are used: never the database or address of another hub. */
export async function startOwnHub(config: Config, env: NodeJS.ProcessEnv): Promise<OwnHub> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-replay-'))
  const remove = async () => {
    for (const each of [await movedTo(folder), folder]) if (each) await rm(each, { recursive: true, force: true })
  }
  try {
    // The system user of PostgreSQL must be able to enter it.
    await chmod(folder, 0o755)
    const { DATABASE_URL: _, BATON_HOST: _host, BATON_URL: _url, BATON_TOKEN: _token, ...rest } = env
    const own = { BATON_LOG: 'warn', ...rest, BATON_DATA_DIR: folder, BATON_PORT: String(await freePort()) }
    const app = await startApp(config, { env: own, log: createLogger(own) })
    return {
      url: app.url,
      async stop() {
        await app.stop()
        await remove()
      },
    }
  } catch (error) {
    await remove()
    throw error
  }
}

/** Where the data went because PostgreSQL's user cannot enter even this folder. */
async function movedTo(folder: string): Promise<string | undefined> {
  const pointed = await readFile(join(folder, 'postgres-is-at'), 'utf8').catch(() => '')
  return pointed.startsWith(SYSTEM_FOLDER) ? pointed.trim() : undefined
}
