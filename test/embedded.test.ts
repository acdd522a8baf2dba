/** The embedded PostgreSQL as real processes: killed, adopted, recovered, refused. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { placeBinaries } from '../src/postgres/binaries.ts'
import { isDatabaseAway, openDatabase } from '../src/postgres/database.ts'
import { type Embedded, type EmbeddedOptions, startEmbedded } from '../src/postgres/embedded.ts'
import { claim, lockFolder } from '../src/postgres/folder-lock.ts'
import { isAlive, isZombie } from '../src/postgres/process.ts'

const log = pino({ level: 'silent' })
const isRoot = process.getuid?.() === 0
const cleanups: Array<() => Promise<unknown>> = []
let dataDir: string

const run = promisify(execFile)
let made: string

beforeAll(async () => {
  made = await mkdtemp(join(tmpdir(), 'baton-embedded-'))
  await chmod(made, 0o755)
  await (await startEmbedded({ dataDir: made, log })).stop()
})
afterAll(() => rm(made, { recursive: true, force: true }))

beforeEach(async () => {
  dataDir = await aFolder(0o755)
})
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function aFolder(mode: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-embedded-'))
  cleanups.push(() => rm(folder, { recursive: true, force: true }))
  await chmod(folder, mode)
  return folder
}

/** A copy of data that a server made and stopped on: making them anew takes longer than all the rest. */
async function useMadeData(): Promise<void> {
  await run('cp', ['-a', join(made, 'postgres'), join(made, 'postgres.key'), dataDir])
}

async function start(options: Partial<EmbeddedOptions> = {}): Promise<Embedded> {
  const server = await startEmbedded({ dataDir, log, ...options })
  cleanups.push(() => server.stop())
  return server
}

async function query(url: string, statement: string): Promise<unknown[]> {
  const { pool, close } = openDatabase(url, { max: 1 })
  return pool
    .query(statement)
    .then(({ rows }) => rows)
    .finally(close)
}

/** A hub as a process of its own, which holds the folder until it is killed. */
async function hubProcess(env: NodeJS.ProcessEnv = {}): Promise<{ child: ChildProcess; server: number; url: string }> {
  const module = new URL('../src/postgres/embedded.ts', import.meta.url).href
  const script = `
    const { startEmbedded } = await import(${JSON.stringify(module)})
    const log = { info() {}, warn() {}, error() {} }
    const server = await startEmbedded({ dataDir: ${JSON.stringify(dataDir)}, log })
    console.log(JSON.stringify({ server: server.pid(), url: server.url }))
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  cleanups.push(() => kill(child))
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout!.once('data', (data) => resolve(String(data)))
    child.once('exit', (code) => reject(new Error(`the hub ended with ${code}`)))
  })
  const started: { server: number; url: string } = JSON.parse(line)
  cleanups.push(async () => {
    await kill(child)
    await endLeftServer()
  })
  return { child, ...started }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
}

/** The server outlives the hub that was killed, and would go on writing into the folder while it is removed. */
async function endLeftServer(): Promise<void> {
  const file = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number.parseInt(file, 10)
  if (!pid) return
  try {
    process.kill(pid, 'SIGQUIT')
  } catch {
    return
  }
  await untilDead(pid)
}

async function untilDead(pid: number): Promise<void> {
  while (isAlive(pid) && !(await isZombie(pid))) await sleep(20)
}

const failureOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('a server of our own', () => {
  it('makes its data at the first start, keeps them at the next, and stops', async () => {
    await mkdir(join(dataDir, 'postgres.draft'))
    await writeFile(join(dataDir, 'postgres.draft', 'PG_VERSION'), 'left behind by a start that was interrupted')
    const first = await start()
    await query(first.url, "CREATE TABLE kept AS SELECT 'ü' AS letter")
    await first.stop()
    expect(isAlive(first.pid())).toBe(false)
    const second = await start()
    expect(second.adopted).toBe(false)
    expect(await query(second.url, 'SELECT letter, length(letter) AS n FROM kept')).toEqual([{ letter: 'ü', n: 1 }])
  })

  it('is safe: data are synced, a password is needed, and only the owner can read it', async () => {
    await useMadeData()
    const server = await start()
    const settings =
      "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses') ORDER BY name"
    expect(await query(server.url, settings)).toEqual([
      { name: 'fsync', setting: 'on' },
      { name: 'full_page_writes', setting: 'on' },
      { name: 'listen_addresses', setting: '127.0.0.1' },
      { name: 'synchronous_commit', setting: 'on' },
    ])
    const wrong = new URL(server.url)
    wrong.password = 'wrong'
    expect(await failureOf(query(wrong.href, 'SELECT 1'))).toMatchObject({ code: '28P01' })
    expect((await stat(join(dataDir, 'postgres.key'))).mode & 0o777).toBe(0o600)
    expect((await stat(join(dataDir, 'postgres.log'))).mode & 0o777).toBe(0o600)
  })

  it('writes no statement and no value into its log', async () => {
    await useMadeData()
    const server = await start()
    await failureOf(query(server.url, "SELECT 'a customer wrote this'::int"))
    await failureOf(
      query(
        server.url,
        "CREATE TABLE t (a text PRIMARY KEY); INSERT INTO t VALUES ('a customer wrote this'), ('a customer wrote this')",
      ),
    )
    const written = await readFile(join(dataDir, 'postgres.log'), 'utf8')
    expect(written).toContain('ready to accept connections')
    expect(written).not.toContain('a customer wrote this')
  })

  it('is restarted at the same address when it dies, and says so', async () => {
    await useMadeData()
    let up: () => void
    const isUp = new Promise<void>((resolve) => {
      up = resolve
    })
    const news: string[] = []
    const server = await start({
      onDown: () => news.push('down'),
      onUp: () => {
        news.push('up')
        up()
      },
    })
    const { pool, close } = openDatabase(server.url)
    await pool.query('CREATE TABLE kept AS SELECT 1 AS n')
    const before = server.pid()
    const asleep = failureOf(pool.query('SELECT pg_sleep(20)'))
    await sleep(100)
    process.kill(before, 'SIGKILL')
    expect(isDatabaseAway(await asleep)).toBe(true)
    await isUp
    expect(news).toEqual(['down', 'up'])
    expect(server.pid()).not.toBe(before)
    expect((await pool.query('SELECT n FROM kept')).rows).toEqual([{ n: 1 }])
    await close()
  })
})

describe('after kill -9', () => {
  it('of the hub, the next one adopts the server that runs on, and stops it at the end', async () => {
    await useMadeData()
    const killed = await hubProcess({ A_SECRET: 'hunter2' })
    if (process.platform === 'linux')
      expect(await readFile(`/proc/${killed.server}/environ`, 'latin1')).not.toContain('hunter2')
    await query(killed.url, 'CREATE TABLE kept AS SELECT 1 AS n')
    await kill(killed.child)
    expect(await query(killed.url, 'SELECT n FROM kept')).toEqual([{ n: 1 }])
    const next = await start()
    expect(next).toMatchObject({ adopted: true, url: killed.url })
    expect(next.pid()).toBe(killed.server)
    await next.stop()
    expect(isAlive(killed.server) && !(await isZombie(killed.server))).toBe(false)
  })

  it('of hub and server, the next start recovers what was committed', async () => {
    await useMadeData()
    const killed = await hubProcess()
    await query(killed.url, 'CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n')
    await kill(killed.child)
    process.kill(killed.server, 'SIGKILL')
    await untilDead(killed.server)
    const next = await start()
    expect(next.adopted).toBe(false)
    expect(await query(next.url, 'SELECT count(*) AS n FROM kept')).toEqual([{ n: 1000 }])
  })

  it('an adopted server that dies is restarted too', async () => {
    await useMadeData()
    const killed = await hubProcess()
    await kill(killed.child)
    let up: () => void
    const isUp = new Promise<void>((resolve) => {
      up = resolve
    })
    const next = await start({ onUp: () => up() })
    process.kill(killed.server, 'SIGKILL')
    await isUp
    expect(await query(next.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  it.each(['program', 'PostgreSQL'])(
    'a process number that another %s has by now keeps it not from starting',
    async (what) => {
      await useMadeData()
      const other = what === 'program' ? anyProgram() : (await otherServer()).pid()
      const lines = [other, join(dataDir, 'postgres'), 1, 1, '', '127.0.0.1', '', 'ready', '']
      await writeFile(join(dataDir, 'postgres', 'postmaster.pid'), lines.join('\n'))
      const next = await start()
      expect(next.adopted).toBe(false)
      expect(await query(next.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
      await next.stop()
      expect(isAlive(other)).toBe(true)
    },
  )
})

function anyProgram(): number {
  const child = spawn('sleep', ['600'])
  cleanups.push(() => kill(child))
  return child.pid!
}

async function otherServer(): Promise<Embedded> {
  const folder = dataDir
  dataDir = await aFolder(0o755)
  await useMadeData()
  const server = await start()
  dataDir = folder
  return server
}

describe('one hub per folder', () => {
  it('refuses the second, names folder and holder, and leaves the first alone', async () => {
    await useMadeData()
    const first = await hubProcess()
    const refused = await failureOf(startEmbedded({ dataDir, log }))
    expect(refused).toMatchObject({ code: 'conflict' })
    expect(String(refused)).toContain(dataDir)
    expect(String(refused)).toContain(`process ${first.child.pid}`)
    expect(await query(first.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  it('of many at once exactly one gets the lock, also when a dead one left it', async () => {
    for (let round = 0; round < 5; round++) {
      const locks = await Promise.allSettled(Array.from({ length: 10 }, () => lockFolder(dataDir)))
      const held = locks.flatMap((lock) => (lock.status === 'fulfilled' ? [lock.value] : []))
      expect(held).toHaveLength(1)
      await held[0]!.release()
    }
    expect(await readdir(join(dataDir, 'hub-lock'))).toHaveLength(1)
  })

  it('a slow hub that takes an old number gives way to the newer holder', async () => {
    for (const number of [1, 2, 3]) {
      const lock = await lockFolder(dataDir)
      if (number < 3) await lock.release()
      else cleanups.push(() => lock.release())
    }
    const room = join(dataDir, 'hub-lock')
    expect(await claim(room, 2, { pid: 1, start: '', host: '', boot: '' })).toBe(false)
    expect(await readdir(room)).toEqual(['3'])
  })

  it('takes over from a process that has ended, and from a number that another process has by now', async () => {
    const lock = await lockFolder(dataDir)
    const [name] = await readdir(join(dataDir, 'hub-lock'))
    const file = join(dataDir, 'hub-lock', name!)
    const me = JSON.parse(await readFile(file, 'utf8'))
    await writeFile(file, JSON.stringify({ ...me, start: `${me.start}0` }))
    const second = await lockFolder(dataDir)
    await writeFile(join(dataDir, 'hub-lock', '2'), JSON.stringify({ ...me, pid: 2 ** 22 + 1 }))
    const third = await lockFolder(dataDir)
    for (const each of [lock, second, third]) await each.release()
  })

  it('respects a living holder in another container, and takes over when it has fallen silent', async () => {
    const lock = await lockFolder(dataDir, 100)
    const file = join(dataDir, 'hub-lock', '1')
    const me = JSON.parse(await readFile(file, 'utf8'))
    await writeFile(file, JSON.stringify({ ...me, host: 'elsewhere' }))
    // The first holder still touches its file.
    expect(await failureOf(lockFolder(dataDir))).toMatchObject({ message: expect.stringContaining('on elsewhere') })
    await lock.release()
    await writeFile(file, JSON.stringify({ ...me, host: 'elsewhere' }))
    await (await lockFolder(dataDir, 100)).release()
  })
})

describe('what it says when it cannot', () => {
  it('data of another major version', async () => {
    await useMadeData()
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '15\n')
    const refused = await failureOf(startEmbedded({ dataDir, log }))
    expect(refused).toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/PostgreSQL 15.*PostgreSQL 18.*pg_dump/),
    })
    // The lock was given back.
    await (await lockFolder(dataDir)).release()
  })

  it('a folder that is no PostgreSQL data folder', async () => {
    await mkdir(join(dataDir, 'postgres'))
    expect(await failureOf(startEmbedded({ dataDir, log }))).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('is not a PostgreSQL data folder'),
    })
  })

  it('a path that leads through a file', async () => {
    await writeFile(join(dataDir, 'file'), '')
    const refused = await failureOf(startEmbedded({ dataDir: join(dataDir, 'file', 'data'), log }))
    expect(refused).toMatchObject({ code: 'refused', message: expect.stringContaining('a part of the path is a file') })
  })

  it('a missing password', async () => {
    await useMadeData()
    await rm(join(dataDir, 'postgres.key'))
    expect(await failureOf(startEmbedded({ dataDir, log }))).toMatchObject({
      code: 'refused',
      message: expect.stringContaining('postgres.key'),
    })
  })

  it('data damaged so that the server does not start: its own last words', async () => {
    await useMadeData()
    await rm(join(dataDir, 'postgres', 'global', 'pg_control'))
    expect(await failureOf(startEmbedded({ dataDir, log }))).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('pg_control'),
    })
  })
})

// Only root must run the server as somebody else, who cannot enter what only root can.
describe.skipIf(!isRoot)('as root, below a folder only root can enter', () => {
  it('keeps the data elsewhere, finds them again, and says when they are gone', async () => {
    dataDir = await aFolder(0o700)
    const first = await start()
    const home = (await readFile(join(dataDir, 'postgres-is-at'), 'utf8')).trim()
    cleanups.push(() => rm(home, { recursive: true, force: true }))
    await query(first.url, 'CREATE TABLE kept AS SELECT 1 AS n')
    await first.stop()
    await chmod(dataDir, 0o755)
    const second = await start()
    expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 1 }])
    await second.stop()
    await rm(home, { recursive: true })
    expect(await failureOf(startEmbedded({ dataDir, log }))).toMatchObject({
      code: 'unknown',
      message: expect.stringContaining(home),
    })
  })

  it('never begins anew beside data it cannot reach any more', async () => {
    await useMadeData()
    await chmod(dataDir, 0o700)
    expect(await failureOf(startEmbedded({ dataDir, log }))).toMatchObject({
      code: 'refused',
      message: expect.stringContaining('chmod'),
    })
  })

  it('copies the programs to where the system user can run them, whole, once', async () => {
    const shipped = { folder: join(await aFolder(0o700), 'native'), version: '18.0.0' }
    await mkdir(join(shipped.folder, 'bin'), { recursive: true })
    await mkdir(join(shipped.folder, 'lib'))
    for (const name of ['initdb', 'pg_ctl', 'postgres'])
      await writeFile(join(shipped.folder, 'bin', name), name, { mode: 0o644 })
    await writeFile(join(shipped.folder, 'lib', 'libpq.so.5.18'), 'a library')
    const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }]
    await writeFile(join(shipped.folder, 'pg-symlinks.json'), JSON.stringify(links))
    const nobody = { uid: 65_534, gid: 65_534 }
    const copies = await Promise.all([1, 2, 3].map(() => placeBinaries(shipped, nobody, dataDir)))
    const [copy] = copies
    expect(new Set(copies.map(({ folder }) => folder))).toEqual(new Set([join(dataDir, 'postgres-18.0.0')]))
    expect(await readdir(dataDir)).toEqual(['postgres-18.0.0'])
    expect(await readFile(join(copy!.folder, 'lib', 'libpq.so.5'), 'utf8')).toBe('a library')
    expect((await stat(join(copy!.folder, 'bin', 'postgres'))).mode & 0o777).toBe(0o755)
    await rm(shipped.folder, { recursive: true })
    expect(await readFile(join(copy!.folder, 'lib', 'libpq.so.5'), 'utf8')).toBe('a library')
  })
})
