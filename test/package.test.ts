/** What is published, used as an outsider does: packed, installed elsewhere, a connector written against it, tested and run. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freePort } from '../src/postgres/server.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const exec = promisify(execFile)

let home: string
let desk: string
const run = (folder: string, ...args: string[]) =>
  exec(process.execPath, args, { cwd: folder, env: { ...process.env, CI: '', NODE_OPTIONS: '' }, timeout: 120_000 })
const baton = (folder: string, ...args: string[]) => run(folder, join(home, 'node_modules/baton/bin/baton.js'), ...args)

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'baton-package-'))
  // PostgreSQL's own user must be able to enter it.
  await chmod(home, 0o755)
  desk = join(home, 'acme-desk')
  // Of a copy: packing builds what browsers are served, and other tests are being served it meanwhile.
  const source = join(home, 'source')
  const built = ['.git', 'node_modules', 'dist', 'data', 'console/dist', 'test/screens'].map((name) => join(root, name))
  await cp(root, source, { recursive: true, filter: (path) => !built.includes(path) })
  await symlink(join(root, 'node_modules'), join(source, 'node_modules'))
  const { stdout } = await exec('npm', ['pack', '--silent', '--pack-destination', home], { cwd: source })
  const modules = join(home, 'node_modules')
  await mkdir(join(modules, 'baton'), { recursive: true })
  for (const name of await readdir(join(root, 'node_modules')))
    await symlink(join(root, 'node_modules', name), join(modules, name))
  const file = stdout.trim().split('\n').at(-1)!
  await exec('tar', ['xzf', join(home, file), '-C', join(modules, 'baton'), '--strip-components', '1'])
}, 180_000)
afterAll(() => rm(home, { recursive: true, force: true }))

it('makes a connector whose promises hold from the start', { timeout: 180_000 }, async () => {
  const { stdout } = await baton(home, 'connector', 'new', 'acme-desk')
  expect(stdout).toContain('npm run try')
  await expect(baton(home, 'connector', 'new', 'acme-desk')).rejects.toThrow(/exists already/)
  await expect(baton(home, 'connector', 'new', 'Acme!')).rejects.toThrow(/is not a name/)
  const results = join(home, 'results.json')
  await run(desk, join(home, 'node_modules/vitest/vitest.mjs'), 'run', '--reporter=json', `--outputFile=${results}`)
  const { numPassedTests, numFailedTests } = JSON.parse(await readFile(results, 'utf8'))
  expect(numFailedTests).toBe(0)
  expect(numPassedTests).toBeGreaterThan(30)
  await run(desk, join(home, 'node_modules/typescript/bin/tsc'), '--noEmit')
})

it('names every package that it imports, in the version that Baton has', async () => {
  const { dependencies, devDependencies, peerDependencies } = JSON.parse(
    await readFile(join(desk, 'package.json'), 'utf8'),
  )
  const sources = (await readdir(desk)).filter((file) => file.endsWith('.ts'))
  const text = (await Promise.all(sources.map((file) => readFile(join(desk, file), 'utf8')))).join('\n')
  const imported = [...text.matchAll(/from '((?:@[^/']+\/)?[^./'][^/':]*)(?:\/[^']*)?'/g)].map(([, name]) => name!)
  expect(new Set(imported)).toContain('typebox')
  const named = { ...dependencies, ...devDependencies, ...peerDependencies }
  expect(Object.keys(named)).toEqual(expect.arrayContaining(imported))
  const ours = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies }))
    expect(ours.dependencies[name] ?? ours.devDependencies[name], name).toBe(version)
})

it('runs it, named by path and as a package of JavaScript', { timeout: 180_000 }, async () => {
  const shipped = join(home, 'node_modules/acme-js')
  const compile = join(home, 'node_modules/typescript/bin/tsc')
  await run(desk, compile, '-p', 'tsconfig.json', '--noEmit', 'false', '--outDir', shipped)
  await writeFile(join(shipped, 'package.json'), '{"name":"acme-js","type":"module","exports":"./index.js"}')
  const yaml = `
connections:
  site: { use: webchat }
  first-line: { use: echo }
  people: { use: ./acme-desk, url: 'https://desk.example.com', token: '\${env:ACME}', webhookSecret: '\${env:ACME}' }
  others: { use: acme-js, url: 'https://desk.example.com', token: '\${env:ACME}', webhookSecret: '\${env:ACME}' }
mappings:
  - { channel: site, bot: first-line, desks: [people, others] }
`
  await writeFile(join(home, 'baton.yaml'), yaml)
  const port = await freePort()
  const hub = spawn(process.execPath, [join(home, 'node_modules/baton/bin/baton.js'), 'sandbox', 'baton.yaml'], {
    cwd: home,
    env: {
      ...process.env,
      DATABASE_URL: '',
      REDIS_URL: '',
      BATON_PORT: String(port),
      BATON_DATA_DIR: join(home, 'data'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [hub.stdout, hub.stderr]) stream.on('data', (chunk) => (said += chunk))
  const ended = once(hub, 'exit')
  try {
    while (!said.includes('Stop with Ctrl+C') && hub.exitCode === null) await sleep(50)
    expect(said).toContain('Not needed here, so not set: env:ACME.')
    for (const name of ['people', 'others']) {
      expect(said).toContain(`/twins/${name}`)
      const view = await fetch(`http://127.0.0.1:${port}/twins/${name}/view`)
      expect(await view.json()).toMatchObject({ title: 'Acme Desk', cases: [] })
    }
  } finally {
    hub.kill('SIGTERM')
    await ended
  }
})
