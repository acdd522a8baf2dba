/** What customers see of a conversation: the offer, the line, the person, the end; over reloads, tabs, sleep and lost lines. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { anAgent } from '../agent.ts'
import { explainSkip, missing } from '../chromium.ts'
import { patienceMs, type Stage } from '../stage.ts'
import { aSite, askingAt, aWidgetStage, type Chat, chatOn, inLineAt, type Site } from './site.ts'

explainSkip()

const eventually = <T>(read: () => T) => expect.poll(read, { timeout: patienceMs })
const inLine = (place: number) => `You are number ${place} in line.`
const strip = (chat: Chat) => chat.page.locator('.strip')

/** Told at once: what was lost on the way is looked for every 25 s. */
const soon = { timeout: 15_000 }

describe.skipIf(missing !== undefined)('a conversation at the chat', { timeout: 180_000 }, () => {
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

  const ask = () => askingAt(stage, site)
  const joinTheLine = () => inLineAt(stage, site)

  // First: a desk that has seen some customers tells the time instead of the place.
  test('the line moves: every place is told once, and the newest stays in sight', async () => {
    const ana = await anAgent(stage)
    const chats: Chat[] = []
    for (const place of [1, 2, 3]) {
      const chat = await joinTheLine()
      await chat.sees(inLine(place))
      await eventually(() => strip(chat).textContent()).toContain(inLine(place))
      chats.push(chat)
    }
    const [first, second, third] = chats as [Chat, Chat, Chat]
    await ana.accept()
    await strip(second).getByText(inLine(1)).waitFor(soon)
    await strip(third).getByText(inLine(2)).waitFor(soon)
    await first.page.getByText('You are talking with Ana').waitFor()
    const places = async (chat: Chat) => (await chat.rows()).filter((text) => text.startsWith('You are number'))
    await eventually(() => places(second)).toEqual([inLine(2), inLine(1)])
    await eventually(() => places(third)).toEqual([inLine(3), inLine(2)])
  })

  test('a reload keeps place, history and draft; a second tab shows the same, and what one sends the other shows', async () => {
    await anAgent(stage)
    const chat = await joinTheLine()
    const { page } = chat
    await chat.sees(inLine(1))
    const before = await chat.rows()
    await chat.box.fill('half a sentence')
    await page.reload()
    await eventually(() => strip(chat).textContent()).toContain(inLine(1))
    await eventually(() => chat.rows()).toEqual(before)
    expect(await chat.box.inputValue()).toBe('half a sentence')
    const tab = await page.context().newPage()
    await tab.goto(site.url)
    const other = chatOn({ ...chat, page: tab })
    await other.open()
    await eventually(() => other.rows()).toEqual(before)
    await other.say('from the second tab')
    await page.locator('.log .row', { hasText: 'from the second tab' }).waitFor(soon)
    await chat.say('from the first tab')
    await tab.locator('.log .row', { hasText: 'from the first tab' }).waitFor(soon)
    const all = [...before, 'from the second tab', 'from the first tab']
    for (const one of [chat, other]) await eventually(() => one.rows()).toEqual(all)
  })

  test('an offer that was declined: the bot goes on, and the buttons say what was chosen', async () => {
    const ana = await anAgent(stage)
    const chat = await ask()
    const { page } = chat
    await chat.say('xylophone quux')
    const no = page.getByRole('button', { name: 'Keep going' })
    await no.click()
    await chat.sees('All right, let us go on.')
    await eventually(() => page.getByRole('button', { name: '✓ Keep going' }).getAttribute('aria-disabled')).toBe(
      'true',
    )
    expect(await page.getByRole('button', { name: 'Talk to a person' }).last().getAttribute('aria-disabled')).toBe(
      'true',
    )
    await chat.say('When are you open?')
    await chat.sees('The shop in Harbour Street')
    expect(await strip(chat).count()).toBe(0)
    expect(await ana.page.locator('.offer').count()).toBe(0)
  })

  test('an offer stands while the customer goes on writing', async () => {
    await anAgent(stage)
    const chat = await ask()
    await chat.say('xylophone quux')
    await chat.page.getByRole('button', { name: 'Keep going' }).waitFor()
    await chat.say('When are you open?')
    await chat.sees('The shop in Harbour Street')
    await chat.page.getByRole('button', { name: 'Talk to a person' }).last().click()
    await chat.sees('You are in line')
  })

  test('a note of the team reaches no part of the customer’s browser', async () => {
    const ana = await anAgent(stage)
    const chat = await joinTheLine()
    const frames: string[] = []
    chat.page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => frames.push(String(payload))))
    await chat.page.reload()
    await ana.accept()
    await ana.note('SECRET refund limit')
    await ana.reply('Hello, what can I do for you?')
    await chat.sees('Hello, what can I do for you?')
    await ana.giveAway('Back to bot', 'Back to the bot')
    await chat.sees('I am back with you')
    expect(frames.join()).toContain('what can I do for you')
    expect(frames.join()).not.toContain('SECRET')
    expect(await chat.page.locator('[data-baton]').evaluate((host) => host.shadowRoot!.innerHTML)).not.toContain(
      'SECRET',
    )
  })

  test('a page that slept shows on waking how things are', async () => {
    const ana = await anAgent(stage)
    const chat = await joinTheLine()
    await ana.accept()
    await chat.page.getByText('You are talking with Ana').waitFor()
    const devtools = await chat.page.context().newCDPSession(chat.page)
    await devtools.send('Page.setWebLifecycleState', { state: 'frozen' })
    await ana.giveAway('Resolve', 'Resolve')
    await devtools.send('Page.setWebLifecycleState', { state: 'active' })
    await chat.page.getByText('This conversation is closed. Write to begin again.').waitFor()
    await chat.say('When are you open?')
    await chat.sees('The shop in Harbour Street')
    await eventually(() => strip(chat).count()).toBe(0)
  })

  test('the survey, by keyboard alone; a new question withdraws the next one', async () => {
    const answers = async () => {
      const { figures } = await stage.ask<{ figures: { key: string; value: number | null }[] }>(
        '/api/v1/reports/feedback',
      )
      return figures.find(({ key }) => key === 'answers')!.value ?? 0
    }
    const before = await answers()
    const ana = await anAgent(stage)
    const chat = await joinTheLine()
    const { page } = chat
    await ana.accept()
    await page.getByText('You are talking with Ana').waitFor()
    await ana.giveAway('Resolve', 'Resolve')
    const stars = page.getByRole('radio')
    await stars.first().waitFor()
    await chat.box.focus()
    const isOn = () =>
      stars
        .first()
        .evaluate((one) => one.getRootNode() as ShadowRoot)
        .then(() =>
          page.evaluate(() => document.querySelector('[data-baton]')!.shadowRoot!.activeElement?.getAttribute('type')),
        )
    for (let pressed = 0; pressed < 12 && (await isOn()) !== 'radio'; pressed++) await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    const score = await page.locator('input[type=radio]:checked').inputValue()
    await page.keyboard.press('Tab')
    await page.keyboard.type('Quick and kind')
    // What was typed into the survey outlives a reload too.
    await page.reload()
    await eventually(() => page.getByLabel('Anything to add?').inputValue()).toBe('Quick and kind')
    await page.getByRole('radio', { name: `${score} of 5 stars` }).focus()
    await page.keyboard.press('Space')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText('Thank you for your answer').waitFor()
    const { conversations } = await stage.ask<{ conversations: { id: number }[] }>('/api/v1/conversations')
    const newest = Math.max(...conversations.map(({ id }) => id))
    const timeline = async () => JSON.stringify(await stage.ask(`/api/v1/conversations/${newest}`))
    await eventually(timeline).toContain('Quick and kind')
    expect(await timeline()).toContain(`"score":${score}`)
    await eventually(answers).toBe(before + 1)

    const other = await joinTheLine()
    await ana.accept()
    await other.page.getByText('You are talking with Ana').waitFor()
    await ana.giveAway('Resolve', 'Resolve')
    await other.page.getByRole('radio').first().waitFor()
    await other.say('When are you open?')
    await other.sees('The shop in Harbour Street')
    expect(await other.page.getByRole('radio').count()).toBe(0)
    expect(await answers()).toBe(before + 1)
  })
})
