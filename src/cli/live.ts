/** `baton check --live`: are the credentials right? Opens every vendor's connection and makes a harmless call with it. */
import { pino } from 'pino'
import { systemClock } from '../clock.ts'
import type { Config, ConnectionConfig } from '../config.ts'
import type { Host, Memory } from '../connector.ts'
import { asHubError } from '../errors.ts'
import { createVendorClient } from '../vendor-client.ts'

export interface Trial {
  readonly connection: string
  readonly use: string
  readonly fate: 'fine' | 'failed' | 'not tried'
  /** Who we are there, what is wrong, or why it was not tried. For an operator. */
  readonly said: string
}

/** One after the other, told as they come. Nothing is received and nothing is kept. */
export async function tryLive(config: Config, tell: (trial: Trial) => void): Promise<Trial[]> {
  const trials: Trial[] = []
  for (const connection of config.connections) {
    const trial = { connection: connection.name, use: connection.use, ...(await tryOne(connection)) }
    trials.push(trial)
    tell(trial)
  }
  return trials
}

async function tryOne({ name, connector, settings }: ConnectionConfig): Promise<Pick<Trial, 'fate' | 'said'>> {
  if (connector.migrations) return { fate: 'not tried', said: 'lives in this hub, needs no credentials' }
  const ending = new AbortController()
  try {
    const connection = await connector.open(settings as never, passingHost(name, ending.signal))
    try {
      if (!connection.check) return { fate: 'not tried', said: 'has no harmless call to try' }
      return { fate: 'fine', said: await connection.check() }
    } finally {
      await connection.close?.()
    }
  } catch (error) {
    const { code, message } = asHubError(error)
    return { fate: 'failed', said: `${message} [${code}]` }
  } finally {
    ending.abort()
  }
}

/** A host for one call: it has no record, and forgets what it is asked to remember. */
function passingHost(name: string, signal: AbortSignal): Host {
  const log = pino({ level: 'silent' })
  const nowhere = () => {
    throw new Error('there is no hub during a check')
  }
  const none = new Proxy({}, { get: nowhere })
  return {
    name,
    receive: async () => nowhere(),
    http: createVendorClient({ name, log, signal }),
    clock: systemClock,
    memory: passingMemory(),
    log,
    signal,
    record: none as Host['record'],
    signals: {
      publish() {},
      subscribe: () => () => {},
      customerTyping() {},
      agentTyping() {},
      agentSaw() {},
      customerRead() {},
    },
    database: none as Host['database'],
    url: `http://127.0.0.1/hooks/${name}`,
  }
}

function passingMemory(): Memory {
  const kept = new Map<string, unknown>()
  return {
    get: async <T>(key: string) => kept.get(key) as T | undefined,
    set: async (key, value) => void kept.set(key, value),
    delete: async (key) => void kept.delete(key),
  }
}
