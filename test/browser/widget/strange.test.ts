/** Pages that are hard on whatever is put on them: forbidding policies, hostile styles, right to left, a phone. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { explainSkip, missing } from '../chromium.ts'
import { phone } from '../console/stage.ts'
import { patienceMs, type Stage } from '../stage.ts'
import { aSite, atSite, aWidgetStage, type SitePage } from './site.ts'

explainSkip()

const hostileStyles = `<style>
* { transform: rotate(2deg) scale(.9) !important; font-size: 40px !important; color: red !important; letter-spacing: 9px !important;
  text-transform: uppercase !important; opacity: .4 !important; filter: blur(2px) !important; visibility: hidden !important;
  background: yellow !important; margin: 30px !important; border: 5px solid !important; line-height: 3 !important;
  max-width: 50px !important; overflow: hidden !important; pointer-events: none !important; z-index: -1 !important;
  text-align: right !important; white-space: nowrap !important; font-family: cursive !important; text-indent: 50px !important }
div { display: none !important }
dialog, button, textarea { display: none !important }
[popover] { position: static !important; display: none !important; width: 9px !important }
html { transform: translate(90px, 200px) !important }
body { transform: scale(.3) !important; position: relative !important; height: 3000px }
.cover { position: fixed !important; inset: 0 !important; z-index: 2147483647 !important; display: block !important; visibility: visible !important; pointer-events: auto !important }
</style>`
const cover = '<div class="cover"></div>'

/** Where things of the chat are and how they look. */
const looksOf = (page: Page) =>
  page.evaluate(() => {
    const root = document.querySelector('[data-baton]')!.shadowRoot!
    const names = [
      '.root',
      '.launcher',
      '.panel',
      '.head',
      '.title',
      '.status',
      '.log',
      '.bubble',
      '.composer',
      'textarea',
    ]
    return names.map((name) => {
      const one = root.querySelector(name)!
      const { x, y, width, height } = one.getBoundingClientRect()
      const style = getComputedStyle(one)
      const looks = ['fontSize', 'fontFamily', 'color', 'backgroundColor', 'letterSpacing', 'textTransform', 'opacity']
      const more = [
        'transform',
        'display',
        'visibility',
        'lineHeight',
        'textAlign',
        'whiteSpace',
        'textIndent',
        'filter',
      ]
      return [name, [x, y, width, height].map(Math.round), ...[...looks, ...more].map((look) => style[look as 'color'])]
    })
  })

/** What a person touches at the middle of it. */
const isOnTop = (page: Page, name: string) =>
  page.evaluate((one) => {
    const host = document.querySelector('[data-baton]')!
    const element = host.shadowRoot!.querySelector(one)!
    const { x, y, width, height } = element.getBoundingClientRect()
    const found = host.shadowRoot!.elementFromPoint(x + width / 2, y + height / 2)
    return found !== null && (element === found || element.contains(found))
  }, name)

describe.skipIf(missing !== undefined)('the chat on a strange page', { timeout: 120_000 }, () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await aWidgetStage({ title: 'Acme' })
  })
  afterEach(async () => {
    expect(await stage.clear(), 'what pages complained of').toEqual([])
  })
  afterAll(() => stage?.close())

  const visit = async (html: SitePage, look = {}) => {
    const site = await aSite(stage.url, html)
    const chat = await atSite(stage, site, look)
    return { ...chat, chat, site }
  }

  test('looks as on any other page, whatever the page’s styles are', async () => {
    const plain = await visit({})
    const strange = await visit({ head: hostileStyles, body: cover })
    for (const { chat } of [plain, strange]) {
      await chat.open()
      await chat.say('When are you open?')
      await chat.sees('The shop in Harbour Street')
    }
    const { page } = strange
    for (const name of ['.launcher', '.composer', '.bubble']) expect(await isOnTop(page, name), name).toBe(true)
    const expected = await looksOf(plain.page)
    await expect.poll(() => looksOf(page), { timeout: patienceMs }).toEqual(expected)
    const corner = await page.getByRole('button', { name: 'Close chat' }).last().boundingBox()
    const size = page.viewportSize()!
    expect(Math.round(size.width - corner!.x - corner!.width)).toBe(20)
    expect(Math.round(size.height - corner!.y - corner!.height)).toBe(20)
    for (const { site } of [plain, strange]) await site.close()
  })

  test('needs no more than its policy has to give, and leaves nothing behind before it is opened', async () => {
    const { origin, host } = new URL(stage.url)
    const policy = `default-src 'none'; script-src ${origin}; connect-src ${origin} ws://${host}; img-src ${origin}; require-trusted-types-for 'script'; trusted-types 'none'`
    const site = await aSite(stage.url, { headers: { 'content-security-policy': policy } })
    const visit = await stage.visit('customer', 'about:blank', { others: [site.url] })
    const { page } = visit
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    page.on('websocket', (socket) => asked.push(socket.url().replace('ws', 'http')))
    await page.addInitScript(() => Object.assign(window, { before: new Set(Object.getOwnPropertyNames(window)) }))
    const chat = await atSite(stage, site)
    await chat.close()
    await page.goto(site.url)
    const launcher = page.getByRole('button', { name: 'Open chat' })
    await launcher.waitFor()
    const added = await page.evaluate(() => {
      const { before } = window as unknown as { before: Set<string> }
      return Object.getOwnPropertyNames(window).filter(
        (name) => !before.has(name) && !['before', 'reportViolation', 'more'].includes(name),
      )
    })
    expect(added).toEqual(['Baton'])
    const ofTheHub = asked.filter((url) => url.startsWith(origin)).map((url) => new URL(url).pathname)
    // The script with its one part and its words in one language, and the settings.
    expect(ofTheHub.map((path) => path.replace(/-[\w-]{8}\.js$/, '')).toSorted()).toEqual([
      '/hooks/site/config',
      '/widget.js',
      '/widget/en',
      '/widget/start',
    ])
    expect(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie])).toEqual([0, 0, ''])
    await launcher.click()
    const box = page.getByRole('textbox', { name: 'Write a message' })
    await box.fill('When are you open?')
    await box.press('Enter')
    await page.locator('.log .row', { hasText: 'The shop in Harbour Street' }).waitFor()
    expect(await page.context().cookies()).toEqual([])
    await page.evaluate(() =>
      (window as unknown as { Baton: { remove(how: object): void } }).Baton.remove({ forget: true }),
    )
    await expect
      .poll(() => page.evaluate(() => [localStorage.length, document.querySelector('[data-baton]'), 'Baton' in window]))
      .toEqual([0, null, false])
    await site.close()
  })

  test('can be put into a frame by a site that may embed it', async () => {
    const frame = `<iframe src="${stage.url}/chat/site" title="Help" width="400" height="500"></iframe>`
    const { page, site } = await visit({ body: frame })
    const chat = page.frameLocator('iframe[title=Help]')
    await chat.getByRole('textbox', { name: 'Write a message' }).fill('When are you open?')
    await chat.getByRole('button', { name: 'Send', exact: true }).click()
    await chat.locator('.log .row', { hasText: 'The shop in Harbour Street' }).waitFor()
    await site.close()
  })

  test('sits at the other corner where text runs from right to left', async () => {
    const { chat, page, site } = await visit({ lang: 'ar', dir: 'rtl' })
    const launcher = page.getByRole('button', { name: /^فتح المحادثة/ })
    await launcher.waitFor()
    expect(Math.round((await launcher.boundingBox())!.x)).toBe(20)
    await launcher.click()
    await chat.panel.waitFor()
    expect(Math.round((await chat.panel.boundingBox())!.x)).toBe(20)
    expect(await chat.panel.evaluate((one) => getComputedStyle(one).direction)).toBe('rtl')
    await site.close()
  })

  test('fills a phone, and the page behind is out of reach', async () => {
    const { chat, page, site } = await visit({}, phone)
    await chat.open()
    expect(await chat.panel.boundingBox()).toEqual({ x: 0, y: 0, ...phone.viewport })
    const { y, height } = (await chat.box.boundingBox())!
    expect(y + height).toBeLessThanOrEqual(phone.viewport.height)
    expect(await chat.box.evaluate((one) => Number.parseFloat(getComputedStyle(one).fontSize))).toBeGreaterThanOrEqual(
      16,
    )
    const reach = () =>
      page.evaluate(() => {
        document.getElementById('more')!.focus()
        return document.activeElement?.id
      })
    expect(await reach()).not.toBe('more')
    for (let pressed = 0; pressed < 8; pressed++) {
      await page.keyboard.press('Tab')
      expect(await page.evaluate(() => document.activeElement?.id)).not.toBe('more')
    }
    await page.keyboard.press('Escape')
    await chat.panel.waitFor({ state: 'hidden' })
    expect(await chat.launcher.evaluate((one) => one === (one.getRootNode() as ShadowRoot).activeElement)).toBe(true)
    expect(await reach()).toBe('more')
    await site.close()
  })

  test('can be used at four times the size: it scrolls in one direction', async () => {
    const { chat, page, site } = await visit({}, { viewport: { width: 320, height: 256 } })
    await chat.open()
    await chat.say('I want to send back a jumper, how do I do that?')
    await chat.sees('30 days')
    const log = page.locator('.log')
    const wider = await page.evaluate(() =>
      [...document.querySelector('[data-baton]')!.shadowRoot!.querySelectorAll('.panel *')].flatMap((one) => {
        const { left, right } = one.getBoundingClientRect()
        return left < 0 || right > innerWidth ? [`${one.localName}.${one.className}`] : []
      }),
    )
    expect(wider, 'wider than the window').toEqual([])
    expect((await log.boundingBox())!.height).toBeGreaterThan(60)
    const { y, height } = (await chat.box.boundingBox())!
    expect(y + height).toBeLessThanOrEqual(256)
    await site.close()
  })
})
