/** One offer, and no pressure: whoever said no is left alone for five turns, and the timeline says that a person was not offered, and why. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { ConversationAnswer } from '../../src/http/api/conversations.ts'
import { anAgent } from './agent.ts'
import { explain, missing } from './console/stage.ts'
import { aCustomer } from './customer.ts'
import { aStage, patienceMs, type Stage } from './stage.ts'

explain()

const delays = ['This is frustrating', 'Nobody answers', 'So annoying', 'I am frustrated']

describe.skipIf(missing !== undefined)('an offer', { timeout: 180_000 }, () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await aStage()
  })
  afterEach(async () => {
    expect(await stage.clear(), 'what pages complained of').toEqual([])
  })
  afterAll(() => stage?.close())

  test('that was declined after two frustrated messages does not come back within five turns', async () => {
    const ana = await anAgent(stage)
    const customer = await aCustomer(stage)
    const { page } = customer
    const offers = () => page.getByRole('button', { name: /Talk to a person$/ }).count()
    await customer.open()
    await customer.say('How long does delivery take? This is frustrating')
    await customer.sees('Standard delivery takes 2 to 4 working days')
    await customer.say('When are you open? Nobody answers')
    await page.getByRole('button', { name: 'Keep going' }).waitFor()
    expect(await offers()).toBe(1)
    await customer.pick('Keep going')
    await customer.sees('All right, let us go on.')

    const [newest] = (await stage.ask<{ conversations: { id: number }[] }>('/api/v1/conversations')).conversations
    const read = () => stage.ask<ConversationAnswer>(`/api/v1/conversations/${newest!.id}`)
    expect((await read()).conversation).toMatchObject({ control: 'bot', handoff: { outcome: 'declined' } })

    const heard = async () =>
      (await read()).timeline.filter(({ type }) => type === 'bot-answered' || type === 'customer-message').length
    for (const words of delays.map((delay) => `How long does delivery take? ${delay}`)) {
      const before = await heard()
      await customer.say(words)
      await expect.poll(heard, { timeout: patienceMs }).toBeGreaterThanOrEqual(before + 2)
    }
    expect(await offers(), 'none within five turns').toBe(1)
    expect(await ana.page.locator('.offer').count()).toBe(0)

    // Who may see it reads on the timeline what was not done, and why.
    const ada = await stage.visit('Ada', '/console/setup')
    ada.troubles.expect(/status of 401/)
    await ada.page.getByRole('heading', { name: 'Welcome to Baton' }).waitFor()
    await ada.page.goto(`/console/conversations/${newest!.id}`)
    await ada.page
      .getByText(/a person was offered .* ago, the next offer may come after 5/)
      .last()
      .waitFor()
  })
})
