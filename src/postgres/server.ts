/** One PostgreSQL server process: made, started, found again, stopped. It knows nothing of the hub. */
import { execFile, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { chown, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { HubError } from '../errors.ts'
import { type Binaries, program } from './binaries.ts'
import { unusable } from './home.ts'
import { commandOf, isAlive, isZombie } from './process.ts'
import { lastLines } from './server-log.ts'
import type { ServerUser } from './server-user.ts'

export interface Place {
  readonly binaries: Binaries
  /** Holds `postgres/` (the data) and `postgres.log`. */
  readonly home: string
  /** Who runs the server; undefined: the hub's own user. */
  readonly user: ServerUser | undefined
}

export interface Server {
  readonly pid: number
  readonly port: number
  /** Resolves when the process has ended, for whatever reason. */
  readonly died: Promise<void>
}

export const OWNER = 'baton'

export const dataOf = (home: string): string => join(home, 'postgres')

/** Makes a new cluster, whole or not at all: what an interrupted start left behind is thrown away. */
export async function initialise(place: Place, password: string): Promise<void> {
  const draft = `${dataOf(place.home)}.draft`
  const passwordFile = join(place.home, 'postgres.initial')
  await rm(draft, { recursive: true, force: true })
  try {
    await mkdir(draft, { mode: 0o700 })
    await writeFile(passwordFile, password, { mode: 0o600 })
    for (const path of place.user ? [draft, passwordFile] : []) await chown(path, place.user!.uid, place.user!.gid)
    await run(program(place.binaries, 'initdb'), [`--pgdata=${draft}`, `--pwfile=${passwordFile}`, ...initdbOptions], {
      ...place.user,
      env: environment(),
      cwd: '/',
    })
    await rename(draft, dataOf(place.home))
  } catch (cause) {
    await rm(draft, { recursive: true, force: true }).catch(() => {})
    throw initialiseError(place, cause)
  } finally {
    await rm(passwordFile, { force: true })
  }
}

/** Starts the server and waits until it takes connections, however long its recovery from a crash lasts. */
export async function startServer(place: Place, port: number): Promise<Server> {
  await disownPidFile(place.home)
  const log = await open(join(place.home, 'postgres.log'), 'a', 0o600)
  const options = {
    ...place.user,
    env: environment(),
    cwd: '/',
    // A group of its own: neither Ctrl-C nor the death of the hub reaches it. Its log is a file for the same reason.
    detached: true,
    windowsHide: true,
    stdio: ['ignore', log.fd, log.fd] as ['ignore', number, number],
  }
  const child = spawn(program(place.binaries, 'postgres'), ['-D', dataOf(place.home), ...settings(port)], options)
  child.unref()
  const died = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  await log.close()
  await untilReady(place.home, child.pid, died)
  return { pid: child.pid!, port, died }
}

/** The server that an earlier hub left running on these data, as soon as it takes connections; undefined when there is none. */
export async function findServer(home: string): Promise<Server | undefined> {
  for (;;) {
    const found = await readPidFile(home)
    if (!found || !(await isServer(home, found.pid))) return undefined
    if (found.state === 'ready') return { pid: found.pid, port: found.port, died: untilGone(home, found.pid) }
    await sleep(20)
  }
}

/** Ends the sessions and stops; data are safe either way, the harder way only makes the next start recover. */
export async function stopServer(place: Place, server: Server): Promise<void> {
  if (process.platform === 'win32') {
    await run(program(place.binaries, 'pg_ctl'), ['stop', '-m', 'fast', '-w', '-D', dataOf(place.home)], {
      env: environment(),
    })
    return
  }
  for (const [signal, patienceMs] of [
    ['SIGINT', 30_000],
    ['SIGQUIT', 10_000],
    ['SIGKILL', 5_000],
  ] as const) {
    if (!(await isServer(place.home, server.pid))) return
    process.kill(server.pid, signal)
    const patience = new AbortController()
    await Promise.race([server.died, sleep(patienceMs, undefined, { signal: patience.signal }).catch(() => {})])
    patience.abort()
  }
}

/**
 * A port of this machine that is free at this moment. Below those that Linux gives to outgoing connections (from 32,768
 * on, others higher): whoever starts again on the same port would find it taken by one of them now and then.
 */
export async function freePort(tries = 50): Promise<number> {
  const port = randomInt(10_000, 32_768)
  const server = createServer()
  try {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
  } catch (error) {
    if (tries <= 1) throw error
    return freePort(tries - 1)
  }
  await new Promise((resolve) => server.close(resolve))
  return port
}

const run = promisify(execFile)

/** On Linux one call syncs all that was written, where another way needs one for each of a thousand files. */
const syncMethod = process.platform === 'linux' ? 'syncfs' : 'fsync'

/** The locale is PostgreSQL's own, so that an update of the system cannot change how text is sorted under an index. */
const initdbOptions = [
  `--username=${OWNER}`,
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--auth=scram-sha-256',
  '--no-instructions',
  `--sync-method=${syncMethod}`,
]

function settings(port: number): string[] {
  const values = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    shared_buffers: '128MB',
    max_connections: '200',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    wal_compression: 'on',
    recovery_init_sync_method: syncMethod,
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Short statements on few rows: these two only cost, and the first needs more of /dev/shm than containers give.
    max_parallel_workers_per_gather: '0',
    jit: 'off',
    // A failed statement's text and values may be a customer's. The hub knows of its errors anyway, so the server
    // writes down only what concerns itself: LOG, FATAL and PANIC, without the details.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
  }
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/** Nothing of the hub's own environment, which holds secrets. */
function environment(): NodeJS.ProcessEnv {
  const names = ['PATH', 'SystemRoot', 'TEMP', 'TMP']
  const kept = names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))
  return { ...Object.fromEntries(kept), LC_ALL: 'C', TZ: 'UTC' }
}

interface PidFile {
  pid: number
  port: number
  state: string
}

/** What a running server says of itself in its data folder; see "pidfile.h" of PostgreSQL for the lines. */
async function readPidFile(home: string): Promise<PidFile | undefined> {
  const text = await readFile(join(dataOf(home), 'postmaster.pid'), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const lines = text.split('\n')
  return { pid: Number(lines[0]), port: Number(lines[3]), state: lines[7]?.trim() ?? '' }
}

/** Its command line names the data, so that neither another program nor another server is taken for it. */
async function isServer(home: string, pid: number): Promise<boolean> {
  if (!(pid > 0) || !isAlive(pid) || (await isZombie(pid))) return false
  return process.platform === 'win32' || (await commandOf(pid)).includes(` -D ${dataOf(home)} `)
}

/**
 * After a crash the file may name a number that another program has by now, and PostgreSQL would refuse to start. Naming
 * ourselves, its parent, makes it go on, and it still looks whether an old session uses its memory: deleting the file
 * would switch that check off.
 */
async function disownPidFile(home: string): Promise<void> {
  const file = join(dataOf(home), 'postmaster.pid')
  const found = await readPidFile(home)
  if (!found || (await isServer(home, found.pid))) return
  const [, ...rest] = (await readFile(file, 'utf8')).split('\n')
  await writeFile(file, [process.pid, ...rest].join('\n'))
}

async function untilReady(home: string, pid: number | undefined, died: Promise<void>): Promise<void> {
  let dead = pid === undefined
  void died.then(() => {
    dead = true
  })
  while (!dead) {
    const found = await readPidFile(home)
    if (found?.pid === pid && found?.state === 'ready') return
    await sleep(10)
  }
  const said = await lastLines(join(home, 'postgres.log'))
  throw new HubError('unreachable', `PostgreSQL could not start on ${dataOf(home)}: ${said}`)
}

/** For a server that is not our child: the system tells only when asked. */
async function untilGone(home: string, pid: number): Promise<void> {
  while (await isServer(home, pid)) await sleep(100, undefined, { ref: false })
}

function initialiseError(place: Place, cause: unknown): HubError {
  if (cause instanceof HubError) return cause
  const { code, stderr = '' } = cause as { code?: unknown; stderr?: string }
  if (typeof code === 'string' && code !== 'ENOENT') return unusable(place.home, cause)
  if (/No space left|free disk space|disk quota/i.test(stderr)) return unusable(place.home, { code: 'ENOSPC' })
  const lines = stderr.trim().split('\n')
  const said = lines.find((line) => /FATAL|error|could not/i.test(line)) || lines.at(-1) || (cause as Error).message
  return new HubError(
    'refused',
    `PostgreSQL could not make its data folder ${dataOf(place.home)}: ${said}. ` +
      'If its programs cannot run here, set DATABASE_URL to a PostgreSQL of your own.',
    { cause },
  )
}
