/** Which hubs live: each holds a session lock on its own number; when the session ends, its leases are free at once. */
import pg from 'pg'

/** Any number that only we use, so that a hub's lock meets no other application's. */
export const LOCK_CLASS = 0x6261

export interface Presence {
  /** This hub's incarnation: grows with every start. */
  readonly hub: number
  leave(): Promise<void>
}

/** Registers this process. `onLost` is called when the session ended by itself: leases taken before may be taken over. */
export async function enter(url: string, pool: pg.Pool, host: string, onLost: () => void): Promise<Presence> {
  const { rows } = await pool.query<{ id: number }>('INSERT INTO hubs (host, pid) VALUES ($1, $2) RETURNING id', [
    host,
    process.pid,
  ])
  const hub = rows[0]!.id
  let isLeaving = false
  let client = await hold(url, hub)
  const rejoin = async () => {
    if (isLeaving) return
    onLost()
    while (!isLeaving) {
      try {
        client = await hold(url, hub)
        client.once('end', rejoin)
        return
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 500))
      }
    }
  }
  client.once('end', rejoin)
  return {
    hub,
    async leave() {
      isLeaving = true
      await client.end().catch(() => {})
    },
  }
}

/** A network that swallows everything must not hold up the next try, nor pass for a session that lives. */
const patienceMs = 10_000

async function hold(url: string, hub: number): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'baton presence',
    keepAlive: true,
    connectionTimeoutMillis: patienceMs,
    query_timeout: patienceMs,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('SELECT pg_advisory_lock($1, $2)', [LOCK_CLASS, hub])
    // Another hub may have missed this one in between.
    await client.query('UPDATE hubs SET gone_at = NULL WHERE id = $1 AND gone_at IS NOT NULL', [hub])
  } catch (error) {
    drop(client)
    throw error
  }
  const beat = setInterval(() => client.query('SELECT 1').catch(() => drop(client)), patienceMs)
  beat.unref()
  client.once('end', () => clearInterval(beat))
  return client
}

/** Without asking the other side, which may be silent. */
function drop(client: pg.Client): void {
  ;(client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
}
