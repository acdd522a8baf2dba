/** Reports in a browser, on the history whose numbers were worked out by hand: `test/reports/history.ts`. */
import { readFile } from 'node:fs/promises'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { beginSession } from '../../../src/staff/sessions.ts'
import { addUser } from '../../../src/staff/users.ts'
import { aHistory, type History } from '../../reports/database.ts'
import { week } from '../../reports/history.ts'
import { figures } from '../../reports/worked-out.ts'
import {
  aConsole,
  axe,
  type ConsoleStage,
  dark,
  explain,
  missing,
  overflowOf,
  type Person,
  people,
  phone,
  picture,
} from './stage.ts'

explain()

const lena: Person = { name: 'Lena', role: 'agent', desks: ['people'] }
const tabs = ['overview', 'escalations', 'waiting', 'people', 'feedback', 'topics', 'trust'] as const
const at = (tab: string, more = ''): string => `/console/reports/${tab}?from=${week.from}&to=${week.to}${more}`

describe.skipIf(missing !== undefined)('reports', { timeout: 180_000 }, () => {
  let stage: ConsoleStage
  let history: History
  beforeAll(async () => {
    history = await aHistory()
    const yaml = await readFile(history.yaml, 'utf8')
    stage = await aConsole({ yaml, env: { DATABASE_URL: history.database.url } })
  }, 300_000)
  afterEach(async () => {
    expect(await stage.clear(), 'what pages complained of').toEqual([])
  })
  afterAll(async () => {
    await stage?.close()
    await history?.database.drop()
  })

  const secrets = new Map<string, string>()
  /** People of the history's database, which is not the one that the stage made. */
  async function secretOf({ name, role, desks = [] }: Person): Promise<string> {
    const { pool } = history.database
    if (!secrets.has(name)) {
      const seats = Object.fromEntries(desks.map((desk) => [desk, { skills: [], languages: [], capacity: 4 }]))
      const user = await addUser(pool, { name, email: `${name.toLowerCase()}@team.example`, role, desks: seats })
      secrets.set(name, await beginSession(pool, user!.id))
    }
    return secrets.get(name)!
  }
  const cookieName = () => `baton-${new URL(stage.url).port}`
  async function visit(who: Person, path: string, look: BrowserContextOptions = {}) {
    const cookie = { name: cookieName(), value: await secretOf(who), domain: new URL(stage.url).hostname, path: '/' }
    const kept = { expires: -1, httpOnly: true, secure: false, sameSite: 'Strict' } as const
    return stage.visit(undefined, path, { ...look, storageState: { cookies: [{ ...cookie, ...kept }], origins: [] } })
  }

  const tile = (page: Page, title: string) =>
    page.getByRole('list', { name: 'Figures' }).getByRole('listitem').filter({ hasText: title })
  const card = (page: Page, title: string) => page.getByRole('region', { name: title, exact: true })
  const peek = (page: Page) => page.getByRole('complementary', { name: /^Behind/ })

  test('a number is what was worked out by hand, and opens exactly that many', async () => {
    const { page } = await visit(people.admin, at('overview'))
    for (const [title, key, says] of [
      ['Escalation rate', 'escalated', '61.9%'],
      ['Time to agent', 'toAgent', '01:00 p90 02:48'],
      ['Left waiting', 'abandoned', '7.4%'],
      ['CSAT', 'csat', '72.7%'],
      ['Back within 24 h', 'again', '3.8%'],
    ] as const) {
      await tile(page, title).getByText(says).waitFor()
      await tile(page, title)
        .getByRole('button', { name: new RegExp(`^${title}: `) })
        .click()
      await expect.poll(() => peek(page).getByRole('row').count()).toBe(figures[key]![1] + 1)
      expect(new URL(page.url()).searchParams.get('open')).toContain(`number=${key}`)
      await page.keyboard.press('Escape')
      await peek(page).waitFor({ state: 'detached' })
    }
  })

  test('a bar opens what it counts, and the address can be sent to a colleague', async () => {
    const { page } = await visit(people.admin, at('escalations'))
    await card(page, 'Why people were needed')
      .getByRole('button', { name: /^Frustrated/ })
      .click()
    await expect.poll(() => peek(page).getByRole('row').count()).toBe(3)
    const other = await visit(people.viewer, page.url())
    await expect.poll(() => peek(other.page).getByRole('row').count()).toBe(3)
  })

  test('says how it is counted, and shows the same as a table', async () => {
    const { page } = await visit(people.admin, at('escalations'))
    await tile(page, 'Escalation rate').getByRole('button', { name: 'How "Escalation rate" is counted' }).click()
    await page
      .getByText('conversations with at least one handoff requested ÷ conversations whose first customer message')
      .first()
      .waitFor()
    await page.keyboard.press('Escape')
    const rate = card(page, 'Escalation rate by day')
    await rate.getByRole('button', { name: 'Escalation rate by day as table' }).click()
    await rate.getByRole('button', { name: 'Escalation rate, 11 Mar: 50%, 5 of 10' }).click()
    await expect.poll(() => peek(page).getByRole('row').count()).toBe(6)
    expect(new URL(page.url()).searchParams.get('table')).toBe('rate')
  })

  test('few answers are grey and called so', async () => {
    const { page } = await visit(people.admin, at('feedback', '&reason=frustration'))
    const csat = tile(page, 'CSAT')
    await csat.getByText('too few').waitFor()
    const colourOf = (title: string) =>
      tile(page, title)
        .locator('.tile-value')
        .evaluate((one) => getComputedStyle(one).color)
    expect(await colourOf('CSAT')).not.toBe(await colourOf('Answers'))
    await tile(page, 'What was rated').getByText('Not counted').waitFor()
  })

  test('no data is no 0', async () => {
    const { page } = await visit(people.admin, '/console/reports/overview?from=2025-01-01&to=2025-01-07')
    await tile(page, 'Escalation rate').getByText('No data').waitFor()
    await card(page, 'Why people were needed').getByText('No data in this period.').waitFor()
  })

  test('a filter narrows it, and CSV has the same numbers', async () => {
    const { page } = await visit(people.admin, at('escalations'))
    await tile(page, 'Handoffs requested').getByText('27', { exact: true }).waitFor()
    await page.getByRole('combobox', { name: 'Mapping' }).click()
    await page.getByRole('option', { name: 'sales' }).click()
    await tile(page, 'Handoffs requested').getByText('4', { exact: true }).waitFor()
    const link = card(page, 'Why people were needed').getByRole('link', { name: 'Why people were needed as CSV' })
    const [file] = await Promise.all([page.waitForEvent('download'), link.click()])
    const [head, ...rows] = (await readFile(await file.path(), 'utf8')).trim().split('\r\n')
    const column = head!.split(',').indexOf('requested_count')
    expect(rows.reduce((sum, row) => sum + Number(row.split(',')[column]), 0)).toBe(4)
  })

  test('an agent sees their own numbers and the median, and no file', async () => {
    const { page } = await visit(lena, at('overview'))
    const agents = card(page, 'Agents and the team median')
    await agents.getByRole('rowheader', { name: 'Team median' }).waitFor()
    expect(await agents.getByRole('rowheader').allTextContents()).toEqual(['Lena', 'Team median'])
    expect(await page.getByRole('tab').allTextContents()).toEqual(['People'])
    expect(await page.getByRole('link', { name: /CSV/ }).count()).toBe(0)
    const cookie = `${cookieName()}=${await secretOf(lena)}`
    for (const path of ['overview', 'overview/conversations?number=requested', 'people/export'])
      expect([path, (await stage.hub.ask(`/api/v1/reports/${path}`, { headers: { cookie } })).status]).toEqual([
        path,
        403,
      ])
  })

  test.each(tabs)('%s can be used by everybody', async (tab) => {
    for (const [look, options] of [
      ['light', {}],
      ['dark', dark],
      ['phone', phone],
    ] as const) {
      const { page, close } = await visit(people.admin, at(tab), options)
      await page.getByRole('list', { name: 'Figures' }).waitFor()
      await expect.poll(() => page.getByRole('status', { name: 'Loading' }).count()).toBe(0)
      await picture(page, `reports-${tab}-${look}`)
      expect(await axe(page), look).toEqual([])
      expect(await overflowOf(page), look).toBe(0)
      await close()
    }
  })
})
