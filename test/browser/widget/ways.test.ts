/** The ways out that a customer always has: of the line, to be answered later; of a conversation that has ended. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { anAgent } from '../agent.ts'
import { explainSkip, missing } from '../chromium.ts'
import { patienceMs, type Stage } from '../stage.ts'
import { aSite, aWidgetStage, type Chat, inLineAt, type Site } from './site.ts'

explainSkip()

const eventually = <T>(read: () => T) => expect.poll(read, { timeout: patienceMs })
const fallback = [
  { desk: 'people', mode: 'ticket' },
  { desk: 'people', mode: 'callback' },
]

describe.skipIf(missing !== undefined)('the ways out', { timeout: 120_000 }, () => {
  let stage: Stage
  let site: Site
  beforeAll(async () => {
    stage = await aWidgetStage({ title: 'Acme' }, 600_000, { fallback })
    site = await aSite(stage.url)
  })
  afterEach(async () => {
    expect(await stage.clear(), 'what pages complained of').toEqual([])
  })
  afterAll(async () => {
    await stage?.close()
    await site?.close()
  })

  const joinTheLine = () => inLineAt(stage, site)
  const strip = ({ page }: Chat) => page.locator('.strip')
  const press = (chat: Chat, name: string) => strip(chat).getByRole('button', { name, exact: true }).click()
  const theConversation = async () => {
    const { conversations } = await stage.ask<{ conversations: { id: number }[] }>('/api/v1/conversations')
    const newest = Math.max(...conversations.map(({ id }) => id))
    const { conversation } = await stage.ask<{ conversation: object }>(`/api/v1/conversations/${newest}`)
    return conversation
  }
  /** Newest first, without what depends on who came before. */
  const last = async (chat: Chat, amount: number) =>
    (await chat.rows()).filter((text) => !/^(You are number|It should take)/.test(text)).slice(-amount)

  test('out of the line into a ticket, at any time: its number comes when it is made, then where to answer', async () => {
    const ana = await anAgent(stage)
    const chat = await joinTheLine()
    await ana.page.locator('.offer').waitFor()
    // Still there after more was said: what stands in the log is not what one looks for.
    await chat.say('It is a present')
    await press(chat, 'Answer me in writing')
    // Nothing is given up by one slip of the finger.
    await strip(chat).getByRole('button', { name: 'Give up your place?' }).waitFor()
    expect(await theConversation()).toMatchObject({ control: 'waiting' })
    await press(chat, 'Give up your place?')
    await eventually(() => last(chat, 3)).toEqual([
      'Answer me in writing',
      expect.stringMatching(/^I have passed your request on in writing \(.+\)\. A person reads it and answers you\.$/),
      'At which e-mail address or phone number can we reach you?',
    ])
    await ana.page.locator('.offer').waitFor({ state: 'detached' })
    await eventually(() => strip(chat).count()).toBe(0)
    await chat.say('lena@example.com')
    await chat.sees('I have added that to your request')
    expect(await theConversation()).toMatchObject({
      control: 'bot',
      customer: { email: 'lena@example.com' },
      handoff: { outcome: 'deferred', attempts: [{ mode: 'live' }, { mode: 'ticket' }] },
    })
    await ana.page
      .getByRole('button', { name: /Ticket · waits/ })
      .last()
      .click()
    await ana.sees('It is a present')
  })

  test('a call back instead', async () => {
    const ana = await anAgent(stage)
    const chat = await joinTheLine()
    await ana.page.locator('.offer').waitFor()
    await press(chat, 'Call me back')
    await press(chat, 'Give up your place?')
    await chat.sees(/^I have asked for a call back/)
    expect(await theConversation()).toMatchObject({
      control: 'bot',
      handoff: { outcome: 'deferred', attempts: [{ mode: 'live' }, { mode: 'callback' }] },
    })
  })

  test('out of a conversation that has ended into a new one; the agent’s last word still comes', async () => {
    const ana = await anAgent(stage)
    const chat = await joinTheLine()
    await ana.accept()
    await chat.page.getByText('You are talking with Ana').waitFor()
    await ana.giveAway('Resolve', 'Resolve')
    await strip(chat).getByText('This conversation is closed.').waitFor()
    await press(chat, 'Start again')
    await eventually(() => last(chat, 2)).toEqual(['Start again', 'A new conversation: how can I help?'])
    await eventually(() => strip(chat).count()).toBe(0)
    expect(await theConversation()).toMatchObject({ control: 'bot', handoffs: 1 })
    await chat.say('When are you open?')
    await chat.sees('The shop in Harbour Street')
    // From the first offer on, as anybody who comes for the first time.
    await chat.say('xylophone quux')
    await chat.page.getByRole('button', { name: 'Keep going' }).waitFor()
  })
})
