/** A measured process: started, asked for its figures, stopped. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Figures, Question } from './probe.ts'
import { now, sleep } from './world/clock.ts'

export interface Child {
  readonly pid: number
  /** Until it took requests. */
  readonly startMs: number
  readonly url: URL
  figures(): Promise<Figures>
  ask(question: Question): Promise<unknown>
  stop(): Promise<void>
  kill(): Promise<void>
}

export interface ChildOptions {
  readonly script: string
  readonly args?: readonly string[]
  readonly env: Record<string, string>
  readonly port: number
  /** Gets its log. */
  readonly folder: string
}

const probe = fileURLToPath(new URL('./probe.ts', import.meta.url))

/** Resolves when it answers on its port. Throws with the end of its log when it ends before. */
export async function startChild({ script, args = [], env, port, folder }: ChildOptions): Promise<Child> {
  const log = join(folder, `${port}.log`)
  const out = openSync(log, 'a')
  const began = now()
  const child = spawn(process.execPath, ['--import', probe, script, ...args], {
    env: { ...inherited(), NODE_ENV: 'production', ...env },
    stdio: ['ignore', out, out, 'ipc'],
  })
  closeSync(out)
  const url = new URL(`http://127.0.0.1:${port}`)
  try {
    await untilReady(child, url, log)
  } catch (error) {
    await stop(child)
    throw error
  }
  const startMs = now() - began
  const ask = (question: Question) => askChild(child, question)
  return {
    pid: child.pid!,
    startMs,
    url,
    ask,
    figures: () => ask({ ask: 'figures' }) as Promise<Figures>,
    stop: () => stop(child),
    kill: () => kill(child),
  }
}

/** Not the settings of a hub that happens to run from this shell. */
function inherited(): NodeJS.ProcessEnv {
  const names = Object.keys(process.env).filter(
    (name) => !/^(BATON_|DATABASE_URL$|REDIS_URL$|VITEST|NODE_OPTIONS$)/.test(name),
  )
  return Object.fromEntries(names.map((name) => [name, process.env[name]]))
}

async function untilReady(child: ChildProcess, url: URL, log: string): Promise<void> {
  const end = now() + 180_000
  while (now() < end) {
    if (child.exitCode !== null)
      throw new Error(`It ended with ${child.exitCode}:\n${readFileSync(log, 'utf8').slice(-2_000)}`)
    if (await answers(new URL('/readyz', url))) return
    await sleep(5)
  }
  throw new Error(`It was not ready after three minutes:\n${readFileSync(log, 'utf8').slice(-2_000)}`)
}

async function answers(url: URL): Promise<boolean> {
  try {
    const answer = await fetch(url)
    await answer.arrayBuffer()
    return answer.ok
  } catch {
    return false
  }
}

/** One question at a time. */
function askChild(child: ChildProcess, question: Question): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error(`The process ended while it was asked for ${question.ask}`))
    child.once('exit', gone)
    child.once('message', (answer) => {
      child.off('exit', gone)
      resolve(answer)
    })
    child.send(question)
  })
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const patience = setTimeout(() => child.kill('SIGKILL'), 15_000)
  await gone
  clearTimeout(patience)
}
