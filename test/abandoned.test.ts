import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { lockFolder } from '../src/postgres/folder-lock.ts'
import { aRunFolder, removeAbandoned } from './abandoned.ts'

let place: string
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'baton-abandoned-'))
})
afterAll(() => rm(place, { recursive: true, force: true }))

/** As if a run that is over had made it. */
async function ofDead(folder: string): Promise<string> {
  const { pid } = spawnSync(process.execPath, ['--version'])
  const other = join(dirname(folder), basename(folder).replace(`${process.pid}`, `${pid}`))
  await rename(folder, other)
  return other
}

it('leaves a run its folder from the moment it is made, and takes what a killed one has left', async () => {
  const starting = await aRunFolder(place)
  await ofDead(await aRunFolder(place))
  const locked = await ofDead(await aRunFolder(place))
  const lock = await lockFolder(locked)
  await removeAbandoned(place)
  expect((await readdir(place)).sort()).toEqual([starting, locked].map((folder) => basename(folder)).sort())
  await lock.release()
})
