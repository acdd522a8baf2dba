/**
 * One living hub per data folder.
 *
 * The lock is the file with the highest number in `<folder>/hub-lock/`. It names its holder; a hub that finds the holder
 * dead creates the next number, which only one can. Nobody ever deletes the highest number, so a slow hub that still
 * looks at an old one cannot take the lock from a newer holder: after creating, it looks once more.
 */
import { randomUUID } from 'node:crypto'
import { link, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { HubError } from '../errors.ts'
import { isAlive, startOf } from './process.ts'

export interface FolderLock {
  release(): Promise<void>
}

interface Holder {
  pid: number
  /** When the process began, in the words of its system; tells a process from a later one with the same number. */
  start: string
  host: string
  /** Changes when the machine is started anew. */
  boot: string
}

/**
 * Throws `conflict`, naming the folder and the holder, while another living hub has it. A holder touches its file every
 * `beatMs`: only by that can a hub in another container or on another machine tell that it lives.
 */
export async function lockFolder(folder: string, beatMs = 5_000): Promise<FolderLock> {
  const room = join(folder, 'hub-lock')
  await mkdir(room, { recursive: true })
  const me: Holder = { pid: process.pid, start: await startOf(process.pid), host: hostname(), boot: await bootId() }
  for (;;) {
    const newest = await newestIn(room)
    const holder = newest && (await holderOf(join(room, String(newest))))
    if (holder && (await lives(holder, join(room, String(newest)), me, beatMs))) throw taken(folder, holder)
    const mine = (newest ?? 0) + 1
    if (await claim(room, mine, me)) return await hold(room, mine, beatMs)
  }
}

/** Writes first and links then, so that nobody can read half a lock; false when another hub was faster. */
export async function claim(room: string, number: number, me: Holder): Promise<boolean> {
  const draft = join(room, `draft-${randomUUID()}`)
  const mine = join(room, String(number))
  await writeFile(draft, JSON.stringify(me))
  try {
    await link(draft, mine)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
  if ((await newestIn(room)) === number) return true
  await rm(mine, { force: true })
  return false
}

async function hold(room: string, number: number, beatMs: number): Promise<FolderLock> {
  const mine = join(room, String(number))
  for (const older of await numbersIn(room)) {
    if (older < number) await rm(join(room, String(older)), { force: true })
  }
  const beat = setInterval(() => utimes(mine, new Date(), new Date()).catch(() => {}), beatMs)
  beat.unref()
  return {
    async release() {
      clearInterval(beat)
      await writeFile(mine, '').catch(() => {})
    },
  }
}

async function numbersIn(room: string): Promise<number[]> {
  const names = await readdir(room)
  return names.filter((name) => /^\d+$/.test(name)).map(Number)
}

async function newestIn(room: string): Promise<number | undefined> {
  const numbers = await numbersIn(room)
  return numbers.length > 0 ? Math.max(...numbers) : undefined
}

/** Undefined for a lock that was released (its file is empty). */
async function holderOf(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Holder
  } catch {
    return undefined
  }
}

async function lives(holder: Holder, file: string, me: Holder, beatMs: number): Promise<boolean> {
  if (holder.host !== me.host) return beats(file, beatMs)
  if (holder.boot !== me.boot || !isAlive(holder.pid)) return false
  return (await startOf(holder.pid)) === holder.start
}

/** A holder on another machine or in another container cannot be looked up: it lives if it goes on touching its file. */
async function beats(file: string, beatMs: number): Promise<boolean> {
  const before = await touchedAt(file)
  if (Date.now() - before > 12 * beatMs) return false
  const until = Date.now() + 3 * beatMs
  while (Date.now() < until) {
    await sleep(beatMs / 20)
    if ((await touchedAt(file)) !== before) return true
  }
  return false
}

const touchedAt = async (file: string): Promise<number> => (await stat(file)).mtimeMs

async function bootId(): Promise<string> {
  return readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
    (id) => id.trim(),
    () => '',
  )
}

function taken(folder: string, holder: Holder): HubError {
  const where = holder.host === hostname() ? '' : ` on ${holder.host}`
  return new HubError(
    'conflict',
    `The data folder ${folder} is in use by another hub (process ${holder.pid}${where}). ` +
      'Stop that one first, or give this one a folder of its own (BATON_DATA_DIR).',
  )
}
