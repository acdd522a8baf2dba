import { afterAll, beforeAll, expect, it } from 'vitest'
import { aHub, type TestHub, until } from '../hub.ts'

let at: TestHub
beforeAll(async () => {
  at = await aHub()
})
afterAll(() => at.stop())

it('keeps what an agent writes before the desk has answered, and its order with what comes after', async () => {
  const said: string[] = []
  const reply = (n: number) => {
    const body = `agent ${n}`
    said.push(body)
    return at.receive('people', {
      type: 'agent-message',
      ticket: 'ticket-1-1',
      externalId: `early-${n}`,
      at: Date.now(),
      agent: { name: 'Ana' },
      visibility: 'public',
      message: { parts: [{ kind: 'text', text: body }] },
    })
  }
  // The agent sees the ticket and writes while the desk's answer is still on its way to us.
  let isAnswered = false
  at.outside.offer = async () => {
    for (let n = 0; n < 5; n++) await reply(n)
    isAnswered = true
  }
  await at.write('visitor', 'hello')
  await at.write('visitor', 'I want to talk to a human please')
  await until('the desk was asked', () => isAnswered)
  for (let n = 5; n < 25; n++) await reply(n)
  await until('all arrived', () => at.outside.toCustomer.filter((seen) => seen.by === 'agent').length === 25)
  expect(at.outside.toCustomer.filter((seen) => seen.by === 'agent').map((seen) => seen.text)).toEqual(said)
  expect((await at.database.pool.query('SELECT 1 FROM early_events')).rows).toHaveLength(0)
  const { control } = await at.hub.conversation(1)
  expect(control).toBe('agent')
})

it('shows the agent everything said before, and each later word once', async () => {
  at.outside.offer = async () => {}
  await at.write('second', 'where is my parcel')
  await until('the bot answered', () => at.outside.toCustomer.some((seen) => seen.to === 'second'))
  await at.write('second', 'I want to talk to a human please')
  await at.write('second', 'are you there?')
  await until('it reached the desk', () => at.outside.toDesk.some((seen) => seen.text === 'are you there?'))
  const { transcript, ticket } = at.outside.offers.at(-1)!
  expect(transcript).toContain('where is my parcel')
  expect(transcript).toContain('bot: where is my parcel')
  expect(transcript).toContain('I want to talk to a human please')
  expect(transcript).not.toContain('are you there?')
  expect(at.outside.toDesk.filter((seen) => seen.to === ticket).map((seen) => seen.text)).toEqual(['are you there?'])
})
