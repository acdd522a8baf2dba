/** `baton start` and `baton sandbox`: runs a hub until it is told to stop. */
import { Session } from 'node:inspector/promises'
import { readAddress } from '../address.ts'
import { startApp } from '../app.ts'
import { loadConfig } from '../config.ts'
import { openSandbox, type Sandbox } from '../sandbox.ts'

export interface StartOptions {
  readonly env: NodeJS.ProcessEnv
  readonly isSandbox: boolean
  readonly write: (line: string) => void
}

/** Resolves to the exit code when the hub has stopped. Throws what keeps it from starting. */
export async function start(file: string, { env, isSandbox, write }: StartOptions): Promise<number> {
  const sandbox = isSandbox ? await openSandbox(file, env, readAddress(env).url) : undefined
  try {
    const config = sandbox?.config ?? (await loadConfig(file, env))
    const own = isSandbox ? { BATON_LOG: 'warn', ...env } : env
    const app = await startApp(config, { env: own, isSandbox, twins: sandbox?.twins })
    await giveBackStartUpMemory()
    const link = await app.firstAdminLink()
    if (sandbox) for (const line of welcome(app.url, file, sandbox, link)) write(line)
    else if (link) for (const line of inviteAdmin(link)) write(line)
    const signal = await new Promise<string>((resolve) => {
      process.once('SIGINT', () => resolve('SIGINT'))
      process.once('SIGTERM', () => resolve('SIGTERM'))
    })
    if (isSandbox) write(`\n${signal}: finishing what is in hand`)
    await app.stop()
    return 0
  } finally {
    await sandbox?.close()
  }
}

/** Compiling schemas and phrases leaves garbage that a quiet hub would keep for hours. */
async function giveBackStartUpMemory(): Promise<void> {
  const session = new Session()
  session.connect()
  await session.post('HeapProfiler.collectGarbage')
  session.disconnect()
}

/** In the terminal and nowhere else: whoever holds it makes the first account. */
const inviteAdmin = (link: string): string[] => [
  'There is no admin yet. This link makes the first one; it works once, for 30 minutes:',
  `  ${link}`,
]

function welcome(url: string, file: string, { config, twins, pretended }: Sandbox, link: string | undefined): string[] {
  const uses = (connector: string) => config.connections.some((one) => one.connector.name === connector)
  const hasStages = uses('webchat') && uses('inbox')
  const places = [
    ...(hasStages ? [['See a handoff in a minute', `${url}/console/setup`]] : []),
    ...(uses('webchat') ? [['The shop, with the chat', `${url}/demo`]] : []),
    ...(uses('inbox') ? [['The agent’s inbox', `${url}/inbox`]] : []),
    ['The console', `${url}/console`],
    ...[...twins].map(([name, twin]) => [`${twin.view().title}, played here`, `${url}/twins/${name}`]),
  ]
  const wide = Math.max(...places.map(([what]) => what!.length))
  return [
    '',
    `  Baton is running with ${file}`,
    '',
    ...places.map(([what, where]) => `  ${what!.padEnd(wide)}     ${where}`),
    '',
    hasStages
      ? '  The first has shop and inbox side by side. As the customer ask about delivery, then ask for a person.'
      : '  Open them side by side. As the customer ask about delivery, then ask for a person.',
    ...(pretended.length > 0 ? [`  Not needed here, so not set: ${pretended.join(', ')}.`] : []),
    ...(link ? [...inviteAdmin(link).map((line) => `  ${line}`), ''] : []),
    '  Stop with Ctrl+C.',
    '',
  ]
}
