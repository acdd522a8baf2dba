/** An agent's words that the customer's channel refuses for good: the agent reads why, and can say them again. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { HubError } from '../../../src/errors.ts'
import { anAgent } from '../agent.ts'
import { aCustomer } from '../customer.ts'
import { aStage, type OpenStage } from '../stage.ts'
import { axe, explain, missing, picture } from './stage.ts'

explain()

describe.skipIf(missing !== undefined)('words that did not reach the customer', { timeout: 120_000 }, () => {
  let stage: OpenStage
  beforeAll(async () => {
    stage = await aStage()
  })
  afterEach(async () => {
    expect(await stage.clear(), 'what pages complained of').toEqual([])
  })
  afterAll(() => stage?.close())

  test('stay in place with the reason; sent again they arrive once, and copied they can go another way', async () => {
    const [ana, customer] = [await anAgent(stage, 'Ana'), await aCustomer(stage)]
    await customer.joinTheLine()
    await ana.accept()
    await customer.sees('Ana has joined')
    const { page } = ana
    const { connections } = stage.app.hub
    const site = connections.get('site')!
    const refuse = () => Promise.reject(new HubError('invalid', 'The window of 24 hours has closed'))
    connections.set('site', { ...site, channel: { ...site.channel!, send: refuse } })
    await ana.reply('Your refund is on its way')
    const trouble = page.getByRole('alert').filter({ hasText: /^Not delivered to \S+: / })
    await trouble.getByText('The window of 24 hours has closed').waitFor()
    connections.set('site', site)
    await expect.poll(() => trouble.getByRole('button', { name: 'Copy' }).evaluate(isInSight)).toBe(true)
    expect(await axe(page)).toEqual([])
    await picture(page, 'inbox-undelivered')

    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await trouble.getByRole('button', { name: 'Copy' }).click()
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('Your refund is on its way')
    await trouble.getByRole('button', { name: 'Send again' }).press('Enter')
    await customer.sees('Your refund is on its way')
    await trouble.getByRole('button', { name: 'Send again' }).waitFor({ state: 'detached' })
    expect(await trouble.count()).toBe(1)
    expect((await customer.rows()).filter((row) => JSON.stringify(row).includes('Your refund'))).toHaveLength(1)
  })
})

/** All of it, within what scrolls. */
function isInSight(button: Element): boolean {
  const log = button.closest('[role=log]')
  return log !== null && button.getBoundingClientRect().bottom <= log.getBoundingClientRect().bottom
}
