/** What surrounds every screen of the console: getting in, finding one's way, keys, looks, and whether it is live. */
import { readFile, stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  aConsole,
  axe,
  type ConsoleStage,
  dark,
  explain,
  missing,
  overflowOf,
  people,
  phone,
  picture,
} from './stage.ts'

explain()

const built = fileURLToPath(new URL('../../../console/dist/app/', import.meta.url))

describe.skipIf(missing !== undefined)('the console', { timeout: 180_000 }, () => {
  let stage: ConsoleStage
  beforeAll(async () => {
    stage = await aConsole()
  })
  afterEach(async () => {
    expect(await stage.clear(), 'what pages complained of').toEqual([])
  })
  afterAll(() => stage?.close())

  test('shows each role its own screens, and begins where they work', async () => {
    const [admin, viewer, agent] = await Promise.all([
      stage.visit(people.admin, '/console'),
      stage.visit(people.viewer, '/console'),
      stage.visit(people.agent, '/console'),
    ])
    const screensOf = async ({ page }: typeof admin) => {
      await page.getByRole('heading', { level: 1 }).waitFor()
      // Links that a person, or a screen reader, finds; not what merely stands in the page.
      const links = page.getByRole('navigation', { name: 'Screens' }).getByRole('link')
      return links.locator('.nav-title').allTextContents()
    }
    const all = ['Queue', 'Inbox', 'Conversations', 'Connections', 'Dead letters', 'Suggestions', 'Reports', 'Mappings']
    expect(await screensOf(admin)).toEqual([...all, 'Settings'])
    expect(await screensOf(viewer)).toEqual([...all.filter((name) => name !== 'Inbox'), 'Settings'])
    expect(await screensOf(agent)).toEqual([...all.filter((name) => name !== 'Mappings'), 'Settings'])
    expect(new URL(admin.page.url()).pathname).toBe('/console/queue')
    expect(new URL(agent.page.url()).pathname).toBe('/console/inbox')
    await admin.page.getByRole('status', { name: 'Link to the hub: Live' }).waitFor()
    await picture(admin.page, 'shell-light')
  })

  test('says at the bell what needs somebody, and lets the look be chosen', async () => {
    const { page } = await stage.visit(people.admin, '/console/mappings')
    await page.getByRole('button', { name: 'Alerts: none' }).click()
    await page.getByRole('menu').getByText('Nothing needs you right now.').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: /Ada/ }).click()
    await page.getByRole('menuitemradio', { name: 'Dark', checked: false }).click()
    await expect.poll(() => page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark')
    await page.getByRole('button', { name: /Ada/ }).click()
    await page.getByRole('menuitemradio', { name: 'Dark', checked: true }).waitFor()
    expect(await axe(page)).toEqual([])
  })

  test('goes by keys, and lists every one of them', async () => {
    const { page } = await stage.visit(people.admin, '/console/queue')
    await page.getByRole('heading', { level: 1, name: 'Queue' }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('d')
    await page.getByRole('heading', { level: 1, name: 'Dead letters' }).waitFor()
    await page.keyboard.press('?')
    const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    for (const says of ['Go to Queue', 'Copy a link to this view', 'Search or go to', 'Show the shortcuts'])
      await dialog.getByRole('cell', { name: says, exact: true }).waitFor()
    expect(await axe(page)).toEqual([])
    // A dialog has the keys to itself.
    await page.keyboard.press('g')
    await page.keyboard.press('q')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('heading', { level: 1, name: 'Dead letters' }).waitFor()

    await page.keyboard.press('Control+k')
    const search = page.getByRole('textbox', { name: 'Search' })
    await search.fill('maps gq')
    await page.getByText('Nothing is called that.').waitFor()
    await search.fill('mapp')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Mappings' }).waitFor()
  })

  test('single keys can be switched off', async () => {
    const who = { name: 'Kim', role: 'admin' } as const
    await stage.cookieOf(who)
    await stage.hub.database.pool.query(
      `UPDATE users SET preferences = '{"shortcuts": false, "density": "comfortable"}' WHERE name = 'Kim'`,
    )
    const { page } = await stage.visit(who, '/console/queue')
    await page.getByRole('heading', { level: 1, name: 'Queue' }).waitFor()
    expect(await page.locator('.frame').getAttribute('data-density')).toBe('comfortable')
    await page.keyboard.press('g')
    await page.keyboard.press('d')
    await page.keyboard.press('Control+k')
    await page.getByRole('textbox', { name: 'Search' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/console/queue')
  })

  test('sends whoever is not signed in to the door, and knows where they wanted to go', async () => {
    const { page, troubles } = await stage.visit(undefined, '/console/conversations?control=agent')
    await page.waitForURL(/\/console\/login/)
    expect(new URL(page.url()).searchParams.get('then')).toBe('/conversations?control=agent')
    // The browser writes each refusal to its console; this one was asked for.
    expect(troubles.list.filter((one) => !/401/.test(one))).toEqual([])
    ;(troubles.list as string[]).splice(0)
  })

  test('says what is not there', async () => {
    const { page } = await stage.visit(people.viewer, '/console/no/such/page')
    await page.getByText('There is no page at this address.').waitFor()
    await page.getByRole('link', { name: 'Go to the first screen' }).click()
    await page.getByRole('heading', { level: 1, name: 'Queue' }).waitFor()
  })

  test.each([
    { look: 'light', options: {} },
    { look: 'dark', options: dark },
    { look: 'phone', options: phone },
    { look: 'narrow', options: { viewport: { width: 900, height: 720 } } },
  ])('can be used by everybody: $look', async ({ look, options }) => {
    const { page } = await stage.visit(people.admin, '/console/mappings', options)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.getByRole('status', { name: 'Link to the hub: Live' }).waitFor()
    expect(await axe(page)).toEqual([])
    expect(await overflowOf(page)).toBe(0)
    await picture(page, `shell-${look}`)
  })

  test('is small enough to be opened on a slow line', async () => {
    const manifest = JSON.parse(await readFile(`${built}.vite/manifest.json`, 'utf8')) as Record<
      string,
      { file: string; isEntry?: boolean; imports?: string[] }
    >
    const kilobytes = async (file: string) => gzipSync(await readFile(built + file)).length / 1_000
    const reached = (name: string, seen = new Set<string>()): Set<string> => {
      if (seen.has(name)) return seen
      seen.add(name)
      for (const other of manifest[name]!.imports ?? []) reached(other, seen)
      return seen
    }
    const entry = Object.keys(manifest).find((name) => manifest[name]!.isEntry)!
    const first = reached(entry)
    const sizes = await Promise.all([...first].map((name) => kilobytes(manifest[name]!.file)))
    expect(sizes.reduce((a, b) => a + b, 0)).toBeLessThan(280)
    for (const name of Object.keys(manifest).filter((name) => !first.has(name) && manifest[name]!.file.endsWith('.js')))
      expect(await kilobytes(manifest[name]!.file), name).toBeLessThan(150)
  })

  test('its files are kept for ever, its page never', async () => {
    const page = await stage.hub.ask('/console/queue')
    const again = await stage.hub.ask('/console/queue')
    expect(page.headers['cache-control']).toBe('no-store')
    const nonceOf = ({ headers }: typeof page) => /'nonce-([^']+)'/.exec(headers['content-security-policy']!)![1]!
    expect(nonceOf(page)).not.toBe(nonceOf(again))
    expect(page.text).toContain(nonceOf(page))
    const file = /\/console\/assets\/[\w.-]+\.js/.exec(page.text)![0]
    expect((await stage.hub.ask(file)).headers['cache-control']).toMatch(/immutable/)
    await stat(`${built}assets`)
    expect((await stage.hub.ask('/console/assets/no-such-file.js')).status).toBe(404)
    expect((await stage.hub.ask('/console/assets/..%2findex.html')).status).toBe(404)
  })
})
