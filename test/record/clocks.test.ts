/** Clocks that are wrong: of a vendor that tells late what happened, and of the machine a hub runs on. */
import { afterEach, expect, it } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { HubError } from '../../src/errors.ts'
import { aHub, anOutside, type TestHub, until } from '../hub.ts'

const hour = 3_600_000
const minute = 60_000

let at: TestHub | undefined
afterEach(() => at?.stop())

const stageOf = async (hub: TestHub) => (await hub.database.pool.query('SELECT stage FROM attempts')).rows[0]?.stage

it('counts a time limit from when it was set, however late its cause was told', async () => {
  at = await aHub()
  await at.write('visitor', 'hello')
  const before = Date.now()
  await at.receive('site', {
    type: 'customer-message',
    thread: 'visitor',
    externalId: 'late',
    at: before - hour,
    message: { parts: [{ kind: 'text', text: 'I want to talk to a human please' }] },
  })
  await until('it is in line', async () => (await stageOf(at!)) === 'opened')
  const { rows } = await at.database.pool.query(`SELECT name, at - $1 AS left FROM timers ORDER BY name`, [before])
  expect(rows.map(({ name }) => name)).toEqual(['reassure', 'wait'])
  for (const { left } of rows) expect(Number(left)).toBeGreaterThan(hour - minute)
})

it.each([
  ['an hour ahead', hour],
  ['an hour behind', -hour],
])('waits for the news that a ticket has ended while the clock of its machine is %s', async (_, offMs) => {
  const outside = anOutside()
  at = await aHub({ outside, clock: { now: () => systemClock.now() + offMs } })
  await at.write('visitor', 'hello')
  await at.write('visitor', 'I want to talk to a human please')
  await until('it is in line', async () => (await stageOf(at!)) === 'opened')
  const { ticket } = outside.offers[0]!
  const agent = { ref: 'ana', name: 'Ana' }
  await at.receive('people', { type: 'desk-accepted', ticket, agent, externalId: 'e1', at: Date.now() })
  let refused = 0
  outside.pass = async () => {
    refused++
    throw new HubError('conflict', 'The ticket has ended')
  }
  await at.write('visitor', 'thank you')
  await until('the desk refuses the words', () => refused > 0)
  await at.receive('people', {
    type: 'desk-ended',
    ticket,
    outcome: 'resolved',
    externalId: 'e2',
    at: Date.now(),
  })
  await until('nothing is left to do', async () => {
    const { rows } = await at!.database.pool.query(`SELECT 1 FROM effects WHERE status = 'pending'`)
    return rows.length === 0
  })
  const { rows } = await at.database.pool.query('SELECT outcome FROM handoffs')
  expect(rows).toEqual([{ outcome: 'resolved' }])
  const { rows: dead } = await at.database.pool.query(`SELECT kind FROM effects WHERE status = 'dead'`)
  expect(dead).toEqual([])
})
