/** A customer who reads Arabic: nobody speaks English to them, neither the chat nor the hub, the bot or the survey. */
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { languages } from '../../../src/words.ts'
import { anAgent } from '../agent.ts'
import { explainSkip, missing } from '../chromium.ts'
import { patienceMs, type Stage } from '../stage.ts'
import { aSite, atSite, aWidgetStage, type Site, texts } from './site.ts'

explainSkip()

const folder = fileURLToPath(new URL('../../screens/', import.meta.url))
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: patienceMs })

describe.skipIf(missing !== undefined)('in Arabic', { timeout: 120_000 }, () => {
  let stage: Stage
  let site: Site
  beforeAll(async () => {
    await mkdir(folder, { recursive: true })
    stage = await aWidgetStage({ title: 'أكمي' })
    site = await aSite(stage.url, { lang: 'ar', dir: 'rtl' })
  })
  afterEach(async () => {
    expect(await stage.clear(), 'what pages complained of').toEqual([])
  })
  afterAll(async () => {
    await stage?.close()
    await site?.close()
  })

  test('from the first word to the survey', async () => {
    const { ar } = texts
    const hub = languages.ar
    const ana = await anAgent(stage)
    const chat = await atSite(stage, site, { locale: 'ar-EG' }, 'ar')
    const { page } = chat
    await chat.open()
    await chat.say('مرحبا')
    await chat.sees('كيف يمكنني المساعدة؟')
    await chat.say('قققق ررر')
    await page.getByRole('button', { name: hub.no }).click()
    await chat.sees(hub.goOn)
    await chat.say('لا أريد روبوتًا، أريد التحدث إلى موظف')
    await chat.sees(hub.inLine)
    for (const name of [ar.leaveLine, hub.wantTicket])
      await page.locator('.strip').getByRole('button', { name }).waitFor()
    if (process.env.SCREENS) await page.screenshot({ path: `${folder}widget-arabic-line.png` })
    await ana.accept()
    await chat.sees('انضم Ana إلى المحادثة.')
    await ana.giveAway('Resolve', 'Resolve')
    await chat.sees(hub.ended)
    await page.getByRole('radio').first().waitFor()
    await page.locator('.strip').getByRole('button', { name: ar.again }).waitFor()
    if (process.env.SCREENS) await page.screenshot({ path: `${folder}widget-arabic-survey.png` })
    // Whoever speaks: but for the agent's name not one letter of another alphabet stands in the chat.
    const shown = () => page.locator('.panel').evaluate((panel) => panel.textContent!.replaceAll('Ana', ''))
    await eventually(shown).not.toMatch(/[a-z]/i)
    await page.locator('.strip').getByRole('button', { name: ar.again }).click()
    await chat.sees(hub.begun)
  })
})
