/** Drafts, canned replies, taking over, and agents who come by the session of the console. */
import websocket from '@fastify/websocket'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Colleague } from '#hub/connector.ts'
import { anOffice, type Office, person, tokenOf } from './office.ts'

let office: Office
let app: FastifyInstance
/** Who has signed in at the console. */
let user: Colleague | undefined

beforeAll(async () => {
  office = await anOffice([person('Ana', { capacity: 9 }), person('Ben', { capacity: 9 })])
  Object.assign(office.host, { staff: async () => user })
  app = Fastify()
  await app.register(websocket)
  await app.register(office.connection.hooks!, { prefix: '/hooks/people' })
  await app.ready()
  await office.online('Ana')
})
afterAll(async () => {
  await app?.close()
  await office?.close()
})

const call = async (
  who: string | undefined,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: object,
) => {
  const answer = await app.inject({
    method,
    url: `/hooks/people${path}`,
    headers: who ? { authorization: `Bearer ${tokenOf(who)}` } : {},
    ...(body ? { payload: body } : {}),
  })
  return { status: answer.statusCode, body: answer.body ? answer.json() : undefined }
}
const accepted = async () => {
  const ticket = await office.offer({ id: `h${Math.random()}` })
  await call('Ana', 'POST', `/tickets/${ticket}/accept`)
  return ticket
}

describe('drafts', () => {
  it('follow the person, reply and note apart, and are nobody else’s', async () => {
    const ticket = await accepted()
    await call('Ana', 'PUT', `/tickets/${ticket}/drafts`, { kind: 'reply', text: 'Dear Le' })
    await call('Ana', 'PUT', `/tickets/${ticket}/drafts`, { kind: 'note', text: 'ask Kim' })
    await call('Ana', 'PUT', `/tickets/${ticket}/drafts`, { kind: 'reply', text: 'Dear Lena' })
    const { drafts } = (await call('Ana', 'GET', `/tickets/${ticket}`)).body
    expect(drafts).toMatchObject({ reply: { text: 'Dear Lena' }, note: { text: 'ask Kim' } })
    expect((await call('Ben', 'GET', `/tickets/${ticket}`)).body.drafts).toEqual({})
  })

  it('are forgotten when emptied, and with the customer', async () => {
    const ticket = await accepted()
    const kept = () => office.inbox.db.selectFrom('inbox_drafts').select('kind').where('ticket', '=', ticket).execute()
    await call('Ana', 'PUT', `/tickets/${ticket}/drafts`, { kind: 'reply', text: 'x' })
    await call('Ana', 'PUT', `/tickets/${ticket}/drafts`, { kind: 'note', text: 'y' })
    await call('Ana', 'PUT', `/tickets/${ticket}/drafts`, { kind: 'reply', text: ' ' })
    expect(await kept()).toEqual([{ kind: 'note' }])
    const { conversation } = (await call('Ana', 'GET', `/tickets/${ticket}`)).body
    await office.connection.erase!({ conversation, thread: 't' })
    expect(await kept()).toEqual([])
  })

  it('are forgotten in the moment in which their words are said, and no other ones', async () => {
    const ticket = await accepted()
    const drafts = async () => (await call('Ana', 'GET', `/tickets/${ticket}`)).body.drafts
    await call('Ana', 'PUT', `/tickets/${ticket}/drafts`, { kind: 'reply', text: ' Dear Lena\n' })
    await call('Ana', 'PUT', `/tickets/${ticket}/drafts`, { kind: 'note', text: 'Dear Lena' })
    await call('Ana', 'POST', `/tickets/${ticket}/messages`, { id: 'd1', text: 'Something else' })
    expect(await drafts()).toMatchObject({ reply: { text: ' Dear Lena\n' } })
    await call('Ana', 'POST', `/tickets/${ticket}/messages`, { id: 'd2', text: 'Dear Lena' })
    expect(Object.keys(await drafts())).toEqual(['note'])
  })

  it('of a ticket that is not there are kept nowhere', async () => {
    expect((await call('Ana', 'PUT', '/tickets/none/drafts', { kind: 'reply', text: 'x' })).status).toBe(204)
    expect(
      await office.inbox.db.selectFrom('inbox_drafts').select('kind').where('ticket', '=', 'none').execute(),
    ).toEqual([])
  })
})

describe('canned replies', () => {
  it('are one’s own', async () => {
    const { body } = await call('Ana', 'POST', '/replies', { name: 'refund', text: 'Hello {{customer.name}}' })
    expect((await call('Ana', 'GET', '/replies')).body.replies).toEqual([
      { id: body.id, name: 'refund', text: 'Hello {{customer.name}}', shared: false },
    ])
    expect((await call('Ben', 'GET', '/replies')).body.replies).toEqual([])
    expect((await call('Ben', 'PUT', `/replies/${body.id}`, { name: 'x', text: 'y' })).status).toBe(404)
    expect((await call('Ben', 'DELETE', `/replies/${body.id}`)).status).toBe(404)
    expect((await call('Ana', 'POST', '/replies', { name: 'refund', text: 'again' })).status).toBe(409)
    await call('Ana', 'PUT', `/replies/${body.id}`, { name: 'money', text: 'back' })
    expect((await call('Ana', 'GET', '/replies')).body.replies).toMatchObject([{ name: 'money', text: 'back' }])
    expect((await call('Ana', 'DELETE', `/replies/${body.id}`)).status).toBe(204)
  })

  it('are made everybody’s by an admin alone', async () => {
    const shared = { name: 'hours', text: 'We are open from 9', shared: true }
    expect((await call('Ana', 'POST', '/replies', shared)).status).toBe(403)
    user = { id: 'user:1', email: 'kim@example.com', name: 'Kim', role: 'admin' }
    expect((await call(undefined, 'POST', '/replies', shared)).status).toBe(201)
    expect((await call('Ben', 'GET', '/replies')).body.replies).toMatchObject([{ name: 'hours', shared: true }])
  })

  it('have a name that can be typed after a slash', async () => {
    const { status, body } = await call('Ana', 'POST', '/replies', { name: 'two words', text: 'x' })
    expect([status, body.message]).toEqual([400, expect.stringContaining('name')])
  })
})

describe('taking over', () => {
  it('changes hands once, is told to both, and lets the one before no longer speak', async () => {
    const ticket = await accepted()
    const say = (who: string, id: string) => call(who, 'POST', `/tickets/${ticket}/messages`, { id, text: 'Hello' })
    expect((await say('Ben', 'b1')).status).toBe(409)
    expect((await call('Ben', 'POST', `/tickets/${ticket}/take-over`)).status).toBe(204)
    expect((await call('Ben', 'POST', `/tickets/${ticket}/take-over`)).status).toBe(204)
    expect((await say('Ana', 'a1')).status).toBe(409)
    expect((await say('Ben', 'b2')).status).toBe(200)
    const types = office.told(ticket).map(({ type, agent }) => `${type} ${(agent as { name?: string })?.name ?? ''}`)
    expect(types.slice(-4)).toEqual(['agent-left Ana', 'desk-assigned Ben', 'desk-accepted Ben', 'agent-message Ben'])
    const { messages } = (await call('Ana', 'GET', `/tickets/${ticket}`)).body
    expect(messages.at(-2)).toMatchObject({
      by: 'hub',
      visibility: 'internal',
      message: { parts: [{ text: 'Ben took over from Ana.' }] },
    })
  })

  it('shows colleagues what others have, and lets them leave a note', async () => {
    const ticket = await accepted()
    expect((await call('Ben', 'GET', '/tickets')).body.others.map(({ id }: { id: string }) => id)).toContain(ticket)
    expect((await call('Ben', 'POST', `/tickets/${ticket}/notes`, { id: 'n1', text: 'I know her' })).status).toBe(200)
    expect(office.told(ticket).at(-1)).toMatchObject({ type: 'agent-message', visibility: 'internal' })
    await call('Ana', 'POST', `/tickets/${ticket}/resolve`, {})
    expect((await call('Ben', 'POST', `/tickets/${ticket}/notes`, { id: 'n2', text: 'late' })).status).toBe(409)
    expect((await call('Ben', 'POST', `/tickets/${ticket}/take-over`)).status).toBe(409)
  })
})

describe('who has signed in at the console', () => {
  it('is the agent of their seat, and goes on being one after the YAML was read again', async () => {
    const seat = { skills: ['law'], languages: ['de'], capacity: 2 }
    user = { id: 'user:2', email: 'ola@example.com', name: 'Ola', role: 'agent', seat }
    expect((await call(undefined, 'GET', '/me')).body).toMatchObject({ id: 'ola@example.com', name: 'Ola', ...seat })
    user = { ...user, name: 'Ola B.', seat: { ...seat, capacity: 5 } }
    expect((await call(undefined, 'GET', '/me')).body).toMatchObject({ name: 'Ola B.', capacity: 5 })
  })

  it('is whom the YAML names, with what it says of them', async () => {
    user = {
      id: 'user:3',
      email: 'ana@example.com',
      name: 'Other',
      role: 'agent',
      seat: { skills: [], languages: [], capacity: 1 },
    }
    expect((await call(undefined, 'GET', '/me')).body).toMatchObject({ name: 'Ana', capacity: 9 })
    expect((await call('Ana', 'GET', '/me')).status).toBe(200)
  })

  it('is nobody here without a seat, or without a session', async () => {
    user = { id: 'user:4', email: 'vi@example.com', name: 'Vi', role: 'viewer' }
    expect((await call(undefined, 'GET', '/me')).status).toBe(403)
    user = undefined
    expect((await call(undefined, 'GET', '/me')).status).toBe(401)
  })
})
