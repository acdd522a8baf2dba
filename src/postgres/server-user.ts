/** PostgreSQL refuses to run as root: a hub that is root runs it as a system user. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { HubError } from '../errors.ts'

const run = promisify(execFile)

export interface ServerUser {
  readonly uid: number
  readonly gid: number
}

/** Undefined when the hub is no root: then the server runs as the hub does. Creates the system user when there is none. */
export async function serverUser(): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined
  return (await userCalled(OWN)) ?? (await userCalled('postgres')) ?? (await createUser())
}

/** Asks the system itself, so that access lists and mounts count too. */
export async function canEnter(folder: string, user: ServerUser): Promise<boolean> {
  return run('test', ['-x', folder], { uid: user.uid, gid: user.gid, cwd: '/' }).then(
    () => true,
    () => false,
  )
}

const OWN = 'baton-postgres'

async function userCalled(name: string): Promise<ServerUser | undefined> {
  const [uid, gid] = await Promise.all([idOf('-u', name), idOf('-g', name)])
  return uid === undefined || gid === undefined ? undefined : { uid, gid }
}

async function idOf(kind: '-u' | '-g', name: string): Promise<number | undefined> {
  return run('id', [kind, name]).then(
    ({ stdout }) => Number(stdout),
    () => undefined,
  )
}

async function createUser(): Promise<ServerUser> {
  // The first is for most systems, the second for those with BusyBox.
  const made = await run('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--shell',
    '/usr/sbin/nologin',
    OWN,
  ])
    .catch(() => run('adduser', ['-S', '-D', '-H', OWN]))
    .catch((cause: unknown) => cause as Error)
  const user = await userCalled(OWN)
  if (user) return user
  throw new HubError(
    'refused',
    `PostgreSQL refuses to run as root, and the system user ${OWN} could not be created. ` +
      'Create it, start the hub as another user, or set DATABASE_URL to a PostgreSQL of your own.',
    { cause: made },
  )
}
