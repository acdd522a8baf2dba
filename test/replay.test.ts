import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { replayWords } from '../src/cli/replay/words.ts'
import { type ReplayOptions, replay } from '../src/cli/replay.ts'
import { ConfigError } from '../src/config.ts'
import { freePort } from '../src/postgres/server.ts'
import { engines } from './engines.ts'

const root = join(import.meta.dirname, '..')
const demo = join(root, 'config/demo.yaml')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-replayed-'))
  await chmod(folder, 0o755)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

type Turn = [by: string, text: string]
const line = (id: string, ...turns: Turn[]) => JSON.stringify({ id, turns: turns.map(([by, text]) => ({ by, text })) })

/** Both begin with the agent, so that both customers' first words are the same; words come more than once. */
const twins = ['north', 'south'].map((id) =>
  line(
    id,
    ['agent', 'Hello, how can I help you?'],
    ['customer', 'My parcel is late.'],
    ['action', `Looked up the parcel of ${id}.`],
    ['agent', `I see it, it is going ${id}.`],
    ['customer', 'yes'],
    ['customer', 'yes'],
    ['agent', 'One moment please'],
    ['action', 'Asked the carrier.'],
    ['agent', 'One moment please'],
    ['agent', 'It comes tomorrow. 🎁'],
    ['customer', 'Thanks!\nBye'],
    ['agent', 'Bye'],
  ),
)
const beginsAtBot = line(
  'west',
  ['customer', 'Hello'],
  ['customer', 'Where is my order?'],
  ['agent', 'Hello, let me look.'],
  ['action', 'Opened the order.'],
  ['agent', 'It is on its way.'],
  ['customer', 'Great, thank you'],
)
const asksForPerson = line(
  'east',
  ['customer', 'Let me talk to a human please'],
  ['agent', 'Here I am.'],
  ['customer', 'Good.'],
)

interface Run {
  readonly code: number
  /** Of the JSON lines, the last one's `total` apart. */
  // biome-ignore lint/suspicious/noExplicitAny: read as a foreign program reads it
  readonly accounts: any[]
  // biome-ignore lint/suspicious/noExplicitAny: same
  readonly total: any
  readonly told: string[]
}

/** A test that runs out of time leaves no hub behind. */
const running: Promise<unknown>[] = []
afterAll(() => Promise.allSettled(running))

let files = 0
async function aFile(lines: readonly string[]): Promise<string> {
  const file = join(folder, `${++files}.jsonl`)
  await writeFile(file, lines.join('\n'))
  return file
}

async function run(file: string, options: Partial<ReplayOptions> = {}): Promise<Run> {
  const out: string[] = []
  const told: string[] = []
  const played = replay(file, {
    json: true,
    config: demo,
    env: {},
    write: (written) => out.push(written),
    ...options,
    tell(progress) {
      told.push(progress)
      options.tell?.(progress)
    },
  })
  running.push(played)
  const code = await played
  const accounts = out.map((written) => JSON.parse(written))
  return { code, total: accounts.pop()?.total, accounts, told }
}

const balanced = { lost: 0, duplicated: 0, outOfOrder: 0, foreign: 0, botWhilePerson: 0, notesSeenByCustomer: 0 }

describe.each(engines())('through a hub of its own, queues on $name', ({ redisUrl }) => {
  it('brings every word to the other side, once, in order, with the context before it', {
    timeout: 180_000,
  }, async ({ signal }) => {
    const file = await aFile([...twins, beginsAtBot, asksForPerson])
    const { code, accounts, total, told } = await run(file, { signal, env: { REDIS_URL: redisUrl }, parallel: 4 })
    expect(total).toMatchObject({
      conversations: 4,
      handoffs: 4,
      ended: 4,
      turns: 33,
      delivered: 33,
      contextComplete: 4,
      ...balanced,
    })
    expect(code).toBe(0)
    expect(accounts.map(({ id, turns }) => [id, turns])).toEqual([
      ['north', 12],
      ['south', 12],
      ['west', 6],
      ['east', 3],
    ])
    expect(accounts[0]).toMatchObject({
      customerTurns: 4,
      agentTurns: 6,
      actionTurns: 2,
      contextComplete: true,
      ended: true,
    })
    expect(told).toContain('west: waiting for a person…')
    expect(told).toContain('west: 6/6')
    expect(told.join('\n')).not.toMatch(/parcel|order/)
  })
})

describe('through a hub of its own', () => {
  const data = process.env.BATON_DATA ?? join(root, '../shared/data')
  const real = join(data, 'abcd-sample.jsonl')
  if (!existsSync(real)) console.warn(`skipped: no conversations at ${real}; set BATON_DATA to their folder`)

  it.skipIf(!existsSync(real))('hands over real conversations of a shop', { timeout: 180_000 }, async ({ signal }) => {
    const { code, total } = await run(real, { signal })
    expect(total).toMatchObject({
      conversations: 3,
      handoffs: 3,
      ended: 3,
      turns: 72,
      delivered: 72,
      contextComplete: 3,
      ...balanced,
    })
    expect(code).toBe(0)
  })
})

describe('through a hub that runs elsewhere', () => {
  let hub: ChildProcess | undefined
  const failed = Promise.withResolvers<never>()
  let dataDir: string
  let port: number

  const start = () => {
    const env = {
      ...process.env,
      BATON_DATA_DIR: dataDir,
      BATON_PORT: String(port),
      BATON_LOG: 'error',
      DATABASE_URL: '',
      REDIS_URL: '',
    }
    const started = spawn(process.execPath, ['bin/baton.js', 'sandbox', demo], {
      cwd: root,
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    hub = started
    let said = ''
    started.stderr.on('data', (chunk) => {
      said += chunk
    })
    started.once('exit', (code) => {
      if (code) failed.reject(new Error(`the hub ended with ${code}: ${said}`))
    })
  }
  const end = async (signal: NodeJS.Signals) => {
    if (!hub || hub.exitCode !== null || hub.signalCode !== null) return
    const ended = once(hub, 'exit')
    hub.kill(signal)
    await ended
  }
  beforeAll(async () => {
    dataDir = join(folder, 'hub')
    port = await freePort()
  })
  afterAll(() => end('SIGTERM'))

  it('keeps a ledger that balances while that hub is killed twice', { timeout: 300_000 }, async ({ signal }) => {
    start()
    const kills: string[] = []
    const restarts: Promise<void>[] = []
    const moments = [/^north: .* accepted/, /^south: 10\/12$/]
    const tell = (progress: string) => {
      if (!moments[kills.length]?.test(progress)) return
      kills.push(progress)
      restarts.push(end('SIGKILL').then(start))
    }
    const file = await aFile([...twins, beginsAtBot])
    const played = run(file, { signal, url: `http://127.0.0.1:${port}`, tell })
    const { code, total, told } = await Promise.race([played, failed.promise])
    await Promise.all(restarts)
    expect(kills).toHaveLength(2)
    expect(told.filter((progress) => progress === 'in contact again').length).toBeGreaterThanOrEqual(2)
    expect(total).toMatchObject({
      conversations: 3,
      handoffs: 3,
      ended: 3,
      turns: 30,
      delivered: 30,
      contextComplete: 3,
      ...balanced,
    })
    expect(code).toBe(0)
  })

  it('gives up on a hub that does not come back', async () => {
    const url = `http://127.0.0.1:${await freePort()}`
    const lost = run(await aFile(twins), { url, pace: { lostContactMs: 300 } })
    await expect(lost).rejects.toThrow(`No contact with the hub at ${url} for 0 s (ECONNREFUSED). Is it running there?`)
  })

  it('says so when what runs there is no hub', async () => {
    const server = createServer((_request, response) => response.end('<html>')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    await expect(run(await aFile(twins), { url: `http://127.0.0.1:${port}` })).rejects.toThrow(
      'does not answer as a Baton hub does',
    )
    server.close()
  })
})

describe('what is wrong is said before anything is started', () => {
  // Whoever talked to a hub first would hear of a lost contact instead.
  const nowhere = { url: 'http://127.0.0.1:1', pace: { lostContactMs: 0 } }

  it.each([
    ['{"id": 1, ', 'found no JSON; right is a line like'],
    ['[]', 'found an empty list; right is a line like'],
    ['{"turns": []}', 'found nothing as id; right is'],
    ['{"id": "", "turns": []}', 'found an empty text as id'],
    ['{"id": "a"}', 'found nothing as turns'],
    ['{"id": "a", "turns": []}', 'found an empty list as turns'],
    ['{"id": "a", "turns": ["Hi"]}', 'found a text as turn 1'],
    [line('a', ['customer', 'Hi'], ['bot', 'Hi']), 'found "bot" as by of turn 2; right is customer, agent or action'],
    ['{"id": "a", "turns": [{"text": "Hi"}]}', 'found nothing as by of turn 1'],
    [line('a', ['agent', ' ']), 'found an empty text as text of turn 1; right is what was said'],
    ['{"id": "a", "turns": [{"by": "agent", "text": 3}]}', 'found a number as text of turn 1'],
    [line('a', ['customer', 'x'.repeat(4001)]), 'found 4001 characters as text of turn 1; right is at most 4000'],
    [line('a', ['action', 'x'.repeat(10_001)]), 'found 10001 characters as text of turn 1; right is at most 10000'],
    [line('a', ['agent', 'a\u0000b']), 'found a control character in the text of turn 1'],
    ['{"id": "a", "turns": [{"by": "agent", "text": "\\ud800"}]}', 'found a control character in the text of turn 1'],
    [line('north', ['agent', 'Hi']), 'found the id of line 1 again; right is an id of its own'],
  ])('the line %.50j', async (wrong, found) => {
    const file = await aFile([twins[0]!, '', wrong, '{'])
    const error = await run(file, nowhere).catch((thrown: Error) => thrown)
    expect(String((error as Error).message)).toContain(`${file}:3: ${found}`)
    expect(String((error as Error).message)).toContain(`${file}:4: found no JSON`)
  })

  it('an empty file, a missing file', async () => {
    const empty = await aFile(['', '  '])
    await expect(run(empty, nowhere)).rejects.toThrow(`${empty}: found no conversation; right is a line like`)
    await expect(run(join(folder, 'none'), nowhere)).rejects.toThrow('none: cannot be read: ENOENT')
  })

  it.each([
    ['{ use: inbox }', 'desks: [people]', 'mappings[0].desks[0]', 'which uses inbox. Right is: asked live'],
    ['{ use: echo }', 'desks: [people]', 'mappings[0].desks[0]', 'which uses echo. Right is: asked live'],
    [
      '{ use: inbox, demo: true }',
      'desks: [{ desk: people, mode: ticket }]',
      'mappings[0].desks[0]',
      'Right is: asked live',
    ],
  ])('a desk it cannot play on: %s, %s', async (people, desks, path, found) => {
    const config = join(folder, `config-${++files}.yaml`)
    const lines = [
      'connections:',
      '  site: { use: webchat }',
      '  bot: { use: echo }',
      `  people: ${people}`,
      'mappings:',
    ]
    await writeFile(config, [...lines, `  - { channel: site, bot: bot, ${desks} }`].join('\n'))
    const error = await run(await aFile(twins), { ...nowhere, config }).catch((thrown) => thrown)
    expect(error).toBeInstanceOf(ConfigError)
    expect(error.problems).toMatchObject([{ path, line: 6 }])
    expect(error.message).toContain(found)
  })

  it.each([
    [[], 'Found 0 files; right is one.'],
    [['a', 'b'], 'Found 2 files; right is one.'],
    [['a', '--url', 'localhost'], '--url is "localhost". Allowed: the address of a running hub'],
    [['a', '--speed', '0'], '--speed is "0". Allowed: turns a second'],
    [['a', '--speed', 'fast'], '--speed is "fast"'],
    [['a', '--parallel', '1.5'], '--parallel is "1.5". Allowed: conversations at a time, from 1 to 20.'],
    [['a', '--fast'], "Unknown option '--fast'"],
  ])('the words %j', (words, found) => {
    expect(() => replayWords(words)).toThrow(found)
  })
})

it('reads its words', () => {
  const words = ['f', '--json', '--url', 'http://h:1/', '--config', 'c', '--speed', '2', '--parallel', '5']
  expect(replayWords(words)).toEqual({ file: 'f', json: true, url: 'http://h:1', config: 'c', speed: 2, parallel: 5 })
  expect(replayWords(['f'])).toMatchObject({ json: false, config: 'config/demo.yaml', url: undefined })
})
