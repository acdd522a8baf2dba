/** What the system tells of other processes. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** True while a process has this number; a finished child that its parent has not yet asked about does not count. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Not ours to signal, but there.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** When the process began, in words that stay the same while it lives; empty where the system does not say. */
export async function startOf(pid: number): Promise<string> {
  const stat = await procStat(pid)
  if (stat) return stat[19] ?? ''
  return ps(pid, 'lstart=')
}

/** The command line it was started with, blanks between; empty when there is no such process or the system does not say. */
export async function commandOf(pid: number): Promise<string> {
  const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined)
  return words === undefined ? ps(pid, 'args=') : words.replaceAll('\0', ' ')
}

/** True for a process that has ended and only waits to be collected: it holds no file and no port any more. */
export async function isZombie(pid: number): Promise<boolean> {
  return (await procStat(pid))?.[0] === 'Z'
}

/** The fields after the program's name, which is the only one that may hold blanks. */
async function procStat(pid: number): Promise<string[] | undefined> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  return line?.slice(line.lastIndexOf(')') + 2).split(' ')
}

async function ps(pid: number, field: string): Promise<string> {
  if (process.platform === 'win32') return ''
  return run('ps', ['-o', field, '-p', String(pid)]).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  )
}
