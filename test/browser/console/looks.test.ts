/** Every screen with something on it, in light or dark, for people who read from the left and from the right. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { aVisitor } from '../../app.ts'
import { type Planted, plant, twoDesks } from '../../planted.ts'
import { aConsole, axe, type ConsoleStage, explain, missing, overflowOf, patienceMs, people, picture } from './stage.ts'

explain()

const arabic = { name: 'ليلى حداد', words: 'مرحبا، أين طلبي 4471؟ وصلني نصفه فقط.' }

describe.skipIf(missing !== undefined)('every screen with data', { timeout: 400_000 }, () => {
  let stage: ConsoleStage
  let mine: Planted
  let layla: number
  beforeAll(async () => {
    stage = await aConsole({ yaml: twoDesks })
    for (const who of Object.values(people)) await stage.cookieOf(who)
    mine = await plant(stage.hub, { chat: 'site', desk: 'people', cookie: await stage.cookieOf(people.agent) })
    const { hub } = stage.hub.app
    const { thread, say } = await aVisitor(stage.url)
    await say(arabic.words)
    const customer = { name: arabic.name, language: 'ar' }
    await hub.receive('site', [{ type: 'customer-identified', thread, externalId: 'layla', at: Date.now(), customer }])
    const { rows } = await stage.hub.database.pool.query('SELECT id FROM conversations WHERE thread = $1', [thread])
    layla = rows[0].id
    const order = { method: 'POST', body: { do: 'escalate' } }
    expect((await stage.hub.staff(`/api/v1/conversations/${layla}/commands`, order)).status).toBe(202)
  }, 180_000)
  afterEach(async () => {
    expect(await stage.clear(), 'what pages complained of').toEqual([])
  })
  afterAll(() => stage?.close())

  const places = (): readonly string[] => [
    'queue',
    `queue?peek=${mine.waiting}-1`,
    'inbox',
    'conversations',
    `conversations/${layla}`,
    `conversations/${mine.held}`,
    'connections/people',
    `dead-letters/${mine.cause}`,
    `suggestions/${mine.suggestion}`,
    ...['overview', 'escalations', 'waiting', 'people', 'feedback', 'topics', 'trust'].map((tab) => `reports/${tab}`),
    'mappings',
    'mappings/support',
    ...['me', 'team', 'tokens', 'widget', 'audit'].map((part) => `settings/${part}`),
    'setup',
  ]

  // Looking through a screen takes seconds: each one is in either look, and in either locale.
  test.each([
    ['en-GB', 'light'],
    ['ar', 'dark'],
  ] as const)('can be used by everybody: %s, %s', async (locale, colorScheme) => {
    const { page } = await stage.visit(people.admin, '/console/queue', { locale, colorScheme })
    for (const path of places()) {
      await page.goto(`/console/${path}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await expect.poll(() => page.getByRole('status', { name: 'Loading' }).count(), { timeout: patienceMs }).toBe(0)
      await expect.poll(() => page.locator('html').getAttribute('data-mantine-color-scheme')).toBe(colorScheme)
      expect([path, await axe(page)]).toEqual([path, []])
      expect([path, await overflowOf(page)]).toEqual([path, 0])
      if (path === 'queue' || path.startsWith('conversations/'))
        await picture(page, `looks-${locale}-${path.replace('/', '-')}`)
      if (path === `conversations/${layla}`) await readsRightToLeft(page)
    }
  })
})

/** Words of somebody who writes from the right run from there, whatever the page does. */
async function readsRightToLeft(page: Page): Promise<void> {
  const said = page.getByRole('list', { name: 'Timeline' }).getByText(arabic.words).first()
  await said.waitFor()
  await page.getByRole('heading', { name: arabic.name }).waitFor()
  expect(await said.evaluate((node) => getComputedStyle(node).direction)).toBe('rtl')
}
