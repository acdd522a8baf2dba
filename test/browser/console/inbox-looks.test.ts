/** Every state of the inbox, looked at as people do who see badly, in the dark, or on a phone. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { anAgent } from '../agent.ts'
import { aCaller, choosePresence } from '../inbox-gear.ts'
import { aStage, type Stage } from '../stage.ts'
import { axe, dark, explain, missing, overflowOf, phone, picture } from './stage.ts'

explain()

describe.skipIf(missing !== undefined)('the inbox can be used by everybody', { timeout: 240_000 }, () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await aStage()
  })
  afterEach(async () => {
    expect(await stage.clear(), 'what pages complained of').toEqual([])
  })
  afterAll(() => stage?.close())

  test.each([
    ['light', { viewport: { width: 1400, height: 800 } }],
    ['dark', { ...dark, viewport: { width: 1400, height: 800 } }],
    ['narrow', { viewport: { width: 900, height: 720 } }],
    ['phone', phone],
    ['phone-dark', { ...phone, ...dark }],
  ])('%s', async (look, options) => {
    const isPhone = look.startsWith('phone')
    const ana = await anAgent(stage, 'Ana', options)
    const { page } = ana
    const seen = async (name: string) => {
      await picture(page, `inbox-${look}-${name}`)
      expect(await axe(page), name).toEqual([])
      expect(await overflowOf(page), name).toBe(0)
    }
    await page.getByText('You are online; the next handoff comes here.').waitFor()
    await seen('1-empty')
    await choosePresence(page, 'Away')
    await page.getByText('You are away: nothing new will come.').waitFor()
    await seen('2-away')
    await page.getByRole('button', { name: 'Go online' }).click()
    await page.getByRole('button', { name: /^Presence: Online/ }).waitFor()

    const caller = await aCaller(stage)
    const offer = page.getByRole('article', { name: 'Visitor rings' })
    await offer.waitFor()
    if (isPhone) {
      await seen('3-list')
      await offer.getByRole('button', { name: /^Visitor/ }).click()
    }
    await page.locator('.history').waitFor()
    await seen('3-offer')
    await ana.accept()
    await ana.reply('Hello, I can see your order: https://shop.example.com/orders/4471')
    await caller.say('Thanks! The sleeve is torn, can I still return it?\nHere is a second line.')
    await ana.sees('The sleeve is torn')
    await ana.note('Torn sleeve: refund approved by Kim.')
    await ana.sees('refund approved')
    await page.locator('.said.agent').getByText('Sent', { exact: true }).waitFor()
    await seen('4-note')
    await page.getByRole('tab', { name: 'Reply to Visitor' }).click()
    await seen('5-reply')
    if (look !== 'light' && look !== 'dark') {
      await page.getByRole('button', { name: 'Context', exact: true }).click()
      await page.getByRole('complementary', { name: 'Context' }).waitFor()
      await seen('6-context')
      await page.getByRole('button', { name: 'Close the context' }).click()
    }
    for (const [button, name] of [
      ['Transfer', '7-transfer'],
      ['Back to bot', '8-return'],
      ['Resolve', '9-resolve'],
    ] as const) {
      await page.getByRole('button', { name: button, exact: true }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).waitFor()
      await seen(name)
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
    const address = page.url()
    await ana.giveAway('Resolve', 'Resolve')
    await page.goto(address)
    await page.getByText('Resolved. Nothing more can be said here.').waitFor()
    await seen('10-ended')
    await page.goto('/console/inbox/00000000-0000-0000-0000-000000000000')
    ana.troubles.expect(/status of 404/)
    await page.getByRole('alert').filter({ hasText: 'This conversation could not be read' }).waitFor()
    await seen('11-unknown')
  })
})
