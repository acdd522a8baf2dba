/** Opens what the configuration names, polls what cannot be pushed, closes it all. */
import type { Config } from './config.ts'
import type { Connection } from './connector.ts'
import { HubError } from './errors.ts'
import { createHost, type HostParts } from './host.ts'
import { migrate } from './postgres/migrate.ts'

export interface OpenConnections {
  close(): Promise<void>
  /** Begins to poll; called once the hub carries out effects. */
  start(): void
}

/** Throws what keeps one of them from opening; those opened before are closed then. */
export async function openConnections(config: Config, parts: HostParts): Promise<OpenConnections> {
  const { hub, log } = parts
  const polls: (() => NodeJS.Timeout)[] = []
  const timers: NodeJS.Timeout[] = []
  const close = async () => {
    for (const timer of timers) clearInterval(timer)
    for (const [name, connection] of hub.connections) {
      await connection
        .close?.()
        .catch((error: unknown) => log.warn({ err: error, connection: name }, 'could not be closed'))
    }
  }
  try {
    for (const { name, connector, settings } of config.connections) {
      await migrate(hub.pool, connector.name, connector.migrations ?? {}, log)
      const connection = await open(name, () => connector.open(settings as never, createHost(name, parts)))
      hub.connections.set(name, connection)
      if (connection.poll) polls.push(() => startPolling(name, connection.poll!, parts))
    }
  } catch (error) {
    await close()
    throw error
  }
  return {
    start() {
      for (const begin of polls) timers.push(begin())
    },
    close,
  }
}

async function open(name: string, opening: () => Promise<Connection>): Promise<Connection> {
  try {
    return await opening()
  } catch (error) {
    if (error instanceof HubError)
      throw new HubError(error.code, `connections.${name}: ${error.message}`, { cause: error })
    throw error
  }
}

/** One hub at a time: with several alive, whoever claims the turn first polls. */
function startPolling(
  name: string,
  poll: NonNullable<Connection['poll']>,
  { hub, log, signal }: HostParts,
): NodeJS.Timeout {
  let isPolling = false
  const turn = async () => {
    if (isPolling || signal.aborted) return
    isPolling = true
    try {
      if (hub.isAlone || (await claimTurn(hub.pool, name, poll.everyMs))) await poll.run()
    } catch (error) {
      if (!signal.aborted)
        log.warn({ connection: name, error: (error as Error).message }, 'polling failed; it is tried again')
    } finally {
      isPolling = false
    }
  }
  void turn()
  return setInterval(() => void turn(), poll.everyMs)
}

async function claimTurn(pool: HostParts['hub']['pool'], name: string, everyMs: number): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'claim-turn',
    text: `INSERT INTO memory (connection, key, value, expires_at) VALUES ($1, 'polled', 'true', now() + $2::integer * interval '1 millisecond')
           ON CONFLICT (connection, key) DO UPDATE SET expires_at = excluded.expires_at WHERE memory.expires_at <= now()`,
    values: [name, Math.max(1, Math.round(everyMs * 0.9))],
  })
  return rowCount === 1
}
