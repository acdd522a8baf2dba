/** The agents' inbox in a browser: offers, words, notes, colleagues; and nothing typed is ever lost. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { anAgent } from '../agent.ts'
import { aCaller, boxOf, choosePresence, focusOf } from '../inbox-gear.ts'
import { aStage, patienceMs, type Stage } from '../stage.ts'
import { explain, missing } from './stage.ts'

explain()

describe.skipIf(missing !== undefined)('the inbox', { timeout: 240_000 }, () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await aStage()
  })
  afterEach(async () => {
    expect(await stage.clear(), 'what pages complained of').toEqual([])
  })
  afterAll(() => stage?.close())

  const eventually = <T>(read: () => T) => expect.poll(read, { timeout: patienceMs })

  test('an offer is seen, heard, announced and counted on whichever screen one is, until it is answered', async () => {
    const { page } = await anAgent(stage)
    await page.getByRole('link', { name: 'Queue' }).click()
    await page.getByRole('heading', { level: 1, name: 'Queue' }).waitFor()
    await page.evaluate(() => {
      const { prototype } = AudioContext
      const make = prototype.createOscillator
      prototype.createOscillator = function () {
        document.documentElement.dataset.heard = 'yes'
        return make.call(this)
      }
    })
    await aCaller(stage)
    await page.locator('html[data-heard=yes]').waitFor()
    await eventually(() => page.title()).toBe('(1) Queue · Baton')
    await page.getByRole('status').filter({ hasText: 'Visitor waits for you: How long does delivery take?' }).waitFor()

    await page.getByRole('link', { name: 'Inbox' }).click()
    await page.getByRole('article', { name: 'Visitor rings' }).waitFor()
    await page.locator('.history').waitFor()
    await page.getByRole('article', { name: 'Visitor rings' }).getByRole('button', { name: 'Decline' }).click()
    await page.getByRole('article', { name: 'Visitor rings' }).waitFor({ state: 'detached' })
    await eventually(() => page.title()).toBe('Inbox · Baton')
    expect(await focusOf(page)).not.toBe('body')
    await page
      .getByRole('region', { name: 'Queue' })
      .getByRole('button', { name: /^Visitor/ })
      .click()
    await page.getByRole('button', { name: 'Take it' }).click()
    await page.getByRole('tab', { name: 'Reply to Visitor' }).waitFor()
    await page.getByRole('button', { name: /^Presence: Online, 1 of/ }).waitFor()
  })

  test('of two who take one at once, one has it, the other reads who', async () => {
    const [ana, ben] = await Promise.all([anAgent(stage, 'Ana'), anAgent(stage, 'Ben')])
    await choosePresence(ana.page, 'Away')
    await choosePresence(ben.page, 'Away')
    const caller = await aCaller(stage)
    const both = [ana, ben].map(async ({ page }) => {
      await page
        .getByRole('region', { name: 'Tickets' })
        .getByRole('button', { name: /Ticket · waits/ })
        .first()
        .click()
      return page.getByRole('button', { name: 'Take it' })
    })
    const buttons = await Promise.all(both)
    await Promise.all(buttons.map((button) => button.waitFor()))
    await Promise.all(buttons.map((button) => button.click()))
    const has = ({ page }: typeof ana) => page.getByRole('tab', { name: 'Reply to Visitor' }).count()
    await eventually(async () => (await has(ana)) + (await has(ben))).toBe(1)
    const [winner, loser] = (await has(ana)) === 1 ? [ana, ben] : [ben, ana]
    const name = winner === ana ? 'Ana' : 'Ben'
    // The browser writes down the refusal, which is right here.
    loser.troubles.expect(/status of 409/)
    await loser.page.getByText(`${name} has this conversation`).waitFor()
    await loser.page.getByText(`${name} took it.`).waitFor()
    await winner.reply('Here I am')
    await caller.hears('Here I am')
    expect((await caller.everything()).split('has joined').length).toBe(2)
    await Promise.all([ana.signOut(), ben.signOut()])
  })

  test('a draft follows the person through a reload and to another machine, reply and note apart, until it is sent', async () => {
    const ana = await anAgent(stage)
    const caller = await aCaller(stage)
    await ana.accept()
    await boxOf(ana.page).fill('Dear customer, I')
    await ana.page.getByRole('tab', { name: /Note$/ }).click()
    await boxOf(ana.page).fill('Ask Kim about it')
    // At once: the hub may not have it yet.
    await ana.page.reload()
    await ana.page.getByRole('tab', { name: 'Reply to Visitor', selected: true }).waitFor()
    await eventually(() => boxOf(ana.page).inputValue()).toBe('Dear customer, I')
    await ana.page.getByRole('tab', { name: /Note$/ }).click()
    expect(await boxOf(ana.page).inputValue()).toBe('Ask Kim about it')
    await ana.page.getByRole('tab', { name: 'Reply to Visitor' }).click()

    const elsewhere = await anAgent(stage)
    await elsewhere.page.getByRole('button', { name: /^Visitor/ }).click()
    await eventually(() => boxOf(elsewhere.page).inputValue()).toBe('Dear customer, I')
    await boxOf(elsewhere.page).fill('Dear customer, it comes on Friday.')
    await eventually(() => boxOf(ana.page).inputValue()).toBe('Dear customer, it comes on Friday.')
    await boxOf(elsewhere.page).press('Control+Enter')
    await caller.hears('Dear customer, it comes on Friday.')
    await eventually(() => boxOf(ana.page).inputValue()).toBe('')
    await ana.sees('Dear customer, it comes on Friday.')
    expect(await caller.everything()).not.toContain('Kim')
  })

  test('what was sent while the link was dead arrives once, also after a reload', async () => {
    const ana = await anAgent(stage)
    let isCut = false
    await ana.page.routeWebSocket(/hooks\/people\/socket/, (page) => {
      const hub = page.connectToServer()
      page.onMessage((words) => {
        if (!isCut) hub.send(words)
      })
    })
    await ana.page.reload()
    await ana.page.getByRole('button', { name: /^Presence: Online/ }).waitFor()
    const caller = await aCaller(stage)
    await ana.accept()
    isCut = true
    await ana.reply('Are you there?')
    await ana.reply('Take your time.')
    await eventually(() => ana.page.getByText('Sending…').count()).toBe(2)
    expect(await caller.heard()).toEqual([])
    isCut = false
    await ana.page.reload()
    await caller.hears('Are you there?', 'Take your time.')
    await eventually(() => ana.page.locator('.said.agent').getByText('Sent', { exact: true }).count()).toBe(2)
    await ana.endsWith({ by: 'agent', text: 'Are you there?' }, { by: 'agent', text: 'Take your time.' })
    expect(await ana.page.getByText('Sending…').count()).toBe(0)
  })

  test('who was cut off while a colleague took over reads so when they are back, and speaks no more', async () => {
    const ana = await anAgent(stage, 'Ana', { hasCable: true })
    const caller = await aCaller(stage)
    await ana.accept()
    await boxOf(ana.page).fill('What I had begun')
    await ana.offline(true)
    const ben = await anAgent(stage, 'Ben')
    await ben.page
      .getByRole('region', { name: 'Colleagues' })
      .getByRole('button', { name: /^Visitor/ })
      .click()
    await ben.page.getByText('Ana has this conversation').waitFor()
    await ben.page.getByRole('button', { name: 'Take over' }).click()
    await ben.reply('Hello, this is Ben.')
    await caller.hears('Hello, this is Ben.')
    await ana.offline(false)
    await ana.page.getByText('Ben has this conversation').waitFor()
    await ana.sees('Hello, this is Ben.')
    expect(await ana.page.getByRole('tab', { name: /^Reply to/ }).count()).toBe(0)
    await ana.page.getByText('Ben took over from Ana.').waitFor()
    await ben.giveAway('Resolve', 'Resolve')
    await ben.signOut()
  })

  test('by keyboard alone: accepted, answered, noted, transferred, resolved; the focus is always somewhere', async () => {
    const ana = await anAgent(stage, 'Ana', { byKeys: true })
    const caller = await aCaller(stage)
    const used: string[] = []
    const press = async ({ page }: typeof ana, key: string) => {
      used.push(key)
      await page.keyboard.press(key)
    }
    const hasFocus = async ({ page }: typeof ana) => eventually(() => focusOf(page)).not.toBe('body')
    await ana.page.locator('.history').waitFor()
    await press(ana, 'a')
    await ana.page.getByRole('tab', { name: 'Reply to Visitor' }).waitFor()
    await ana.page.keyboard.type('Good morning')
    await press(ana, 'Control+Enter')
    await caller.hears('Good morning')
    await hasFocus(ana)
    await press(ana, 'Escape')
    await hasFocus(ana)
    await press(ana, 'n')
    await ana.page.getByRole('tab', { name: /Note$/, selected: true }).waitFor()
    await eventually(() => boxOf(ana.page).evaluate((box) => box === document.activeElement)).toBe(true)
    await ana.page.keyboard.type('Wants a refund')
    await press(ana, 'Control+Enter')
    await ana.page.locator('.said.note', { hasText: 'Wants a refund' }).waitFor()
    await press(ana, 'Escape')

    const ben = await anAgent(stage, 'Ben', { byKeys: true })
    await press(ana, 't')
    const dialog = ana.page.getByRole('dialog')
    await eventually(() =>
      dialog
        .getByLabel('To', { exact: true })
        .first()
        .evaluate((one) => one === document.activeElement),
    ).toBe(true)
    await ana.page.keyboard.press('ArrowDown')
    await ana.page.getByRole('option', { name: /^Ben: online/ }).waitFor()
    await ana.page.keyboard.press('Enter')
    await ana.page.keyboard.press('Tab')
    await ana.page.keyboard.type('Please refund')
    await ana.page.keyboard.press('Control+Enter')
    await dialog.waitFor({ state: 'detached' })
    await hasFocus(ana)

    await ben.page.locator('.said.note', { hasText: 'Please refund' }).waitFor()
    await press(ben, 'a')
    await ben.page.getByRole('tab', { name: 'Reply to Visitor' }).waitFor()
    await press(ben, 'Escape')
    await press(ben, '?')
    const keys = ben.page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await keys.getByRole('row').nth(1).waitFor()
    const listed = await keys.getByRole('row').locator('td:first-child').allTextContents()
    for (const key of new Set(used.filter((one) => one.length === 1))) expect(listed, key).toContain(key)
    await ben.page.keyboard.press('Escape')
    await keys.waitFor({ state: 'detached' })
    await press(ben, 'r')
    await ben.page.getByRole('dialog', { name: 'Resolve Visitor' }).waitFor()
    await press(ben, 'Control+Enter')
    await ben.page.getByText('is off your hands').waitFor()
    await hasFocus(ben)
    await eventually(() => caller.everything()).toContain('The conversation with our team has ended')
    const everything = await caller.everything()
    for (const secret of ['refund', 'Please']) expect(everything).not.toContain(secret)
    await ben.signOut()
  })

  test('canned replies are found after a slash and filled; what is not filled is not sent', async () => {
    const ana = await anAgent(stage)
    const kept = await ana.page.evaluate(async () => {
      const answer = await fetch('/hooks/people/replies', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'late', text: 'Dear {{customer.name}}, order {{order number}} is late.' }),
      })
      return answer.status
    })
    expect(kept).toBe(201)
    const caller = await aCaller(stage)
    await ana.accept()
    const box = boxOf(ana.page)
    await box.pressSequentially('/nothing')
    await ana.page.getByText('No canned reply is called that.').waitFor()
    await box.fill('')
    await box.pressSequentially('/la')
    await ana.page.getByRole('option', { name: /late/ }).waitFor()
    await ana.page.keyboard.press('Enter')
    await eventually(() => box.inputValue()).toBe('Dear Visitor, order {{order number}} is late.')
    await ana.page.keyboard.press('Control+Enter')
    await ana.page.getByText('Fill in {{order number}} first, or take it out.').waitFor()
    expect(await caller.heard()).toEqual([])
    // The field is selected: what is typed takes its place.
    await ana.page.keyboard.type('4471')
    await ana.page.keyboard.press('Control+Enter')
    await caller.hears('Dear Visitor, order 4471 is late.')

    await box.fill('@Ben can you look at this?')
    await box.press('Control+Enter')
    const dialog = ana.page.getByRole('dialog', { name: 'Send this to Visitor?' })
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    expect(await box.inputValue()).toBe('@Ben can you look at this?')
    expect(await caller.heard()).toHaveLength(1)
  })

  test('twenty messages of both sides at once stand in one order on both sides', async () => {
    const ana = await anAgent(stage)
    const caller = await aCaller(stage)
    await ana.accept()
    const own = Array.from({ length: 10 }, (_, i) => `from the agent ${i}`)
    const theirs = Array.from({ length: 10 }, (_, i) => `from the customer ${i}`)
    await Promise.all([
      (async () => {
        for (const text of own) await ana.reply(text)
      })(),
      (async () => {
        for (const text of theirs) await caller.say(text)
      })(),
    ])
    const texts = async () => (await ana.said()).map(({ text }) => text).filter((text) => text.startsWith('from the'))
    await eventually(async () => (await texts()).length).toBe(20)
    const shown = await texts()
    expect(shown.filter((text) => own.includes(text))).toEqual(own)
    expect(shown.filter((text) => theirs.includes(text))).toEqual(theirs)
    await caller.hears(...own)
    await eventually(() => ana.page.locator('.said.agent').getByText('Sent', { exact: true }).count()).toBe(10)
  })
})
