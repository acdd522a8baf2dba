/** One hub with the demo's configuration and one browser, for all journeys of a file. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { readAddress } from '../../src/address.ts'
import { type App, startApp } from '../../src/app.ts'
import type { Config } from '../../src/config.ts'
import { freePort } from '../../src/postgres/server.ts'
import { openSandbox } from '../../src/sandbox.ts'
import { aDatabase, type TestDatabase } from '../engines.ts'
import { aCable } from './cable.ts'
import { openBrowser } from './chromium.ts'
import { type Troubles, watch } from './troubles.ts'

/** One whose hub runs in the test's own process. */
export interface OpenStage extends Stage {
  readonly app: App
  readonly database: TestDatabase
}

export interface Stage {
  readonly url: string
  /** A page in a browser of its own: nothing is shared with any other. */
  visit(who: string, path: string, look?: Look): Promise<Visit>
  /** What the hub's API answers to staff. */
  ask<T>(path: string): Promise<T>
  /** Closes every page, ends what a journey left open, and returns all troubles of the pages. */
  clear(): Promise<string[]>
  close(): Promise<void>
}

export interface Look extends BrowserContextOptions {
  /** Has a network of its own, which `offline` takes away. */
  readonly hasCable?: boolean
  /** Other origins that its pages may ask. */
  readonly others?: readonly string[]
}

export interface Visit {
  readonly page: Page
  readonly troubles: Troubles
  offline(isOffline: boolean): Promise<void>
  close(): Promise<void>
}

/** For a machine that does ten other things; nothing here measures time. */
export const patienceMs = 30_000

const demo = fileURLToPath(new URL('../../config/demo.yaml', import.meta.url))

/** Vendors of the configuration are played by their twins, as in the sandbox. */
export async function aStage(surveyDelayMs = 1000, file = demo): Promise<OpenStage> {
  const database = await aDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'baton-browser-'))
  const env = {
    DATABASE_URL: database.url,
    BATON_DATA_DIR: dataDir,
    BATON_PORT: String(await freePort()),
    BATON_LOG: 'silent',
  }
  const { config, twins, close } = await openSandbox(file, env, readAddress(env).url)
  const app = await startApp(hurry(config, surveyDelayMs), { env, isSandbox: true, twins })
  const { leave, ...visits } = await openVisits(app)
  return {
    app,
    database,
    ...visits,
    async close() {
      await leave()
      await app.stop()
      await close()
      await database.drop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** A browser for visits to a hub, however that one runs. `leave` closes it. */
export async function openVisits(hub: Pick<App, 'url' | 'token'>) {
  const browser = await openBrowser()
  const visits = new Set<Visit>()
  return {
    url: hub.url,
    async visit(who: string, path: string, look: Look = {}): Promise<Visit> {
      const visit = await open(browser, hub.url, who, look)
      visits.add(visit)
      await visit.page.goto(path)
      return visit
    },
    ask: <T>(path: string): Promise<T> => call(hub, path),
    async clear(): Promise<string[]> {
      const seen = [...visits].flatMap(({ troubles }) => troubles.list)
      await Promise.all([...visits].map((visit) => visit.close()))
      visits.clear()
      await endAll(hub)
      return seen
    },
    leave: () => browser.close(),
  }
}

/** A journey that failed half-way must not ring at the agent of the next one. */
async function endAll(app: Pick<App, 'url' | 'token'>): Promise<void> {
  const { conversations } = await call<{ conversations: { id: number; control: string }[] }>(
    app,
    '/api/v1/conversations',
  )
  const open = conversations.filter(({ control }) => control === 'waiting' || control === 'agent')
  for (const { id } of open) {
    await call(app, `/api/v1/conversations/${id}/commands`, { do: 'end', outcome: 'resolved' })
  }
}

async function call<T>(app: Pick<App, 'url' | 'token'>, path: string, body?: object): Promise<T> {
  const answer = await fetch(app.url + path, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${app.token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    body: body && JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}

/** The demo's own wait before the survey is half a minute: right for people, too long for a test. */
const hurry = (config: Config, surveyDelayMs: number): Config => ({
  ...config,
  mappings: config.mappings.map((mapping) => ({ ...mapping, limits: { ...mapping.limits, surveyDelayMs } })),
})

async function open(
  browser: Browser,
  hub: string,
  who: string,
  { hasCable, others = [], ...look }: Look,
): Promise<Visit> {
  const cable = hasCable ? await aCable(hub) : undefined
  const home = cable?.url ?? hub
  const context = await browser.newContext({
    baseURL: home,
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    reducedMotion: 'reduce',
    ...look,
  })
  context.setDefaultTimeout(patienceMs)
  const troubles = await watch(context, who, home, ...others)
  const page = await context.newPage()
  return {
    page,
    troubles,
    async offline(isOffline) {
      if (!cable) throw new Error('Only a visit with a cable can go offline')
      if (isOffline) {
        troubles.expectOffline()
        cable.pull()
      } else cable.plugIn()
      // The browser's own switch leaves open sockets alone, but tells the page, as a network that comes back does.
      await context.setOffline(isOffline)
    },
    async close() {
      await context.close()
      await cable?.close()
    },
  }
}
