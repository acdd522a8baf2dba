/** What a vendor said when it refused for good, on its way to whoever has to mend it. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { FreshchatTwin } from '../../connectors/freshchat/twin.ts'
import { desks, peopleOf } from './desks.ts'
import { aVendorHub, caseWith, until, type VendorHub } from './stage.ts'

let hub: VendorHub
beforeAll(async () => {
  hub = await aVendorHub(peopleOf(desks.find(({ name }) => name === 'freshchat')!))
})
afterAll(() => hub?.stop())

it('stands in the dead letter and in the timeline', async () => {
  const visitor = await hub.visitor()
  await visitor.say('I have a question about my order')
  await until('the bot’s answer', async () => (await visitor.entries()).some(({ by }) => by === 'bot'))
  await visitor.say('I would like to talk to a person about my order, please')
  const { id } = await until('a ticket', () => caseWith(hub.twin, 'question about my order'))
  await until('the desk to have it', async () => (await hub.pending()) === 0)
  // As after somebody merged the customer's two entries at the vendor.
  const { account } = hub.twin as FreshchatTwin
  account.conversations.find(({ conversation_id }) => conversation_id === id)!.user_id = 'another-user'

  await visitor.say('Are you there?')
  const error = {
    code: 'invalid',
    text: 'Freshchat rejected the request (INVALID_VALUE)',
    vendor: 'actor_id is not the user of the conversation',
  }
  const letters = async () => (await hub.staff('/api/v1/dead-letters')).json.deadLetters
  await until('a dead letter', async () => (await letters()).length > 0)
  const [letter] = await letters()
  expect(letter).toMatchObject({ connection: 'people', kind: 'pass', error })
  const { json } = await hub.staff(`/api/v1/conversations/${letter.conversation}`)
  const effects = json.timeline.flatMap((entry: { effects: unknown[] }) => entry.effects)
  expect(effects).toContainEqual(expect.objectContaining({ status: 'dead', error }))
  // Decisions are for the agents' and the reports' eyes too: there our own sentence is enough.
  expect(JSON.stringify(json.timeline.map((entry: { decisions: unknown }) => entry.decisions))).not.toContain(
    error.vendor,
  )
})
