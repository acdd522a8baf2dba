import { afterAll, beforeAll, expect, it } from 'vitest'
import { aHub, type TestHub, until } from '../hub.ts'

let at: TestHub
beforeAll(async () => {
  at = await aHub()
})
afterAll(() => at.stop())

it('ends the ticket of a desk that answered after the customer had left and asked again', async () => {
  let answer = () => {}
  const asked: string[] = []
  at.outside.offer = async (ticket) => {
    asked.push(ticket)
    if (asked.length === 1) await new Promise<void>((resolve) => (answer = resolve))
  }
  await at.write('visitor', 'hello')
  await at.write('visitor', 'I want to talk to a human please')
  await until('the desk was asked', () => asked.length === 1)
  await at.receive('site', {
    type: 'customer-message',
    thread: 'visitor',
    externalId: 'leave',
    at: Date.now(),
    message: { parts: [], choice: 'baton:leave' },
  })
  await at.hub.append({
    connection: 'hub',
    externalId: 'again',
    event: { type: 'staff-command', at: Date.now(), command: { do: 'escalate' }, by: 'a test' },
    at: 1,
  })
  answer()
  await until('the second ticket is known', async () => {
    const { rows } = await at.database.pool.query(`SELECT 1 FROM attempts WHERE handoff = 2 AND stage = 'opened'`)
    return rows.length === 1
  })
  await until('the first one was ended at its desk', () => at.outside.ended.includes(asked[0]!))
  expect(at.outside.ended).toEqual([asked[0]])
  const { rows } = await at.database.pool.query('SELECT handoff, ticket, stage FROM attempts ORDER BY handoff')
  expect(rows).toEqual([
    { handoff: 1, ticket: asked[0], stage: 'over' },
    { handoff: 2, ticket: asked[1], stage: 'opened' },
  ])
})
