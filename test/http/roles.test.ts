/** What each role sees and may do at the API, as the design's table of roles says it: written down here once more, route by route. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Reach, type Role, roles } from '../../src/access.ts'
import { type Answer, aRunningApp, type Running } from '../app.ts'
import { askAs, foundIn, type Planted, plant, twoDesks } from '../planted.ts'
import { aMember } from './browser.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

type Who = Readonly<Partial<Record<Role, Reach>>>

const everybody: Who = { agent: 'own', viewer: 'masked', admin: 'all' }
const readers: Who = { viewer: 'masked', admin: 'all' }
const agents: Who = { agent: 'own', admin: 'all' }
const admins: Who = { admin: 'all' }

/** Routes below `/api/v1`, and those of an inbox. */
const table: readonly (readonly [row: string, who: Who, routes: readonly string[]])[] = [
  ['queue, timeline: read', everybody, ['GET /queue', 'GET /conversations', 'GET /conversations/{id}']],
  ['queue, timeline: take words out', agents, ['GET /conversations/{id}/transcript']],
  [
    'inbox: ask others beside a conversation',
    agents,
    ['articles', 'crm', 'desks', 'earlier', 'intents'].map((what) => `GET /conversations/{id}/${what}`),
  ],
  [
    'queue, timeline: assign, move, end',
    admins,
    ['GET /conversations/{id}/agents', 'POST /conversations/{id}/commands'],
  ],
  [
    'inbox',
    agents,
    [
      'GET /hooks/people/me',
      'GET /hooks/people/tickets',
      'GET /hooks/people/tickets/{id}',
      'POST /hooks/people/presence',
      ...['accept', 'decline', 'take-over', 'messages', 'notes', 'transfer', 'resolve', 'return', 'typing'].map(
        (what) => `POST /hooks/people/tickets/{id}/${what}`,
      ),
      'PUT /hooks/people/tickets/{id}/drafts',
      'PUT /hooks/people/tickets/{id}/files/{file}',
      'DELETE /hooks/people/tickets/{id}/files/{file}',
      'GET /hooks/people/replies',
      'POST /hooks/people/replies',
      'PUT /hooks/people/replies/{id}',
      'DELETE /hooks/people/replies/{id}',
    ],
  ],
  ['connections: health', everybody, ['GET /connections']],
  ['connections, mappings: read', readers, ['GET /connections/{name}', 'GET /mappings', 'GET /mappings/{name}']],
  ['mappings: try, which changes nothing', readers, ['POST /mappings/{name}/try']],
  [
    'connections: test, pause, resume',
    admins,
    ['test', 'pause', 'resume'].map((what) => `POST /connections/{name}/${what}`),
  ],
  [
    'dead letters, suggestions: read',
    everybody,
    [
      'GET /dead-letters',
      'GET /dead-letters/groups',
      'GET /dead-letters/replays/{id}',
      'GET /suggestions',
      'GET /suggestions/{id}',
    ],
  ],
  [
    'dead letters: replay, dismiss',
    admins,
    [
      'GET /dead-letters/note-to',
      ...['replay', 'note', 'dismiss', 'groups/{cause}/replay', 'groups/{cause}/dismiss', 'replays/{id}/stop'].map(
        (what) => `POST /dead-letters/${what}`,
      ),
    ],
  ],
  [
    'suggestions: approve, reject',
    admins,
    [
      'PATCH /suggestions/{id}',
      ...['approve', 'reject', 'undo', 'push'].map((what) => `POST /suggestions/{id}/${what}`),
    ],
  ],
  ['reports', everybody, ['GET /reports/choices', 'GET /reports/{name}', 'GET /reports/{name}/conversations']],
  ['reports: export with names', admins, ['GET /reports/{name}/export']],
  ['settings: me', everybody, ['PATCH /me', 'POST /me/password', 'DELETE /me/sessions']],
  [
    'settings: all, users, erase a customer, audit',
    admins,
    [
      'GET /setup',
      'GET /users',
      'POST /users',
      'PATCH /users/{id}',
      'POST /users/{id}/link',
      'DELETE /users/{id}/sessions',
      'GET /tokens',
      'POST /tokens',
      'DELETE /tokens/{id}',
      'POST /erasures',
      'GET /audit',
      'POST /reports/rebuild',
    ],
  ],
]

/** Doors before which nobody has signed in, and those of customers. */
const open =
  /^\w+ \/(session|setup\/link|hooks\/(site|shop|how-was-it|others)\/|hooks\/people\/(welcome|demo|files\/\{file\})$)|^POST \/setup$/

describe('what a role may', () => {
  let hub: Running
  const cookies = {} as Record<Role, string>
  let mine: Planted
  let theirs: Planted
  let admin: number
  let agent: string
  beforeAll(async () => {
    hub = await aRunningApp({ yaml: twoDesks })
    const seat = { skills: [], languages: [], capacity: 4 }
    const team = {
      agent: await aMember(hub, 'agent', { desks: { people: seat } }),
      viewer: await aMember(hub, 'viewer'),
      admin: await aMember(hub, 'admin'),
    }
    admin = team.admin.id
    agent = team.agent.email
    for (const role of roles) cookies[role] = team[role].browser.cookie!
    const other = await aMember(hub, 'agent', { desks: { others: seat } })
    mine = await plant(hub, { chat: 'site', desk: 'people', cookie: cookies.agent })
    theirs = await plant(hub, { chat: 'shop', desk: 'others', cookie: other.browser.cookie! })
  })
  afterAll(() => hub?.stop())

  const full = (path: string) => (path.startsWith('/hooks/') ? path : `/api/v1${path}`)
  const ask = async (role: Role, route: string, body?: unknown): Promise<Answer> => {
    const [method, path] = route.split(' ') as [string, string]
    const answer = await askAs(hub, cookies[role], full(path), body, method)
    const [renewed] = (answer.headers['set-cookie'] as unknown as string[] | undefined) ?? []
    if (renewed) cookies[role] = renewed.split(';')[0]!
    return answer
  }
  const rows = async (text: string, ...values: unknown[]) => (await hub.database.pool.query(text, values)).rows

  it('is written down for every route there is', async () => {
    const { paths } = (await hub.staff('/docs')).json as { paths: Record<string, object> }
    const there = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace('/api/v1', '')}`),
    )
    const said = table.flatMap(([, , routes]) => routes)
    expect(said.toSorted()).toEqual(there.filter((route) => !open.test(route)).toSorted())
  })

  describe.each(roles)('%s', (role) => {
    it.each(table)('%s', async (_row, who, routes) => {
      for (const route of routes) {
        // Nothing of it is there, so that nothing happens: a refusal comes before anybody looks.
        const path = route.replace('/reports/{name}', '/reports/people').replace(/\{\w+\}/g, '987654321')
        const { status } = await ask(role, path, route.startsWith('GET') || route.startsWith('DELETE') ? undefined : {})
        const isLet = status !== 403 && status !== 401
        expect([route, status, isLet]).toEqual([route, status, who[role] !== undefined])
      }
    })
  })

  /** Every question whose answer may hold something of a customer. */
  const questions = (of: Planted): string[] => [
    ...['waiting', 'agent', 'ended'].map((tab) => `GET /queue?tab=${tab}`),
    'GET /conversations',
    `GET /conversations?search=${of.held}`,
    `GET /conversations/${of.held}`,
    `GET /conversations/${of.waiting}`,
    'GET /connections',
    ...['site', 'people', 'others', 'first-line', 'how-was-it'].map((name) => `GET /connections/${name}`),
    'GET /mappings',
    'GET /mappings/support',
    'GET /dead-letters',
    'GET /dead-letters/groups',
    'GET /dead-letters?dismissed=true',
    'GET /suggestions',
    `GET /suggestions/${of.suggestion}`,
    'GET /reports/choices',
    ...['overview', 'escalations', 'waiting', 'people', 'feedback', 'topics', 'trust'].map(
      (name) => `GET /reports/${name}`,
    ),
    'GET /reports/people/conversations?number=toAgent',
    'GET /reports/feedback/conversations?number=csat',
  ]

  it('an admin sees all of it: it is really there', async () => {
    let everything = ''
    for (const route of [...questions(mine), ...questions(theirs)]) {
      const { status, text } = await ask('admin', route)
      expect([route, status]).toEqual([route, 200])
      everything += text
    }
    const secrets = [...mine.secrets, ...theirs.secrets]
    expect(foundIn(everything, secrets)).toEqual(secrets)
  })

  it('a viewer sees all of it, and of no customer who they are or what was said', async () => {
    for (const route of [...questions(mine), ...questions(theirs)]) {
      const { status, text } = await ask('viewer', route)
      expect([route, status]).toEqual([route, 200])
      expect([route, foundIn(text, [...mine.secrets, ...theirs.secrets])]).toEqual([route, []])
    }
    for (const secret of mine.secrets) {
      const { status } = await ask('viewer', `GET /conversations?search=${encodeURIComponent(secret)}`)
      expect(status, 'trying out a name').toBe(403)
    }
  })

  it('an agent sees what is at the own desks, whole, and of the others nothing', async () => {
    let everything = ''
    for (const route of questions(theirs)) everything += (await ask('agent', route)).text
    for (const route of questions(mine)) everything += (await ask('agent', route)).text
    expect(foundIn(everything, theirs.secrets)).toEqual([])
    expect(foundIn(everything, mine.secrets)).toEqual(mine.secrets)
    for (const id of [theirs.held, theirs.waiting]) {
      expect((await ask('agent', `GET /conversations/${id}`)).status).toBe(404)
      expect((await ask('agent', `GET /conversations/${id}/transcript`)).status).toBe(404)
    }
    expect((await ask('agent', `GET /suggestions/${theirs.suggestion}`)).status).toBe(404)
    const found = (await ask('agent', `GET /conversations?search=Quibblewickothers`)).json.conversations
    expect(found).toEqual([])
    const { connections } = (await ask('agent', 'GET /connections')).json
    for (const { name, roles, health, ...rest } of connections)
      expect([name, roles.length > 0, health, Object.values(rest).every((one) => one === null)]).toEqual([
        name,
        true,
        'healthy',
        true,
      ])
  })

  it('an agent reads the own numbers and the medians of the team alone', async () => {
    for (const name of ['overview', 'escalations', 'waiting', 'feedback', 'topics', 'trust'])
      expect((await ask('agent', `GET /reports/${name}`)).status, name).toBe(403)
    expect((await ask('agent', 'GET /reports/people')).status).toBe(200)
  })

  it('every action of an admin is in the audit, with who and what', async () => {
    const [first, second, third] = mine.letters
    const { id: somebody } = await aMember(hub, 'viewer')
    const suggestion = mine.suggestion
    const made: Record<string, number> = {}
    expect((await ask('agent', 'POST /hooks/people/presence', { presence: 'online' })).status).toBe(204)
    const steps: readonly (readonly [route: string, action: string, body?: unknown])[] = [
      ['POST /connections/people/test', 'connections.test'],
      ['POST /connections/people/pause', 'connections.pause', { reason: 'their update' }],
      ['POST /dead-letters/replay', 'dead-letters.replay', first],
      ['POST /dead-letters/note', 'dead-letters.note', second],
      ['POST /dead-letters/dismiss', 'dead-letters.dismiss', { ...third, why: 'Other' }],
      [`POST /dead-letters/groups/${mine.cause}/replay`, 'dead-letters.replay-group', { leaveOutStale: false }],
      ['POST /dead-letters/replays/{replay}/stop', 'dead-letters.stop-replay'],
      [`POST /dead-letters/groups/${theirs.cause}/dismiss`, 'dead-letters.dismiss-group', { why: 'Other' }],
      ['POST /connections/people/resume', 'connections.resume'],
      [
        `PATCH /suggestions/${suggestion}`,
        'suggestions.edit',
        { revision: 1, proposed: { phrases: ['take it back please'] } },
      ],
      [`POST /suggestions/${suggestion}/approve`, 'suggestions.approve', { revision: 2 }],
      [`POST /suggestions/${suggestion}/undo`, 'suggestions.undo'],
      [`POST /suggestions/${suggestion}/reject`, 'suggestions.reject', { why: 'Other' }],
      [`POST /suggestions/${theirs.suggestion}/push`, 'suggestions.push'],
      ['GET /reports/overview/export', 'reports.export'],
      ['POST /reports/rebuild', 'reports.rebuild'],
      ['POST /hooks/people/replies', 'replies.add', { name: 'hello', text: `Hello ${mine.secrets[0]}`, shared: true }],
      ['PUT /hooks/people/replies/{reply}', 'replies.change', { name: 'greeting', text: 'Hi', shared: true }],
      ['DELETE /hooks/people/replies/{reply}', 'replies.remove'],
      ['POST /users', 'users.invite', { email: 'new@example.com', name: 'New', role: 'viewer' }],
      [`PATCH /users/${somebody}`, 'users.change', { role: 'admin' }],
      [`POST /users/${somebody}/link`, 'users.link'],
      [`DELETE /users/${somebody}/sessions`, 'users.sign-out'],
      ['POST /tokens', 'tokens.make', { name: 'wallboard', role: 'viewer' }],
      ['DELETE /tokens/{token}', 'tokens.revoke'],
      [`GET /conversations/${mine.held}/transcript`, 'conversations.transcript'],
      [`POST /conversations/${mine.waiting}/commands`, 'conversations.assign', { do: 'assign', agent }],
      [`POST /conversations/${mine.waiting}/commands`, 'conversations.unassign', { do: 'unassign', agent }],
      [`POST /conversations/${mine.waiting}/commands`, 'conversations.move', { do: 'move' }],
      [`POST /conversations/${mine.held}/commands`, 'conversations.end', { do: 'end', outcome: 'resolved' }],
      ['POST /erasures', 'customers.erase', { conversation: mine.held }],
    ]
    // Only one that failed can be pushed again.
    await rows(`UPDATE suggestions SET status = 'failed', findings = '[]' WHERE id = $1`, theirs.suggestion)
    for (const [route, action, body] of steps) {
      const path = route
        .replace('{replay}', String(made.replay))
        .replace('{token}', String(made.token))
        .replace('{reply}', String(made.reply))
      const { status, text, json } = await ask('admin', path, body)
      expect([route, status, status < 300 ? '' : text]).toEqual([route, status, ''])
      if (route.endsWith(`${mine.cause}/replay`)) made.replay = json.id
      if (route === 'POST /tokens') made.token = json.id
      if (route === 'POST /hooks/people/replies') made.reply = json.id
      const [entry] = await rows('SELECT who, action, target, details FROM audit ORDER BY id DESC LIMIT 1')
      expect([route, entry.who, entry.action]).toEqual([route, `user:${admin}`, action])
      expect(entry.target).not.toBe('')
    }
    expect((await ask('agent', 'POST /hooks/people/replies', { name: 'mine', text: 'Hello' })).status).toBe(201)
    expect((await ask('admin', 'POST /hooks/people/replies', { name: 'own', text: 'Hello' })).status).toBe(201)
    expect(
      await rows(`SELECT action, target, details FROM audit WHERE action LIKE 'replies.%' ORDER BY id`),
      'what belongs to everybody, and not what is somebody’s own',
    ).toEqual([
      { action: 'replies.add', target: 'people/hello', details: {} },
      { action: 'replies.change', target: 'people/greeting', details: { changed: ['name', 'text'], before: 'hello' } },
      { action: 'replies.remove', target: 'people/greeting', details: {} },
    ])
    const all = JSON.stringify(await rows('SELECT target, details FROM audit'))
    expect(foundIn(all, [...mine.secrets, ...theirs.secrets]), 'the audit itself names nobody').toEqual([])
    const changing = table.flatMap(([row, who, routes]) =>
      who === admins ? routes.filter((route) => !route.startsWith('GET')).map((route) => [row, route] as const) : [],
    )
    const done = steps.map(([route]) => route.replace(/\/(\d+|[0-9a-f]{16}|people|\{\w+\})(?=\/|$)/g, '/*'))
    for (const [row, route] of changing)
      expect(done, `${row}: ${route} is an action that no audit was looked for`).toContain(
        route.replace(/\{\w+\}/g, '*'),
      )
  })
})
