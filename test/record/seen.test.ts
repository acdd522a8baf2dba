/** What one side has seen of the other's words: told over the live link, never more than is true. */
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { createHost } from '../../src/host.ts'
import { markedTopic } from '../../src/marker.ts'
import { aHub, anOutside, connectionsOf, type TestHub, until } from '../hub.ts'

const outside = anOutside()
const seen: number[] = []
let at: TestHub
beforeAll(async () => {
  const connections = connectionsOf(outside)
  const channel = {
    ...connections.site!.channel!,
    seen: async (_visitor: string, until: number) => void seen.push(until),
  }
  at = await aHub({ outside, connections: { ...connections, site: { channel } } })
})
afterAll(() => at.stop())

const signalsOf = (connection: string) =>
  createHost(connection, {
    hub: at.hub,
    database: at.database.db,
    clock: systemClock,
    log: pino({ level: 'silent' }),
    signal: new AbortController().signal,
    url: '',
  }).signals

it('an agent who writes has seen what their desk was given, and nothing that is still on its way there', async () => {
  const say = (body: string, when: number) =>
    at.receive('site', {
      type: 'customer-message',
      thread: 'visitor',
      externalId: body,
      at: when,
      message: { parts: [{ kind: 'text', text: body }] },
    })
  const began = Date.now()
  await say('hello', began)
  await say('I want to talk to a human please', began + 1)
  await until('the desk was asked', () => outside.offers.length === 1)
  const { ticket } = outside.offers[0]!
  const people = signalsOf('people')
  await until('the ticket is known', async () => (await at.hub.conversationOf('people', ticket)) !== undefined)
  // Nobody holds it yet: what somebody types before a ticket that only rings is nothing.
  people.agentTyping(ticket, true)
  const agent = { name: 'Ana' }
  await at.receive('people', { type: 'desk-accepted', ticket, externalId: 'accepted', at: began + 2, agent })
  await say('first', began + 10_000)
  await until('the desk has it', () => outside.toDesk.length === 1)
  let asked = 0
  const type = () => {
    asked++
    people.agentTyping(ticket, true)
  }
  // Types again only when what was told of the last time is here: nothing is under way when it has been seen.
  const typesUntil = (moment: number) =>
    expect
      .poll(() => {
        const last = seen.at(-1)
        if (last !== moment && seen.length >= asked) type()
        return last
      })
      .toBe(moment)
  await typesUntil(began + 10_000)
  const passing = Promise.withResolvers<void>()
  outside.pass = () => passing.promise
  await say('second', began + 20_000)
  seen.length = 0
  asked = 0
  type()
  await until('it was told', () => seen.length > 0)
  expect(seen).toEqual([began + 10_000])
  passing.resolve()
  await typesUntil(began + 20_000)
  // A desk that knows says it itself; of a ticket that it does not hold it may say nothing.
  people.agentSaw('ticket-9-9', began + 40_000)
  people.agentSaw(ticket, began + 30_000)
  await expect.poll(() => seen.at(-1)).toBe(began + 30_000)
  expect(seen).not.toContain(began + 40_000)
})

it('those who look at a conversation read it anew when its customer has read on, and only while an agent holds it', async () => {
  const marked: unknown[] = []
  at.hub.fanout.subscribe(markedTopic, (ids) => marked.push(...(ids as number[])))
  await at.write('another', 'hello')
  await until('the bot has answered', () => outside.toCustomer.some(({ to }) => to === 'another'))
  await at.hub.append({
    connection: 'hub',
    externalId: 'nothing',
    event: { type: 'staff-command', at: Date.now(), command: { do: 'move' }, by: 'Kim' },
    at: 2,
  })
  marked.length = 0
  const site = signalsOf('site')
  site.customerRead('another')
  site.customerRead('visitor')
  await until('it was told', () => marked.length > 0)
  expect(marked).toEqual([1])
})
