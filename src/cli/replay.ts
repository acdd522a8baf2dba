/** `baton replay`: plays recorded conversations through a hub from outside, as customer and as agent, and keeps the ledger. */
import { loadConfig } from '../config.ts'
import { HubError } from '../errors.ts'
import { type Agents, openAgents } from './replay/agents.ts'
import { type Contact, openContact, type Pace, usualPace } from './replay/contact.ts'
import { type Account, addUp, isBalanced, keepLedger } from './replay/ledger.ts'
import { startOwnHub } from './replay/own-hub.ts'
import { play } from './replay/play.ts'
import { type Recording, readRecordings } from './replay/recordings.ts'
import { showJson, showTable } from './replay/report.ts'
import { findRoute, narrow, type Route } from './replay/route.ts'

export interface ReplayOptions {
  /** One JSON object a line instead of a table. */
  readonly json: boolean
  /** Of a hub that runs elsewhere with this configuration; it may be killed and started again meanwhile. Default: a hub of our own. */
  readonly url?: string
  readonly config: string
  /** Turns a second in each conversation, at most. Default: as fast as they arrive. */
  readonly speed?: number
  /** Conversations at a time. Default 3. */
  readonly parallel?: number
  readonly env: NodeJS.ProcessEnv
  /** The ledger. */
  readonly write: (line: string) => void
  /** Progress, for people. */
  readonly tell: (line: string) => void
  readonly pace?: Partial<Pace>
  /** Aborts the replay; what it started is stopped. */
  readonly signal?: AbortSignal
}

/** Exit code: 0 when the ledger balances, else 1. Throws HubError for a wrong file, a wrong configuration and a lost hub. */
export async function replay(file: string, options: ReplayOptions): Promise<number> {
  const config = await loadConfig(options.config, options.env)
  const route = findRoute(config)
  const recordings = await readRecordings(file, route.limits)
  const stopping = whenInterrupted(options.signal)
  try {
    const own = options.url === undefined ? await startOwnHub(narrow(config, route), options.env) : undefined
    try {
      stopping.signal.throwIfAborted()
      const contact = openContact(options.url ?? own!.url, { ...usualPace, ...options.pace }, options.tell)
      stopping.signal.addEventListener('abort', () => contact.fail(stopping.signal.reason), { once: true })
      return await playAll(recordings, route, contact, options)
    } finally {
      await own?.stop()
    }
  } finally {
    stopping.forget()
  }
}

/** Ctrl-C must not leave a hub behind that nobody knows of. */
function whenInterrupted(outer: AbortSignal | undefined): { signal: AbortSignal; forget(): void } {
  const inner = new AbortController()
  const stop = () => inner.abort(new HubError('conflict', 'The replay was stopped before its end.'))
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const name of signals) process.once(name, stop)
  outer?.addEventListener('abort', stop, { once: true })
  return {
    signal: inner.signal,
    forget() {
      for (const name of signals) process.off(name, stop)
      outer?.removeEventListener('abort', stop)
    },
  }
}

async function playAll(
  recordings: readonly Recording[],
  route: Route,
  contact: Contact,
  options: ReplayOptions,
): Promise<number> {
  const startedAt = performance.now()
  let agents: Agents | undefined
  try {
    agents = await openAgents(contact, route.desk)
    const stage = { contact, agents, route, speed: options.speed, tell: options.tell, inTurn: oneByOne() }
    const accounts: Account[] = []
    const waiting = [...recordings.entries()]
    const worker = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        accounts[next[0]] = keepLedger(await play(next[1], stage))
      }
    }
    await Promise.all(Array.from({ length: options.parallel ?? 3 }, worker))
    const total = addUp(accounts, Math.round((performance.now() - startedAt) / 10) / 100)
    for (const line of (options.json ? showJson : showTable)(accounts, total)) options.write(line)
    await agents.close()
    return isBalanced(total) ? 0 : 1
  } catch (error) {
    contact.fail(error)
    await agents?.close()
    // Who waited at that moment only says that it was over; the reason is the first one given.
    throw contact.signal.reason
  } finally {
    contact.fail(new HubError('conflict', 'The replay is over'))
  }
}

function oneByOne(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const mine = last.then(work)
    last = mine.catch(() => {})
    return mine
  }
}
