/** Which hubs live: each holds a session lock on its own number; when the session ends, its leases are free at once. */
import pg from 'pg'

/** Any number that only we use, so that a hub's lock meets no other application's. */
const LOCK_CLASS = 0x6261

export interface Presence {
  /** This hub's incarnation: grows with every start. */
  readonly hub: number
  /** Frees what dead hubs held. */
  bury(): Promise<number>
  /** Hubs alive on this record, this one included. */
  living(): Promise<number>
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
    bury: () => bury(pool),
    async living() {
      const { rows } = await pool.query<{ count: number }>({ name: 'living', text: living, values: [LOCK_CLASS] })
      return rows[0]!.count
    },
    async leave() {
      isLeaving = true
      await client.end().catch(() => {})
    },
  }
}

async function hold(url: string, hub: number): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'baton presence', keepAlive: true })
  client.on('error', () => {})
  await client.connect()
  await client.query('SELECT pg_advisory_lock($1, $2)', [LOCK_CLASS, hub])
  return client
}

const locks = `SELECT objid::integer AS hub FROM pg_locks
  WHERE locktype = 'advisory' AND classid = $1 AND objsubid = 2 AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`
const living = `SELECT count(*)::integer AS count FROM (${locks}) x`

async function bury(pool: pg.Pool): Promise<number> {
  const { rowCount } = await pool.query({
    name: 'bury',
    text: `UPDATE lanes SET token = NULL, hub = NULL, leased_until = NULL, due = now()
           WHERE token IS NOT NULL AND hub NOT IN (${locks})`,
    values: [LOCK_CLASS],
  })
  return rowCount ?? 0
}
