/**
 * The PostgreSQL that the hub brings along: a real server, a process of its own under the data folder.
 *
 * It outlives a hub that was killed: the next one on the same folder adopts it, or starts it again when it died too. It
 * listens on 127.0.0.1 only, with a random password kept in a file that the hub's user alone can read. A port rather than
 * a socket file: every client takes it in a URL, on every system, and no path can be too long.
 */
import { randomBytes } from 'node:crypto'
import { access, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Logger } from 'pino'
import { HubError } from '../errors.ts'
import { findBinaries, majorOf } from './binaries.ts'
import { type FolderLock, lockFolder } from './folder-lock.ts'
import { homeOf, makeDataFolder, ownerOf, SYSTEM_FOLDER, settle, unusable } from './home.ts'
import {
  dataOf,
  findServer,
  freePort,
  initialise,
  OWNER,
  type Place,
  type Server,
  startServer,
  stopServer,
} from './server.ts'
import { boundLog } from './server-log.ts'
import { serverUser } from './server-user.ts'

export interface Embedded {
  /** Stays the same while this hub lives, also when the server had to be restarted. */
  readonly url: string
  /** True when the server was already running, left by a hub that was killed. */
  readonly adopted: boolean
  /** Of the server process that runs now. */
  pid(): number
  /** Stops the server, adopted or not, and gives the folder free. */
  stop(): Promise<void>
}

export interface EmbeddedOptions {
  readonly dataDir: string
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
  /** The server died; it is being restarted, and until `onUp` queries fail (`isDatabaseAway`). */
  readonly onDown?: () => void
  readonly onUp?: () => void
}

/** Throws a HubError that says what to do: folder in use, of another version, full, read-only; no programs for this platform. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const folder = await makeDataFolder(options.dataDir)
  const lock = await lockFolder(folder).catch((cause) => {
    throw cause instanceof HubError ? cause : unusable(folder, cause)
  })
  try {
    return await startLocked(folder, lock, options)
  } catch (error) {
    await lock.release()
    throw error
  }
}

const DATABASE = 'baton'

async function startLocked(folder: string, lock: FolderLock, options: EmbeddedOptions): Promise<Embedded> {
  const place = await placeOf(folder, options)
  const password = await passwordOf(place)
  const found = await findServer(place.home)
  const server = found ?? (await startAnywhere(place))
  options.log.info(
    { pid: server.pid, port: server.port, data: dataOf(place.home), adopted: found !== undefined },
    'PostgreSQL runs',
  )
  try {
    await createDatabase(urlOf(server.port, password, 'postgres'), place)
  } catch (error) {
    if (!found) await stopServer(place, server)
    throw error
  }
  const keeper = keepUp(place, server, options)
  return {
    url: urlOf(server.port, password, DATABASE),
    adopted: found !== undefined,
    pid: keeper.pid,
    async stop() {
      await keeper.stop()
      await lock.release()
    },
  }
}

/** Finds programs, user and home, and makes the data when there are none. */
async function placeOf(folder: string, options: EmbeddedOptions): Promise<Place> {
  const asRoot = await serverUser()
  const home = await homeOf(folder, await ownerOf(folder, asRoot), options.log)
  const user = await ownerOf(home, asRoot)
  const place = { home, user, binaries: await findBinaries(user, user ? SYSTEM_FOLDER : folder) }
  if (await hasData(home)) await checkVersion(place)
  else await initialise(place, await newPassword(home))
  await settle(folder, home)
  await boundLog(join(home, 'postgres.log'))
  return place
}

const hasData = (home: string): Promise<boolean> =>
  access(dataOf(home)).then(
    () => true,
    () => false,
  )

async function checkVersion(place: Place): Promise<void> {
  const ours = majorOf(place.binaries.version)
  const theirs = await readFile(join(dataOf(place.home), 'PG_VERSION'), 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  )
  if (theirs === ours) return
  if (theirs === undefined) {
    throw new HubError(
      'conflict',
      `${dataOf(place.home)} is not a PostgreSQL data folder. Move it away or name another data folder.`,
    )
  }
  throw new HubError(
    'conflict',
    `The data in ${dataOf(place.home)} are of PostgreSQL ${theirs}, this hub brings PostgreSQL ${ours}. ` +
      `Start the hub's earlier version, dump the database with pg_dump, move the folder away and restore into the new one; ` +
      `or set DATABASE_URL to a PostgreSQL ${theirs} of your own.`,
  )
}

const keyFile = (home: string): string => join(home, 'postgres.key')

async function newPassword(home: string): Promise<string> {
  const password = randomBytes(24).toString('hex')
  const draft = `${keyFile(home)}.draft`
  await writeFile(draft, password, { mode: 0o600 }).catch((cause) => {
    throw unusable(home, cause)
  })
  await rename(draft, keyFile(home))
  return password
}

async function passwordOf(place: Place): Promise<string> {
  return readFile(keyFile(place.home), 'utf8').catch((cause) => {
    throw new HubError(
      'refused',
      `The database's password is missing: ${keyFile(place.home)} belongs to ${dataOf(place.home)}.`,
      { cause },
    )
  })
}

const urlOf = (port: number, password: string, database: string): string =>
  `postgres://${OWNER}:${password}@127.0.0.1:${port}/${database}`

/** Between looking for a free port and using it another program may take it. */
async function startAnywhere(place: Place, tries = 5): Promise<Server> {
  try {
    return await startServer(place, await freePort())
  } catch (error) {
    if (tries <= 1 || !isWorthRetrying(error)) throw error
    await sleep(100)
    return startAnywhere(place, tries - 1)
  }
}

/** The second: sessions of a server that was killed are still about to notice it. */
const isWorthRetrying = (error: unknown): boolean =>
  error instanceof Error && /could not create any TCP\/IP|shared memory block/.test(error.message)

/** Connecting also proves that what answers on the port is the server of these data. */
async function createDatabase(url: string, place: Place): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE])
    if (rows.length === 0) await client.query(`CREATE DATABASE ${DATABASE}`)
  } catch (cause) {
    throw new HubError(
      'unreachable',
      `PostgreSQL runs on ${dataOf(place.home)} but refused the hub: ${(cause as Error).message}`,
      { cause },
    )
  } finally {
    await client.end().catch(() => {})
  }
}

/** Restarts the server whenever it dies, on the same port, until told to stop. */
function keepUp(place: Place, first: Server, options: EmbeddedOptions): { pid(): number; stop(): Promise<void> } {
  let server = first
  const stopping = new AbortController()
  const tidy = setInterval(() => boundLog(join(place.home, 'postgres.log')).catch(() => {}), 60_000)
  tidy.unref()

  const watch = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await Promise.race([server.died, aborted(stopping.signal)])
      if (stopping.signal.aborted) return
      options.log.error({ pid: server.pid }, 'PostgreSQL died; it is being restarted')
      options.onDown?.()
      const next = await restart(place, server.port, stopping.signal, options.log)
      if (!next) return
      server = next
      options.log.info({ pid: server.pid }, 'PostgreSQL runs again')
      options.onUp?.()
    }
  }
  const watching = watch()

  return {
    pid: () => server.pid,
    async stop() {
      clearInterval(tidy)
      stopping.abort()
      await watching
      await stopServer(place, server)
    },
  }
}

/** Tries until it succeeds, a little less often each time; undefined when the hub stops meanwhile. */
async function restart(
  place: Place,
  port: number,
  signal: AbortSignal,
  log: Pick<Logger, 'warn'>,
): Promise<Server | undefined> {
  for (let waitMs = 100; !signal.aborted; waitMs = Math.min(waitMs * 2, 5_000)) {
    try {
      return await startServer(place, port)
    } catch (error) {
      log.warn({ reason: (error as Error).message }, 'PostgreSQL could not be restarted yet')
      await Promise.race([sleep(waitMs), aborted(signal)])
    }
  }
  return undefined
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
