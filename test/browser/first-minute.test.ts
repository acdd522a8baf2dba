/** The first minute: what `npm run demo` prints leads somebody who reads nothing, and has no account, through a whole handoff. */
import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../../src/postgres/server.ts'
import { until } from '../hub.ts'
import { openBrowser } from './chromium.ts'
import { explain, missing } from './console/stage.ts'
import { watch } from './troubles.ts'

explain()

const root = fileURLToPath(new URL('../../', import.meta.url))
const minuteMs = 60_000

describe.skipIf(missing !== undefined)('npm run demo', { timeout: 240_000 }, () => {
  let demo: ChildProcess
  let browser: Browser
  let folder: string
  let port: number
  let said = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'baton-minute-'))
    // Where PostgreSQL may enter it keeps its data in there, and nothing is left behind.
    await chmod(folder, 0o755)
    port = await freePort()
    const env = {
      BATON_DATA_DIR: folder,
      BATON_PORT: String(port),
      BATON_LOG: 'error',
      DATABASE_URL: '',
      REDIS_URL: '',
    }
    demo = spawn('npm', ['run', 'demo'], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: npm may end before the hub that it has started.
      detached: true,
    })
    for (const out of [demo.stdout!, demo.stderr!]) {
      out.on('data', (chunk) => {
        said += chunk
      })
    }
    browser = await openBrowser()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    signal('SIGTERM')
    await until('npm and the hub have ended', async () => !signal(0))
    await rm(folder, { recursive: true, force: true })
  })

  /** To npm and the hub; false when both have ended. */
  function signal(name: 'SIGTERM' | 0): boolean {
    try {
      return process.kill(-demo.pid!, name)
    } catch {
      return false
    }
  }

  test('prints a page with shop and inbox side by side, where a handoff is finished by mouse within a minute', async () => {
    await expect.poll(() => said, { timeout: 90_000 }).toMatch(/Stop with Ctrl\+C/)
    const link = /See a handoff in a minute\s+(\S+)/.exec(said)?.[1]
    expect(link).toBe(`http://127.0.0.1:${port}/console/setup`)

    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    const troubles = await watch(context, 'somebody new', `http://127.0.0.1:${port}`)
    // The browser writes down that nobody was signed in before.
    troubles.expect(/status of 401/)
    const until = performance.now() + minuteMs
    // The minute is the scenario's own limit.
    context.setDefaultTimeout(minuteMs)
    const page = await context.newPage()
    await page.goto(link!)
    const shop = page.frameLocator('iframe[title="Demo shop, as the customer"]')
    const inbox = page.frameLocator('iframe[title="Inbox, as the agent"]')
    const [left, right] = await Promise.all(
      ['Demo shop, as the customer', 'Inbox, as the agent'].map((title) => page.getByTitle(title).boundingBox()),
    )
    expect(left!.x + left!.width, 'side by side').toBeLessThanOrEqual(right!.x)
    expect(left!.y).toBe(right!.y)

    await inbox.getByText('You are online; the next handoff comes here.').waitFor()
    await shop.getByRole('button', { name: /^Open chat/ }).click()
    const asks = async (words: string) => {
      await shop.getByRole('textbox', { name: 'Write a message' }).fill(words)
      await shop.getByRole('button', { name: /^Send/ }).click()
    }
    await asks('How long does delivery take?')
    await shop.getByText('Standard delivery takes 2 to 4 working days').first().waitFor()
    await asks('I want to talk to a person')
    await inbox
      .getByRole('button', { name: /^Accept/ })
      .last()
      .click()
    await shop.getByText('Ada has joined the conversation.').first().waitFor()
    const box = inbox.getByRole('form', { name: 'Composer' })
    await box.getByRole('textbox').fill('Good day, how can I help?')
    await box.getByRole('button', { name: /^Send to/ }).click()
    await shop.getByText('Good day, how can I help?').first().waitFor()
    await mkdir(join(root, 'test/screens'), { recursive: true })
    await page.screenshot({ path: join(root, 'test/screens/first-minute.png') })
    await inbox.getByRole('button', { name: 'Resolve', exact: true }).click()
    await inbox.getByRole('dialog').getByRole('button', { name: 'Resolve', exact: true }).click()
    await shop.getByText('The conversation with our team has ended').first().waitFor()
    await page.getByRole('listitem').filter({ hasText: 'Watch one handoff' }).getByLabel('Done').waitFor()
    expect(performance.now(), 'within the minute').toBeLessThan(until)
    await context.close()
    expect(troubles.list).toEqual([])
  })
})
