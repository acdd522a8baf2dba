/** Data folders of test runs, several of which may be under way at once in the same place. */
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { lockFolder } from '../src/postgres/folder-lock.ts'
import { isAlive } from '../src/postgres/process.ts'

const prefix = 'baton-test-'

/** A folder of this process, by its name too: until a server has locked it nothing else tells whose it is. */
export async function aRunFolder(inside: string): Promise<string> {
  const folder = await mkdtemp(join(inside, `${prefix}${process.pid}-`))
  await chmod(folder, 0o755)
  return folder
}

/** Of test runs that were killed: a server notices within a minute that its data are gone, and ends. */
export async function removeAbandoned(inside: string): Promise<void> {
  const names = await readdir(inside)
  for (const name of names.filter((each) => each.startsWith(prefix) && !isOfLiving(each))) {
    const folder = join(inside, name)
    const lock = await lockFolder(folder).catch(() => undefined)
    await lock?.release()
    // Another run may be clearing up the same.
    if (lock) await rm(folder, { recursive: true, force: true }).catch(() => {})
  }
}

function isOfLiving(name: string): boolean {
  const pid = Number(name.slice(prefix.length).split('-')[0])
  return pid > 0 && isAlive(pid)
}
