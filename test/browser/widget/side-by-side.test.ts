/** A customer and an agent who talk at the same time: one order on both pages, who is writing, and what was seen. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Agent, anAgent } from '../agent.ts'
import { explainSkip, missing } from '../chromium.ts'
import { patienceMs, type Stage } from '../stage.ts'
import { aSite, aWidgetStage, type Chat, inLineAt, type Site } from './site.ts'

explainSkip()

const eventually = <T>(read: () => T) => expect.poll(read, { timeout: patienceMs })
const amount = 20
/** What a person bears with before they think that nothing happens; what is shown must be true again after `clearsMs`. */
const showsMs = 1000
const clearsMs = 6000

/** Pauses of 0 to 0.2 s, the same ones in every run of a seed. */
function* pauses(seed: number) {
  for (let at = seed; ; ) {
    at = (at * 1_103_515_245 + 12_345) % 2_147_483_648
    yield (at / 2_147_483_648) * 200
  }
}

describe.skipIf(missing !== undefined)('side by side', { timeout: 180_000 }, () => {
  let stage: Stage
  let site: Site
  beforeAll(async () => {
    stage = await aWidgetStage({ title: 'Acme' })
    site = await aSite(stage.url)
  })
  afterEach(async () => {
    expect(await stage.clear(), 'what pages complained of').toEqual([])
  })
  afterAll(async () => {
    await stage?.close()
    await site?.close()
  })

  const talk = async () => {
    const ana = await anAgent(stage)
    const chat = await inLineAt(stage, site)
    await ana.accept()
    await chat.page.getByText('You are talking with Ana').waitFor()
    return { ana, chat }
  }
  const own = (chat: Chat) => chat.page.locator('.log .row.own').last()
  const writingAt = ({ page }: Agent) => page.getByText('is writing…')

  test('twenty messages each at random moments: both pages show one same order', async () => {
    const { ana, chat } = await talk()
    const send = async (who: string, seed: number, say: (text: string) => Promise<void>) => {
      const pause = pauses(seed)
      for (let n = 1; n <= amount; n++) {
        await say(`${who} ${n}`)
        await sleep(pause.next().value!)
      }
    }
    await Promise.all([send('customer', 7, chat.say), send('agent', 11, ana.reply)])
    const numbered = (all: readonly string[]) => all.filter((text) => /^(customer|agent) \d+$/.test(text))
    const atCustomer = async () => numbered(await chat.rows())
    const atAgent = async () => numbered((await ana.said()).map(({ text }) => text))
    await eventually(async () => [(await atCustomer()).length, (await atAgent()).length]).toEqual([
      2 * amount,
      2 * amount,
    ])
    await eventually(() => chat.page.getByText('Sending…').count()).toBe(0)
    const seen = await atCustomer()
    for (const who of ['customer', 'agent'])
      expect(seen.filter((text) => text.startsWith(who))).toEqual(
        Array.from({ length: amount }, (_, n) => `${who} ${n + 1}`),
      )
    await eventually(atAgent).toEqual(seen)
    await chat.page.reload()
    await eventually(atCustomer).toEqual(seen)
  })

  test('who is writing shows within a second, and is gone six seconds after they stop', async () => {
    const { ana, chat } = await talk()
    const box = ana.page.getByRole('main').getByRole('textbox')
    const atCustomer = chat.page.getByText('Ana is typing')
    // The key that begins it has come, and then nothing more: what was begun is not sent.
    await box.pressSequentially('H')
    await atCustomer.waitFor({ timeout: showsMs })
    await atCustomer.waitFor({ state: 'hidden', timeout: clearsMs + showsMs })
    await chat.box.pressSequentially('M')
    await writingAt(ana).waitFor({ timeout: showsMs })
    await writingAt(ana).waitFor({ state: 'hidden', timeout: clearsMs + showsMs })
    // Sooner where it is known: what was written has come, or is given up.
    await box.pressSequentially('ello')
    await atCustomer.waitFor({ timeout: showsMs })
    await ana.reply('Hello')
    await chat.sees('Hello')
    expect(await atCustomer.count()).toBe(0)
    await chat.box.pressSequentially('y order')
    await writingAt(ana).waitFor({ timeout: showsMs })
    await chat.box.fill('')
    await writingAt(ana).waitFor({ state: 'hidden', timeout: showsMs })
    // Also where nobody can say any more that it is over.
    await box.pressSequentially('An')
    await atCustomer.waitFor({ timeout: showsMs })
    await ana.page.close()
    await atCustomer.waitFor({ state: 'hidden', timeout: clearsMs + showsMs })
  })

  test('“Read” is said once it was seen, and not before', async () => {
    const { ana, chat } = await talk()
    await chat.say('My parcel is late')
    await ana.sees('My parcel is late')
    await own(chat)
      .getByText(/^Read · /)
      .waitFor({ timeout: showsMs })
    // It is on record: another screen shows the same.
    await chat.page.reload()
    await own(chat)
      .getByText(/^Read · /)
      .waitFor()
    await ana.page.getByRole('link', { name: 'Queue' }).click()
    await ana.page.getByRole('heading', { level: 1, name: 'Queue' }).waitFor()
    await chat.say('And the box is wet')
    await ana.page.getByRole('status').filter({ hasText: 'New message from Visitor' }).waitFor()
    expect(await own(chat).textContent()).toContain('Sent · ')
    await ana.page.goBack()
    await ana.sees('And the box is wet')
    await own(chat)
      .getByText(/^Read · /)
      .waitFor({ timeout: showsMs })
  })

  test('who only reads along is nobody who has read it', async () => {
    const { ana, chat } = await talk()
    const ben = await anAgent(stage, 'Ben')
    await ben.page
      .getByRole('region', { name: 'Colleagues' })
      .getByRole('button', { name: /^Visitor/ })
      .click()
    await ana.page.getByRole('link', { name: 'Queue' }).click()
    await ana.page.getByRole('heading', { level: 1, name: 'Queue' }).waitFor()
    await chat.say('My parcel is late')
    await ben.sees('My parcel is late')
    expect(await own(chat).textContent()).toContain('Sent · ')
  })

  test('what the customer has read is known to the team, and what they have not is not', async () => {
    const { ana, chat } = await talk()
    const isRead = async () => {
      const { conversations } = await stage.ask<{ conversations: { id: number }[] }>('/api/v1/conversations')
      const newest = Math.max(...conversations.map(({ id }) => id))
      const { timeline, read } = await stage.ask<Story>(`/api/v1/conversations/${newest}`)
      return read >= timeline.findLast(({ type }) => type === 'agent-message')!.seq
    }
    await ana.reply('It is on its way')
    await chat.sees('It is on its way')
    await eventually(isRead).toBe(true)
    const mark = () => ana.page.locator('.said.agent').last().locator('.said-state').textContent()
    await eventually(mark).toBe(' Read')
    await chat.page.getByRole('button', { name: 'Close chat' }).first().click()
    await ana.reply('Are you still there?')
    await chat.page.getByRole('button', { name: 'Open chat, 1 new message' }).waitFor()
    expect(await isRead()).toBe(false)
    await eventually(mark).toBe(' Sent')
    await chat.launcher.click()
    await eventually(isRead).toBe(true)
    await eventually(mark).toBe(' Read')
  })
})

interface Story {
  readonly timeline: readonly { readonly type: string; readonly seq: number }[]
  readonly read: number
}
