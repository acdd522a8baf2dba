/** Who may answer customers at a desk of our own, by role and seat: what the session says, and what the desk itself allows. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { aRunningApp, type Running } from '../app.ts'
import { aMember, anAdmin, type Browser } from './browser.ts'

let hub: Running
beforeAll(async () => {
  hub = await aRunningApp({
    yaml: 'connections:\n  site: { use: webchat }\n  first-line: { use: echo }\n  people: { use: inbox }\n  law: { use: inbox }\nmappings:\n  - { channel: site, bot: first-line, desks: [people, law] }\n',
  })
})
afterAll(() => hub?.stop())

const seat = { skills: [], languages: [], capacity: 2 }
const boardOf = async ({ cookie }: Browser, desk: string) =>
  (await hub.ask(`/hooks/${desk}/tickets`, { headers: { cookie: cookie! } })).status

it('an agent where they have a seat, an admin everywhere, a viewer nowhere', async () => {
  const people: [Browser, string[]][] = [
    [(await aMember(hub, 'agent', { desks: { people: seat } })).browser, ['people']],
    [(await aMember(hub, 'agent')).browser, []],
    [(await aMember(hub, 'viewer', { desks: { people: seat } })).browser, []],
    [await anAdmin(hub), ['people', 'law']],
  ]
  for (const [browser, desks] of people) {
    expect((await browser.ask('/session')).json.worksAt).toEqual(desks)
    for (const desk of ['people', 'law']) expect(await boardOf(browser, desk)).toBe(desks.includes(desk) ? 200 : 403)
  }
})

it('nobody without a session, and nobody by another site’s page', async () => {
  expect((await hub.ask('/hooks/people/tickets')).status).toBe(401)
  const { browser } = await aMember(hub, 'agent', { desks: { people: seat } })
  const foreign = { cookie: browser.cookie!, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
  const sent = { method: 'POST', body: { presence: 'online' }, headers: foreign }
  expect((await hub.ask('/hooks/people/presence', sent)).status).toBe(403)
})
