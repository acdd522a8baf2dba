/** Getting in, setting up, and who may come: as people do it, also without a mouse. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createThrottle } from '../../../src/staff/throttle.ts'
import { adminPassword, linkOf } from '../../http/browser.ts'
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

describe.skipIf(missing !== undefined)('access', { timeout: 240_000 }, () => {
  let stage: ConsoleStage
  beforeAll(async () => {
    stage = await aConsole()
  }, 180_000)
  /** That a browser writes down a refusal is right where one is meant. */
  const isMeant = (trouble: string) => /the server responded with a status of (400|401|403|429)/.test(trouble)
  afterEach(async () => {
    const troubles = await stage.clear()
    expect(
      troubles.filter((trouble) => !isMeant(trouble)),
      'what pages complained of',
    ).toEqual([])
  })
  afterAll(() => stage?.close())

  test('the first admin comes by the link, sees what is left to do, and signs in again by keys alone', async () => {
    const link = (await stage.hub.app.firstAdminLink())!
    const { page } = await stage.visit(undefined, link)
    await page.getByRole('heading', { name: 'The first admin' }).waitFor()
    expect(page.url(), 'the link is not left in the address').not.toContain('link=')
    expect(await axe(page)).toEqual([])
    await picture(page, 'access-first-admin')
    await page.getByLabel('E-mail').fill('kim@example.com')
    await page.getByLabel('Name').fill('Kim')
    await page.getByLabel('Password', { exact: true }).fill('kim@example.com')
    await page.getByRole('button', { name: 'Make the account' }).click()
    await page.getByText('made of the e-mail address').waitFor()
    await page.getByLabel('Password', { exact: true }).fill(adminPassword)
    await page.getByRole('button', { name: 'Make the account' }).click()
    await page.getByRole('heading', { name: 'Welcome to Baton' }).waitFor()
    await page.getByRole('heading', { name: 'Watch one handoff' }).waitFor()
    await page.frameLocator('iframe[title="Demo shop, as the customer"]').getByRole('heading').first().waitFor()
    await page
      .frameLocator('iframe[title="Inbox, as the agent"]')
      .getByText('You are online; the next handoff comes here.')
      .waitFor()
    await picture(page, 'access-setup')
    expect(await overflowOf(page)).toBe(0)
    await page.getByRole('link', { name: 'Make a link for each of them' }).click()
    await page.getByRole('heading', { name: 'Team', level: 2 }).waitFor()
    await page.getByRole('button', { name: 'Account of Kim' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()

    await page.keyboard.insertText('kim@example.com')
    await page.keyboard.press('Tab')
    await page.keyboard.insertText('not the right password')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('The e-mail address or the password is wrong').waitFor()
    await picture(page, 'access-wrong')
    await page.getByLabel('Password', { exact: true }).press('ControlOrMeta+a')
    await page.keyboard.insertText(adminPassword)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Queue' }).waitFor()
  })

  test.each([
    ['light', {}],
    ['dark', dark],
    ['phone', phone],
  ])('the door, %s: people of the sandbox come in by one click, to where they wanted to go', async (look, options) => {
    const { page } = await stage.visit(undefined, '/console/settings/me', options)
    await page.getByRole('button', { name: 'As Ana' }).waitFor()
    expect(await axe(page)).toEqual([])
    expect(await overflowOf(page)).toBe(0)
    await picture(page, `access-login-${look}`)
    await page.getByRole('button', { name: 'As Ana' }).click()
    await page.getByRole('heading', { name: 'Look and keys' }).waitFor()
    expect(await page.getByRole('tab').allTextContents()).toEqual(['You'])
    expect(await axe(page)).toEqual([])
    expect(await overflowOf(page)).toBe(0)
    await picture(page, `access-me-${look}`)
  })

  test('says when one may try again', async () => {
    const throttle = createThrottle(stage.hub.database.pool)
    for (let i = 0; i < 8; i++) await throttle.take('127.0.0.1', 'somebody@example.com')
    const { page } = await stage.visit(undefined, '/console/login')
    await page.getByLabel('E-mail').fill('somebody@example.com')
    await page.getByLabel('Password', { exact: true }).fill('whatever it was')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByText(/You can try again at \d\d:\d\d/).waitFor()
    expect(await axe(page)).toEqual([])
    await picture(page, 'access-too-many')
  })

  test.each([
    ['light', {}],
    ['dark', dark],
    ['phone', phone],
  ])('the team, %s: an invitation is made, copied, and used', async (look, options) => {
    const { page } = await stage.visit(people.admin, '/console/settings/team', options)
    await page.getByRole('button', { name: 'Invite somebody' }).click()
    const form = page.getByRole('form', { name: 'Invite somebody' })
    await form.getByLabel('E-mail').fill(`lena-${look}@example.com`)
    await form.getByLabel('Name').fill('Lena')
    await form.getByRole('checkbox', { name: 'Agent at people' }).check()
    await form.getByLabel('Skills').fill('billing')
    await form.getByLabel('Skills').press('Enter')
    await picture(page, `access-invite-${look}`)
    expect(await axe(page)).toEqual([])
    await form.getByRole('button', { name: 'Make the invitation' }).click()
    await page.getByText('It works once').waitFor()
    const url = await page.locator('code').filter({ hasText: 'link=' }).textContent()
    await picture(page, `access-link-${look}`)
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
    await page.getByRole('cell', { name: `lena-${look}@example.com` }).waitFor()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await axe(page)).toEqual([])
    expect(await overflowOf(page)).toBe(0)
    await picture(page, `access-team-${look}`)
    const lena = await stage.visit(undefined, `/console/setup?link=${linkOf(url!)}`, options)
    await lena.page.getByRole('heading', { name: 'Join the team' }).waitFor()
    expect(await lena.page.getByLabel('E-mail').inputValue()).toBe(`lena-${look}@example.com`)
    expect(await axe(lena.page)).toEqual([])
    if (look !== 'light') return
    await lena.page.getByLabel('Password', { exact: true }).fill('nine blue bicycles')
    await lena.page.getByRole('button', { name: 'Join the team' }).click()
    await lena.page.getByRole('button', { name: 'Account of Lena' }).waitFor()
    const again = await stage.visit(undefined, `/console/setup?link=${linkOf(url!)}`)
    await again.page.getByText('This link has been used').waitFor()
  })

  test('tokens are shown once and revoked; the audit tells of it, and can be narrowed', async () => {
    const { page } = await stage.visit(people.admin, '/console/settings/tokens')
    await page.getByText('No program has a token').waitFor()
    await page.getByRole('button', { name: 'Make a token' }).click()
    await page.getByLabel('Name').fill('wallboard')
    await page.getByRole('button', { name: 'Make the token' }).click()
    await page
      .locator('code')
      .filter({ hasText: /^baton_[\w-]{43}$/ })
      .waitFor()
    await picture(page, 'access-token')
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
    await page.getByRole('button', { name: 'Revoke wallboard' }).click()
    await page.getByRole('button', { name: 'Revoke', exact: true }).click()
    await page.getByText('No program has a token').waitFor()
    await page.getByRole('tab', { name: 'Audit' }).click()
    await page.getByRole('cell', { name: 'tokens.revoke' }).waitFor()
    expect(await axe(page)).toEqual([])
    await picture(page, 'access-audit')
    await page.getByLabel('What was done').fill('tokens.make')
    await page.getByRole('button', { name: 'Filter' }).click()
    await page.getByRole('cell', { name: 'tokens.revoke' }).waitFor({ state: 'detached' })
    await page.getByRole('cell', { name: 'tokens.make' }).waitFor()
    expect(new URL(page.url()).searchParams.get('action')).toBe('tokens.make')
    await page.goto('/console/settings/widget')
    await page.getByRole('button', { name: 'Copy the script tag' }).waitFor()
  })

  test('what one chooses about the look stays, wherever one signs in', async () => {
    const { page } = await stage.visit(people.viewer, '/console/settings/me')
    await page.getByText('Comfortable').click()
    await page.locator('[data-density="comfortable"]').waitFor()
    await page.getByRole('switch', { name: /Shortcuts of one key/ }).click()
    await page.getByText('Dark', { exact: true }).click()
    await expect
      .poll(
        async () =>
          (await stage.hub.ask('/api/v1/session', { headers: { cookie: await stage.cookieOf(people.viewer) } })).json
            .preferences,
      )
      .toEqual({ density: 'comfortable', shortcuts: false, theme: 'dark' })
    const other = await stage.visit(people.viewer, '/console/settings/me')
    await other.page.locator('[data-density="comfortable"]').waitFor()
  })
})
