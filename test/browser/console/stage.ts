/** A hub, the console as it was built, and people of every role, for all tests of a file. */
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { Role } from '../../../src/access.ts'
import { beginSession } from '../../../src/staff/sessions.ts'
import { addUser, findByEmail } from '../../../src/staff/users.ts'
import { aRunningApp, type Running, type RunOptions } from '../../app.ts'
import { explainSkip, missing as noChromium, openBrowser } from '../chromium.ts'
import { patienceMs } from '../stage.ts'
import { overflowOf, type Troubles, watch } from '../troubles.ts'

const built = fileURLToPath(new URL('../../../console/dist/app/index.html', import.meta.url))
const pictures = fileURLToPath(new URL('../../screens/', import.meta.url))

/** Why the console cannot be tested here; undefined when it can. */
export const missing: string | undefined =
  noChromium ?? (existsSync(built) ? undefined : 'console/dist/app is not built: run npm run build')

export function explain(): void {
  explainSkip()
  if (missing !== undefined && process.env.CI === 'true') throw new Error(`The console: ${missing}.`)
  if (missing !== undefined) console.warn(`Tests of the console are skipped: ${missing}.`)
}

export interface Person {
  readonly name: string
  readonly role: Role
  /** Desks of our own at which they are an agent. */
  readonly desks?: readonly string[]
}

export const people = {
  admin: { name: 'Ada', role: 'admin' },
  viewer: { name: 'Vera', role: 'viewer' },
  agent: { name: 'Ana', role: 'agent', desks: ['people'] },
} as const satisfies Record<string, Person>

export interface ConsoleVisit {
  readonly page: Page
  readonly troubles: Troubles
  close(): Promise<void>
}

export interface ConsoleStage {
  readonly hub: Running
  readonly url: string
  /** A page in a browser of its own, signed in unless `who` is undefined. */
  visit(who: Person | undefined, path: string, look?: BrowserContextOptions): Promise<ConsoleVisit>
  /** The cookie header of somebody who has signed in, for asking the API as them. */
  cookieOf(who: Person): Promise<string>
  /** Closes every page, and returns all their troubles. */
  clear(): Promise<string[]>
  close(): Promise<void>
}

const seat = { skills: [], languages: [], capacity: 4 }

export async function aConsole(options: RunOptions = {}): Promise<ConsoleStage> {
  const [hub, browser] = await Promise.all([aRunningApp({ isSandbox: true, ...options }), openBrowser()])
  await mkdir(pictures, { recursive: true })
  const { pool } = hub.database
  const visits = new Set<ConsoleVisit>()
  const secretOf = async ({ name, role, desks = [] }: Person) => {
    const email = `${name.toLowerCase()}@team.example`
    const seats = Object.fromEntries(desks.map((desk) => [desk, seat]))
    const user = (await addUser(pool, { name, email, role, desks: seats })) ?? (await findByEmail(pool, email))
    return beginSession(pool, user!.id)
  }
  const name = `baton-${new URL(hub.url).port}`
  return {
    hub,
    url: hub.url,
    cookieOf: async (who) => `${name}=${await secretOf(who)}`,
    async visit(who, path, look = {}) {
      const visit = await open(browser, hub.url, who?.name ?? 'nobody', look, who && [name, await secretOf(who)])
      visits.add(visit)
      await visit.page.goto(path)
      return visit
    },
    async clear() {
      const seen = [...visits].flatMap(({ troubles }) => troubles.list)
      await Promise.all([...visits].map((visit) => visit.close()))
      visits.clear()
      return seen
    },
    async close() {
      await browser.close()
      await hub.stop()
    },
  }
}

async function open(
  browser: Browser,
  url: string,
  who: string,
  look: BrowserContextOptions,
  cookie: readonly [string, string] | undefined,
): Promise<ConsoleVisit> {
  const context = await browser.newContext({
    baseURL: url,
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    reducedMotion: 'reduce',
    viewport: { width: 1280, height: 720 },
    ...look,
  })
  context.setDefaultTimeout(patienceMs)
  if (cookie) await context.addCookies([{ name: cookie[0], value: cookie[1], url, httpOnly: true, sameSite: 'Strict' }])
  const troubles = await watch(context, who, url)
  const page = await context.newPage()
  return { page, troubles, close: () => context.close() }
}

/** What of a page a person with a disability cannot use, in one line each: serious and critical only. */
export async function axe(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    // What is right is not described: that takes longer than to find what is wrong.
    .options({ resultTypes: ['violations'] })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    // In the page itself; otherwise each look opens another one. No page of ours has frames of other sites.
    .setLegacyMode()
    .analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`))
}

export const phone = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true } as const
export const dark = { colorScheme: 'dark' } as const

/** Into `test/screens/`, for people to look at. */
export const picture = (page: Page, name: string): Promise<unknown> =>
  page.screenshot({ path: `${pictures}console-${name}.png` })

export { overflowOf, patienceMs }
