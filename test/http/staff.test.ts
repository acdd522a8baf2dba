/** What staff can do by the API, and what becomes of it. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { HubError } from '../../src/errors.ts'
import { plainText } from '../../src/message.ts'
import { anAgent, aRunningApp, aVisitor, type Running, type TestAgent, type Visitor } from '../app.ts'
import { until } from '../hub.ts'

let hub: Running
let ana: TestAgent
beforeAll(async () => {
  hub = await aRunningApp()
  const { json } = await hub.ask('/hooks/people/demo', { method: 'POST', body: { name: 'Ana' } })
  ana = await anAgent(hub.url, json.token)
})
afterEach(() => ana.rest())
afterAll(() => hub.stop())

const post = (path: string, body?: unknown, headers: Record<string, string> = {}) =>
  hub.staff(`/api/v1${path}`, { method: 'POST', body, headers })
const rows = async (text: string, ...values: unknown[]) => (await hub.database.pool.query(text, values)).rows

async function aConversation(): Promise<{ id: number; visitor: Visitor }> {
  const visitor = await aVisitor(hub.url)
  expect((await visitor.say('hello')).status).toBe(200)
  const [row] = await rows('SELECT id FROM conversations WHERE thread = $1', visitor.thread)
  await until('the bot has answered', async () => (await visitor.entries()).some((entry) => entry.by === 'bot'))
  return { id: row.id, visitor }
}

async function withAna(): Promise<{ id: number; visitor: Visitor; ticket: string }> {
  const { id, visitor } = await aConversation()
  await post(`/conversations/${id}/commands`, { do: 'escalate' })
  const ticket = await ana.ringing(id)
  expect((await ana.act(ticket, 'accept')).status).toBe(204)
  await until(
    'Ana holds it',
    async () => (await hub.staff(`/api/v1/conversations/${id}`)).json.conversation.control === 'agent',
  )
  return { id, visitor, ticket }
}

/** What the desk has of the customer's words since the handoff. */
const told = async (ticket: string) =>
  (await rows(`SELECT message FROM inbox_messages WHERE ticket = $1 AND by = 'customer' ORDER BY n`, ticket)).map(
    (row) => plainText(row.message),
  )

describe('conversations', () => {
  it('are listed newest first, by who holds control, page by page', async () => {
    const ids = [await aConversation(), await aConversation(), await aConversation()].map(({ id }) => id)
    await until(
      'all is settled',
      async () => (await rows(`SELECT 1 FROM lanes WHERE head < tail OR token IS NOT NULL`)).length === 0,
    )
    const first = (await hub.staff('/api/v1/conversations?control=bot&limit=2')).json.conversations
    const rest = (await hub.staff(`/api/v1/conversations?control=bot&limit=200&before=${first[1].cursor}`)).json
      .conversations
    expect(first).toHaveLength(2)
    const all = [...first, ...rest]
    expect(
      all
        .map((one) => one.id)
        .filter((id) => ids.includes(id))
        .sort(),
    ).toEqual(ids)
    expect(all.map((one) => one.updatedAt)).toEqual(all.map((one) => one.updatedAt).sort((a, b) => b - a))
    expect((await hub.staff('/api/v1/conversations?control=closed')).json.conversations).toEqual([])
  })

  it('tell their story with the why of each decision', async () => {
    const { id } = await withAna()
    const { conversation, timeline } = (await hub.staff(`/api/v1/conversations/${id}`)).json
    expect(conversation).toMatchObject({ id, control: 'agent', handoff: { reason: { criterion: 'staff' } } })
    expect(timeline[0]).toMatchObject({ seq: 1, type: 'customer-message', connection: 'site' })
    const types = timeline.map((entry: { type: string }) => entry.type)
    expect(types).toEqual(expect.arrayContaining(['bot-answered', 'staff-command', 'desk-opened', 'desk-accepted']))
    const asked = timeline.find((entry: { type: string }) => entry.type === 'staff-command')
    expect(asked.decisions.length).toBeGreaterThan(0)
    expect(asked.effects).toEqual(
      expect.arrayContaining([expect.objectContaining({ kind: 'open', lane: 'desk:people', status: 'done' })]),
    )
  })
})

describe('commands', () => {
  it('count once for one key, and once each without', async () => {
    const { id } = await aConversation()
    const key = { 'idempotency-key': 'twice-is-once' }
    const answers = await Promise.all(
      [1, 2, 3].map(() => post(`/conversations/${id}/commands`, { do: 'escalate' }, key)),
    )
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202])
    expect(answers.filter(({ json }) => json.recorded)).toHaveLength(1)
    const commands = () => rows(`SELECT 1 FROM events WHERE conversation = $1 AND type = 'staff-command'`, id)
    expect(await commands()).toHaveLength(1)
    expect(await rows('SELECT number FROM handoffs WHERE conversation = $1', id)).toHaveLength(1)
    const end = { do: 'end', outcome: 'abandoned' }
    for (let i = 0; i < 2; i++)
      expect((await post(`/conversations/${id}/commands`, end)).json).toEqual({ recorded: true })
    expect(await commands()).toHaveLength(3)
    expect(await rows('SELECT outcome FROM handoffs WHERE conversation = $1', id)).toEqual([{ outcome: 'abandoned' }])
  })

  it('take a key for one conversation only', async () => {
    const key = { 'idempotency-key': 'used-here-and-there' }
    for (const { id } of [await aConversation(), await aConversation()]) {
      expect((await post(`/conversations/${id}/commands`, { do: 'escalate' }, key)).json).toEqual({ recorded: true })
      await post(`/conversations/${id}/commands`, { do: 'end', outcome: 'abandoned' })
    }
  })

  it('refuse a key that is too long to tell from others', async () => {
    const { id } = await aConversation()
    const { status, json } = await post(
      `/conversations/${id}/commands`,
      { do: 'escalate' },
      { 'idempotency-key': 'k'.repeat(201) },
    )
    expect(status).toBe(400)
    expect(json.message).toContain('found 201 characters; right is one key of at most 200')
  })

  it.each([{ do: 'move' }, { do: 'escalate' }, { do: 'end', outcome: 'resolved' }])(
    '%j to no conversation',
    async (command) => {
      const { status, json } = await post('/conversations/987654321/commands', command)
      expect([status, json]).toEqual([404, { error: 'unknown', message: 'There is no conversation 987654321' }])
    },
  )
})

describe('connections', () => {
  const health = async (name: string) =>
    (await hub.staff('/api/v1/connections')).json.connections.find((one: { name: string }) => one.name === name)

  it('are listed with what they can play', async () => {
    const { connections } = (await hub.staff('/api/v1/connections')).json
    const roles = Object.fromEntries(connections.map((one: { name: string; roles: string[] }) => [one.name, one.roles]))
    expect(roles).toEqual({
      site: ['channel'],
      'first-line': ['bot', 'knowledge', 'training'],
      people: ['desk'],
      'how-was-it': ['survey'],
      customers: ['crm'],
    })
    for (const one of connections) expect(one).toMatchObject({ health: 'healthy', pausedBy: null, lastError: null })
  })

  it('hold back and go on: nothing is lost meanwhile', async () => {
    const { id, visitor, ticket } = await withAna()
    expect((await post('/connections/people/pause')).status).toBe(204)
    expect(await health('people')).toMatchObject({ health: 'paused', pausedBy: 'the hub’s token' })
    for (const said of ['one', 'two']) expect((await visitor.say(said)).status).toBe(200)
    await hub.app.hub.sweepNow()
    expect(await rows(`SELECT status FROM effects WHERE conversation = $1 AND kind = 'pass' AND NOT late`, id)).toEqual(
      [{ status: 'pending' }, { status: 'pending' }],
    )
    expect(await told(ticket)).toEqual([])
    expect((await post('/connections/people/resume')).status).toBe(204)
    expect(await health('people')).toMatchObject({ health: 'healthy', pausedBy: null })
    await until('the desk has both', async () => (await told(ticket)).length === 2)
    expect(await told(ticket)).toEqual(['one', 'two'])
  })

  it.each([
    [new HubError('unreachable', 'No answer from it'), 'failing'],
    [new HubError('refused', 'It does not accept our credentials'), 'credentials refused'],
    [new HubError('busy', 'It asks us to slow down', { retryAfterMs: 60_000 }), 'limited'],
  ])('%s', async (error, word) => {
    // One that nothing is sent to here: a call that works meanwhile would close the gate again.
    await hub.app.hub.gates.failed('how-was-it', error)
    expect(await health('how-was-it')).toMatchObject({
      health: word,
      lastError: error.message,
      lastErrorAt: expect.any(Number),
    })
    await post('/connections/how-was-it/resume')
    expect((await health('how-was-it')).health).toBe('healthy')
  })

  it.each(['pause', 'resume'])('%s of one that is not there names those that are', async (what) => {
    const { status, json } = await post(`/connections/nobody/${what}`)
    expect(status).toBe(404)
    expect(json.message).toBe(
      'There is no connection "nobody". There are: site, first-line, people, how-was-it, customers',
    )
  })
})

describe('dead letters', () => {
  /** The desk refuses what the customer says, for good. */
  async function aDeadLetter() {
    const { id, visitor, ticket } = await withAna()
    const { connections } = hub.app.hub
    const real = connections.get('people')!
    const desk = { ...real.desk!, send: () => Promise.reject(new HubError('invalid', '422: the body is too long')) }
    connections.set('people', { ...real, desk })
    await visitor.say('words the desk does not take')
    await until(
      'it is dead',
      async () => (await rows(`SELECT 1 FROM effects WHERE status = 'dead' AND conversation = $1`, id)).length === 1,
    )
    connections.set('people', real)
    const { deadLetters } = (await hub.staff('/api/v1/dead-letters')).json
    const letter = deadLetters.find((one: { conversation: number }) => one.conversation === id)
    return { letter, visitor, ticket, name: { conversation: id, lane: letter.lane, n: letter.n } }
  }

  it('are listed with their reason, and sent again once', async () => {
    const { letter, name, ticket } = await aDeadLetter()
    expect(letter).toMatchObject({
      kind: 'pass',
      connection: 'people',
      error: { code: 'invalid', text: '422: the body is too long' },
    })
    expect((await hub.staff('/metrics')).text).toMatch(/^baton_dead_letters 1$/m)
    const again = await Promise.all([post('/dead-letters/replay', name), post('/dead-letters/replay', name)])
    expect(again.map(({ status }) => status).sort()).toEqual([202, 404])
    await until('the desk has it', async () => (await told(ticket)).length === 1)
    expect((await hub.staff('/api/v1/dead-letters')).json.deadLetters).toEqual([])
    // The desk has it before the record knows.
    const effects = async () => {
      const { timeline } = (await hub.staff(`/api/v1/conversations/${name.conversation}`)).json
      return timeline.flatMap((entry: { effects: object[] }) => entry.effects)
    }
    await expect.poll(effects).toContainEqual(expect.objectContaining({ kind: 'pass', status: 'done', late: true }))
  })

  it('can be left undone', async () => {
    const { name, ticket } = await aDeadLetter()
    expect((await post('/dead-letters/dismiss', name)).status).toBe(204)
    expect((await post('/dead-letters/dismiss', name)).status).toBe(404)
    expect((await post('/dead-letters/replay', name)).status).toBe(404)
    expect(await told(ticket)).toEqual([])
  })

  it.each(['replay', 'dismiss'])('%s of one that is not there', async (what) => {
    const { status, json } = await post(`/dead-letters/${what}`, { conversation: 1, lane: 'desk:people', n: 99 })
    expect([status, json.error]).toEqual([404, 'unknown'])
  })
})
