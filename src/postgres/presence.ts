/**
 * Which hubs live: each holds a session lock on its own number. A session can end while its hub lives (the record was
 * restarted, the network was cut), with calls under way. So leases of a hub that is missed are free at once where its process
 * is seen to be gone, and elsewhere only when its last call is over; and a hub without a session makes no more calls.
 */
import { readlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import pg from 'pg'
import { isAlive } from './process.ts'

/** Any number that only we use, so that a hub's lock meets no other application's. */
export const LOCK_CLASS = 0x6261

export interface Presence {
  /** This hub's incarnation: grows with every start. */
  readonly hub: number
  /** Which of its sessions this is; undefined while it has none: others may take over then. */
  readonly session: number | undefined
  leave(): Promise<void>
}

export interface PresenceEvents {
  /** The session ended by itself. */
  lost(): void
  /** There is one again. */
  back(): void
}

/** Longer than any call to a vendor lasts: then what a hub had under way when it was missed is over. */
export const missedMs = 12_000

/** A hub that is missed. */
export interface Missed {
  readonly id: number
  readonly host: string
  readonly pid: number
}

/** Whether its process has surely ended: only told of our own machine (and container). */
export const isGone = async ({ host, pid }: Missed): Promise<boolean> => host === (await machine()) && !isAlive(pid)

/** Where process numbers mean the same. */
const machine = async (): Promise<string> =>
  [hostname(), await readlink('/proc/self/ns/pid').catch(() => '')].filter(Boolean).join(' ')

/** Registers this process. */
export async function enter(url: string, pool: pg.Pool, told: PresenceEvents): Promise<Presence> {
  const { rows } = await pool.query<{ id: number }>('INSERT INTO hubs (host, pid) VALUES ($1, $2) RETURNING id', [
    await machine(),
    process.pid,
  ])
  const hub = rows[0]!.id
  let isLeaving = false
  let sessions = 1
  let session: number | undefined = sessions
  let client = await hold(url, hub)
  const rejoin = async () => {
    session = undefined
    if (isLeaving) return
    told.lost()
    while (!isLeaving) {
      try {
        client = await hold(url, hub)
        client.once('end', rejoin)
        session = ++sessions
        told.back()
        return
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 500))
      }
    }
  }
  client.once('end', rejoin)
  return {
    hub,
    get session() {
      return session
    },
    async leave() {
      isLeaving = true
      const isHere = session !== undefined
      session = undefined
      // Nobody waits for a hub that goes by itself: it makes no call from here on. One that is cut off cannot tell.
      const goes = `UPDATE hubs SET gone_at = now() - $2::integer * interval '1 millisecond' WHERE id = $1`
      if (isHere) await client.query(goes, [hub, missedMs]).catch(() => {})
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
