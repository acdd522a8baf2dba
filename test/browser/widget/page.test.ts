/** What the page that carries the chat may decide and tell: language, colours, and what it knows of its visitor. */
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { anAgent } from '../agent.ts'
import { explainSkip, missing } from '../chromium.ts'
import { patienceMs, type Stage } from '../stage.ts'
import { aSite, atSite, aWidgetStage, type SitePage } from './site.ts'

explainSkip()

const folder = fileURLToPath(new URL('../../screens/', import.meta.url))

const eventually = <T>(read: () => T) => expect.poll(read, { timeout: patienceMs })
const set = (page: Page, details: object) =>
  page.evaluate(
    (given) => (window as unknown as { Baton: { set(given: object): Promise<void> } }).Baton.set(given),
    details,
  )

describe.skipIf(missing !== undefined)('the page of the chat', { timeout: 120_000 }, () => {
  let stage: Stage
  beforeAll(async () => {
    await mkdir(folder, { recursive: true })
    stage = await aWidgetStage({ title: 'Acme' })
  })
  afterEach(async () => {
    expect(await stage.clear(), 'what pages complained of').toEqual([])
  })
  afterAll(() => stage?.close())

  const visit = async (html: SitePage, look = {}, language: 'en' | 'ar' = 'en') => {
    const site = await aSite(stage.url, html)
    const chat = await atSite(stage, site, look, language)
    await chat.page.waitForFunction(() => 'Baton' in window)
    return { chat, page: chat.page, close: () => site.close() }
  }
  const theCustomer = async () => {
    const { conversations } = await stage.ask<{ conversations: { id: number }[] }>('/api/v1/conversations')
    const newest = Math.max(...conversations.map(({ id }) => id))
    return (await stage.ask<{ conversation: { customer: object } }>(`/api/v1/conversations/${newest}`)).conversation
      .customer
  }

  test('what it knows of the visitor reaches the agent, as said by the page', async () => {
    const ana = await anAgent(stage)
    const { chat, page, close } = await visit({})
    await chat.launcher.waitFor()
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    await set(page, { name: 'Lena Fischer', email: 'lena@example.com', facts: { Page: '/cart', Items: 3 } })
    // Nobody has said anything: the hub is told nothing.
    expect([asked, await page.evaluate(() => localStorage.length)]).toEqual([[], 0])
    await chat.open()
    await chat.say('I want to talk to a person')
    await chat.sees('You are in line')
    await set(page, { facts: { Page: '/checkout' } })
    const facts = { 'Page (not verified)': '/checkout', 'Items (not verified)': '3' }
    await eventually(theCustomer).toMatchObject({ name: 'Lena Fischer', email: 'lena@example.com', facts })
    await ana.accept()
    await ana.page
      .getByRole('heading', { name: /Lena Fischer/ })
      .or(ana.page.getByText('Lena Fischer'))
      .first()
      .waitFor()
    const tab = ana.page.getByRole('tab', { name: 'Customer' })
    if ((await tab.count()) > 0) await tab.click()
    const context = ana.page.getByRole('complementary', { name: 'Context' })
    await context.getByText('Not verified').first().waitFor()
    await context.getByText('Items (not verified)').waitFor()
    await close()
  })

  test('a mistake in it is told to whoever builds the page, and costs the customer nothing', async () => {
    const { chat, page, close } = await visit({})
    chat.troubles.expect(/Baton\.set|status of 400/)
    const told: string[] = []
    page.on('console', (message) => told.push(message.text()))
    await set(page, { name: { first: 'Lena' } })
    await chat.open()
    await chat.say('When are you open?')
    await chat.sees('The shop in Harbour Street')
    await eventually(() => told.join('\n')).toContain('Baton.set: name: found')
    await close()
  })

  test('it decides the language, also of what the hub says; so does what it sets later', async () => {
    await anAgent(stage)
    const { chat, page, close } = await visit({ tag: 'data-lang="de"' })
    await page.getByRole('button', { name: 'Chat öffnen' }).click()
    const box = page.getByRole('textbox', { name: 'Nachricht schreiben' })
    await box.fill('xylophone quux')
    await box.press('Enter')
    await page.getByRole('button', { name: 'Hier weitermachen' }).click()
    await chat.sees('Gut, machen wir weiter.')
    await set(page, { language: 'pt-BR' })
    await eventually(theCustomer).toMatchObject({ language: 'pt-BR' })
    await box.fill('I want to talk to a person')
    await box.press('Enter')
    await chat.sees('Está na fila.')
    await close()
  })

  test('its own looks are those of the chat, where it names them', async () => {
    const looks = {
      accent: 'rgb(90, 30, 120)',
      'on-accent': 'rgb(255, 250, 240)',
      bg: 'rgb(255, 253, 245)',
      text: 'rgb(40, 20, 10)',
      muted: 'rgb(90, 70, 60)',
      line: 'rgb(200, 190, 180)',
      bubble: 'rgb(240, 230, 220)',
      own: 'rgb(20, 60, 100)',
      'on-own': 'rgb(250, 250, 250)',
      font: 'Georgia, serif',
      radius: '3px',
      inset: '48px',
    }
    const style = Object.entries(looks).map(([name, value]) => `--baton-${name}: ${value};`)
    const { chat, page, close } = await visit({ head: `<style>:root { ${style.join(' ')} }</style>` })
    await chat.open()
    await chat.say('When are you open?')
    await chat.sees('The shop in Harbour Street')
    const lookOf = (name: string, ...wanted: string[]) =>
      page
        .locator(name)
        .last()
        .evaluate((one, all) => all.map((look) => getComputedStyle(one)[look as 'color']), wanted)
    expect(await lookOf('.launcher', 'backgroundColor', 'color')).toEqual([looks.accent, looks['on-accent']])
    expect(await lookOf('.panel', 'backgroundColor', 'borderTopColor', 'fontFamily', 'borderTopLeftRadius')).toEqual([
      looks.bg,
      looks.line,
      looks.font,
      looks.radius,
    ])
    expect(await lookOf('.own .bubble', 'backgroundColor', 'color')).toEqual([looks.own, looks['on-own']])
    expect(await lookOf('.bot .bubble', 'backgroundColor', 'color', 'borderBottomLeftRadius')).toEqual([
      looks.bubble,
      looks.text,
      looks.radius,
    ])
    expect(await lookOf('.meta', 'color')).toEqual([looks.muted])
    const size = page.viewportSize()!
    const { x, width } = (await page.locator('.launcher').boundingBox())!
    expect(Math.round(size.width - x - width)).toBe(48)
    expect(Math.round((await chat.panel.boundingBox())!.y)).toBe(48)
    if (process.env.SCREENS) await page.screenshot({ path: `${folder}widget-own-looks.png` })
    await close()
  })

  test.each(['light', 'dark'] as const)('it decides for %s, against its own and the machine’s', async (theme) => {
    const other = theme === 'light' ? 'dark' : 'light'
    const head = `<style>:root { color-scheme: ${other} }</style>`
    const { chat, page, close } = await visit({ head, tag: `data-theme="${theme}"` }, { colorScheme: other })
    await chat.open()
    const ground = () => chat.panel.evaluate((panel) => getComputedStyle(panel).backgroundColor)
    expect(await ground()).toBe(theme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(22, 27, 30)')
    // Without the attribute the page's own colours count, not the machine's.
    await page.locator('[data-baton]').evaluate((host) => {
      delete (host.shadowRoot!.querySelector('.root') as HTMLElement).dataset.theme
    })
    expect(await ground()).toBe(theme === 'light' ? 'rgb(22, 27, 30)' : 'rgb(255, 255, 255)')
    await close()
  })
})
