/** Preloaded into each measured process: it tells its own figures to whoever started it, and writes a profile of a stretch of time. */
import { writeFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { isMainThread } from 'node:worker_threads'

export interface Figures {
  /** Of all threads, user and system, since the process began. */
  readonly cpuUs: number
  readonly rssBytes: number
}

export type Question =
  | { readonly ask: 'figures' }
  /** Collects garbage first: of memory that grew this is the honest part. */
  | { readonly ask: 'collect' }
  | { readonly ask: 'profile' }
  | { readonly ask: 'profiled'; readonly file: string }

let session: Session | undefined

async function answer(question: Question): Promise<Figures | object> {
  if (question.ask === 'collect') collect()
  if (question.ask === 'figures' || question.ask === 'collect') {
    const { user, system } = process.cpuUsage()
    return { cpuUs: user + system, rssBytes: process.memoryUsage.rss() } satisfies Figures
  }
  if (question.ask === 'profile') {
    session = new Session()
    session.connect()
    await session.post('Profiler.enable')
    await session.post('Profiler.setSamplingInterval', { interval: 500 })
    await session.post('Profiler.start')
    return {}
  }
  const { profile } = await session!.post('Profiler.stop')
  session!.disconnect()
  writeFileSync(question.file, JSON.stringify(profile))
  return {}
}

function collect(): void {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  gc()
  gc()
}

if (isMainThread && process.send) {
  process.on('message', (question: Question) => void answer(question).then((figures) => process.send?.(figures)))
  // The channel alone keeps no process alive.
  process.channel?.unref()
}
