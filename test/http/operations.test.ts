/** What runs a hub by the API: connections with their traffic, dead letters by cause, and the queues' pages. */
import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest'
import type { Connection, Desk } from '../../src/connector.ts'
import { HubError } from '../../src/errors.ts'
import type { ConnectionDetail, ConnectionRow } from '../../src/http/api/connections.ts'
import type { Group, Letter } from '../../src/http/api/dead-letters.ts'
import { plainText } from '../../src/message.ts'
import { anAgent, aRunningApp, aVisitor, type Running, type TestAgent, type Visitor } from '../app.ts'
import { until } from '../hub.ts'

let hub: Running
let ana: TestAgent
let real: Connection
beforeAll(async () => {
  hub = await aRunningApp()
  const { json } = await hub.ask('/hooks/people/demo', { method: 'POST', body: { name: 'Ana' } })
  ana = await anAgent(hub.url, json.token)
  real = hub.app.hub.connections.get('people')!
})
afterEach(async () => {
  hub.app.hub.connections.set('people', real)
  await ana.rest()
})
afterAll(() => hub.stop())

const get = async (path: string) => (await hub.staff(`/api/v1${path}`)).json
const post = (path: string, body?: unknown) => hub.staff(`/api/v1${path}`, { method: 'POST', body })
const rows = async (text: string, ...values: unknown[]) => (await hub.database.pool.query(text, values)).rows
const one = async (name: string): Promise<ConnectionRow> =>
  (await get('/connections')).connections.find((row: ConnectionRow) => row.name === name)

async function withAna(customer?: object): Promise<{ id: number; visitor: Visitor; ticket: string }> {
  const visitor = await aVisitor(hub.url, customer)
  await visitor.say('hello')
  const [row] = await rows('SELECT id FROM conversations WHERE thread = $1', visitor.thread)
  await post(`/conversations/${row.id}/commands`, { do: 'escalate' })
  const ticket = await ana.ringing(row.id)
  await ana.act(ticket, 'accept')
  await until('Ana holds it', async () => (await get(`/conversations/${row.id}`)).conversation.control === 'agent')
  return { id: row.id, visitor, ticket }
}

const desk = (changes: Partial<Desk>) =>
  hub.app.hub.connections.set('people', { ...real, desk: { ...real.desk!, ...changes } })

describe('a connection', () => {
  it('is listed with what went over it, as all hubs have counted it', async () => {
    const { visitor } = await withAna()
    await visitor.say('one more')
    await until('it is counted', async () => (await one('people')).figures!.callsPerHour >= 2)
    const people = await one('people')
    expect(people).toMatchObject({ health: 'healthy', use: 'inbox', lastError: null, advice: null })
    expect(people.figures!.lastIn).toBeGreaterThan(0)
    expect(people.figures!.lastOut).toBeGreaterThan(0)
    expect(people.figures!.p95).toBeGreaterThanOrEqual(0)
    expect(people.figures!.calls).toHaveLength(12)
    // As another hub would have written it.
    const newest = (await rows(`SELECT max(at) AS at FROM traffic`))[0].at
    await rows(`INSERT INTO traffic VALUES ('people', 'another hub', $1, 1000, 7, 0, ARRAY[1000])`, newest)
    const both = await one('people')
    expect(both.figures!.callsPerHour).toBeGreaterThanOrEqual(people.figures!.callsPerHour + 1000)
    expect(both.figures!.errorsPerHour).toBe(people.figures!.errorsPerHour + 7)
    await rows(`DELETE FROM traffic WHERE hub = 'another hub'`)
  })

  it('comes first where it is worst', async () => {
    const { gates } = hub.app.hub
    let connections: ConnectionRow[] = []
    // A call that was under way and went well makes its connection healthy again.
    await until('both are down', async () => {
      await gates.failed('how-was-it', new HubError('unreachable', 'No answer from it'))
      await gates.failed('customers', new HubError('refused', 'It does not accept our credentials'))
      connections = (await get('/connections')).connections
      return connections.filter(({ health }) => health !== 'healthy').length === 2
    })
    expect(connections.slice(0, 2).map((row) => [row.name, row.health])).toEqual([
      ['customers', 'credentials refused'],
      ['how-was-it', 'failing'],
    ])
    expect(connections[1]).toMatchObject({ lastError: 'No answer from it', failingSince: expect.any(Number) })
    expect(connections[0]!.advice).toContain('Renew')
    for (const name of ['customers', 'how-was-it']) await post(`/connections/${name}/resume`)
  })

  it('shows its last calls and what it refused, and names nobody', async () => {
    await hub.ask('/hooks/site/messages?token=secret-in-a-query', { method: 'POST', body: { id: 'x', text: 'words' } })
    const detail: ConnectionDetail = await get('/connections/site')
    const refusal = detail.refused[0]!
    expect(refusal).toMatchObject({ method: 'POST', path: '/hooks/site/messages', status: 401 })
    expect(refusal.why.length).toBeGreaterThan(5)
    expect(JSON.stringify(detail)).not.toContain('secret-in-a-query')
    expect(detail.calls[0]).toMatchObject({ method: 'say', status: 'done', ms: expect.any(Number) })
    expect(detail.mappings).toEqual(['support'])
    expect(detail.capabilities.map(({ what }) => what)).toContain('typing')
  })

  it('says before a pause how many conversations it holds up, and afterwards who paused it and why', async () => {
    await withAna()
    const before: ConnectionDetail = await get('/connections/people')
    expect(before.heldUp.conversations).toBeGreaterThanOrEqual(1)
    expect(before.heldUp.withPeople).toBeGreaterThanOrEqual(1)
    expect(before.pauseMeans.join(' ')).toContain('next desk')
    expect((await post('/connections/people/pause', { reason: 'their update' })).status).toBe(204)
    expect(await one('people')).toMatchObject({
      health: 'paused',
      pausedBy: 'the hub’s token',
      pauseReason: 'their update',
    })
    await post('/connections/people/resume')
    expect(await one('people')).toMatchObject({ health: 'healthy', pausedBy: null, pauseReason: null })
    const said = await rows(`SELECT action, target FROM audit WHERE target = 'people' ORDER BY id`)
    expect(said).toEqual([
      { action: 'connections.pause', target: 'people' },
      { action: 'connections.resume', target: 'people' },
    ])
  })

  it('counts what waits for it', async () => {
    const { visitor } = await withAna()
    await post('/connections/people/pause')
    await visitor.say('held back')
    await until('it waits', async () => (await one('people')).waiting!.effects === 1)
    expect((await one('people')).waiting!.oldestAt).toBeGreaterThan(0)
    await post('/connections/people/resume')
    await until('nothing waits', async () => (await one('people')).waiting!.effects === 0)
  })

  it('can be tested without harm, and one that works again is tried again', async () => {
    expect((await post('/connections/people/test')).json).toMatchObject({ fate: 'not tried' })
    let isWell = false
    hub.app.hub.connections.set('people', {
      ...real,
      check: async () => {
        if (!isWell) throw new HubError('refused', 'It does not accept our credentials')
        return 'Signed in as Acme'
      },
    })
    await hub.app.hub.gates.failed('people', new HubError('refused', 'It does not accept our credentials'))
    expect((await post('/connections/people/test')).json).toMatchObject({
      fate: 'failed',
      said: 'It does not accept our credentials [refused]',
    })
    isWell = true
    expect((await post('/connections/people/test')).json).toMatchObject({ fate: 'fine', said: 'Signed in as Acme' })
    expect((await one('people')).health).toBe('healthy')
  })
})

describe('dead letters', () => {
  let made = 0
  /** The desk refuses for good what is said to it; each in a sentence of its own. */
  async function dead(words: string[], changes: Partial<Desk> = {}, customer?: object) {
    const held = await withAna(customer)
    desk({
      ...changes,
      send: () =>
        Promise.reject(new HubError('invalid', `It rejected the request (422, POST /tickets/${++made}00/notes)`)),
    })
    for (const text of words) await held.visitor.say(text)
    await until('they are dead', async () => (await letters(held.id)).length === words.length)
    return { ...held, letters: await letters(held.id) }
  }
  const letters = async (conversation: number): Promise<Letter[]> =>
    (await get(`/dead-letters?conversation=${conversation}`)).deadLetters
  const groups = async (more = ''): Promise<Group[]> => (await get(`/dead-letters/groups${more}`)).groups
  const nameOf = ({ conversation, lane, n }: Letter) => ({ conversation, lane, n })
  const told = async (ticket: string) =>
    (await rows(`SELECT message, by, visibility FROM inbox_messages WHERE ticket = $1 ORDER BY n`, ticket)).map(
      (row) => ({
        by: row.by,
        visibility: row.visibility,
        words: plainText(row.message),
      }),
    )
  afterEach(async () => {
    for (const { cause } of await groups()) await post(`/dead-letters/groups/${cause}/dismiss`, { why: 'A test' })
  })

  it('with the same cause are one group, whatever numbers stand in it', async () => {
    const first = await dead(['one', 'two'])
    await ana.rest()
    const second = await dead(['three'])
    const found = await groups()
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({
      connection: 'people',
      kind: 'pass',
      code: 'invalid',
      status: '422',
      letters: 3,
      customers: 2,
      canReplay: true,
      mayAppearTwice: 0,
    })
    expect(await groups('?connection=site')).toEqual([])
    expect(await groups('?mapping=support&since=1')).toHaveLength(1)
    const { deadLetters } = await get(`/dead-letters?cause=${found[0]!.cause}&limit=2`)
    const rest = (await get(`/dead-letters?cause=${found[0]!.cause}&limit=2&before=${deadLetters[1].cursor}`))
      .deadLetters
    expect([...deadLetters, ...rest].map((letter: Letter) => letter.conversation).sort()).toEqual(
      [first.id, first.id, second.id].sort(),
    )
  })

  it('say what they mean for the customer, and what can be done', async () => {
    const { letters } = await dead(['where is my parcel?'])
    expect(letters[0]).toMatchObject({
      means:
        'The customer’s message did not reach the agent at people. For the customer it looks sent. Ana holds the conversation.',
      safety: { is: 'safe' },
      staleness: { isStale: false },
      words: 'where is my parcel?',
      attempts: 1,
    })
    expect(letters[0]!.remedy).toContain('then replay')
  })

  it('that may appear twice want a second yes', async () => {
    const { letters: made, id } = await dead(['one'], { dedupes: false, find: undefined })
    await rows(`UPDATE effects SET doubtful = true WHERE conversation = $1 AND status = 'dead'`, id)
    const refused = await post('/dead-letters/replay', nameOf(made[0]!))
    expect(refused.status).toBe(409)
    expect(refused.json.message).toContain('may appear twice')
    expect((await post('/dead-letters/replay', { ...nameOf(made[0]!), confirm: true })).status).toBe(202)
    await until('it is refused again', async () => (await letters(id)).some(({ n }) => n !== made[0]!.n))
  })

  it('replayed twice are delivered once', async () => {
    const { letters, ticket } = await dead(['only once'])
    hub.app.hub.connections.set('people', real)
    const both = await Promise.all([0, 1].map(() => post('/dead-letters/replay', nameOf(letters[0]!))))
    expect(both.map(({ status }) => status).sort()).toEqual([202, 404])
    await until('it has arrived', async () => (await told(ticket)).some(({ words }) => words === 'only once'))
    await hub.app.hub.sweepNow()
    expect((await told(ticket)).filter(({ words }) => words === 'only once')).toHaveLength(1)
    expect(await groups()).toEqual([])
    expect((await get('/dead-letters/groups')).peace).toMatchObject({ done: expect.any(Number) })
  })

  it('that are stale say why, and can be told by a note that the customer never sees', async () => {
    const { letters: made, id, visitor, ticket } = await dead(['my order is 4471'])
    await rows(
      `UPDATE effects SET body = jsonb_set(body, '{at}', '1000000000000'::jsonb) WHERE conversation = $1 AND status = 'dead'`,
      id,
    )
    expect((await letters(id))[0]!.staleness).toEqual({ isStale: true, why: 'It is older than 30 minutes.' })
    hub.app.hub.connections.set('people', real)
    expect((await get(`/dead-letters/note-to?conversation=${id}`)).desk).toBe('people')
    expect((await post('/dead-letters/note', nameOf(made[0]!))).status).toBe(202)
    expect((await post('/dead-letters/note', nameOf(made[0]!))).status).toBe(404)
    await until('Ana reads it', async () => (await told(ticket)).some(({ words }) => words.includes('Not delivered')))
    const note = (await told(ticket)).find(({ words }) => words.includes('Not delivered'))!
    expect(note).toMatchObject({ by: 'hub', visibility: 'internal' })
    expect(note.words).toContain('customer: my order is 4471')
    expect(JSON.stringify(await visitor.entries())).not.toContain('Not delivered')
    expect(await letters(id)).toEqual([])
  })

  it('of a whole group go out again, with progress', async () => {
    const { ticket, letters } = await dead(['a', 'b', 'c'])
    hub.app.hub.connections.set('people', real)
    const { cause } = letters[0]!
    const begun = await post(`/dead-letters/groups/${cause}/replay`, { leaveOutStale: true })
    expect(begun).toMatchObject({ status: 202, json: { status: 'running', total: 3 } })
    await until('it is done', async () => (await get(`/dead-letters/replays/${begun.json.id}`)).status === 'done')
    expect(await get(`/dead-letters/replays/${begun.json.id}`)).toMatchObject({ delivered: 3, failed: 0, leftOut: 0 })
    expect((await told(ticket)).filter(({ by }) => by === 'customer').map(({ words }) => words)).toEqual([
      'a',
      'b',
      'c',
    ])
    expect((await get('/dead-letters/groups')).replays[0]).toMatchObject({ cause, delivered: 3 })
  })

  it('stop going out when the cause is still there, or somebody says so', async () => {
    const many = Array.from({ length: 7 }, (_, index) => `word ${index}`)
    const { letters } = await dead(many)
    const again = await post(`/dead-letters/groups/${letters[0]!.cause}/replay`, { leaveOutStale: false })
    await until('it gave up', async () => (await get(`/dead-letters/replays/${again.json.id}`)).status === 'stopped')
    expect((await get(`/dead-letters/replays/${again.json.id}`)).why).toContain('mend the cause first')
    await post('/connections/people/pause')
    const held = await post(`/dead-letters/groups/${letters[0]!.cause}/replay`, { leaveOutStale: false })
    expect((await post(`/dead-letters/groups/${letters[0]!.cause}/replay`, { leaveOutStale: false })).status).toBe(409)
    expect((await post(`/dead-letters/replays/${held.json.id}/stop`)).status).toBe(204)
    await post('/connections/people/resume')
    expect(await get(`/dead-letters/replays/${held.json.id}`)).toMatchObject({ status: 'stopped', delivered: 0 })
  })

  it('of a hub that is gone are gone on with', async () => {
    const { letters, ticket } = await dead(['left behind'])
    hub.app.hub.connections.set('people', real)
    const { cause } = letters[0]!
    const [{ id }] = await rows(
      `INSERT INTO dead_letter_replays (cause, connection, until, leaves_stale, by, total, hub, seen_at)
       VALUES ($1, 'people', now(), true, 'Kim', 1, 'a hub that is gone', now() - interval '1 minute') RETURNING id`,
      cause,
    )
    await get('/dead-letters/groups')
    await until('it is done', async () => (await get(`/dead-letters/replays/${id}`)).status === 'done')
    expect((await told(ticket)).filter(({ words }) => words === 'left behind')).toHaveLength(1)
  })

  it('that are dismissed can still be found, with the reason', async () => {
    const { letters } = await dead(['never mind'])
    expect((await post('/dead-letters/dismiss', { ...nameOf(letters[0]!), why: 'because' })).status).toBe(400)
    expect((await post('/dead-letters/dismiss', { ...nameOf(letters[0]!), why: 'No longer needed' })).status).toBe(204)
    const found = (await get(`/dead-letters?dismissed=true&conversation=${letters[0]!.conversation}`)).deadLetters
    expect(found).toMatchObject([
      { dismissedWhy: 'No longer needed', dismissedBy: 'the hub’s token', words: 'never mind' },
    ])
    expect((await groups('?dismissed=true')).length).toBeGreaterThan(0)
  })

  it('are read by a viewer without names and words, and by an agent for the own desks only', async () => {
    const { letters } = await dead(['my name is Lena'])
    const as = async (role: string) => {
      const name = `${role} ${randomBytes(4).toString('hex')}`
      const { json } = await post('/tokens', { name, role })
      const ask = (path: string, method = 'GET', body?: unknown) =>
        hub.ask(`/api/v1${path}`, { method, body, headers: { authorization: `Bearer ${json.token}` } })
      return ask
    }
    const viewer = await as('viewer')
    const [seen] = (await viewer(`/dead-letters?conversation=${letters[0]!.conversation}`)).json.deadLetters
    expect(seen).toMatchObject({ words: '(hidden)', body: '(hidden)' })
    expect((await viewer('/dead-letters/replay', 'POST', nameOf(letters[0]!))).status).toBe(403)
    expect((await viewer('/connections/people/pause', 'POST')).status).toBe(403)
    const agent = await as('agent')
    expect((await agent('/dead-letters')).json.deadLetters).toEqual([])
    const [health] = (await agent('/connections')).json.connections
    expect(health).toMatchObject({ health: expect.any(String), figures: null, lastError: null })
    expect((await agent('/connections/people')).status).toBe(403)
  })
})

describe('the queues’ pages', () => {
  it('are shown to admins only, with all they load', async () => {
    expect((await hub.ask('/console/queues')).status).toBe(401)
    expect((await hub.ask('/console/queues/api/queues')).status).toBe(401)
    const script = await pageOf(hub)
    expect((await hub.ask(`/console/queues/${script}`)).status).toBe(401)
  })

  it.skipIf(inject('redisUrl') === undefined)('are the same on Redis', async () => {
    const other = await aRunningApp({ env: { REDIS_URL: inject('redisUrl')! } })
    try {
      await pageOf(other)
    } finally {
      await other.stop()
    }
  })

  /** The name of its script, after all of it was found right. */
  async function pageOf({ staff }: Running): Promise<string> {
    const page = await staff('/console/queues')
    expect(page.status).toBe(200)
    expect(page.headers['content-security-policy']).toContain("script-src 'self';")
    const script = /src="(static\/js\/main[^"]+)"/.exec(page.text)![1]!
    expect((await staff(`/console/queues/${script}`)).status).toBe(200)
    const { json } = await staff('/console/queues/api/queues?activeQueue=people&page=1&jobsPerPage=5')
    expect(json.queues.map((queue: { name: string }) => queue.name)).toContain('people')
    expect(json.queues.every((queue: { readOnlyMode: boolean }) => queue.readOnlyMode)).toBe(true)
    return script
  }
})
