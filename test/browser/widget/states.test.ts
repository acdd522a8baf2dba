/** Every state of the chat, for everybody: light and dark, wide and phone, left to right and right to left. */
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { languages } from '../../../src/words.ts'
import { anAgent } from '../agent.ts'
import { explainSkip, missing } from '../chromium.ts'
import { axe, dark, phone } from '../console/stage.ts'
import type { Stage } from '../stage.ts'
import { overflowOf } from '../troubles.ts'
import { aSite, atSite, aWidgetStage, chatOn } from './site.ts'

explainSkip()

const folder = fileURLToPath(new URL('../../screens/', import.meta.url))
const wide = { viewport: { width: 1000, height: 760 } }
const looks = [
  { look: 'light-en', language: 'en', options: wide },
  { look: 'dark-en-phone', language: 'en', options: { ...phone, ...dark } },
  { look: 'light-ar-phone', language: 'ar', options: phone },
  { look: 'dark-ar', language: 'ar', options: { ...wide, ...dark } },
] as const

describe.skipIf(missing !== undefined)('the chat', { timeout: 240_000 }, () => {
  let stage: Stage
  beforeAll(async () => {
    await mkdir(folder, { recursive: true })
    stage = await aWidgetStage({ title: 'Acme', files: { maxBytes: 100_000 } })
  })
  afterEach(async () => {
    expect(await stage.clear(), 'what pages complained of').toEqual([])
  })
  afterAll(() => stage?.close())

  test.each(looks)('can be used by everybody in every state: $look', async ({ look, language, options }) => {
    const site = await aSite(stage.url, language === 'ar' ? { lang: 'ar', dir: 'rtl' } : {})
    const seen: string[] = []
    const check = async (page: Page, state: string) => {
      if (process.env.SCREENS) await page.screenshot({ path: `${folder}widget-${look}-${state}.png` })
      seen.push(...(await axe(page)).map((one) => `${state}: ${one}`))
      if ((await overflowOf(page)) > 0) seen.push(`${state}: wider than the window`)
    }
    const ana = await anAgent(stage, 'Ana', wide)
    const chat = await atSite(stage, site, { ...options, hasCable: false }, language)
    const { page, words } = chat
    const hub = languages[language]
    await chat.launcher.waitFor()
    await check(page, '0-launcher')
    await chat.open()
    await check(page, '1-opened')
    await chat.say('I want to send back a jumper, how do I do that?')
    await chat.sees('30 days')
    await chat.say('How should I wash wool?')
    await chat.sees('Wash it at 30 degrees')
    await check(page, '2-bot')
    await chat.say('xylophone quux')
    await page.getByRole('button', { name: hub.no }).waitFor()
    await check(page, '3-offer')
    await page.getByRole('button', { name: hub.yes }).last().click()
    await chat.sees(hub.inLine)
    // The place, until the desk has seen enough to tell the time instead.
    await page
      .locator('.strip')
      .getByText(words.position.replace('{n}', '1'))
      .or(page.locator('.strip').getByText(words.waiting))
      .waitFor()
    await check(page, '4-line')
    await ana.accept()
    await page.getByText(words.agent.replace('{name}', 'Ana')).waitFor()
    await ana.page.getByRole('main').getByRole('textbox').pressSequentially('Hello, I', { delay: 5 })
    await page.getByText(words.typing.replace('{name}', 'Ana')).waitFor()
    await check(page, '5-typing')
    await ana.reply('Hello, see https://shop.example.com/help/returns for the label.')
    await chat.sees('for the label')
    const picker = page.locator('input[type=file]')
    await picker.setInputFiles({ name: 'receipt.txt', mimeType: 'text/plain', buffer: Buffer.from('sum: 12') })
    await page.getByRole('link', { name: /receipt/ }).waitFor()
    await picker.setInputFiles({ name: 'film.txt', mimeType: 'text/plain', buffer: Buffer.alloc(200_000, 'a') })
    await page.getByRole('alert').filter({ hasText: 'film.txt' }).waitFor()
    await check(page, '6-files')
    await page.getByRole('button', { name: words.dismiss.replace('{name}', 'film.txt') }).click()
    await ana.giveAway('Resolve', 'Resolve')
    await page.getByRole('radio').first().waitFor()
    await page.getByRole('radio').nth(3).check()
    await check(page, '7-survey')
    await page.getByRole('button', { name: words.answer }).click()
    await page.getByText(words.thanks).waitFor()
    await check(page, '8-closed')
    chat.troubles.expectOffline()
    await page.context().setOffline(true)
    await chat.say('Is anybody there?')
    await page.getByText(words.offline).waitFor()
    await check(page, '9-offline')
    await ana.close()
    const full = chatOn(await stage.visit('customer', '/chat/site', { ...options, locale: language }), language)
    await full.box.waitFor()
    await check(full.page, '10-page')
    expect(seen).toEqual([])
    await site.close()
  })
})
