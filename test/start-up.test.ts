/** What a hub loads at its start: its own connectors, and nothing of the vendors that its configuration does not use. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectors } from '../connectors/index.ts'
import { aDatabase, type TestDatabase } from './engines.ts'
import { aHubProcess } from './faults/hub-process.ts'

const root = resolve(import.meta.dirname, '..')

/** What vendors' connectors, sign-in by a provider, the view of the queues and the console's pages bring along. */
const libraries = [
  '@google-cloud/dialogflow',
  '@google-cloud/dialogflow-cx',
  'google-gax',
  'google-auth-library',
  '@grpc/grpc-js',
  '@grpc/proto-loader',
  'protobufjs',
  'openid-client',
  '@bull-board/api',
  '@bull-board/fastify',
  'react',
  'react-dom',
]

let database: TestDatabase
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-start-up-'))
  await chmod(folder, 0o755)
  database = await aDatabase()
})
afterAll(async () => {
  await database?.drop()
  await rm(folder, { recursive: true, force: true })
})

/** What makes a process write down what it loads. */
const recording = (list: string) => ({
  LOADED_MODULES: list,
  NODE_OPTIONS: `--import ${pathToFileURL(join(root, 'test/start-up/recorder.ts'))}`,
})

/** Paths from the root, of a hub that has started and stopped again. */
async function loadedBy(name: string, config: string): Promise<string[]> {
  const list = join(folder, `${name}.txt`)
  const env = { DATABASE_URL: database.url, ...recording(list) }
  const hub = await aHubProcess({ name, config, folder: join(folder, name), env })
  try {
    await hub.start()
  } finally {
    await hub.stop()
  }
  return pathsIn(list)
}

async function pathsIn(list: string): Promise<string[]> {
  const base = `${pathToFileURL(root)}/`
  return [...new Set((await readFile(list, 'utf8')).trim().split('\n'))]
    .filter((url) => url.startsWith(base))
    .map((url) => url.slice(base.length).split('?')[0]!)
}

const packageOf = (path: string): string | undefined => /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]

describe('a hub that uses our own connectors', { timeout: 240_000 }, () => {
  let loaded: string[]
  beforeAll(async () => {
    loaded = await loadedBy('demo', 'config/demo.yaml')
  }, 240_000)

  it('was seen loading: its own files, ES modules and CommonJS', () => {
    expect(loaded).toEqual(
      expect.arrayContaining(['bin/baton.js', 'src/app.ts', 'connectors/index.ts', 'connectors/webchat/index.ts']),
    )
    expect(loaded.map(packageOf)).toEqual(expect.arrayContaining(['axios', 'fastify', 'pg', 'yaml']))
  })

  it.each(libraries)('loads nothing of %s', (library) => {
    // A name that nothing has any more would be looked for in vain for ever.
    expect(existsSync(join(root, 'node_modules', library)), `${library} is installed`).toBe(true)
    expect(loaded.filter((path) => packageOf(path) === library)).toEqual([])
  })

  it('loads no connector that its configuration does not name', () => {
    const used = ['webchat', 'faq', 'inbox', 'form', 'directory']
    const folders = loaded.flatMap((path) => /^connectors\/([^/]+)\//.exec(path)?.[1] ?? [])
    expect([...new Set(folders)].sort()).toEqual(used.sort())
    expect(Object.keys(connectors).length).toBeGreaterThan(used.length)
  })

  it('loads no test', () => {
    expect(loaded.filter((path) => /\.test\.ts$|^test\/(?!start-up\/)/.test(path))).toEqual([])
  })
})

it('a hub that uses a vendor loads its connector, and neither its twin nor the libraries of others', {
  timeout: 240_000,
}, async () => {
  const file = join(folder, 'vendor.yaml')
  const yaml = `connections:
  site: { use: webchat }
  bot: { use: echo }
  people: { use: zendesk, subdomain: acme, url: 'http://127.0.0.1:9', oauth: { clientId: a, clientSecret: a }, tickets: {} }
mappings:
  - { channel: site, bot: bot, desks: [people] }
`
  await writeFile(file, yaml)
  const loaded = await loadedBy('vendor', file)
  expect(loaded).toContain('connectors/zendesk/support/desk.ts')
  expect(loaded.filter((path) => /^connectors\/[^/]+\/(.*\/)?twin(\.ts|\/)/.test(path))).toEqual([])
  expect(loaded.filter((path) => libraries.includes(packageOf(path) ?? ''))).toEqual([])
})

it('a connector is known, with its settings and roles, without its vendor’s library: that comes with the first call', {
  timeout: 240_000,
}, async () => {
  const list = join(folder, 'connectors.txt')
  const script = `import { connectors } from './connectors/index.ts'
    for (const load of Object.values(connectors)) await load()`
  const env = { ...process.env, ...recording(list) }
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], { cwd: root, env })
  const loaded = await pathsIn(list)
  expect(loaded).toContain('connectors/dialogflow/cx/client.ts')
  expect(loaded.filter((path) => libraries.includes(packageOf(path) ?? ''))).toEqual([])
})
