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

it('keeps the order when the ticket becomes known while a word is being kept', async () => {
  const asked = Promise.withResolvers<string>()
  const answer = Promise.withResolvers<void>()
  at.outside.offer = async (ticket) => {
    asked.resolve(ticket)
    await answer.promise
  }
  await at.write('third', 'hello')
  await at.write('third', 'I want to talk to a human please')
  const ticket = await asked.promise
  const reply = (n: number) =>
    at.receive('people', {
      type: 'agent-message',
      ticket,
      externalId: `between-${n}`,
      at: Date.now(),
      agent: { name: 'Ana' },
      visibility: 'public',
      message: { parts: [{ kind: 'text', text: `between ${n}` }] },
    })
  // Nothing can be kept until this is over, while it can be looked for.
  const holder = await at.database.pool.connect()
  await holder.query('BEGIN')
  await holder.query('LOCK TABLE early_events IN SHARE MODE')
  const replies = [reply(0), reply(1)]
  answer.resolve()
  await until('the ticket is known', async () => (await at.hub.conversationOf('people', ticket)) !== undefined)
  await holder.query('COMMIT')
  holder.release()
  await Promise.all(replies)
  const heard = () => at.outside.toCustomer.map((seen) => seen.text).filter((text) => text.startsWith('between'))
  await until('both arrived', () => heard().length === 2)
  expect(heard()).toEqual(['between 0', 'between 1'])
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
  // What the hub said is there, and its button, which nobody pressed, is not.
  expect(transcript.join('\n')).toContain('I am connecting you with a person.')
  expect(transcript.join('\n')).not.toContain('Leave the line')
  expect(at.outside.toDesk.filter((seen) => seen.to === ticket).map((seen) => seen.text)).toEqual(['are you there?'])
})

it('tells an agent who writes from an old ticket what was said since', async () => {
  const ticket = at.outside.offers.at(-1)!.ticket
  const agent = { name: 'Ana' }
  const report = (externalId: string, more: object) =>
    at.receive('people', { ticket, externalId, at: Date.now(), agent, ...more } as never)
  await report('done', { type: 'desk-ended', outcome: 'resolved' })
  await new Promise((resolve) => setTimeout(resolve, 5))
  await at.write('second', 'one more thing about my parcel')
  await until('the bot answered', () =>
    at.outside.toCustomer.some((seen) => seen.text === 'bot: one more thing about my parcel'),
  )
  const message = { parts: [{ kind: 'text', text: 'I have found it' }] }
  await report('later', { type: 'agent-message', visibility: 'public', message })
  await until('the agent was told', () => at.outside.toDesk.some((seen) => seen.by === 'hub'))
  const note = at.outside.toDesk.find((seen) => seen.by === 'hub')!
  expect(note.to).toBe(ticket)
  expect(note.text).toContain('customer: one more thing about my parcel\nbot: bot: one more thing about my parcel')
  expect(note.text).not.toContain('where is my parcel')
})
