/** One hub with the demo's configuration and one browser, for all journeys of a file. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { startApp } from '../../src/app.ts'
import { type Config, loadConfig } from '../../src/config.ts'
import { freePort } from '../../src/postgres/server.ts'
import { aDatabase } from '../engines.ts'
import { aCable } from './cable.ts'
import { openBrowser } from './chromium.ts'
import { type Troubles, watch } from './troubles.ts'

export interface Stage {
  readonly url: string
  /** A page in a browser of its own: nothing is shared with any other. */
  visit(who: string, path: string, look?: Look): Promise<Visit>
  /** What the hub's API answers to staff. */
  ask<T>(path: string): Promise<T>
  /** Closes every page and returns all their troubles. */
  clear(): Promise<string[]>
  close(): Promise<void>
}

export interface Look extends BrowserContextOptions {
  /** Has a network of its own, which `offline` takes away. */
  readonly hasCable?: boolean
}

export interface Visit {
  readonly page: Page
  readonly troubles: Troubles
  offline(isOffline: boolean): Promise<void>
  close(): Promise<void>
}

const demo = fileURLToPath(new URL('../../config/demo.yaml', import.meta.url))

export async function aStage(surveyDelayMs = 1000): Promise<Stage> {
  const database = await aDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'baton-browser-'))
  const env = {
    DATABASE_URL: database.url,
    BATON_DATA_DIR: dataDir,
    BATON_PORT: String(await freePort()),
    BATON_LOG: 'silent',
  }
  const app = await startApp(hurry(await loadConfig(demo, env), surveyDelayMs), { env, isSandbox: true })
  const browser = await openBrowser()
  const visits = new Set<Visit>()

  return {
    url: app.url,
    async visit(who, path, look = {}) {
      const visit = await open(browser, app.url, who, look)
      visits.add(visit)
      await visit.page.goto(path)
      return visit
    },
    async ask(path) {
      const answer = await fetch(app.url + path, { headers: { authorization: `Bearer ${app.token}` } })
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
      return (await answer.json()) as never
    },
    async clear() {
      const seen = [...visits].flatMap(({ troubles }) => troubles.list)
      await Promise.all([...visits].map((visit) => visit.close()))
      visits.clear()
      return seen
    },
    async close() {
      await browser.close()
      await app.stop()
      await database.drop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** The demo's own wait before the survey is half a minute: right for people, too long for a test. */
const hurry = (config: Config, surveyDelayMs: number): Config => ({
  ...config,
  mappings: config.mappings.map((mapping) => ({ ...mapping, limits: { ...mapping.limits, surveyDelayMs } })),
})

async function open(browser: Browser, hub: string, who: string, { hasCable, ...look }: Look): Promise<Visit> {
  const cable = hasCable ? await aCable(hub) : undefined
  const home = cable?.url ?? hub
  const context = await browser.newContext({
    baseURL: home,
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    reducedMotion: 'reduce',
    ...look,
  })
  context.setDefaultTimeout(15_000)
  const troubles = await watch(context, who, home)
  const page = await context.newPage()
  return {
    page,
    troubles,
    async offline(isOffline) {
      if (!cable) throw new Error('Only a visit with a cable can go offline')
      if (!isOffline) return cable.plugIn()
      troubles.expectOffline()
      cable.pull()
    },
    async close() {
      await context.close()
      await cable?.close()
    },
  }
}
