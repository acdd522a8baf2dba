/** A process whose wall clock the suite can set, by Debian's libfaketime. Its monotonic clock goes on as it is. */
import { existsSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'

const library = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketimeMT.so.1`)
  .find((path) => existsSync(path))

export const noClock = library === undefined ? 'libfaketime is not installed' : undefined

export interface Clock {
  /** For a process to be started with. */
  readonly env: Readonly<Record<string, string>>
  /** From now on the process is so many seconds off. */
  step(seconds: number): Promise<void>
}

export async function openClock(file: string): Promise<Clock> {
  const step = async (seconds: number) => {
    // A half written file would be no time at all.
    await writeFile(`${file}.new`, `${seconds < 0 ? '' : '+'}${seconds}\n`)
    await rename(`${file}.new`, file)
  }
  await step(0)
  const env = {
    LD_PRELOAD: library!,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_CACHE_DURATION: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    DONT_FAKE_MONOTONIC: '1',
  }
  return { env, step }
}
