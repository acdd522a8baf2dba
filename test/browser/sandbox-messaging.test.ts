/** Zendesk messaging as a company tries it: customer, bot and agents in one conversation, all played at the twin's page. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { explainSkip, missing } from './chromium.ts'
import { aStage, patienceMs, type Stage } from './stage.ts'
import { overflowOf } from './troubles.ts'
import { aVendorPage, type VendorPage } from './vendor.ts'

explainSkip()

const root = fileURLToPath(new URL('../../', import.meta.url))
const pictures = process.env.SCREENS ? join(root, 'test/screens') : undefined

/** The conversation as it stands on the page: what was said, from top to bottom. */
const linesOf = (talk: Locator): Promise<string[]> => talk.locator('li .text').allTextContents()
const wordsIn = async (talk: Locator, ...words: readonly string[]): Promise<string[]> =>
  (await linesOf(talk)).filter((line) => words.includes(line))
const sees = (talk: Locator, words: string | RegExp): Promise<void> =>
  talk.locator('li .text', { hasText: words }).first().waitFor()

describe.skipIf(missing !== undefined)('messaging, channel and desk in one', { timeout: 180_000 }, () => {
  let stage: Stage
  let vendor: VendorPage
  beforeAll(async () => {
    stage = await aStage(500, join(root, 'config/examples/zendesk-messaging--faq--zendesk.yaml'))
  })
  afterAll(() => stage?.close())

  test('question, person, back to the bot, person again, the end, the survey; nothing is said twice', async () => {
    vendor = await aVendorPage(stage, 'zendesk')
    const { page, press } = vendor
    await press(page.locator('#buttons'), 'A customer writes', 'How long does delivery take?')
    const talk = vendor.caseWith('How long does delivery take?')
    const says = (words: string) => press(talk, 'Customer writes', words)
    const agentSays = (words: string) => press(talk, 'Reply', words)
    const isWith = (who: string) => talk.locator('.state', { hasText: who }).waitFor()
    await sees(talk, 'Standard delivery takes 2 to 4 working days')

    await says('I want to talk to a person')
    await isWith('zd-agentWorkspace')
    await press(talk, 'Take it', 'Ana')
    await agentSays('Hello, this is Ana.')
    await sees(talk, 'Ana has joined the conversation.')
    await says('My parcel 4471 did not come')
    await agentSays('It leaves again today.')
    await says('How long does delivery take this time?')
    await press(talk, 'Internal note', 'An angel of patience')
    await agentSays('Two days.')

    await press(talk, 'Give back to the bot')
    await isWith('baton')
    await sees(talk, 'I am back with you')
    await says('What are your opening hours?')
    await sees(talk, /Monday/)

    await says('I want to talk to a person again')
    await isWith('zd-agentWorkspace')
    await agentSays('Here I am again.')
    await expect
      .poll(async () => (await wordsIn(talk, 'Ana has joined the conversation.')).length, { timeout: patienceMs })
      .toBe(2)
    if (pictures) {
      await mkdir(pictures, { recursive: true })
      await page.screenshot({ path: join(pictures, 'twin-zendesk-messaging.png'), fullPage: true })
    }
    expect(await overflowOf(page)).toBe(0)
    await press(talk, 'Close (ends the handoff)')
    await sees(talk, 'The conversation with our team has ended.')
    await sees(talk, '[Answer]')

    const people = [
      'Hello, this is Ana.',
      'My parcel 4471 did not come',
      'It leaves again today.',
      'How long does delivery take this time?',
      'Two days.',
      'Here I am again.',
    ]
    expect(await wordsIn(talk, ...people), 'Zendesk carries the words between people').toEqual(people)
    const whole = await linesOf(talk)
    const ofBot = whole.filter((line) => line.startsWith('Standard delivery takes'))
    expect(ofBot, 'the bot is silent while a person has the conversation').toHaveLength(1)
    expect(whole.filter((line) => line.includes('has ended'))).toHaveLength(2)
    expect(whole.filter((line) => line.includes('[Answer]'))).toHaveLength(1)

    const link = /\[Answer\] (\S+)/.exec(whole.join('\n'))![1]!
    const customer = await stage.visit('customer', link)
    await customer.page.getByRole('radio', { name: '5 of 5' }).check()
    await customer.page.getByRole('button').click()
    await customer.page.getByRole('heading', { name: /Thank/ }).waitFor()
    expect(await stage.clear(), 'what pages complained of').toEqual([])
  })
})
