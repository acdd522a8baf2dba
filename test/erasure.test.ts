/** Erasure of one customer: afterwards nothing they said or are called is in any table, and nothing brings it back. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HubError } from '../src/errors.ts'
import { text } from '../src/message.ts'
import { anAgent, aRunningApp, ask, aVisitor, type Running, type TestAgent, type Visitor } from './app.ts'
import { until } from './hub.ts'

const secret = 'an-identity-secret-of-32-characters-'
const agentToken = 'the-token-of-ana-0123456789'
const canary = /CANARY/i

const yaml = (folder: string) => `
connections:
  site: { use: webchat, identity: { secret: ${secret} }, messagesPerMinute: 1000, sessionsPerMinute: 1000 }
  bot: { use: faq, folder: ${folder} }
  people: { use: inbox, agents: [{ name: Ana, email: ana@example.com, token: ${agentToken}, capacity: 20 }] }
  how-was-it: { use: form }
  customers: { use: directory }
  mute: { use: echo }
mappings:
  - channel: site
    bot: bot
    desks: [people]
    survey: how-was-it
    crm: customers
    limits: { surveyDelaySeconds: 0 }
`
const intents = `
- intent: order
  examples: [where is my order, where is my parcel, track my order]
  needs:
    - { slot: name, pattern: 'CANARY\\w*', ask: { en: Who ordered it? } }
    - { slot: number, pattern: '\\d{5,}', ask: { en: What is its number? } }
  answers: { en: It is on its way. }
`

let hub: Running
let ana: TestAgent
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-erasure-'))
  await mkdir(join(folder, 'articles'))
  await writeFile(join(folder, 'intents.yaml'), intents)
  hub = await aRunningApp({ yaml: yaml(folder) })
  ana = await anAgent(hub.url, agentToken)
})
afterAll(async () => {
  await hub?.stop()
  await rm(folder, { recursive: true, force: true })
})

const rows = async (statement: string, ...values: unknown[]) => (await hub.database.pool.query(statement, values)).rows
const erase = (whom: object) => hub.staff('/api/v1/erasures', { method: 'POST', body: whom })

/** Every table of the database, the queue's too, in which it occurs. */
async function tablesWith(pattern: RegExp): Promise<string[]> {
  const tables = await rows(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
  )
  expect(tables.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['public.events', 'public.inbox_messages', 'bullmq.job']),
  )
  const found: string[] = []
  for (const { name } of tables) {
    // bytea shows as hex, so files are looked into apart.
    const words = await rows(`SELECT t::text AS row FROM ${name} t`)
    if (words.some(({ row }) => pattern.test(row))) found.push(name)
  }
  const files = await rows('SELECT content FROM webchat_files UNION ALL SELECT content FROM inbox_files')
  return files.some(({ content }) => pattern.test(content.toString('latin1'))) ? [...found, 'content of files'] : found
}

const identityOf = (name: string, email: string, subject: string) =>
  new SignJWT({ name, email })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(subject)
    .setExpirationTime('5m')
    .sign(new TextEncoder().encode(secret))

interface Life {
  readonly id: number
  readonly visitor: Visitor
  readonly ticket: string
  readonly survey: string
  readonly identity: string
}

/** As much as one customer can leave behind: words, a name, a file, a bot's question, a handoff, notes, a digest, a survey, a dead letter. */
async function live(who: string): Promise<Life> {
  const identity = await identityOf(`CANARY ${who}`, `canary.${who}@example.com`, `subject-${who}`)
  const visitor = await aVisitor(hub.url, { identity })
  await upload(visitor)
  await visitor.say('where is my order')
  await visitor.say(`CANARYname ${who}`)
  const [{ id }] = await rows('SELECT id FROM conversations WHERE thread = $1', visitor.thread)
  await until(
    'the bot remembers',
    async () => (await rows(`SELECT 1 FROM memory WHERE value::text LIKE $1`, `%CANARYname%`)).length > 0,
  )
  await hub.staff(`/api/v1/conversations/${id}/commands`, { method: 'POST', body: { do: 'escalate' } })
  const ticket = await ana.ringing(id)
  await ana.act(ticket, 'accept')
  await attachAsAgent(ticket)
  await ana.act(ticket, 'messages', { id: `reply-${who}`, text: 'I see, CANARY', files: ['file'] })
  await ana.act(ticket, 'notes', { id: `note-${who}`, text: 'CANARY calls often' })
  await deadLetter(id, visitor)
  await ana.act(ticket, 'resolve', { digest: 'CANARY got a refund', topic: 'refund' })
  return { id, visitor, ticket, survey: await answerSurvey(visitor), identity }
}

async function attachAsAgent(ticket: string): Promise<void> {
  const body = new FormData()
  body.set('file', new Blob(['CANARY of the agent']), 'CANARY.txt')
  const headers = { authorization: `Bearer ${agentToken}` }
  const stored = await fetch(`${hub.url}/hooks/people/tickets/${ticket}/files/file`, { method: 'PUT', headers, body })
  expect(stored.status).toBe(200)
}

async function upload(visitor: Visitor): Promise<void> {
  const body = new FormData()
  body.set('file', new Blob(['CANARY in a file']), 'CANARY.txt')
  const headers = { authorization: `Bearer ${visitor.token}` }
  const stored = await fetch(`${hub.url}/hooks/site/files`, { method: 'POST', headers, body })
  const { id } = (await stored.json()) as { id: string }
  const said = await ask(hub.url, '/hooks/site/messages', {
    method: 'POST',
    headers,
    body: { id: `file-${id.slice(0, 20)}`, file: id },
  })
  expect(said.status).toBe(200)
}

async function deadLetter(id: number, visitor: Visitor): Promise<void> {
  const { connections } = hub.app.hub
  const real = connections.get('people')!
  const cause = { response: { status: 422, data: { message: 'CANARY words that die are too long' } } }
  const send = () => Promise.reject(new HubError('invalid', '422: CANARY is too long', { cause }))
  connections.set('people', { ...real, desk: { ...real.desk!, send } })
  await visitor.say('CANARY words that die')
  await until(
    'dead',
    async () => (await rows(`SELECT 1 FROM effects WHERE status = 'dead' AND conversation = $1`, id)).length > 0,
  )
  expect(
    await rows(`SELECT last_error ->> 'vendor' AS vendor FROM effects WHERE status = 'dead' AND conversation = $1`, id),
  ).toEqual([{ vendor: 'CANARY words that die are too long' }])
  connections.set('people', real)
}

async function answerSurvey(visitor: Visitor): Promise<string> {
  let url = ''
  await until('the survey came', async () => {
    const parts = (await visitor.entries()).flatMap((entry) => entry.message.parts)
    url = parts.find((part) => part.kind === 'survey')?.url ?? ''
    return url !== ''
  })
  const { pathname } = new URL(url)
  const answered = await ask(hub.url, pathname, { method: 'POST', body: { score: 2, comment: 'CANARY was unhappy' } })
  expect(answered.status).toBe(200)
  return pathname
}

describe('a customer who left much behind', () => {
  let one: Life
  let other: Life
  // biome-ignore lint/suspicious/noExplicitAny: read as a foreign program reads it
  let answer: any
  beforeAll(async () => {
    one = await live('one')
    other = await live('other')
    await until('the log is written', async () => (await rows('SELECT 1 FROM directory_log')).length === 2)
    expect(await tablesWith(/CANARY/)).toEqual(
      expect.arrayContaining([
        'public.conversations',
        'public.events',
        'public.effects',
        'public.handoffs',
        'public.feedback',
        'public.webchat_threads',
        'public.webchat_files',
        'public.inbox_tickets',
        'public.inbox_messages',
        'public.inbox_files',
        'public.directory_log',
        'content of files',
      ]),
    )
    answer = await erase({ email: 'Canary.One@example.com' })
  }, 60_000)

  it('is told which connections have forgotten them', () => {
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual({
      conversations: 1,
      connections: { site: 'erased', bot: 'erased', people: 'erased', 'how-was-it': 'erased', customers: 'erased' },
    })
  })

  it('is nowhere any more, while the other one still is', async () => {
    const theirs = [`canary.one`, 'CANARY one', 'subject-one', 'CANARYname one', 'reply-one', 'note-one'].map(
      (found) => new RegExp(found, 'i'),
    )
    for (const found of theirs) expect([found, await tablesWith(found)]).toEqual([found, []])
    const left = await rows('SELECT body FROM events WHERE conversation = $1', one.id)
    expect(left.length).toBeGreaterThan(5)
    for (const { body } of left) expect(body).toEqual({})
    expect((await hub.staff(`/api/v1/conversations/${other.id}`)).text).toMatch(canary)
  })

  it('is nowhere at all once both are erased, by conversation too', async () => {
    expect((await erase({ conversation: other.id })).json.conversations).toBe(1)
    expect(await tablesWith(canary)).toEqual([])
  })

  it('leaves the figures', async () => {
    const [handoff] = await rows('SELECT * FROM handoffs WHERE conversation = $1', one.id)
    expect(handoff).toMatchObject({
      number: 1,
      outcome: 'resolved',
      stage: 'ended',
      criterion: 'staff',
      agent: 'Ana',
      reason: '',
      digest: null,
    })
    expect(handoff.ended_at).toBeGreaterThanOrEqual(handoff.started_at)
    expect(await rows('SELECT score, scale, comment FROM feedback WHERE conversation = $1', one.id)).toMatchObject([
      { comment: null },
    ])
    expect(Number((await rows('SELECT score FROM feedback WHERE conversation = $1', one.id))[0].score)).toBe(2)
    const [attempt] = await rows('SELECT desk, stage, accepted_at FROM attempts WHERE conversation = $1', one.id)
    expect(attempt).toMatchObject({ desk: 'people', stage: 'over', accepted_at: expect.any(Number) })
    expect(await rows(`SELECT outcome FROM directory_log WHERE handoff LIKE $1`, `%${one.id}-1`)).toEqual([
      { outcome: 'resolved' },
    ])
  })

  it('has no open door left: session, file, ticket, dead letter', async () => {
    expect((await one.visitor.say('hello again')).status).toBe(401)
    const headers = { authorization: `Bearer ${agentToken}` }
    expect((await ask(hub.url, `/hooks/people/tickets/${one.ticket}`, { headers })).status).toBe(404)
    expect((await hub.staff('/api/v1/dead-letters')).json.deadLetters).toEqual([])
    expect((await ask(hub.url, one.survey)).text).not.toMatch(canary)
    expect((await erase({ email: 'canary.one@example.com' })).status).toBe(404)
  })

  it('does not come back by late duplicates', async () => {
    const known = await rows(
      `SELECT connection, external_id, type FROM events WHERE conversation = $1 AND connection <> 'hub'`,
      one.id,
    )
    expect(known.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['customer-message', 'agent-message', 'desk-ended', 'feedback']),
    )
    const at = 1
    for (const { connection, external_id: externalId, type } of known) {
      const message = text('CANARY once more')
      if (type === 'customer-message')
        await hub.app.hub.receive(connection, [{ type, thread: one.visitor.thread, externalId, at, message }])
      if (type === 'agent-message') {
        const agent = { name: 'Ana' }
        await hub.app.hub.receive(connection, [
          { type, ticket: one.ticket, externalId, at, message, agent, visibility: 'public' },
        ])
      }
      if (type === 'desk-ended')
        await hub.app.hub.receive(connection, [
          { type, ticket: one.ticket, externalId, at, outcome: 'resolved', digest: 'CANARY' },
        ])
      if (type === 'feedback') {
        const feedback = { handoff: 1, score: 5, scale: 5, comment: 'CANARY' }
        await hub.app.hub.receive(connection, [{ type, conversation: one.id, externalId, at, feedback }])
      }
    }
    await hub.app.hub.sweepNow()
    expect(await tablesWith(canary)).toEqual([])
  })

  it('may begin a new life in the same thread: bot, person, figures of its own', async () => {
    const again = await aVisitor(hub.url, { identity: one.identity })
    expect(again.thread).toBe(one.visitor.thread)
    expect(await again.entries()).toEqual([])
    expect((await again.say('where is my order')).status).toBe(200)
    await until('the bot answers', async () => (await again.entries()).some((entry) => entry.by === 'bot'))
    await hub.staff(`/api/v1/conversations/${one.id}/commands`, { method: 'POST', body: { do: 'escalate' } })
    const ticket = await ana.ringing(one.id)
    await ana.act(ticket, 'accept')
    await ana.act(ticket, 'messages', { id: 'reply-again', text: 'Welcome' })
    await until('the person answers', async () => (await again.entries()).some((entry) => entry.by === 'agent'))
    await ana.rest()
    await until(
      'ended',
      async () =>
        (await rows('SELECT 1 FROM handoffs WHERE conversation = $1 AND outcome IS NOT NULL', one.id)).length === 2,
    )
    expect(
      await rows('SELECT number, criterion FROM handoffs WHERE conversation = $1 ORDER BY number', one.id),
    ).toHaveLength(2)
  })
})

it('frees the agent and closes the screen of one who is in the middle of it', async () => {
  const identity = await identityOf('CANARY three', 'canary.three@example.com', 'subject-three')
  const visitor = await aVisitor(hub.url, { identity })
  await visitor.say('hello CANARY')
  const [{ id }] = await rows('SELECT id FROM conversations WHERE thread = $1', visitor.thread)
  await hub.staff(`/api/v1/conversations/${id}/commands`, { method: 'POST', body: { do: 'escalate' } })
  const ticket = await ana.ringing(id)
  await ana.act(ticket, 'accept')
  const { WebSocket } = await import('ws')
  const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/hooks/site/socket`, { origin: hub.url })
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  const greeted = new Promise<void>((resolve) => socket.on('message', () => resolve()))
  socket.on('open', () => socket.send(JSON.stringify({ t: 'hello', token: visitor.token, after: 0 })))
  await greeted
  expect((await erase({ id: 'subject-three' })).json).toMatchObject({ conversations: 1 })
  expect(await closed).toBe(4401)
  expect((await ana.act(ticket, 'messages', { id: 'reply-late', text: 'still there, CANARY?' })).status).toBe(404)
  expect(await rows('SELECT outcome FROM handoffs WHERE conversation = $1', id)).toEqual([{ outcome: 'abandoned' }])
  expect(await tablesWith(/CANARY three|hello CANARY|still there|subject-three/i)).toEqual([])
})

it('makes the bot forget what it was just told', async () => {
  const visitor = await aVisitor(hub.url)
  await visitor.say('where is my order')
  await visitor.say('CANARYfour')
  const remembered = `SELECT 1 FROM memory WHERE value::text LIKE '%CANARYfour%'`
  await until('the bot remembers', async () => (await rows(remembered)).length === 1)
  const [{ id }] = await rows('SELECT id FROM conversations WHERE thread = $1', visitor.thread)
  await erase({ conversation: id })
  expect(await tablesWith(/CANARYfour/)).toEqual([])
})

it('names connections that got their words and cannot erase', async () => {
  const visitor = await aVisitor(hub.url)
  await visitor.say('hello')
  const [{ id }] = await rows('SELECT id FROM conversations WHERE thread = $1', visitor.thread)
  await until('the bot answered', async () => (await visitor.entries()).some((entry) => entry.by === 'bot'))
  const { connections } = hub.app.hub
  const [bot, people] = [connections.get('bot')!, connections.get('people')!]
  connections.set('bot', { ...bot, erase: undefined })
  connections.set('people', { ...people, erase: () => Promise.reject(new HubError('unreachable', 'away')) })
  const { json } = await erase({ conversation: id })
  connections.set('bot', bot)
  connections.set('people', people)
  expect(json.connections).toEqual({
    site: 'erased',
    bot: 'cannot erase',
    people: 'failed',
    'how-was-it': 'erased',
    customers: 'erased',
  })
  expect((await erase({ conversation: id })).json.connections.people).toBe('erased')
})

it.each([{ conversation: 987654321 }, { email: 'nobody@example.com' }, { id: 'nobody' }, { phone: '+1' }])(
  'finds nobody by %j',
  async (whom) => {
    const { status, json } = await erase(whom)
    expect([status, json]).toEqual([404, { error: 'unknown', message: 'No conversation belongs to this customer' }])
  },
)
