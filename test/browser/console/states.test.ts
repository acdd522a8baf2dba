/** Each screen while it loads, while the hub cannot answer, when it can again, and while there is nothing yet. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { aConsole, axe, type ConsoleStage, dark, explain, missing, overflowOf, people, picture } from './stage.ts'

explain()

interface Shown {
  readonly path: string
  readonly heading: string
  /** Below `/api/v1/`; what the screen is made of. */
  readonly reads: RegExp
  /** What it says on a hub where nothing has happened yet. */
  readonly says: RegExp
}

const screens: readonly Shown[] = [
  { path: 'queue', heading: 'Queue', reads: /v1\/queue\?/, says: /Nobody is waiting/ },
  {
    path: 'conversations',
    heading: 'Conversations',
    reads: /v1\/conversations(\?|$)/,
    says: /No customer has written yet/,
  },
  { path: 'connections', heading: 'Connections', reads: /v1\/connections$/, says: /healthy/ },
  { path: 'dead-letters', heading: 'Dead letters', reads: /v1\/dead-letters\/groups/, says: /Nothing/ },
  { path: 'suggestions', heading: 'Suggestions', reads: /v1\/suggestions\?/, says: /No suggestion|Nothing/ },
  { path: 'reports/overview', heading: 'Reports', reads: /v1\/reports\/overview/, says: /No data/ },
  { path: 'mappings', heading: 'Mappings', reads: /v1\/mappings$/, says: /as the file says/ },
  { path: 'settings/team', heading: 'Settings', reads: /v1\/users$/, says: /Ada/ },
  { path: 'settings/tokens', heading: 'Settings', reads: /v1\/tokens$/, says: /No program has a token/ },
  { path: 'settings/audit', heading: 'Settings', reads: /v1\/audit/, says: /Nothing|by / },
]

describe.skipIf(missing !== undefined)('every screen of the console', { timeout: 180_000 }, () => {
  let stage: ConsoleStage
  beforeAll(async () => {
    stage = await aConsole()
  }, 180_000)
  /** That a browser writes down the refusal is right: one is meant. */
  const isMeant = (trouble: string) => /the server responded with a status of 503/.test(trouble)
  afterEach(async () => {
    const troubles = await stage.clear()
    expect(
      troubles.filter((trouble) => !isMeant(trouble)),
      'what pages complained of',
    ).toEqual([])
  })
  afterAll(() => stage?.close())

  test.each(screens)('$path', async ({ path, heading, reads, says }) => {
    const { page } = await stage.visit(people.admin, '/console/login', dark)
    const main = page.getByRole('main')
    const name = path.replace('/', '-')
    const isFine = async (when: string) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await expect.poll(() => page.locator('html').getAttribute('data-mantine-color-scheme')).toBe(colorScheme)
        expect(await axe(page), `${when}, ${colorScheme}`).toEqual([])
      }
    }
    let answer = (_isThere: boolean) => {}
    const isThere = new Promise<boolean>((resolve) => {
      answer = resolve
    })
    await page.route(reads, async (route) => {
      if (await isThere) return route.continue()
      await route.fulfill({ status: 503, json: { error: 'busy', message: 'Too much at once; try again in 1 s' } })
    })
    await page.goto(`/console/${path}`)
    await main.getByRole('status', { name: 'Loading' }).first().waitFor()
    await page.getByRole('heading', { level: 1, name: heading }).waitFor()
    await isFine('while it loads')
    await picture(page, `states-${name}-loading`)

    answer(false)
    const trouble = main.getByRole('alert').filter({ hasText: /could not be (read|counted)/ })
    await trouble.getByText('Too much at once; try again in 1 s').waitFor()
    const again = trouble.getByRole('button', { name: 'Try again' })
    await isFine('without an answer')
    expect(await overflowOf(page)).toBe(0)
    await picture(page, `states-${name}-trouble`)

    await again.waitFor()
    await page.unroute(reads)
    // Some lists are read again by themselves, and may be faster than the click.
    await Promise.any([again.click(), trouble.waitFor({ state: 'detached' })])
    await trouble.waitFor({ state: 'detached' })
    await main.getByText(says).first().waitFor()
    await isFine('with the answer')
    await picture(page, `states-${name}-new`)
  })
})
