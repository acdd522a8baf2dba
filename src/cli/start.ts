/** `baton start` and `baton sandbox`: runs a hub until it is told to stop. */
import { Session } from 'node:inspector/promises'
import { startApp } from '../app.ts'
import { loadConfig } from '../config.ts'

export interface StartOptions {
  readonly env: NodeJS.ProcessEnv
  readonly isSandbox: boolean
  readonly write: (line: string) => void
}

/** Resolves to the exit code when the hub has stopped. Throws what keeps it from starting. */
export async function start(file: string, { env, isSandbox, write }: StartOptions): Promise<number> {
  const config = await loadConfig(file, env)
  const app = await startApp(config, { env: isSandbox ? { BATON_LOG: 'warn', ...env } : env, isSandbox })
  await giveBackStartUpMemory()
  if (isSandbox) for (const line of welcome(app.url, file)) write(line)
  const signal = await new Promise<string>((resolve) => {
    process.once('SIGINT', () => resolve('SIGINT'))
    process.once('SIGTERM', () => resolve('SIGTERM'))
  })
  if (isSandbox) write(`\n${signal}: finishing what is in hand`)
  await app.stop()
  return 0
}

/** Compiling schemas and phrases leaves garbage that a quiet hub would keep for hours. */
async function giveBackStartUpMemory(): Promise<void> {
  const session = new Session()
  session.connect()
  await session.post('HeapProfiler.collectGarbage')
  session.disconnect()
}

const welcome = (url: string, file: string): string[] => [
  '',
  `  Baton is running with ${file}`,
  '',
  `  The shop, with the chat     ${url}/demo`,
  `  The agent's inbox           ${url}/inbox`,
  '',
  '  Open both side by side. Sign in as Ana in the inbox; in the shop ask about delivery, then ask for a person.',
  '  Stop with Ctrl+C.',
  '',
]
