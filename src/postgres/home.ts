/** Where the server's files really lie: in the data folder, unless the server's user cannot enter it. */
import { createHash } from 'node:crypto'
import { access, mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { HubError } from '../errors.ts'
import { canEnter, type ServerUser } from './server-user.ts'

/** For root only. */
export const SYSTEM_FOLDER = '/var/lib/baton'

const POINTER = 'postgres-is-at'

/** Makes the data folder, for this user alone when it is new, and returns its real path. */
export async function makeDataFolder(dataDir: string): Promise<string> {
  try {
    await mkdir(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o755 : 0o700 })
    const folder = await realpath(dataDir)
    await access(folder)
    await writeFile(join(folder, '.probe'), 'can this be written?')
    await rm(join(folder, '.probe'))
    return folder
  } catch (cause) {
    throw unusable(dataDir, cause)
  }
}

/** The folder that holds `postgres/`, its key and its log. Data that were there before stay where they are. */
export async function homeOf(folder: string, user: ServerUser | undefined, log: Pick<Logger, 'info'>): Promise<string> {
  if (!user) return folder
  if (await exists(join(folder, 'postgres'))) {
    if (await canEnter(folder, user)) return folder
    throw new HubError(
      'refused',
      `The system user of PostgreSQL cannot enter ${folder}. Allow it: chmod o+x on it and the folders above.`,
    )
  }
  const pointed = await readFile(join(folder, POINTER), 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  )
  if (pointed !== undefined) return checkPointed(folder, pointed)
  if (await canEnter(folder, user)) return folder
  return moveHome(folder, log)
}

async function checkPointed(folder: string, pointed: string): Promise<string> {
  if (await exists(join(pointed, 'postgres'))) return pointed
  throw new HubError(
    'unknown',
    `The data of ${folder} were in ${pointed}, which is gone. Bring that folder back, ` +
      `or delete ${join(folder, POINTER)} to begin with an empty database.`,
  )
}

/** The pointer is written when the data are there (`settle`), so that a crash before leaves no pointer to nothing. */
async function moveHome(folder: string, log: Pick<Logger, 'info'>): Promise<string> {
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16)
  const home = join(SYSTEM_FOLDER, `data-${name}`)
  await mkdir(home, { recursive: true, mode: 0o755 })
  log.info({ folder, home }, 'the system user of PostgreSQL cannot enter the data folder: its data go to another')
  return home
}

/** Says in the data folder where the data are, when they are elsewhere. */
export async function settle(folder: string, home: string): Promise<void> {
  if (folder === home) return
  const pointer = join(folder, POINTER)
  await writeFile(`${pointer}.draft`, `${home}\n`)
  await rename(`${pointer}.draft`, pointer)
}

/** The owner of existing data, which is who must run the server; `user` for data yet to be made. */
export async function ownerOf(home: string, user: ServerUser | undefined): Promise<ServerUser | undefined> {
  const data = await stat(join(home, 'postgres')).catch(() => undefined)
  if (!data || process.platform === 'win32') return user
  if (user) return data.uid === 0 ? user : { uid: data.uid, gid: data.gid }
  if (data.uid === process.getuid?.()) return undefined
  throw new HubError(
    'refused',
    `${join(home, 'postgres')} belongs to user ${data.uid}. Start the hub as that user, or as root.`,
  )
}

/** A folder problem in words an operator can act on. */
export function unusable(folder: string, cause: unknown): HubError {
  const code = (cause as NodeJS.ErrnoException).code ?? ''
  const why = reasons[code] ?? (cause as Error).message
  return new HubError('refused', `The data folder ${folder} cannot be used: ${why}.`, { cause })
}

const reasons: Record<string, string> = {
  EACCES: 'no permission to write there',
  EPERM: 'no permission to write there',
  EROFS: 'it is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'it is a file',
  ENOENT: 'it does not exist and cannot be made',
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )
