/** Pictures of every page and state, for people to look at: `SCREENS=1 npx vitest run test/browser/screens.test.ts`. */
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAgent } from './agent.ts'
import { explainSkip, missing } from './chromium.ts'
import { aCustomer } from './customer.ts'
import { aStage, type Stage } from './stage.ts'
import { overflowOf } from './troubles.ts'

const folder = fileURLToPath(new URL('../screens/', import.meta.url))
const looks = [
  { look: 'light', options: { viewport: { width: 1280, height: 800 } } },
  { look: 'dark', options: { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' as const } },
  { look: 'phone', options: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } },
]

describe.runIf(process.env.SCREENS && missing === undefined)('pictures', () => {
  let stage: Stage
  beforeAll(async () => {
    explainSkip()
    await mkdir(folder, { recursive: true })
    stage = await aStage(4000)
  })
  afterAll(() => stage?.close())

  test.each(looks)('$look', { timeout: 120_000 }, async ({ look, options }) => {
    const picture = async (page: Page, name: string) => {
      await page.waitForTimeout(250)
      await page.screenshot({ path: `${folder}${look}-${name}.png` })
      expect(await overflowOf(page), `${name} is wider than the window`).toBe(0)
    }
    const desk = look === 'phone' ? { viewport: { width: 820, height: 1100 } } : options
    const ana = await anAgent(stage, 'Ana', desk)
    await picture(ana.page, 'inbox-1-empty')

    const customer = await aCustomer(stage, { ...options, hasCable: true })
    await customer.page.getByRole('button', { name: /^Open chat/ }).waitFor()
    await picture(customer.page, 'shop')
    await customer.open()
    await picture(customer.page, 'chat-0-opened')
    await customer.say('I want to send back a jumper, how do I do that?')
    await customer.sees('30 days')
    await picture(customer.page, 'chat-1-choices')
    await customer.say('How should I wash wool?')
    await customer.sees('Wool')
    await customer.say('xylophone quux')
    await picture(customer.page, 'chat-2-articles')
    await customer.say('I want to talk to a person')
    await customer.sees('in line')
    await ana.page.locator('.history').waitFor()
    await picture(customer.page, 'chat-3-line')
    await picture(ana.page, 'inbox-2-offer')
    await ana.accept()
    await customer.sees('Ana has joined')
    await ana.page.getByRole('main').getByRole('textbox').pressSequentially('Hello, I', { delay: 5 })
    await customer.page.getByText('is typing').waitFor()
    await picture(customer.page, 'chat-4-joined-typing')
    await ana.reply('Hello, I can see your order. See https://shop.example.com/help/returns for the label.')
    await customer.sees('I can see your order')
    await customer.say('Thanks! The sleeve is torn, can I still return it?\nHere is a second line.')
    await ana.sees('The sleeve is torn')
    await ana.note('Torn sleeve: refund approved by Kim.')
    await ana.reply('Yes, of course. A torn sleeve is on us.')
    await customer.sees('A torn sleeve is on us')
    await picture(customer.page, 'chat-5-agent')
    await picture(ana.page, 'inbox-3-conversation')
    await ana.page.getByRole('tab', { name: /Note$/ }).click()
    await picture(ana.page, 'inbox-4-note')
    for (const [button, name] of [
      ['Transfer', 'transfer'],
      ['Back to bot', 'return'],
      ['Resolve', 'resolve'],
    ]) {
      await ana.page.getByRole('main').getByRole('button', { name: button, exact: true }).click()
      await picture(ana.page, `inbox-5-${name}`)
      await ana.page.getByRole('button', { name: 'Cancel' }).click()
    }
    await ana.page.getByRole('log').focus()
    await ana.page.keyboard.press('?')
    await picture(ana.page, 'inbox-6-keys')
    await ana.page.getByRole('button', { name: 'Close' }).click()
    await customer.offline(true)
    await customer.say('Is anybody there?')
    await customer.page.getByText('You are offline').waitFor()
    await picture(customer.page, 'chat-6-offline')
    await customer.offline(false)
    await ana.sees('Is anybody there?')
    await ana.giveAway('Resolve', 'Resolve')
    await customer.sees('has ended')
    await picture(customer.page, 'chat-7-ended')
    await customer.page.getByRole('radio').first().waitFor()
    await customer.page.getByLabel('4 of 5 stars').check()
    await picture(customer.page, 'chat-8-survey')
    const form = await stage.visit('customer', (await surveyAddress(customer.page)) ?? '/demo', options)
    await picture(form.page, 'form')
    await customer.page.getByRole('button', { name: 'Send answer' }).click()
    await customer.page.getByText('Thank you for your answer').waitFor()
    await picture(customer.page, 'chat-9-thanks')
    await form.page.reload()
    await picture(form.page, 'form-answered')
    await ana.signOut()
    expect(await stage.clear()).toEqual([])
  })
})

/** The survey's own page, as channels without a window of ours send it. */
async function surveyAddress(page: Page): Promise<string | undefined> {
  const text = await page.evaluate(async () => {
    const key = Object.keys(localStorage).find((name) => name.startsWith('baton:'))!
    const { token } = JSON.parse(localStorage.getItem(key)!)
    const answer = await fetch(`${key.slice(6)}/messages?after=0&wait=0`, {
      headers: { authorization: `Bearer ${token}` },
    })
    return answer.text()
  })
  return /"url":"[^"]*?(\/hooks\/how-was-it\/answers\/[^"]+)"/.exec(text)?.[1]
}
