/** A small disk of its own, made of a file, which can be filled. Needs root. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, type FileHandle, mkdir, open, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const needed = ['/sbin/mkfs.ext4', '/usr/sbin/mkfs.ext4']

export const noDisk =
  process.getuid?.() !== 0
    ? 'only root may mount a small disk'
    : needed.some((path) => existsSync(path))
      ? undefined
      : 'mkfs.ext4 is not installed'

async function writeUntilFull(file: FileHandle, block: Buffer): Promise<void> {
  try {
    for (;;) await file.write(block)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  }
}

export interface SmallDisk {
  readonly folder: string
  /** To the last block. */
  fill(): Promise<void>
  empty(): Promise<void>
  close(): Promise<void>
}

/** What PostgreSQL keeps and writes ahead in a few minutes, and little more. */
const sizeBytes = 1_500_000_000

/** Throws where the machine does not allow it. */
export async function openSmallDisk(place: string): Promise<SmallDisk> {
  const [file, folder] = [`${place}.img`, place]
  await writeFile(file, '')
  await truncate(file, sizeBytes)
  await run('mkfs.ext4', ['-q', '-F', '-m', '0', file])
  await mkdir(folder, { recursive: true })
  await run('mount', ['-o', 'loop', file, folder])
  await chmod(folder, 0o755)
  const ballast = join(folder, 'ballast')
  return {
    folder,
    async fill() {
      const handle = await open(ballast, 'w')
      try {
        for (const size of [1 << 20, 1 << 12]) await writeUntilFull(handle, Buffer.alloc(size))
      } finally {
        await handle.close()
      }
    },
    empty: () => rm(ballast, { force: true }),
    async close() {
      await run('umount', ['-l', folder])
      await rm(file, { force: true })
    },
  }
}
