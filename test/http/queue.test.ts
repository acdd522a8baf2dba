/** The queue and the conversations as the API shows them: to an admin, masked to a viewer, and to an agent what is at their desks. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { QueueAnswer } from '../../src/http/api/queue.ts'
import type { LiveFrame } from '../../src/http/live.ts'
import { beginSession } from '../../src/staff/sessions.ts'
import { addUser } from '../../src/staff/users.ts'
import { aRunningApp, aVisitor, type Running, type Visitor } from '../app.ts'
import { until } from '../hub.ts'

const yaml = `
connections:
  site: { use: webchat }
  first-line: { use: faq, folder: ${new URL('../../config/demo/faq', import.meta.url).pathname} }
  people: { use: inbox, demo: true }
  others: { use: inbox }
mappings:
  - { name: support, channel: site, bot: first-line, desks: [people], limits: { waitMinutes: 10 } }
`

describe('the handoff queue', { timeout: 120_000 }, () => {
  let hub: Running
  const cookies = new Map<string, string>()
  beforeAll(async () => {
    hub = await aRunningApp({ yaml, isSandbox: true })
    const { pool } = hub.database
    const seat = { skills: [], languages: [], capacity: 4 }
    const team = [
      ['admin', 'admin', {}],
      ['viewer', 'viewer', {}],
      ['agent', 'agent', { people: seat }],
      ['stranger', 'agent', { others: seat }],
    ] as const
    for (const [name, role, desks] of team) {
      const user = await addUser(pool, { name, email: `${name}@team.example`, role, desks })
      cookies.set(name, `baton-${new URL(hub.url).port}=${await beginSession(pool, user!.id)}`)
    }
  })
  afterAll(() => hub?.stop())

  const as = (who: string, path: string) => hub.ask(`/api/v1${path}`, { headers: { cookie: cookies.get(who)! } })
  const queueOf = async (who: string, query = ''): Promise<QueueAnswer> => (await as(who, `/queue${query}`)).json
  const rows = async (text: string, ...values: unknown[]) => (await hub.database.pool.query(text, values)).rows

  async function waiting(words = 'How long does delivery take?'): Promise<{ id: number; visitor: Visitor }> {
    // A desk where nobody is online would be passed over.
    const online = await hub.ask('/hooks/people/presence', {
      method: 'POST',
      body: { presence: 'online' },
      headers: { cookie: cookies.get('agent')!, origin: hub.url, 'sec-fetch-site': 'same-origin' },
    })
    expect(online.status).toBe(204)
    const visitor = await aVisitor(hub.url, {})
    await visitor.say(words)
    await visitor.say('I want to talk to a person')
    await until('it is in line', async () => {
      const found = await rows(
        `SELECT 1 FROM conversations c JOIN handoffs h ON h.conversation = c.id WHERE thread = $1 AND h.stage IN ('opened', 'assigned')`,
        visitor.thread,
      )
      return found.length > 0
    })
    const [row] = await rows('SELECT id FROM conversations WHERE thread = $1', visitor.thread)
    return { id: row.id, visitor }
  }
  const nameThem = (id: number, customer: object) =>
    rows(
      `UPDATE conversations SET customer = $2, state = (state::jsonb || jsonb_build_object('customer', $2::jsonb))::text WHERE id = $1`,
      id,
      JSON.stringify(customer),
    )
  /** In the state too: from there the row is written again with the next step. Locked in the order in which the hub locks. */
  const waitedFor = (id: number, minutes: number) =>
    rows(
      `WITH held AS (
         SELECT id FROM conversations WHERE id = $1 FOR UPDATE),
       asked AS (
         UPDATE attempts SET asked_at = asked_at - $2::bigint FROM held WHERE conversation = held.id RETURNING asked_at)
       UPDATE conversations SET state = jsonb_set(state::jsonb, '{handoff,attempts,0,askedAt}', to_jsonb(asked.asked_at))::text
       FROM asked WHERE id = $1`,
      id,
      minutes * 60_000,
    )

  it('shows who waits, why, where and for how long; the one in danger first', async () => {
    const [a, b, c] = [await waiting(), await waiting('Do you ship to Norway?'), await waiting()]
    await nameThem(b.id, { name: 'Lena Fischer', email: 'lena@fischer.example', segment: 'Gold' })
    await waitedFor(b.id, 11)
    await waitedFor(c.id, 7)
    const { handoffs, summary, choices, matching, next } = await queueOf('admin')
    expect(handoffs.map(({ conversation, risk }) => [conversation, risk])).toEqual([
      [b.id, 'over'],
      [c.id, 'soon'],
      [a.id, 'fine'],
    ])
    expect(handoffs[0]).toMatchObject({
      mapping: 'support',
      channel: 'site',
      control: 'waiting',
      customer: { name: 'Lena Fischer', segment: 'Gold' },
      why: { criterion: 'human_request', text: expect.stringContaining('person') },
      desk: { name: 'people', mode: 'live', health: 'healthy', step: 1, steps: 2 },
      last: { text: 'I want to talk to a person' },
      limitMs: 600_000,
    })
    expect(summary).toMatchObject({ waiting: 3, over: 1, withAgent: 0, requestedToday: 3, leftToday: 0, troubled: [] })
    expect(summary.longestSince).toBe(handoffs[0]!.since)
    expect(choices).toMatchObject({ mapping: ['support'], desk: ['people'], reason: ['human_request'] })
    expect([matching, next]).toEqual([3, null])

    expect((await queueOf('admin', '?risk=soon')).handoffs.map(({ conversation }) => conversation)).toEqual([c.id])
    expect((await queueOf('admin', '?desk=others')).handoffs).toEqual([])
    const first = await queueOf('admin', '?limit=2')
    const second = await queueOf('admin', `?limit=2&cursor=${first.next}`)
    expect([...first.handoffs, ...second.handoffs].map(({ conversation }) => conversation)).toEqual([b.id, c.id, a.id])
    expect(second.next).toBeNull()

    // Told that it takes longer than the limit: in danger before anybody who has waited for a while.
    await rows(
      `UPDATE conversations SET state = jsonb_set(state::jsonb, '{handoff,told}', '{"etaMs": 1200000}')::text WHERE id = $1`,
      a.id,
    )
    await waitedFor(c.id, -3)
    const order = async (query: string) => (await queueOf('admin', query)).handoffs.map((one) => one.conversation)
    expect(await order('')).toEqual([b.id, a.id, c.id])
    expect(await order('?order=longest')).toEqual([b.id, c.id, a.id])
  })

  it('says how many more the agents who are online could take, and gives one to an agent by name', async () => {
    const { id } = await waiting()
    const line = async () => (await queueOf('admin')).handoffs.find(({ conversation }) => conversation === id)
    await until('it rings', async () => (await line())?.stage === 'assigned')
    const { summary } = await queueOf('admin')
    expect(summary.slots).toMatchObject({ of: 4, agents: 1 })
    expect(summary.slots!.free).toBeLessThan(4)
    expect((await queueOf('stranger')).summary.slots, 'nobody is online at their desk').toEqual({
      free: 0,
      of: 0,
      agents: 0,
    })
    expect((await line())!.desk.canAssign).toBe(true)
    const { desk, agents } = (await as('admin', `/conversations/${id}/agents`)).json
    expect([desk, agents]).toEqual(['people', [expect.objectContaining({ name: 'agent', capacity: 4, lacks: [] })]])
    const order = (body: object) => hub.staff(`/api/v1/conversations/${id}/commands`, { method: 'POST', body })
    expect((await order({ do: 'assign', agent: 'nobody@team.example' })).status).toBe(400)
    // As a desk of a vendor is, which says nothing of its people.
    const real = hub.app.hub.connections.get('people')!
    const { agents: _, assign: __, unassign: ___, ...plain } = real.desk!
    hub.app.hub.connections.set('people', { ...real, desk: plain })
    expect((await line())!.desk.canAssign).toBe(false)
    expect((await order({ do: 'assign', agent: 'agent@team.example' })).status).toBe(409)
    hub.app.hub.connections.set('people', real)
    const visitor = await aVisitor(hub.url, {})
    await visitor.say('hello')
    const [talking] = await rows('SELECT id FROM conversations WHERE thread = $1', visitor.thread)
    const early = await as('admin', `/conversations/${talking.id}/agents`)
    expect([early.status, early.json.message]).toEqual([409, expect.stringContaining('no desk of our own')])
  })

  it('counts what customers said while they wait', async () => {
    const { id, visitor } = await waiting()
    await visitor.say('hello?')
    await visitor.say('is anybody there')
    await until('it is counted', async () => {
      const row = (await queueOf('admin')).handoffs.find(({ conversation }) => conversation === id)
      return row?.fresh === 2 && row.last?.text === 'is anybody there'
    })
  })

  it('shows what ended today, once with its outcome', async () => {
    const { id, visitor } = await waiting()
    const entries = await visitor.entries()
    expect(entries.length).toBeGreaterThan(0)
    await hub.staff(`/api/v1/conversations/${id}/commands`, {
      method: 'POST',
      body: { do: 'end', outcome: 'abandoned' },
    })
    await until('it ended', async () => (await queueOf('admin', '?tab=ended')).handoffs.length === 1)
    const { handoffs, summary } = await queueOf('admin', '?tab=ended')
    expect(handoffs[0]).toMatchObject({ conversation: id, outcome: 'abandoned' })
    expect(summary).toMatchObject({ ended: 1, leftToday: 1 })
    expect((await queueOf('admin', `?tab=ended&today=${Date.now() + 60_000}`)).handoffs).toEqual([])
  })

  it('hides who it is from a viewer, in the queue and in the conversation', async () => {
    const { id } = await waiting('Do you ship to Pettersen street?')
    await nameThem(id, {
      name: 'Marco Bianchi',
      email: 'marco@bianchi.example',
      phone: '+391234567',
      facts: { type: 'rich' },
    })
    const row = (await queueOf('viewer')).handoffs.find(({ conversation }) => conversation === id)
    expect(row).toMatchObject({
      customer: { name: 'M. B.' },
      last: { text: '(hidden)' },
      why: { criterion: 'human_request' },
    })
    const [list, one] = [await as('viewer', '/conversations'), await as('viewer', `/conversations/${id}`)]
    expect([list.status, one.status]).toEqual([200, 200])
    for (const { text } of [list, one]) expect(text).not.toMatch(/Marco|Bianchi|bianchi|\+39|Pettersen|rich/)
    expect(one.json.timeline.map(({ type }: { type: string }) => type)).toContain('customer-message')
    // What was said is hidden, how it was decided is not.
    expect(one.text).toContain('control bot → waiting: human_request')
    const findings = one.json.timeline
      .flatMap(({ decisions }: { decisions: { data?: unknown }[] }) => decisions)
      .flatMap(({ data }: { data?: unknown }) => (Array.isArray(data) ? data : []))
    expect(findings).toContainEqual(
      expect.objectContaining({ criterion: 'human_request', fired: true, evidence: ['(hidden)'] }),
    )
    expect(one.text).not.toContain('talk to a person')
    expect((await as('viewer', '/conversations?search=Marco')).status).toBe(403)
    expect((await as('viewer', `/conversations?search=${id}`)).json.conversations).toHaveLength(1)
    expect((await as('viewer', `/conversations/${id}/transcript`)).status).toBe(403)
    const asked = await hub.ask(`/api/v1/conversations/${id}/commands`, {
      method: 'POST',
      body: { do: 'move' },
      headers: { cookie: cookies.get('viewer')!, origin: hub.url, 'sec-fetch-site': 'same-origin' },
    })
    expect(asked.status).toBe(403)
  })

  it('shows an agent what is at their desks, and nothing of the rest', async () => {
    const { id } = await waiting()
    expect((await queueOf('agent')).handoffs.map(({ conversation }) => conversation)).toContain(id)
    expect((await as('agent', `/conversations/${id}`)).status).toBe(200)
    expect((await as('agent', '/conversations')).json.conversations.map((one: { id: number }) => one.id)).toContain(id)
    const theirs = await queueOf('stranger')
    expect([theirs.handoffs, theirs.summary.waiting, theirs.choices.mapping]).toEqual([[], 0, []])
    expect((await as('stranger', '/conversations')).json.conversations).toEqual([])
    expect((await as('stranger', `/conversations?search=${id}`)).json.conversations).toEqual([])
    expect((await as('stranger', `/conversations/${id}`)).status).toBe(404)
    expect((await as('stranger', `/conversations/${id}/transcript`)).status).toBe(404)
  })

  describe('finds conversations', () => {
    let id: number
    beforeAll(async () => {
      id = (await waiting()).id
      const customer = { id: 'c-77', name: 'Ana-Lucía Óttar', email: 'Ana@Ottar.example', phone: '+3546001122' }
      await nameThem(id, customer)
    })
    it.each([['c-77'], ['ana@ottar.EXAMPLE'], ['+354 600 1122'], ['lucía'], ['ótt ana'], ['Ana-Lu']])(
      'by %s',
      async (search) => {
        const { conversations } = (await as('admin', `/conversations?search=${encodeURIComponent(search)}`)).json
        expect(conversations.map((one: { id: number }) => one.id)).toEqual([id])
      },
    )
    it('by the number of a ticket that the customer was told, at desks that are theirs', async () => {
      const [{ ticket }] = await rows('SELECT ticket FROM attempts WHERE conversation = $1', id)
      expect(ticket).toMatch(/^[0-9B-DF-HJ-NP-TV-Z]{4}-[0-9B-DF-HJ-NP-TV-Z]{4}$/)
      const foundBy = async (who: string, search: string) => {
        const { conversations } = (await as(who, `/conversations?search=${encodeURIComponent(search)}`)).json
        return conversations.map((one: { id: number }) => one.id)
      }
      expect(await foundBy('admin', ticket.toLowerCase())).toEqual([id])
      expect(await foundBy('agent', `#${ticket}`)).toEqual([id])
      expect(await foundBy('stranger', ticket)).toEqual([])
    })
    it.each([['nobody'], ['ottar.example'], ["x' OR 1=1"], ['a & !b'], [':*']])('and nothing by %s', async (search) => {
      const { status, json } = await as('admin', `/conversations?search=${encodeURIComponent(search)}`)
      expect([status, json.conversations]).toEqual([200, []])
    })
    it('by how and when they went, each once, page by page', async () => {
      await rows(
        `INSERT INTO handoffs (conversation, number, mapping, stage, outcome, criterion, reason, priority, started_at, ended_at)
         SELECT conversation, 7, mapping, 'ended', 'expired', criterion, reason, priority, started_at + 1, started_at + 2
         FROM handoffs WHERE conversation = $1 AND number = 1`,
        id,
      )
      const all = (await as('admin', '/conversations?criterion=human_request&limit=200')).json.conversations
      const ids = all.map((one: { id: number }) => one.id)
      expect(new Set(ids).size).toBe(ids.length)
      expect(ids).toContain(id)
      const [first] = (await as('admin', '/conversations?criterion=human_request&limit=1')).json.conversations
      const next = await as('admin', `/conversations?criterion=human_request&limit=200&before=${first.cursor}`)
      expect([first.id, ...next.json.conversations.map((one: { id: number }) => one.id)]).toEqual(ids)
      expect((await as('admin', '/conversations?outcome=resolved')).json.conversations).toEqual([])
      expect((await as('admin', `/conversations?from=${Date.now() + 60_000}`)).json.conversations).toEqual([])
      expect(
        (await as('admin', `/conversations?control=waiting&mapping=support&to=${Date.now() + 60_000}`)).json
          .conversations,
      ).not.toEqual([])
    })
  })

  it('says which desk is not well, beside the step of the chain that is asked', async () => {
    const { id } = await waiting()
    await hub.staff('/api/v1/connections/people/pause', { method: 'POST', body: {} })
    try {
      const { handoffs, summary } = await queueOf('viewer')
      expect(summary.troubled).toEqual([{ name: 'people', health: 'paused' }])
      const row = handoffs.find(({ conversation }) => conversation === id)
      expect(row?.desk).toMatchObject({ name: 'people', health: 'paused', step: 1, steps: 2 })
    } finally {
      await hub.staff('/api/v1/connections/people/resume', { method: 'POST' })
    }
    expect((await queueOf('viewer')).summary.troubled).toEqual([])
  })

  describe('the live link', () => {
    const dial = (who: string) =>
      new WebSocket(`${hub.url.replace('http', 'ws')}/api/v1/live`, {
        headers: { cookie: cookies.get(who)!, origin: hub.url },
      })
    const listen = (socket: WebSocket): LiveFrame[] => {
      const frames: LiveFrame[] = []
      socket.on('message', (data) => frames.push(JSON.parse(String(data))))
      socket.on('open', () => socket.send('{"t":"hello","after":0}'))
      return frames
    }

    it('counts connections that are slow or silent too, and names the worst first', async () => {
      const slow = `'another hub', $1, 20, 0, 0, array_fill(0, ARRAY[19]) || 20`
      const at = Date.now() - (Date.now() % 300_000)
      await rows(`INSERT INTO traffic SELECT unnest(ARRAY['first-line', 'others']), ${slow}`, at)
      const socket = dial('admin')
      const frames = listen(socket)
      const counts = () => frames.flatMap((frame) => ('counts' in frame ? [frame.counts] : [])).at(-1)
      try {
        await until('it says which', () => counts()?.unwell === '2 slow')
        await hub.staff('/api/v1/connections/others/pause', { method: 'POST', body: {} })
        await until('the worse first', () => counts()?.unwell === '1 paused, 1 slow')
        expect(counts()?.failing).toBe(2)
        const { troubled } = (await queueOf('admin')).summary
        expect(troubled, 'the same ones above the queue').toEqual([
          { name: 'others', health: 'paused' },
          { name: 'first-line', health: 'slow' },
        ])
      } finally {
        await hub.staff('/api/v1/connections/others/resume', { method: 'POST' })
        await rows(`DELETE FROM traffic WHERE hub = 'another hub'`)
        socket.close()
      }
    })

    it('tells counts at once, then what changed; to an agent what is at their desks', async () => {
      const [admin, stranger] = [dial('admin'), dial('stranger')]
      const [all, theirs] = [listen(admin), listen(stranger)]
      await until('both have the state', () => all[0]?.t === 'state' && theirs[0]?.t === 'state')
      const before = all[0] as Extract<LiveFrame, { t: 'state' }>
      const { id } = await waiting()
      admin.send(JSON.stringify({ t: 'watch', conversations: [id] }))
      await until('the queue changed', () =>
        all.some(
          (frame) =>
            frame.t === 'changed' && frame.topics.includes('queue') && frame.counts.waiting > before.counts.waiting,
        ),
      )
      expect(theirs.every((frame) => frame.t === 'pong' || frame.counts.waiting === 0)).toBe(true)
      await hub.staff(`/api/v1/conversations/${id}/commands`, {
        method: 'POST',
        body: { do: 'end', outcome: 'abandoned' },
      })
      await until('the conversation that is watched changed', () =>
        all.some((frame) => frame.t === 'changed' && frame.topics.includes(`conversation.${id}`)),
      )
      expect(JSON.stringify(theirs)).not.toContain(`conversation.${id}`)
      admin.close()
      stranger.close()
    })
  })

  it('gives a transcript without what is internal', async () => {
    const { id, visitor } = await waiting('where is my parcel')
    await hub.app.hub.receive('people', [
      {
        type: 'agent-message',
        ticket: (await rows('SELECT ticket FROM attempts WHERE conversation = $1', id))[0].ticket,
        externalId: 'note-1',
        at: Date.now(),
        agent: { name: 'Kim' },
        visibility: 'internal',
        message: { parts: [{ kind: 'text', text: 'do not tell: refund' }] },
      },
    ])
    expect(visitor.thread).toBeTruthy()
    const { status, text, headers } = await as('agent', `/conversations/${id}/transcript`)
    expect([status, headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8'])
    expect(headers['content-disposition']).toBe(`attachment; filename="conversation-${id}.txt"`)
    expect(text).toContain('Customer:\nwhere is my parcel')
    expect(text).not.toContain('refund')
    expect(text).toContain('Notice:\nI am connecting you with a person.')
    expect(text).not.toContain('Leave the line')
    expect((await as('admin', `/conversations/${id}`)).text).toContain('refund')
  })
})
