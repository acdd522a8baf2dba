/** Secrets and what customers say are in no log, no error, no metric, no queue and no print, whatever goes wrong. */
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { SignJWT } from 'jose'
import type { Logger } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { check } from '../src/cli/check.ts'
import { HubError } from '../src/errors.ts'
import { createLogger, toLog } from '../src/logger.ts'
import { createVendorClient, toHubError } from '../src/vendor-client.ts'
import { type Answer, anAgent, aRunningApp, ask, aVisitor, type Running } from './app.ts'
import { until } from './hub.ts'

const secrets = {
  token: 'CANARY-staff-token-0123456789abcdef',
  agent: 'CANARY-agent-token-0123456789abcdef',
  identity: 'CANARY-identity-secret-0123456789abcdef',
}
const env = { ANA_TOKEN: secrets.agent, IDENTITY: secrets.identity, BATON_TOKEN: secrets.token, BATON_LOG: 'trace' }
const said = /CANARY[- ]?(word|name|mail|file|note|comment)|canary[.-]?(mail|word)@/i
const secret = /CANARY-(staff|agent|identity)/

const yaml = `
connections:
  site: { use: webchat, identity: { secret: '\${env:IDENTITY}' }, messagesPerMinute: 1000, sessionsPerMinute: 1000 }
  bot: { use: faq }
  people: { use: inbox, agents: [{ name: Ana, email: ana@example.com, token: '\${env:ANA_TOKEN}' }] }
  how-was-it: { use: form }
  customers: { use: directory }
mappings:
  - { name: support, channel: site, bot: bot, desks: [people], survey: how-was-it, crm: customers }
`

let hub: Running
let log: Logger
const lines: string[] = []
const refusals: Answer[] = []
beforeAll(async () => {
  log = createLogger(env, { write: (line) => void lines.push(line) })
  hub = await aRunningApp({ yaml, env, log })
  await live()
}, 60_000)
afterAll(() => hub?.stop())

const rows = async (text: string, ...values: unknown[]) => (await hub.database.pool.query(text, values)).rows
const refused = async (answer: Promise<Answer>) => refusals.push(await answer)

/** A conversation with a person, in which everything goes wrong that can. */
async function live(): Promise<void> {
  const person = { name: 'CANARY-name Smith', email: 'canary.mail@example.com' }
  const identity = await new SignJWT(person)
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('c-1')
    .setExpirationTime('5m')
    .sign(new TextEncoder().encode(secrets.identity))
  const visitor = await aVisitor(hub.url, { identity })
  await visitor.say('CANARY-word one: where is my parcel?')
  const [{ id }] = await rows('SELECT id FROM conversations WHERE thread = $1', visitor.thread)
  await until(
    'the bot was asked',
    async () => (await rows(`SELECT 1 FROM effects WHERE kind = 'turn' AND status = 'done'`)).length > 0,
  )

  const ana = await anAgent(hub.url, secrets.agent)
  await hub.staff(`/api/v1/conversations/${id}/commands`, { method: 'POST', body: { do: 'escalate' } })
  const ticket = await ana.ringing(id)
  await ana.act(ticket, 'accept')
  await ana.act(ticket, 'messages', { id: 'reply-0001', text: 'CANARY-word of the agent' })
  await ana.act(ticket, 'notes', { id: 'note-0001', text: 'CANARY-note: calls often' })
  await vendorFailures(id, visitor)
  await badRequests(visitor.token, ticket, identity)
  await databaseErrors(visitor)
  await ana.act(ticket, 'resolve', { digest: 'CANARY-note at the end' })
  await until('it has ended', async () => (await rows('SELECT 1 FROM handoffs WHERE outcome IS NOT NULL')).length === 1)
}

type Speaker = Awaited<ReturnType<typeof aVisitor>>

/** Errors as vendors' libraries throw them: with the whole request inside. */
async function vendorFailures(id: number, visitor: Speaker): Promise<void> {
  const { connections } = hub.app.hub
  const real = connections.get('people')!
  const quoting = Object.assign(new Error('Request failed with status code 500'), {
    config: { data: 'CANARY-word in a request', headers: { authorization: `Bearer ${secrets.agent}` } },
    response: { data: 'CANARY-word in an answer' },
  })
  const vendor = await anEchoingVendor()
  const failures = [
    () => Promise.reject(quoting),
    async () => JSON.parse('CANARY-word that is no JSON'),
    () => Promise.reject(new HubError('invalid', 'The desk rejected the request (422)', { cause: quoting })),
    () =>
      createVendorClient({ name: 'people', log })
        .post(`${vendor.url}/messages`, {})
        .catch((error: unknown) => Promise.reject(toHubError(error, 'The desk'))),
  ]
  const pending = `SELECT 1 FROM effects WHERE kind = 'pass' AND status = 'pending'`
  for (const [index, send] of failures.entries()) {
    connections.set('people', { ...real, desk: { ...real.desk!, find: undefined, send } })
    await visitor.say(`CANARY-word ${index} that fails`)
    const failed = `SELECT 1 FROM effects WHERE conversation = $1 AND last_error IS NOT NULL AND body::text LIKE $2`
    await until('it failed', async () => (await rows(failed, id, `%word ${index} that%`)).length === 1)
    connections.set('people', real)
    await hub.staff('/api/v1/connections/people/resume', { method: 'POST' })
    // Else the next words would wait behind these.
    await until('the lane is empty', async () => (await rows(pending)).length === 0)
  }
  vendor.close()
}

/** Refuses all, and repeats what it was given. */
async function anEchoingVendor() {
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(422, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ message: 'canary.mail@example.com is not an address that we take' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}

async function badRequests(token: string, ticket: string, identity: string): Promise<void> {
  const visitor = { authorization: `Bearer ${token}` }
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    ask(hub.url, path, { method: 'POST', body, headers })
  await refused(post('/hooks/site/messages', '{"id": "said-0000001", "text": "CANARY-word', visitor))
  await refused(post('/hooks/site/messages', { id: 'x', text: 'CANARY-word' }, visitor))
  await refused(post('/hooks/site/messages', { id: 'said-0000001', text: 'CANARY-word '.repeat(2_000) }, visitor))
  await refused(
    post(
      '/hooks/site/messages',
      { id: 'said-0000001', text: 'CANARY-word' },
      { authorization: `Bearer ${secrets.token}` },
    ),
  )
  await refused(post('/hooks/site/sessions', { identity: `${identity.slice(0, -4)}AAAA` }))
  await refused(post('/hooks/site/sessions', { identity: secrets.identity }))
  await refused(post('/hooks/site/sessions', { language: 'CANARY-word' }))
  await refused(
    post(
      `/hooks/people/tickets/${ticket}/messages`,
      { id: 'CANARY-word!', text: 'CANARY-word' },
      { authorization: `Bearer ${secrets.agent}` },
    ),
  )
  await refused(
    post('/hooks/people/presence', { presence: 'CANARY-word' }, { authorization: `Bearer ${secrets.agent}` }),
  )
  await refused(post('/hooks/people/presence', { presence: 'online' }, { authorization: `Bearer ${secrets.agent}x` }))
  await refused(
    post('/api/v1/erasures', { email: 'canary.mail@example.com' }, { authorization: `Bearer ${secrets.token}x` }),
  )
  await refused(
    post('/api/v1/erasures', { email: 'canary.mail@nobody.example' }, { authorization: `Bearer ${secrets.token}` }),
  )
  await refused(
    post('/api/v1/erasures', '{"email": "canary.mail@example.com', { authorization: `Bearer ${secrets.token}` }),
  )
  await refused(
    post('/api/v1/erasures', { mail: 'canary.mail@example.com' }, { authorization: `Bearer ${secrets.token}` }),
  )
  await refused(ask(hub.url, `/nothing?token=${secrets.token}&mail=canary.mail@example.com`))
}

/** The record refuses a row: PostgreSQL's own errors quote rows. */
async function databaseErrors(visitor: Speaker): Promise<void> {
  const { pool } = hub.database
  await pool.query(`ALTER TABLE events ADD CONSTRAINT no_canary CHECK (body::text NOT LIKE '%CANARY-word refused%')`)
  await refused(visitor.say('CANARY-word refused'))
  await pool.query('ALTER TABLE events DROP CONSTRAINT no_canary')
  await pool.query(`ALTER TABLE webchat_threads RENAME TO webchat_gone`)
  await refused(visitor.say('CANARY-word without a table'))
  await pool.query(`ALTER TABLE webchat_gone RENAME TO webchat_threads`)
}

it('went wrong as it should', () => {
  expect(refusals.map(({ status }) => status)).toEqual([
    400, 400, 400, 401, 401, 401, 400, 400, 400, 401, 401, 404, 400, 400, 404, 500, 500,
  ])
  expect(lines.length).toBeGreaterThan(10)
  expect(lines.some((line) => line.includes('an effect failed unexpectedly'))).toBe(true)
  expect(lines.some((line) => line.includes('a request failed'))).toBe(true)
})

it('is on record, or else nothing here is worth much', async () => {
  const { text } = await hub.staff('/api/v1/conversations/1')
  for (const found of ['CANARY-word one', 'CANARY-word of the agent', 'CANARY-name Smith', 'canary.mail@example.com'])
    expect(text).toContain(found)
  // Whoever has to mend it reads the vendor's own words, and no log does.
  const letters = (await hub.staff('/api/v1/dead-letters')).json.deadLetters as { error: { vendor?: string } }[]
  expect(letters.map(({ error }) => error.vendor)).toContain('canary.mail@example.com is not an address that we take')
})

describe('neither secrets nor words are in', () => {
  const clean = (text: string) => {
    expect(text).not.toMatch(secret)
    expect(text).not.toMatch(said)
  }

  it('the log, at its most talkative', () => clean(lines.join('')))

  it('refusals', () => {
    // The request's own words come back in none of them.
    for (const { text } of refusals) clean(text)
  })

  it('metrics', async () => clean((await hub.staff('/metrics')).text))
  it('what strangers see', async () => {
    for (const path of ['/livez', '/readyz', '/hooks/site/config', '/hooks/people/welcome', '/inbox/', '/chat/site'])
      clean((await hub.ask(path)).text)
  })

  it('the queue', async () => {
    const tables = await rows(`SELECT table_name FROM information_schema.tables WHERE table_schema = 'bullmq'`)
    expect(tables.length).toBeGreaterThan(3)
    // A job that waits, so that there is one to look at.
    await hub.staff('/api/v1/connections/bot/pause', { method: 'POST' })
    hub.app.hub.wake([{ conversation: 1, lane: 'bot:bot' }])
    let text = ''
    for (const { table_name } of tables)
      text += JSON.stringify(await rows(`SELECT t::text FROM bullmq.${table_name} t`))
    clean(text)
  })
})

describe('secrets are in', () => {
  it('no table', async () => {
    const tables = await rows(
      `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables WHERE table_schema IN ('public', 'bullmq')`,
    )
    for (const { name } of tables)
      expect([name, JSON.stringify(await rows(`SELECT t::text FROM ${name} t`)).match(secret)]).toEqual([name, null])
  })

  it('no answer to staff', async () => {
    for (const path of [
      '/api/v1/connections',
      '/api/v1/conversations',
      '/api/v1/conversations/1',
      '/api/v1/dead-letters',
      '/docs',
    ])
      expect((await hub.staff(path)).text).not.toMatch(secret)
  })

  it.each([true, false])('no print of the configuration (as JSON: %s)', async (json) => {
    const printed: string[] = []
    expect(await check(join(hub.dataDir, 'baton.yaml'), { json, env, write: (line) => printed.push(line) })).toBe(0)
    expect(printed.join('\n')).toContain('people')
    expect(printed.join('\n')).not.toMatch(secret)
  })

  it.each([
    ['too short', { ANA_TOKEN: 'CANARY-agent' }],
    ['missing', { IDENTITY: undefined }],
  ])('no error of the configuration: %s', async (_what, wrong) => {
    const printed: string[] = []
    expect(
      await check(join(hub.dataDir, 'baton.yaml'), {
        json: true,
        env: { ...env, ...wrong },
        write: (line) => printed.push(line),
      }),
    ).toBe(1)
    expect(printed.join('\n')).not.toMatch(secret)
  })

  it('no error of a configuration that holds them in plain text', async () => {
    const file = join(hub.dataDir, 'plain.yaml')
    await writeFile(
      file,
      yaml
        .replace("'${env:ANA_TOKEN}'", secrets.agent)
        .replace('capacity', 'x')
        .replace('use: faq', `use: faq, nonsense: ${secrets.identity}`),
    )
    const printed: string[] = []
    expect(await check(file, { json: false, env, write: (line) => printed.push(line) })).toBe(1)
    expect(printed.join('\n')).toContain('nonsense')
    expect(printed.join('\n')).not.toMatch(secret)
  })
})

describe('an error in the log', () => {
  it('keeps what helps: kind, code, sentence, place, cause', () => {
    const cause = Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' })
    const logged = toLog(new HubError('unreachable', 'No answer', { cause }))
    expect(logged).toMatchObject({
      type: 'HubError',
      code: 'unreachable',
      message: 'No answer',
      cause: { code: 'ECONNREFUSED', message: 'connection refused' },
    })
    expect(logged.stack).toContain('secrets.test.ts')
  })

  it('stays one line, whatever a sentence holds', () => {
    const written: string[] = []
    createLogger({}, { write: (line) => void written.push(line) }).error(
      { err: new HubError('invalid', 'a\n{"level":60}\u2028b') },
      'x\ny',
    )
    expect(written.join('').trimEnd().split('\n')).toHaveLength(1)
  })
})
