/** A customer at the shop and an agent at the inbox, in two browsers, through a running hub. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Agent, anAgent } from './agent.ts'
import { explainSkip, missing } from './chromium.ts'
import { aCustomer, says } from './customer.ts'
import { drawMarks, hostile, hostileFileName, hostileMarks } from './hostile.ts'
import { aStage, patienceMs, type Stage } from './stage.ts'
import { isInSight, overflowOf } from './troubles.ts'

const delivery =
  'Standard delivery takes 2 to 4 working days, express delivery 1 working day if you order before 14:00.'
const connecting = 'I am connecting you with a person. Everything you wrote goes with you, so you need not repeat it.'
const inLine = 'You are in line for a person. You can keep writing; they will read it all.'
const joined = 'Ana has joined the conversation.'
const greeting = says('bot', 'Hello. How can we help?')
const upToTheLine = [
  says('customer', 'How long does delivery take?'),
  says('bot', delivery),
  says('customer', 'I want to talk to a person'),
  says('hub', connecting),
  says('hub', inLine),
]

const eventually = <T>(read: () => T) => expect.poll(read, { timeout: patienceMs })

async function tookMs(act: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await act()
  return performance.now() - began
}
/** A second; on a machine that is busy with other things, in which nothing is faster, a few times what the bot needs to answer. */
const aSecond = (answerMs: number): number => Math.max(1000, 4 * answerMs)

explainSkip()

describe.skipIf(missing !== undefined)('a handoff, seen by both', { timeout: 120_000 }, () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await aStage()
  })
  afterEach(async () => {
    expect(await stage.clear(), 'what pages complained of').toEqual([])
  })
  afterAll(() => stage?.close())

  const theConversation = async () => {
    const { conversations } = await stage.ask<{ conversations: { id: number }[] }>('/api/v1/conversations')
    const newest = Math.max(...conversations.map(({ id }) => id))
    return stage.ask<{ conversation: Conversation; timeline: object[] }>(`/api/v1/conversations/${newest}`)
  }

  test('from the bot to a person, to the end, to the survey', async () => {
    const low = { viewport: { width: 1200, height: 540 } }
    const [ana, customer] = await Promise.all([anAgent(stage, 'Ana', low), aCustomer(stage, low)])
    await customer.joinTheLine()
    await customer.endsWith(greeting, ...upToTheLine)
    await customer.sees('You are number 1 in line.')

    // Everything is on the agent's screen before there is a box to write in.
    await ana.page.locator('.history').waitFor()
    expect(await ana.page.getByRole('main').getByRole('textbox').count()).toBe(0)
    await ana.endsWith(...upToTheLine.slice(0, 4))
    const facts = ana.page.getByRole('complementary', { name: 'Context' })
    await facts.getByText('The customer asked for a person').first().waitFor()
    expect(await facts.locator('dd').first().textContent()).toBe('How long does delivery take?')

    await ana.accept()
    await customer.endsWith(...upToTheLine, says('hub', joined))
    await customer.page.getByText('You are talking with Ana').waitFor()

    await ana.page.getByRole('main').getByRole('textbox').pressSequentially('Hel')
    await customer.page.getByText('Ana is typing').waitFor()
    await ana.reply('Hello, what can I do for you?')
    await customer.sees('Hello, what can I do for you?')
    await customer.page.getByText('Ana is typing').waitFor({ state: 'hidden' })

    await customer.page.getByRole('textbox', { name: 'Write a message' }).pressSequentially('My')
    await ana.page.getByText('is writing…').waitFor()
    await customer.say('My parcel is late')
    await ana.sees('My parcel is late')
    await ana.page.getByText('is writing…').waitFor({ state: 'detached' })

    // The newest words are where the eyes are, also after the box to write in has taken its place.
    await eventually(() => isInSight(ana.page.locator('.talk .said', { hasText: 'My parcel is late' }))).toBe(true)
    await eventually(() => isInSight(customer.page.locator('.log .row', { hasText: 'My parcel is late' }))).toBe(true)

    await ana.note('Carrier says: lost. Refund it.')
    await ana.sees('Carrier says: lost')
    const talk = [
      says('agent', 'Hello, what can I do for you?'),
      says('customer', 'My parcel is late'),
      says('agent', 'I am sorry, I send a new one today.'),
    ]
    await customer.page.getByRole('textbox', { name: 'Write a message' }).fill('Not sent yet')
    await customer.page.reload()
    await ana.reply('I am sorry, I send a new one today.')
    await customer.endsWith(greeting, ...upToTheLine, says('hub', joined), ...talk)
    expect(await customer.page.getByRole('textbox', { name: 'Write a message' }).inputValue()).toBe('Not sent yet')

    await ana.page.reload()
    await ana.page.getByRole('button', { name: /^Visitor/ }).click()
    const seenByAna = [
      ...upToTheLine.slice(0, 4),
      ...talk.slice(0, 2),
      { by: 'note', text: 'Carrier says: lost. Refund it.' },
    ]
    await ana.endsWith(...(seenByAna as never[]), talk[2]!)
    expect(await ana.said()).toHaveLength(seenByAna.length + 1)

    await ana.giveAway('Resolve', 'Resolve')
    await customer.sees('The conversation with our team has ended')
    await customer.page.getByRole('radio', { name: '4 of 5 stars' }).check()
    await customer.page.getByLabel('Anything to add?').fill('Quick and kind')
    await customer.page.getByRole('button', { name: 'Send answer' }).click()
    await customer.page.getByText('Thank you for your answer').waitFor()

    const everything = await customer.rows()
    expect(everything.filter(({ text }) => text.includes('Carrier'))).toEqual([])
    const { conversation, timeline } = await theConversation()
    expect(conversation).toMatchObject({ control: 'closed', handoff: { outcome: 'resolved' } })
    await eventually(async () => JSON.stringify((await theConversation()).timeline)).toContain('Quick and kind')
    expect(JSON.stringify(timeline)).toContain('Carrier says: lost')
  })

  test('who asks for a person is in line within a second, the agent sees and hears it as soon, and the bot is silent', async () => {
    const [ana, customer] = await Promise.all([anAgent(stage), aCustomer(stage)])
    // A browser plays no sound before the person has touched the page.
    await ana.page.getByRole('link', { name: 'Inbox' }).click()
    await ana.page.evaluate(() => {
      const { prototype } = AudioContext
      const make = prototype.createOscillator
      prototype.createOscillator = function () {
        document.documentElement.dataset.heard = 'yes'
        return make.call(this)
      }
    })
    await customer.open()
    const answerMs = await tookMs(async () => {
      await customer.say('How long does delivery take?')
      await customer.sees(delivery)
    })
    const handoffMs = await tookMs(async () => {
      await customer.say('I want a person')
      await Promise.all([
        customer.page.locator('.strip.wait').waitFor(),
        ana.page.locator('.offer').waitFor(),
        eventually(() => ana.page.evaluate(() => document.documentElement.dataset.heard)).toBe('yes'),
      ])
    })
    expect(handoffMs).toBeLessThan(aSecond(answerMs))
    for (const text of ['When are you open?', 'How do I return something?']) await customer.say(text)
    await ana.sees('How do I return something?')
    await ana.accept()
    await ana.reply('Hello')
    // What a bot would have said had come by now: it stands before what was said after.
    await customer.sees('Hello')
    const rows = await customer.rows()
    const since = rows.findIndex(({ text }) => text === 'I want a person')
    expect(rows.slice(since).filter(({ by }) => by === 'bot')).toEqual([])
    await ana.giveAway('Resolve', 'Resolve')
  })

  test('back to the bot, which goes on', async () => {
    const [ana, customer] = await Promise.all([anAgent(stage), aCustomer(stage)])
    await customer.joinTheLine()
    await ana.accept()
    await customer.sees(joined)
    await ana.giveAway('Back to bot', 'Back to the bot')
    await customer.sees('I am back with you and know what was agreed')
    await customer.say('When are you open?')
    await customer.sees('The shop in Harbour Street is open')
    const { conversation } = await theConversation()
    expect(conversation).toMatchObject({ control: 'bot', handoff: { outcome: 'returned' } })
    expect(conversation.handoffs).toBe(1)
  })

  test('out of the line, back to the bot', async () => {
    const [ana, customer] = await Promise.all([anAgent(stage), aCustomer(stage)])
    await customer.joinTheLine()
    await ana.page.locator('.offer').waitFor()
    await customer.pick('Leave the line')
    await customer.pick('End it now?')
    const goneMs = await tookMs(() => ana.page.locator('.offer').waitFor({ state: 'detached' }))
    await customer.endsWith(
      ...upToTheLine,
      says('customer', 'Leave the line'),
      says('hub', 'You have left the line. I am here if you need anything else.'),
    )
    expect((await theConversation()).conversation).toMatchObject({ control: 'bot', handoff: { outcome: 'abandoned' } })
    const answerMs = await tookMs(async () => {
      await customer.say('When are you open?')
      await customer.sees('The shop in Harbour Street is open')
    })
    expect(goneMs).toBeLessThan(aSecond(answerMs))
  })

  test('the customer’s network goes away and comes back', async () => {
    const [ana, customer] = await Promise.all([anAgent(stage), aCustomer(stage, { hasCable: true })])
    await customer.joinTheLine()
    await ana.accept()
    await customer.sees(joined)
    await customer.offline(true)
    await ana.reply('Are you there?')
    await ana.reply('Take your time.')
    await customer.page.getByText('You are offline').waitFor()
    await customer.say('I was in a tunnel')
    await customer.say('Now I am back')
    await eventually(() => customer.page.getByText('Sending…').count()).toBe(2)
    await customer.offline(false)
    const talk = [
      says('agent', 'Are you there?'),
      says('agent', 'Take your time.'),
      says('customer', 'I was in a tunnel'),
      says('customer', 'Now I am back'),
    ]
    // From the very first row: what was there before must not come a second time.
    await customer.endsWith(greeting, ...upToTheLine, says('hub', joined), ...talk)
    await customer.page.getByText('You are offline').waitFor({ state: 'hidden' })
    await ana.endsWith(...upToTheLine.slice(0, 4), ...talk)

    // By its cable this page knows the hub under another address than the hub itself does.
    await ana.giveAway('Resolve', 'Resolve')
    await customer.page.getByRole('radio', { name: '5 of 5 stars' }).check()
    await customer.page.getByRole('button', { name: 'Send answer' }).click()
    await customer.page.getByText('Thank you for your answer').waitFor()
  })

  test('hostile texts stay texts, in both directions', async () => {
    const [ana, customer] = await Promise.all([anAgent(stage), aCustomer(stage)])
    await customer.joinTheLine()
    await ana.accept()
    await customer.sees(joined)
    for (const { text } of hostile) {
      await customer.say(text)
      await ana.reply(text)
    }
    const file = { name: hostileFileName, mimeType: 'text/plain', buffer: Buffer.from('just words') }
    await customer.page.locator('input[type=file]').setInputFiles(file)
    await ana.page.locator('.said.customer .file').waitFor()

    const texts = hostile.map(({ text }) => text)
    const heardBy = async (rows: { by: string; text: string }[], by: string) =>
      rows.filter((row) => row.by === by && texts.includes(row.text)).map(({ text }) => text)
    await eventually(async () => heardBy(await customer.rows(), 'agent')).toEqual(texts)
    await eventually(async () => heardBy(await ana.said(), 'customer')).toEqual(texts)
    for (const { page } of [ana, customer]) {
      expect(await overflowOf(page)).toBe(0)
      const links = await page
        .locator('.log a, .talk a')
        .evaluateAll((all) => all.map((a) => (a as HTMLAnchorElement).protocol))
      expect(links.filter((protocol) => !/^https?:$/.test(protocol))).toEqual([])
      expect(
        await page.locator('.log img, .log script, .log iframe, .talk img, .talk script, .talk iframe').count(),
      ).toBe(0)
    }
    await ana.giveAway('Resolve', 'Resolve')
  })

  test('of a bot’s marks only harmless ones are drawn', async () => {
    const { page } = await stage.visit('customer', '/demo')
    const fair = '**Two** *years*, `A-1`, [the form](https://shop.example.com/form).\n- one'
    expect(await drawMarks(page, fair)).toEqual({
      words: 'Two years, A-1, the form.\n• one',
      tags: ['a', 'code', 'em', 'strong'],
      addresses: ['https://shop.example.com/form'],
    })
    expect((await drawMarks(page, '2*3*4 and 5 * 6')).words).toBe('2*3*4 and 5 * 6')
    for (const { what, text } of [...hostile, ...hostileMarks]) {
      const { words, tags, addresses } = await drawMarks(page, text)
      expect(
        tags.filter((tag) => !['a', 'code', 'em', 'strong'].includes(tag)),
        what,
      ).toEqual([])
      expect(
        addresses.filter((address) => !/^https?:/.test(address)),
        what,
      ).toEqual([])
      for (const address of addresses) if (address.includes('evil.example/login')) expect(words).toContain(address)
    }
  })

  test('nobody is there: a ticket is made, and answered later', async () => {
    const gone: Agent = await anAgent(stage)
    await gone.signOut()
    const customer = await aCustomer(stage)
    await customer.open()
    await customer.say('How long does delivery take?')
    await customer.sees(delivery)
    await customer.say('I want to talk to a person')
    await customer.sees('Nobody is free to talk right now')
    await customer.sees('I have passed your request on in writing')
    await customer.sees('At which e-mail address or phone number can we reach you?')
    await customer.say('tom.baker@example.com')
    await customer.sees('I have added that to your request')

    const ana = await anAgent(stage)
    await ana.page
      .getByRole('button', { name: /Ticket · waits/ })
      .last()
      .click()
    await ana.sees('How long does delivery take?')
    await ana.page.getByRole('main').getByRole('button', { name: 'Take it' }).click()
    await ana.reply('Your parcel comes on Friday.')
    await customer.endsWith(says('hub', joined), says('agent', 'Your parcel comes on Friday.'))
    const { conversation } = await theConversation()
    expect(conversation).toMatchObject({ control: 'agent', customer: { email: 'tom.baker@example.com' } })
    await ana.giveAway('Resolve', 'Resolve')
    await customer.sees('The conversation with our team has ended')
  })

  test('by keyboard alone, on both sides', async () => {
    const [ana, customer] = await Promise.all([anAgent(stage), aCustomer(stage)])
    const type = async (text: string) => {
      await customer.page.keyboard.type(text)
      await customer.page.keyboard.press('Enter')
    }
    await customer.page.getByRole('button', { name: /^Open chat/ }).focus()
    await customer.page.keyboard.press('Enter')
    await type('How do I return something?')
    await customer.sees('30 days')
    const choice = customer.page.getByRole('button', { name: 'Talk to a person' })
    for (let pressed = 0; pressed < 10 && !(await isFocused(choice)); pressed++)
      await customer.page.keyboard.press('Shift+Tab')
    expect(await isFocused(choice)).toBe(true)
    await customer.page.keyboard.press('Enter')
    await customer.sees(inLine)
    await type('Are you there?')

    await ana.page.locator('.history').waitFor()
    await ana.page.keyboard.press('a')
    await ana.page.getByRole('tab', { name: /^Reply to/ }).waitFor()
    await ana.page.keyboard.type('Yes, I am.')
    await ana.page.keyboard.press('Control+Enter')
    await customer.endsWith(says('hub', joined), says('agent', 'Yes, I am.'))
    await ana.page.keyboard.press('Escape')
    await ana.page.keyboard.press('r')
    await ana.page.getByRole('dialog', { name: /^Resolve/ }).waitFor()
    await ana.page.keyboard.press('Control+Enter')
    await customer.sees('The conversation with our team has ended')
    await customer.page.keyboard.press('Escape')
    await customer.page.getByRole('dialog').waitFor({ state: 'hidden' })
    expect(await isFocused(customer.page.getByRole('button', { name: /^Open chat/ }))).toBe(true)
  })
})

interface Conversation {
  readonly control: string
  readonly handoffs: number
  readonly handoff?: { readonly outcome?: string }
}

const isFocused = (element: import('playwright-core').Locator): Promise<boolean> =>
  element.last().evaluate((node) => node === (node.getRootNode() as Document | ShadowRoot).activeElement)
