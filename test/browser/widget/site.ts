/** A company's own site, elsewhere than the hub, with the chat's script tag on it; and the chat there as a person uses it. */
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Locator, Page } from 'playwright-core'
import ar from '../../../console/widget/words/ar.ts'
import en from '../../../console/widget/words/en.ts'
import { aStage, type Look, type Stage, type Visit } from '../stage.ts'

export interface Site {
  readonly url: string
  close(): Promise<void>
}

export interface SitePage {
  readonly lang?: string
  readonly dir?: string
  /** Attributes of the script tag besides its address and connection. */
  readonly tag?: string
  readonly head?: string
  readonly body?: string
  /** Headers the page is sent with. */
  readonly headers?: Record<string, string>
}

export async function aSite(
  hub: string,
  { lang = 'en', dir = 'ltr', tag = '', head = '', body = '', headers = {} }: SitePage = {},
): Promise<Site> {
  const html = `<!doctype html>
<html lang="${lang}" dir="${dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Acme</title>
${head}
<script src="${hub}/widget.js" data-connection="site" ${tag} async></script>
</head>
<body><main><h1>Acme</h1><p><button id="more">More of it</button></p>${body}</main></body>
</html>`
  const server = createServer((request, response) => {
    if (request.url !== '/') return void response.writeHead(204).end()
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(html)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

const faq = fileURLToPath(new URL('../../../config/demo/faq', import.meta.url))

/** The demo's hub, whose chat every site may embed. `chat` is added to its settings, `mapping` to those of its mapping. */
export async function aWidgetStage(chat: object = {}, surveyDelayMs = 1000, mapping: object = {}): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-widget-'))
  const stage = await aStage(surveyDelayMs, await writeWidgetConfig(folder, chat, mapping))
  await rm(folder, { recursive: true, force: true })
  return stage
}

/** Resolves to the file. */
export async function writeWidgetConfig(folder: string, chat: object = {}, mapping: object = {}): Promise<string> {
  const file = join(folder, 'baton.yaml')
  const settings = { use: 'webchat', origins: ['*'], messagesPerMinute: 600, sessionsPerMinute: 600, ...chat }
  const yaml = {
    connections: {
      site: settings,
      'first-line': { use: 'faq', folder: faq },
      people: { use: 'inbox', demo: true },
      'how-was-it': { use: 'form' },
    },
    mappings: [
      { name: 'support', channel: 'site', bot: 'first-line', desks: ['people'], survey: 'how-was-it', ...mapping },
    ],
  }
  // JSON is YAML.
  await writeFile(file, JSON.stringify(yaml))
  return file
}

export const texts = { en, ar }

export interface Chat extends Visit {
  readonly words: typeof en
  readonly launcher: Locator
  readonly panel: Locator
  readonly box: Locator
  open(): Promise<void>
  say(text: string): Promise<void>
  /** Resolves once somebody has said something that contains these words. */
  sees(text: string | RegExp): Promise<void>
  rows(): Promise<string[]>
}

/** Somebody at the chat of a site. */
export async function atSite(stage: Stage, site: Site, look: Look = {}, language: keyof typeof texts = 'en') {
  const visit = await stage.visit('customer', site.url, { ...look, others: [site.url, ...(look.others ?? [])] })
  return chatOn(visit, language)
}

/** They have asked the bot something, and read the answer. */
export async function askingAt(stage: Stage, site: Site): Promise<Chat> {
  const chat = await atSite(stage, site)
  await chat.open()
  await chat.say('How long does delivery take?')
  await chat.sees('2 to 4 working days')
  return chat
}

/** And then for a person, in whose line they are. */
export async function inLineAt(stage: Stage, site: Site): Promise<Chat> {
  const chat = await askingAt(stage, site)
  await chat.say('I want to talk to a person')
  await chat.sees('You are in line')
  return chat
}

export function chatOn(visit: Visit, language: keyof typeof texts = 'en'): Chat {
  const words = texts[language] as typeof en
  const { page } = visit
  const panel = page.getByRole('dialog')
  const box = page.getByRole('textbox', { name: words.placeholder })
  return {
    ...visit,
    words,
    panel,
    box,
    launcher: page.getByRole('button', { name: new RegExp(`^${words.open}`) }),
    async open() {
      await this.launcher.click()
      await panel.waitFor()
    },
    async say(text) {
      await box.fill(text)
      await box.press('Enter')
    },
    sees: (text) => page.locator('.log .row', { hasText: text }).first().waitFor(),
    rows: () => rowsOf(page),
  }
}

/** The bubbles, from top to bottom, without the greeting. */
export const rowsOf = (page: Page): Promise<string[]> =>
  page.locator('.log .bubble').evaluateAll((all) => all.slice(1).map((one) => one.textContent ?? ''))
