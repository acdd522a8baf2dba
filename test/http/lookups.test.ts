/** What an agent looks up beside a conversation: each answer for itself, only of their own conversations, and never for long. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CrmAnswer, DesksAnswer } from '../../src/http/api/lookups.ts'
import { aRunningApp, aVisitor, type Running } from '../app.ts'
import { until } from '../hub.ts'
import { aMember, type Browser } from './browser.ts'

const faq = new URL('../../config/demo/faq', import.meta.url).pathname
const yaml = (csv: string) => `
connections:
  site: { use: webchat }
  wire: { use: webchat }
  first-line: { use: faq, folder: ${faq} }
  people: { use: inbox, demo: true }
  others: { use: inbox }
  night: { use: inbox }
  customers: { use: directory, file: ${csv} }
mappings:
  - name: support
    channel: site
    bot: first-line
    desks: [people, { desk: night, hours: { timeZone: UTC, week: { mon: ['00:00-00:01'] } } }]
    fallback: [{ desk: others, mode: ticket }]
    knowledge: first-line
    crm: customers
  - { name: bare, channel: wire, bot: first-line, desks: [people] }
`
const csv = new URL('../../config/demo/customers.csv', import.meta.url).pathname

describe('beside a conversation', { timeout: 120_000 }, () => {
  let hub: Running
  let agent: Browser
  let stranger: Browser
  let viewer: Browser
  beforeAll(async () => {
    hub = await aRunningApp({ yaml: yaml(csv), isSandbox: true })
    const seat = { skills: [], languages: [], capacity: 4 }
    agent = (await aMember(hub, 'agent', { desks: { people: seat } })).browser
    stranger = (await aMember(hub, 'agent', { desks: { others: seat } })).browser
    viewer = (await aMember(hub, 'viewer')).browser
  })
  afterAll(() => hub?.stop())

  const rows = async (text: string, ...values: unknown[]) => (await hub.database.pool.query(text, values)).rows
  /** Waits at the desk "people", as somebody. */
  async function aConversation(customer: object, channel = 'site'): Promise<number> {
    const visitor = await aVisitor(hub.url, {}, channel)
    const presence = { method: 'POST', body: { presence: 'online' } }
    const cookie = { cookie: agent.cookie!, origin: hub.url, 'sec-fetch-site': 'same-origin' }
    expect((await hub.ask('/hooks/people/presence', { ...presence, headers: cookie })).status).toBe(204)
    await visitor.say('How long does delivery take?')
    await visitor.say('I want to talk to a person')
    const found = () =>
      rows(
        `SELECT c.id FROM conversations c JOIN handoffs h ON h.conversation = c.id WHERE thread = $1 AND h.stage IN ('opened', 'assigned')`,
        visitor.thread,
      )
    await until('it is in line', async () => (await found()).length > 0)
    const [{ id }] = (await found()) as [{ id: number }]
    await rows(
      `UPDATE conversations SET customer = $2, state = (state::jsonb || jsonb_build_object('customer', $2::jsonb))::text WHERE id = $1`,
      id,
      JSON.stringify(customer),
    )
    return id
  }
  const ask = async (who: Browser, id: number, what: string) => who.ask(`/conversations/${id}/${what}`)

  it('the CRM says who it is now, and nobody where it does not know', async () => {
    const maria = await aConversation({ id: 'C-1001', email: 'maria.keller@example.com', verified: true })
    const { status, json } = await ask(agent, maria, 'crm')
    expect(status).toBe(200)
    expect(json).toMatchObject({ crm: 'customers', customer: { id: 'C-1001' } })
    const visitor = await aConversation({})
    expect((await ask(agent, visitor, 'crm')).json).toEqual({ crm: 'customers', customer: null })
    const bare = await aConversation({}, 'wire')
    expect((await ask(agent, bare, 'crm')).json).toEqual({ crm: null, customer: null })
  })

  it('a CRM that does not answer is said to be away; the next question is not asked of it before its time', async () => {
    const id = await aConversation({ id: 'C-1001', verified: true })
    const real = hub.app.hub.connections.get('customers')!
    let asked = 0
    const down = async () => {
      asked++
      throw new Error('connect ECONNREFUSED 10.0.0.1:443')
    }
    hub.app.hub.connections.set('customers', { ...real, crm: { find: down } })
    try {
      for (let n = 0; n < 5; n++) expect((await ask(agent, id, 'crm')).status).toBe(503)
      const { status, text, json } = await ask(agent, id, 'crm')
      expect([status, asked]).toEqual([503, 5])
      expect(json.message).toContain('customers is failing')
      expect(text).not.toContain('10.0.0.1')
    } finally {
      hub.app.hub.connections.set('customers', real)
      await hub.app.hub.gates.worked('customers')
    }
    expect(((await ask(agent, id, 'crm')).json as CrmAnswer).customer?.id).toBe('C-1001')
  })

  it('articles are those of the mapping’s knowledge, and there may be none', async () => {
    const id = await aConversation({})
    const { json } = await ask(agent, id, `articles?question=${encodeURIComponent('gift wrapping')}`)
    expect(json.knowledge).toBe('first-line')
    expect(json.articles[0]).toMatchObject({ title: 'Gift cards and gift wrapping' })
    const bare = await aConversation({}, 'wire')
    expect((await ask(agent, bare, 'articles?question=delivery')).json).toEqual({ knowledge: null, articles: [] })
    expect((await ask(agent, id, 'articles?question=%20')).status).toBe(400)
    expect((await ask(agent, id, 'articles')).status).toBe(400)
  })

  it('intents are the bot’s own, in order', async () => {
    const id = await aConversation({})
    const { intents } = (await ask(agent, id, 'intents')).json as { intents: string[] }
    expect(intents.length).toBeGreaterThan(2)
    expect(intents).toEqual([...intents].sort((a, b) => a.localeCompare(b)))
  })

  it('other desks are those of the mapping, with why one cannot take it', async () => {
    const id = await aConversation({})
    expect((await ask(agent, id, 'desks')).json as DesksAnswer).toEqual({
      desks: [
        { desk: 'night', mode: 'live', canTake: false, why: 'closed at this time' },
        { desk: 'others', mode: 'ticket', canTake: true, why: null },
      ],
    })
    await hub.app.hub.gates.pause('others', 'Kim')
    try {
      const { desks } = (await ask(agent, id, 'desks')).json as DesksAnswer
      expect(desks[1]).toMatchObject({ canTake: false, why: 'others is paused by Kim' })
    } finally {
      await hub.app.hub.gates.resume('others')
    }
  })

  it('earlier conversations are the same customer’s, by e-mail or by id, not those of a name', async () => {
    const first = await aConversation({ email: 'Marco@example.com', name: 'Marco' })
    const namesake = await aConversation({ email: 'other@example.com', name: 'Marco' })
    const second = await aConversation({ email: 'marco@example.com' })
    const { json } = await ask(agent, second, 'earlier')
    expect(json).toMatchObject({ by: 'email', isVerified: false })
    expect(json.conversations.map(({ id }: { id: number }) => id)).toEqual([first])
    const known = await aConversation({ id: 'marco' })
    expect((await ask(agent, known, 'earlier')).json).toMatchObject({ by: 'id', conversations: [] })
    const nobody = await aConversation({ name: 'Marco' })
    expect((await ask(agent, nobody, 'earlier')).json).toMatchObject({ by: null, conversations: [] })
    expect(namesake).toBeGreaterThan(first)
  })

  it('nobody else is answered: not at another desk, not who only looks', async () => {
    const id = await aConversation({ id: 'C-1001', email: 'maria.keller@example.com', verified: true })
    for (const what of ['crm', 'articles?question=x', 'intents', 'desks', 'earlier']) {
      expect((await ask(stranger, id, what)).status, what).toBe(404)
      expect((await ask(viewer, id, what)).status, what).toBe(403)
    }
  })
})
