/** The live link of staff tells pages of what changed: of that alone, and of all of it. */
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
    const admin = (await aMember(hub, 'admin')).browser.cookie!
    socket = new WebSocket(`${hub.url.replace('http', 'ws')}/api/v1/live`, {
      headers: { cookie: admin, origin: hub.url },
    })
    frames = []
    socket.on('message', (data) => frames.push(JSON.parse(String(data))))
    socket.on('open', () => socket.send('{"t":"hello","after":0}'))
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
})
