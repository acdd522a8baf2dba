/** The live link of staff tells pages of what changed, of that alone and of all of it, and only those who may hear. */
import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { LiveFrame } from '../../src/http/live.ts'
import { aRunningApp, aVisitor, type Running } from '../app.ts'
import { until } from '../hub.ts'
import { askAs } from '../planted.ts'
import { aMember } from './browser.ts'

const yaml = `
connections:
  site: { use: webchat }
  first-line: { use: echo }
  people: { use: inbox, ringSeconds: 600 }
mappings:
  - { name: support, channel: site, bot: first-line, desks: [people], limits: { waitMinutes: 10 } }
`

describe('the live link', { timeout: 120_000 }, () => {
  let hub: Running
  let id: number
  let earlier: number
  let socket: WebSocket
  let frames: LiveFrame[]
  let admin: string
  const dial = (cookie?: string, origin = hub.url) =>
    new WebSocket(`${hub.url.replace('http', 'ws')}/api/v1/live`, {
      headers: { ...(cookie === undefined ? {} : { cookie }), origin },
    })
  const listen = (to: WebSocket): LiveFrame[] => {
    const heard: LiveFrame[] = []
    to.on('message', (data) => heard.push(JSON.parse(String(data))))
    to.on('open', () => to.send('{"t":"hello","after":0}'))
    return heard
  }
  const rows = async (text: string, ...values: unknown[]) => (await hub.database.pool.query(text, values)).rows
  const topics = () => frames.flatMap((frame) => (frame.t === 'changed' ? frame.topics : []))
  /** Time passes for one who waits, and nothing else happens. */
  const waitLonger = (minutes: number) =>
    rows(
      `UPDATE attempts SET asked_at = asked_at - $2::bigint WHERE conversation = $1 RETURNING asked_at`,
      id,
      minutes * 60_000,
    )

  beforeAll(async () => {
    hub = await aRunningApp({ yaml })
    const seat = { skills: [], languages: [], capacity: 4 }
    const cookie = (await aMember(hub, 'agent', { desks: { people: seat } })).browser.cookie!
    expect((await askAs(hub, cookie, '/hooks/people/presence', { presence: 'online' })).status).toBe(204)
    const visitor = await aVisitor(hub.url, {})
    const before = await aVisitor(hub.url, {})
    await before.say('Hello')
    ;[{ id: earlier }] = await rows('SELECT id FROM conversations WHERE thread = $1', before.thread)
    await visitor.say('Hello')
    ;[{ id }] = await rows('SELECT id FROM conversations WHERE thread = $1', visitor.thread)
    await hub.staff(`/api/v1/conversations/${id}/commands`, { method: 'POST', body: { do: 'escalate' } })
    const isAssigned = `SELECT 1 FROM handoffs WHERE conversation = $1 AND stage = 'assigned'`
    await until('it rings', async () => (await rows(isAssigned, id)).length > 0)
    const pending = "SELECT 1 FROM effects WHERE status = 'pending'"
    await until('all is told', async () => (await rows(pending)).length === 0)
    admin = (await aMember(hub, 'admin')).browser.cookie!
    socket = dial(admin)
    frames = listen(socket)
    await until('the state is there', () => frames[0]?.t === 'state')
  }, 60_000)
  afterEach(() => {
    frames.length = 0
  })
  afterAll(async () => {
    socket?.close()
    await hub?.stop()
  })

  it('says nothing of conversations when it has looked and none has changed', async () => {
    for (const minutes of [11, -11]) {
      await waitLonger(minutes)
      await until('it has looked', () => topics().includes('queue'))
      expect(topics()).toEqual(['queue'])
      frames.length = 0
    }
  })

  it('says so when one has changed and nobody told it', async () => {
    await rows(
      `UPDATE conversations SET seq = seq + 1, updated_at = now(), active_at = date_trunc('minute', now()) WHERE id = $1`,
      id,
    )
    await until('it is told', () => topics().includes('conversations'))
  })

  it('says so of one whose transaction ended after a later one’s', async () => {
    await rows('UPDATE conversations SET seq = seq + 1 WHERE id = $1', earlier)
    await until('it is told', () => topics().includes('conversations'))
  })

  it('is closed when its session ends, wherever that was ended', async () => {
    const cookie = (await aMember(hub, 'viewer')).browser.cookie!
    const leaver = dial(cookie)
    const heard = listen(leaver)
    await until('it is heard', () => heard.length > 0)
    const closed = once(leaver, 'close')
    const headers = { cookie, origin: hub.url, 'sec-fetch-site': 'same-origin' }
    expect((await hub.ask('/api/v1/session', { method: 'DELETE', headers })).status).toBe(204)
    expect((await closed)[0]).toBe(4401)
    expect(socket.readyState).toBe(WebSocket.OPEN)
  })

  it.each([
    ['nobody', undefined, 401],
    ['a page from elsewhere', 'https://elsewhere.example', 403],
  ])('is closed to %s', async (_, origin, status) => {
    const refused = origin === undefined ? dial() : dial(admin, origin)
    const answered = await new Promise((resolve) => {
      refused.on('unexpected-response', (_request, response) => resolve(response.statusCode))
      refused.on('open', () => resolve('open'))
      refused.on('error', () => {})
    })
    expect(answered).toBe(status)
  })
})
