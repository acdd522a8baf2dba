/** The hub's own engines die under it: what was acknowledged arrives, once and in order; what was not is refused so that it can be said again. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { type App, startApp } from '../src/app.ts'
import { loadConfig } from '../src/config.ts'
import type { Desk } from '../src/connector.ts'
import { HubError } from '../src/errors.ts'
import { plainText } from '../src/message.ts'
import { freePort } from '../src/postgres/server.ts'
import { type Answer, anAgent, ask, aVisitor, type Visitor } from './app.ts'
import { aDatabase } from './engines.ts'
import { until } from './hub.ts'

const root = join(import.meta.dirname, '..')
const agentToken = 'the-token-of-ana-0123456789'
const staffToken = 'the-token-of-staff-0123456789'
const yaml = `
connections:
  site: { use: webchat, messagesPerMinute: 100000, sessionsPerMinute: 1000 }
  bot: { use: echo }
  people: { use: inbox, agents: [{ name: Ana, email: ana@example.com, token: ${agentToken}, capacity: 20 }] }
mappings:
  - { channel: site, bot: bot, desks: [people] }
`

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

interface Place {
  readonly dataDir: string
  readonly config: string
  readonly env: Record<string, string>
  readonly url: string
}

async function aPlace(env: Record<string, string> = {}): Promise<Place> {
  const dataDir = await mkdtemp(join(tmpdir(), 'baton-engines-'))
  cleanups.push(() => rm(dataDir, { recursive: true, force: true }))
  // PostgreSQL's own user must be able to enter it.
  await chmod(dataDir, 0o755)
  const config = join(dataDir, 'baton.yaml')
  await writeFile(config, yaml)
  const port = String(await freePort())
  const own = { BATON_DATA_DIR: dataDir, BATON_PORT: port, BATON_TOKEN: staffToken, BATON_LOG: 'silent', ...env }
  return { dataDir, config, env: own, url: `http://127.0.0.1:${port}` }
}

async function start({ config, env }: Place): Promise<App> {
  const app = await startApp(await loadConfig(config, env), {
    env,
    log: pino({ level: process.env.DEBUG ?? 'silent' }),
  })
  cleanups.push(() => app.stop())
  return app
}

/** The hub as its own process, as people start it. */
function launch({ config, env }: Place): ChildProcess & { said: () => string } {
  const clean = { ...process.env, DATABASE_URL: '', REDIS_URL: '', ...env }
  const child = spawn(process.execPath, ['bin/baton.js', 'start', config], {
    cwd: root,
    env: clean,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr?.on('data', (chunk) => {
    said += chunk
  })
  cleanups.push(() => end(child, 'SIGTERM'))
  return Object.assign(child, { said: () => said })
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

const isReady = ({ url }: Place) =>
  ask(url, '/readyz').then(
    ({ status }) => status === 200,
    () => false,
  )

interface Talk {
  /** Acknowledged, oldest first. */
  readonly said: string[]
  readonly refusals: Answer[]
  /** Ends after the words under way; resolves when they are acknowledged too. */
  end(): Promise<void>
}

/** Says one thing after the other; each until it is acknowledged, under one id, as a client does. */
function keepSaying(name: string, say: (words: string, id: string) => Promise<Answer>): Talk {
  const said: string[] = []
  const refusals: Answer[] = []
  let isOver = false
  const talk = async () => {
    for (let i = 0; !isOver; i++) {
      const words = `${name} says ${i}`
      for (;;) {
        const answer = await say(words, `word-${name}-${String(i).padStart(4, '0')}`).catch(() => undefined)
        if (answer?.status === 200) break
        if (answer) refusals.push(answer)
        await sleep(10)
      }
      said.push(words)
      await sleep(10)
    }
  }
  const talking = talk()
  return {
    said,
    refusals,
    end() {
      isOver = true
      return talking
    },
  }
}

const listen = (name: string, visitor: Visitor): Talk => keepSaying(name, visitor.say)

/** The load goes on: by count and not by time, since machines differ. */
async function untilSaidMore(talks: readonly Talk[], more: number): Promise<void> {
  const before = talks.map(({ said }) => said.length)
  await until(`${more} more words each`, () => talks.every(({ said }, i) => said.length >= before[i]! + more), 60_000)
}

const ownWords = async (visitor: Visitor): Promise<string[]> =>
  (await allEntries(visitor)).filter((entry) => entry.by === 'customer').map((entry) => plainText(entry.message))

/** With an agent in control, so that words go to the desk and back. */
async function withAna(place: Place, app: App, visitor: Visitor) {
  await visitor.say('hello there')
  const { rows } = await app.hub.pool.query('SELECT id FROM conversations WHERE thread = $1', [visitor.thread])
  const ana = await anAgent(place.url, agentToken)
  const headers = { authorization: `Bearer ${staffToken}` }
  await ask(place.url, `/api/v1/conversations/${rows[0].id}/commands`, {
    method: 'POST',
    headers,
    body: { do: 'escalate' },
  })
  const ticket = await ana.ringing(rows[0].id)
  await ana.act(ticket, 'accept')
  return { id: rows[0].id as number, ana, ticket }
}

describe('PostgreSQL killed under a running hub', () => {
  it('is started again; meanwhile everything is refused with the time to come back, and nothing acknowledged is lost', {
    timeout: 300_000,
  }, async () => {
    const place = await aPlace()
    const app = await start(place)
    const [talking, held] = [await aVisitor(place.url), await aVisitor(place.url)]
    const { ana: agent, ticket } = await withAna(place, app, held)
    const mia = listen('mia', talking)
    const noa = listen('noa', held)
    const ana = keepSaying('ana', (text, id) => agent.act(ticket, 'messages', { id, text }))
    const talks = [mia, noa, ana]
    const lives: boolean[] = []
    for (let kills = 0; kills < 2; kills++) {
      await untilSaidMore(talks, 5)
      process.kill(await serverPid(place), 'SIGKILL')
      await until('the hub says that it is not ready', async () => (await ask(place.url, '/readyz')).status === 503)
      lives.push((await ask(place.url, '/livez')).status === 200)
      await until('it is ready again', () => isReady(place), 120_000)
    }
    await untilSaidMore(talks, 5)
    await Promise.all(talks.map((talk) => talk.end()))

    expect(lives).toEqual([true, true])
    const refusals = talks.flatMap((talk) => talk.refusals)
    expect(refusals.length).toBeGreaterThan(0)
    for (const { status, headers, json, text } of refusals) {
      expect([status, json.error, text]).toEqual([
        503,
        'unreachable',
        expect.not.stringMatching(/ECONN|terminat|postgres/i),
      ])
      expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1)
    }
    // A screen shows nothing beyond the first message still on its way to it.
    const sees = async (visitor: Visitor, count: number) => {
      // Not oftener than the chat allows.
      await sleep(300)
      return (await ownWords(visitor)).length >= count
    }
    await until('all of Mia is on her screen', () => sees(talking, mia.said.length), 60_000)
    expect(await ownWords(talking)).toEqual(mia.said)
    await until('all of Noa is on hers', () => sees(held, noa.said.length + 1), 60_000)
    expect(await ownWords(held)).toEqual(['hello there', ...noa.said])
    const sent = `SELECT message FROM inbox_messages WHERE by = 'customer' ORDER BY n`
    const atDesk = async () => (await app.hub.pool.query(sent)).rows.map((row) => plainText(row.message))
    await until('the desk has all', async () => (await atDesk()).length >= noa.said.length, 30_000)
    expect(await atDesk()).toEqual(noa.said)
    const fromAgent = async () =>
      (await allEntries(held)).filter((entry) => entry.by === 'agent').map((entry) => plainText(entry.message))
    await until(
      'the customer has all',
      () => sleep(300).then(async () => (await fromAgent()).length >= ana.said.length),
      30_000,
    )
    expect(await fromAgent()).toEqual(ana.said)
    const { rows } = await app.hub.pool.query(
      `SELECT kind, status, attempts, doubtful, last_error FROM effects WHERE doubtful OR status = 'dead'`,
    )
    expect(rows).toEqual([])
  })
})

describe('a second hub on the same data folder', () => {
  it('says whose it is and ends with 1, and harms nothing', { timeout: 120_000 }, async () => {
    const place = await aPlace()
    const app = await start(place)
    const other = { ...place, env: { ...place.env, BATON_PORT: String(await freePort()) } }
    await expect(start(other)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('is in use by another hub (process'),
    })
    const second = launch(other)
    expect(await once(second, 'exit')).toEqual([1, null])
    expect(second.said()).toMatch(
      /^The data folder .+ is in use by another hub \(process \d+\)\. Stop that one first, or give this one a folder of its own \(BATON_DATA_DIR\)\.\n$/,
    )
    expect((await ask(app.url, '/readyz')).status).toBe(200)
  })

  it('on a port that is taken says so, and leaves nothing running', { timeout: 120_000 }, async () => {
    const place = await aPlace()
    const app = await start(place)
    const elsewhere = await aPlace({ BATON_PORT: place.env.BATON_PORT! })
    const taken = await start(elsewhere).catch((error: unknown) => error)
    expect(taken).toBeInstanceOf(HubError)
    expect((taken as HubError).message).toBe(
      `Port ${place.env.BATON_PORT} on 127.0.0.1 is in use. Stop what listens there, or choose another by BATON_PORT.`,
    )
    await expect(readFile(join(elsewhere.dataDir, 'postgres', 'postmaster.pid'))).rejects.toMatchObject({
      code: 'ENOENT',
    })
    expect((await ask(app.url, '/readyz')).status).toBe(200)
  })
})

describe('a hub that is told to stop', () => {
  it('ends what is in hand and leaves the rest to the next start, nothing twice', { timeout: 120_000 }, async () => {
    const database = await aDatabase()
    cleanups.push(() => database.drop())
    const place = await aPlace({ DATABASE_URL: database.url })
    const first = await start(place)
    const visitor = await aVisitor(place.url)
    const { id } = await withAna(place, first, visitor)
    const calls: string[] = []
    const real = first.hub.connections.get('people')!
    const send: Desk['send'] = async (ticket, message, key) => {
      calls.push(key)
      const sent = await real.desk!.send(ticket, message, key)
      await sleep(100)
      return sent
    }
    first.hub.connections.set('people', { ...real, desk: { ...real.desk!, send } })
    const words = Array.from({ length: 8 }, (_, i) => `word ${i}`)
    for (const one of words.slice(0, 4)) expect((await visitor.say(one)).status).toBe(200)
    await first.hub.gates.pause('people', 'a test')
    for (const one of words.slice(4)) expect((await visitor.say(one)).status).toBe(200)
    const stopping = first.stop()
    // Refused or cut off, most likely; should it still get in, it is acknowledged and counts below.
    const late = await visitor.say('too late').catch(() => undefined)
    if (late?.status === 200) words.push('too late')
    await stopping
    // The vendor's answer was waited for: whatever was begun is settled.
    const effects = `SELECT status, begun, attempts, key FROM effects WHERE conversation = $1 AND kind = 'pass' ORDER BY n`
    const before = (await database.pool.query(effects, [id])).rows
    for (const { status, begun, attempts } of before.slice(0, -1))
      expect(status === 'done' ? attempts === 1 : !begun).toBe(true)
    expect(before.filter(({ status }) => status === 'done').map(({ key }) => key)).toEqual(calls)

    await database.pool.query('UPDATE connections SET paused_by = NULL')
    await database.pool.query(`UPDATE lanes SET due = now() WHERE due IS NOT NULL`)
    await start(place)
    const told = async () =>
      (await database.pool.query(`SELECT message FROM inbox_messages WHERE by = 'customer' ORDER BY n`)).rows.map(
        (row) => plainText(row.message),
      )
    await until('all arrived', async () => (await told()).length >= words.length)
    expect(await told()).toEqual(words)
    // The desk has the last word a moment before the record knows so.
    const now = async () => (await database.pool.query(effects, [id])).rows
    await until('all is settled', async () => (await now()).every(({ status }) => status === 'done'))
    expect((await now()).map(({ attempts }) => attempts)).toEqual(words.map(() => 1))
  })
})

describe('a hub killed with -9 under load', () => {
  it('has every acknowledged word in its thread once, in order, after the next start', {
    timeout: 300_000,
  }, async () => {
    const place = await aPlace()
    let hub = launch(place)
    await until('it is ready', () => isReady(place), 60_000)
    const names = ['ada', 'bob', 'cyd', 'dan', 'eve']
    const visitors = await Promise.all(names.map(() => aVisitor(place.url)))
    const talks = visitors.map((visitor, i) => listen(names[i]!, visitor))
    for (let kills = 0; kills < 2; kills++) {
      await untilSaidMore(talks, 5)
      await end(hub, 'SIGKILL')
      hub = launch(place)
      await until('it is ready', () => isReady(place), 120_000)
    }
    await untilSaidMore(talks, 5)
    await Promise.all(talks.map((talk) => talk.end()))
    for (const [i, visitor] of visitors.entries()) {
      const { said } = talks[i]!
      const answers = async () =>
        (await allEntries(visitor)).filter((entry) => entry.by === 'bot').map((entry) => plainText(entry.message))
      await until('the bot answered each', async () => (await answers()).length >= said.length, 30_000)
      expect(await ownWords(visitor)).toEqual(said)
      expect(await answers()).toEqual(said.map((words) => `You said: ${words}`))
    }
  })
})

// biome-ignore lint/suspicious/noExplicitAny: read as a foreign program reads it
async function allEntries(visitor: Visitor): Promise<any[]> {
  const entries = []
  for (let after = 0; ; ) {
    const page = await visitor.entries(after)
    if (page.length === 0) return entries
    entries.push(...page)
    after = page.at(-1).seq
  }
}

async function serverPid({ dataDir }: Place): Promise<number> {
  const pid = Number((await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0])
  if (!(pid > 1)) throw new Error('No server runs here')
  return pid
}
