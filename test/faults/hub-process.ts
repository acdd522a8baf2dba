/** One hub as a process of its own, as an operator runs it; it can be killed, paused, stopped and started again. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../src/postgres/server.ts'

const root = join(import.meta.dirname, '../..')

export interface HubProcess {
  readonly name: string
  readonly url: string
  /** Resolves when it answers. Throws with its last words when it does not. `env` is for this life only. */
  start(env?: Readonly<Record<string, string>>): Promise<void>
  kill(): Promise<void>
  /** SIGTERM; resolves to the seconds it took to leave. */
  stop(): Promise<number>
  pause(): void
  resume(): void
  readonly isRunning: boolean
  /** How often it ended although nobody asked for it. */
  readonly crashes: number
  lastWords(): Promise<string>
}

export interface HubProcessOptions {
  readonly name: string
  readonly config: string
  /** Its data and its log. */
  readonly folder: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Default `start`. */
  readonly command?: 'start' | 'sandbox'
}

/** For their API. */
export const tokenOfHubs = 'a-token-of-the-suite'
/** Generous: the machine may have other work. */
const startsWithinMs = 180_000

export async function aHubProcess(options: HubProcessOptions): Promise<HubProcess> {
  const { name, config, folder, command = 'start' } = options
  await mkdir(folder, { recursive: true, mode: 0o755 })
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const logFile = join(folder, `${name}.log`)
  let child: ChildProcess | undefined
  let isExpected = false
  let crashes = 0

  const lastWords = async () => {
    const lines = await readFile(logFile, 'utf8').catch(() => '')
    return lines.trimEnd().split('\n').slice(-8).join('\n')
  }
  const end = async (signal: NodeJS.Signals, patienceMs = 60_000) => {
    const ending = child
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return
    isExpected = true
    const ended = once(ending, 'exit')
    ending.kill(signal)
    const patience = new AbortController()
    const late = sleep(patienceMs, 'late', { signal: patience.signal }).catch(() => 'gone')
    if ((await Promise.race([ended, late])) === 'late') {
      crashes++
      ending.kill('SIGKILL')
      await ended
    }
    patience.abort()
  }

  return {
    name,
    url,
    async start(env) {
      isExpected = false
      const log = createWriteStream(logFile, { flags: 'a' })
      await once(log, 'open')
      const own = {
        BATON_PORT: String(port),
        BATON_DATA_DIR: folder,
        BATON_LOG: 'info',
        BATON_TOKEN: tokenOfHubs,
      }
      const started = spawn(process.execPath, ['bin/baton.js', command, config], {
        cwd: root,
        env: { PATH: process.env.PATH, ...own, ...options.env, ...env },
        stdio: ['ignore', log, log],
      })
      child = started
      log.close()
      started.once('exit', () => {
        if (child === started && !isExpected) crashes++
      })
      const until = Date.now() + startsWithinMs
      while (!(await isReady(url))) {
        if (started.exitCode !== null || Date.now() > until)
          throw new Error(`hub ${name} did not start:\n${await lastWords()}`)
        await sleep(50)
      }
    },
    kill: () => end('SIGKILL'),
    async stop() {
      const began = performance.now()
      await end('SIGTERM')
      return (performance.now() - began) / 1000
    },
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    get isRunning() {
      return child !== undefined && child.exitCode === null && child.signalCode === null
    },
    get crashes() {
      return crashes
    },
    lastWords,
  }
}

export const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) }).then(
    async (response) => {
      await response.arrayBuffer()
      return response.ok
    },
    () => false,
  )
