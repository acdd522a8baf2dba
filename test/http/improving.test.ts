/** What makes a hub better by the API: suggestions from proposal to push, and mappings tried before they run. */
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { HubError } from '../../src/errors.ts'
import { propose } from '../../src/postgres/suggestions.ts'
import { openPushing, type Pushing } from '../../src/suggestions/pushing.ts'
import type { SuggestionDraft } from '../../src/suggestions/suggestion.ts'
import { aRunningApp, aVisitor, type Running } from '../app.ts'

const yaml = `# api_token: from-last-year
connections:
  site: { use: webchat }
  first-line:
    use: faq
    folder: ${JSON.stringify(new URL('../../config/demo/faq', import.meta.url).pathname)}
  people: { use: inbox }
  how-was-it: { use: form }
mappings:
  - { name: support, channel: site, bot: first-line, desks: [people], survey: how-was-it }
`

let hub: Running
let file: string
let pushing: Pushing
beforeAll(async () => {
  hub = await aRunningApp({ yaml })
  file = join(hub.dataDir, 'baton.yaml')
  pushing = openPushing(hub.app.hub, { warn: () => {} })
})
afterAll(async () => {
  await pushing.close()
  await hub.stop()
})

const get = async (path: string) => (await hub.staff(`/api/v1${path}`)).json
const send = (method: string, path: string, body?: unknown) => hub.staff(`/api/v1${path}`, { method, body })
const post = (path: string, body?: unknown) => send('POST', path, body)
const rows = async (text: string, ...values: unknown[]) => (await hub.database.pool.query(text, values)).rows

describe('suggestions', () => {
  afterEach(() => rows('DELETE FROM suggestions'))

  const phrases = (changes: Partial<SuggestionDraft> = {}): SuggestionDraft =>
    ({
      kind: 'phrase-set',
      connection: 'first-line',
      intent: 'returns',
      title: 'returns',
      present: { phrases: ['can I send it back'] },
      proposed: { phrases: ['I want to return my order', 'take it back'] },
      sources: [],
      estimate: 11,
      ...changes,
    }) as SuggestionDraft
  const made = async (changes: Partial<SuggestionDraft> = {}) => (await propose(hub.database.pool, phrases(changes)))!
  /** The time to take it back is over. */
  const due = () => rows(`UPDATE suggestions SET push_at = now() WHERE status = 'approved'`)

  it('are replaced while nobody has touched them, and left alone afterwards', async () => {
    const id = await made()
    expect(await made({ proposed: { phrases: ['another one'] } } as never)).toBe(id)
    const one = await get(`/suggestions/${id}`)
    expect(one.proposed.phrases).toEqual(['another one'])
    const edited = await send('PATCH', `/suggestions/${id}`, { revision: 1, proposed: { phrases: ['by hand'] } })
    expect(edited.json).toMatchObject({ revision: 2, proposed: { phrases: ['by hand'] } })
    expect(await propose(hub.database.pool, phrases())).toBeUndefined()
    expect((await get(`/suggestions/${id}`)).proposed.phrases).toEqual(['by hand'])
    const late = await send('PATCH', `/suggestions/${id}`, { revision: 1, proposed: { phrases: ['too late'] } })
    expect(late.status).toBe(409)
  })

  it('with personal data cannot be approved, also where only the customer’s name gives it away', async () => {
    const visitor = await aVisitor(hub.url)
    await visitor.say('it is for Fischer, thank you')
    const [{ id: conversation }] = await rows(
      `UPDATE conversations SET customer = '{"name": "Lena Fischer"}' WHERE thread = $1 RETURNING id`,
      visitor.thread,
    )
    const sources = [{ conversation, seq: 1, of: 'parcel for Fischer' }]
    const id = await made({ proposed: { phrases: ['fine', 'parcel for Fischer'] }, sources } as never)
    const one = await get(`/suggestions/${id}`)
    expect(one.findings).toEqual([{ what: 'name', at: 1, from: 11, to: 18 }])
    expect(one.quotes).toMatchObject([
      { conversation, seq: 1, words: 'it is for Fischer, thank you', of: 'parcel for Fischer' },
    ])
    const refused = await post(`/suggestions/${id}/approve`, { revision: 1 })
    expect([refused.status, refused.json.message]).toEqual([409, expect.stringContaining('personal data (name)')])
    await send('PATCH', `/suggestions/${id}`, { revision: 1, proposed: { phrases: ['fine', 'parcel for me'] } })
    expect((await post(`/suggestions/${id}/approve`, { revision: 2 })).json.status).toBe('approved')
    await post('/erasures', { conversation })
    expect((await get(`/suggestions/${id}`)).quotes).toEqual([])
  })

  it('go with the customer they were made of, while they are open', async () => {
    const visitor = await aVisitor(hub.url)
    await visitor.say('hello')
    const [{ id: conversation }] = await rows('SELECT id FROM conversations WHERE thread = $1', visitor.thread)
    const id = await made({ sources: [{ conversation, seq: 1 }] })
    await post('/erasures', { conversation })
    expect((await hub.staff(`/api/v1/suggestions/${id}`)).status).toBe(404)
  })

  it('reach the bot only after a yes and the time to take it back, and once', async () => {
    const id = await made()
    const calls: unknown[][] = []
    const real = hub.app.hub.connections.get('first-line')!
    const training = { ...real.training!, addPhrases: async (...call: unknown[]) => void calls.push(call) }
    hub.app.hub.connections.set('first-line', { ...real, training })
    expect((await post(`/suggestions/${id}/approve`, { revision: 1 })).json).toMatchObject({
      status: 'approved',
      decidedBy: 'the hub’s token',
      pushAt: expect.any(Number),
    })
    await pushing.look()
    expect(calls).toEqual([])
    expect((await post(`/suggestions/${id}/undo`)).json).toMatchObject({ status: 'open', decidedBy: null })
    await post(`/suggestions/${id}/approve`, { revision: 1 })
    await due()
    await Promise.all([pushing.look(), pushing.look()])
    expect(calls).toEqual([
      [
        'returns',
        ['I want to return my order', 'take it back'],
        expect.stringMatching(new RegExp(`-suggestion-${id}-1$`)),
      ],
    ])
    expect(await get(`/suggestions/${id}`)).toMatchObject({ status: 'pushed', pushedAt: expect.any(Number) })
    expect((await post(`/suggestions/${id}/undo`)).status).toBe(409)
    hub.app.hub.connections.set('first-line', real)
  })

  it('that the bot refuses say why, and go again by hand under the same key', async () => {
    const id = await made()
    const keys: string[] = []
    const real = hub.app.hub.connections.get('first-line')!
    let isWell = false
    const training = {
      ...real.training!,
      addPhrases: async (_intent: string, _phrases: string[], key: string) => {
        keys.push(key)
        if (!isWell) throw new HubError('invalid', 'It has no room for more phrases')
      },
    }
    hub.app.hub.connections.set('first-line', { ...real, training })
    await post(`/suggestions/${id}/approve`, { revision: 1 })
    await due()
    await pushing.look()
    expect(await get(`/suggestions/${id}`)).toMatchObject({
      status: 'failed',
      error: { code: 'invalid', text: 'It has no room for more phrases' },
    })
    isWell = true
    expect((await post(`/suggestions/${id}/push`)).json.status).toBe('pushed')
    expect(new Set(keys).size).toBe(1)
    hub.app.hub.connections.set('first-line', real)
  })

  it('of articles are proposed to the knowledge of their connection', async () => {
    const title = `Change of address ${randomBytes(3).toString('hex')}`
    const real = hub.app.hub.connections.get('first-line')!
    const drafts: unknown[] = []
    const knowledge: NonNullable<typeof real.knowledge> = {
      ...real.knowledge!,
      propose: async (draft, key) => {
        drafts.push(draft)
        return real.knowledge!.propose!(draft, key)
      },
    }
    hub.app.hub.connections.set('first-line', { ...real, knowledge })
    const proposed = { title, body: 'Write to us, and **we change it**.' }
    const id = await made({ kind: 'article', intent: undefined, title, present: null, proposed } as never)
    await post(`/suggestions/${id}/approve`, { revision: 1 })
    await due()
    await pushing.look()
    expect((await get(`/suggestions/${id}`)).status).toBe('pushed')
    expect(drafts).toEqual([proposed])
    expect((await rows('SELECT ref FROM suggestions WHERE id = $1', id))[0].ref).toBeTruthy()
    hub.app.hub.connections.set('first-line', real)
  })

  it('are rejected with a reason from the list, and listed by what became of them', async () => {
    const id = await made()
    expect((await post(`/suggestions/${id}/reject`, { why: 'no' })).status).toBe(400)
    expect((await post(`/suggestions/${id}/reject`, { why: 'Wrong intent' })).json).toMatchObject({
      status: 'rejected',
      reason: 'Wrong intent',
    })
    expect((await get('/suggestions?status=open')).suggestions).toEqual([])
    const { suggestions, counts, rejections } = await get('/suggestions?status=rejected&kind=phrase-set')
    expect(suggestions.map((one: { id: number }) => one.id)).toEqual([id])
    expect(counts).toEqual([{ kind: 'phrase-set', status: 'rejected', count: 1 }])
    expect(rejections).toContain('Wrong intent')
    expect((await rows(`SELECT action FROM audit WHERE target = $1 ORDER BY id`, String(id))).at(-1)).toEqual({
      action: 'suggestions.reject',
    })
  })

  it('are decided by admins only', async () => {
    const id = await made()
    const { json } = await post('/tokens', { name: 'a viewer’s', role: 'viewer' })
    const headers = { authorization: `Bearer ${json.token}` }
    const asked = { method: 'POST', headers, body: { revision: 1 } }
    expect((await hub.ask(`/api/v1/suggestions/${id}`, { headers })).status).toBe(200)
    expect((await hub.ask(`/api/v1/suggestions/${id}/approve`, asked)).status).toBe(403)
  })
})

describe('mappings', () => {
  it('are a chain with the health of each link', async () => {
    await hub.app.hub.gates.failed('people', new HubError('unreachable', 'No answer from it'))
    const { mappings, differs, problems } = await get('/mappings')
    expect({ differs, problems }).toEqual({ differs: false, problems: 0 })
    expect(mappings).toMatchObject([
      {
        name: 'support',
        line: 10,
        channel: { connection: 'site', use: 'webchat', health: 'healthy' },
        bot: { connection: 'first-line' },
        desks: [{ connection: 'people', mode: 'live', health: 'failing' }],
        fallback: [{ connection: 'people', mode: 'ticket', assumed: true }],
        survey: { connection: 'how-was-it' },
      },
    ])
    await post('/connections/people/resume')
  })

  it('show their YAML line for line, their criteria and what their pairings change', async () => {
    const { beside, criteria, pairings } = await get('/mappings/support')
    expect(beside.running.split('\n')).toHaveLength(yaml.split('\n').length)
    expect(beside.running).toContain('desks: [people]')
    expect(beside.running).not.toContain('from-last-year')
    expect(criteria).toContainEqual(expect.objectContaining({ criterion: 'frustration', action: expect.any(String) }))
    expect(pairings.length).toBeGreaterThan(0)
  })

  it('say where the file differs from what runs, and what is wrong with it', async () => {
    const changed = yaml
      .replace('desks: [people]', 'desks: [nobody]')
      .replace('{ use: form }', '{ use: form, token: hush }')
    await writeFile(file, changed)
    const { beside } = await get('/mappings/support')
    expect(beside).toMatchObject({ differs: true })
    expect(beside.current).toContain('desks: [nobody]')
    expect(beside.current).not.toContain('hush')
    expect(beside.problems).toContainEqual(
      expect.objectContaining({ line: 10, message: expect.stringContaining('nobody') }),
    )
    expect(JSON.stringify(beside.problems)).not.toContain('hush')
    await writeFile(file, 'connections: [')
    expect((await get('/mappings/support')).beside.problems).toMatchObject([
      { message: expect.stringContaining('YAML') },
    ])
    await writeFile(file, yaml)
    expect((await get('/mappings')).differs).toBe(false)
  })

  it('can be tried with a transcript, and say why or why not', async () => {
    const angry = 'Customer: hello\nBot: Hi there\nCustomer: I want to speak to a real person\nnow please'
    const tried = (await post('/mappings/support/try', { transcript: angry })).json
    expect(tried).toMatchObject({ turn: 3, verdict: { action: 'escalate', criterion: 'human_request' } })
    expect(tried.turns.at(-1)).toEqual({ by: 'customer', text: 'I want to speak to a real person\nnow please' })
    const calm = (await post('/mappings/support/try', { transcript: 'Customer: thanks' })).json
    expect(calm.verdict.action).toBe('none')
    expect(calm.verdict.findings.some((finding: { wouldFire?: string }) => finding.wouldFire)).toBe(true)
    expect((await post('/mappings/support/try', { transcript: '' })).status).toBe(400)
    expect((await post('/mappings/none/try', { transcript: 'x' })).json.message).toContain('There are: support')
  })
})
