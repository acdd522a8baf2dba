/** What a customer's screen is told of a handoff, read from the record. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readState } from '../../src/postgres/threads.ts'
import { aHub, type TestHub, until } from '../hub.ts'

let at: TestHub
beforeAll(async () => {
  at = await aHub()
})
afterAll(() => at.stop())

it('tells the stage of a handoff and the place in line that the customer was told, until it is over', async () => {
  const state = () => readState(at.database.pool, 'site', 'visitor')
  const is = async (what: string, handoff: object | undefined) => {
    await until(what, async () => JSON.stringify((await state())?.handoff) === JSON.stringify(handoff))
  }
  await at.write('visitor', 'hello')
  await is('nothing is told before there is one', undefined)
  await at.write('visitor', 'I want to talk to a human please')
  await until('the desk has it', () => at.outside.offers.length === 1)
  await is('it is open', { stage: 'opened' })
  const { ticket } = at.outside.offers[0]!
  const now = Date.now()
  const queue = (externalId: string, position: number) =>
    at.receive('people', { type: 'desk-queue', ticket, externalId, at: now, position })
  await queue('q1', 3)
  await is('a place was told', { stage: 'opened', position: 3 })
  await queue('q2', 4)
  await queue('q3', 2)
  await is('only a better one is told', { stage: 'opened', position: 2 })
  await at.receive('people', { type: 'desk-ended', ticket, externalId: 'e1', at: now, outcome: 'resolved' })
  await is('it is over', undefined)
  expect(await readState(at.database.pool, 'site', 'somebody else')).toBeUndefined()
})
