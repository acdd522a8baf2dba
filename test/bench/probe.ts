/** Preloaded into each measured process: it tells its own figures to whoever started it, and writes a profile of a stretch of time. */
import { writeFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import { isMainThread } from 'node:worker_threads'

export interface Figures {
  /** Of all threads, user and system, since the process began. */
  readonly cpuUs: number
  readonly rssBytes: number
}

export type Question = { readonly ask: 'figures' } | { readonly ask: 'profile' } | { readonly ask: 'profiled'; readonly file: string }

let session: Session | undefined

async function answer(question: Question): Promise<Figures | object> {
  if (question.ask === 'figures') {
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

if (isMainThread && process.send) {
  process.on('message', (question: Question) => void answer(question).then((figures) => process.send?.(figures)))
  // The channel alone keeps no process alive.
  process.channel?.unref()
}
