/** Files that an agent sends: chosen, pasted, dropped; checked, carried, tried again; and each of them arrives once. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { anAgent } from '../agent.ts'
import { aCustomer, says } from '../customer.ts'
import { hostileFileName } from '../hostile.ts'
import { boxOf, focusOf } from '../inbox-gear.ts'
import { photo } from '../photo.ts'
import { aStage, type Look, type OpenStage, patienceMs } from '../stage.ts'
import { axe, dark, explain, missing, phone, picture } from './stage.ts'

explain()

const pdf = { name: 'terms.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7 thirty days') }
const sleeve = (bytes = 2_000) => ({ name: 'sleeve.png', mimeType: 'image/png', buffer: photo(bytes) })

describe.skipIf(missing !== undefined)('files of agents', { timeout: 240_000 }, () => {
  let stage: OpenStage
  beforeAll(async () => {
    stage = await aStage()
  })
  afterEach(async () => {
    expect(await stage.clear(), 'what pages complained of').toEqual([])
  })
  afterAll(() => stage?.close())

  const eventually = <T>(read: () => T) => expect.poll(read, { timeout: patienceMs })
  const talk = async (look: Look = {}) => {
    const [ana, customer] = [await anAgent(stage, 'Ana', look), await aCustomer(stage)]
    await customer.joinTheLine()
    await ana.accept()
    await customer.sees('Ana has joined')
    const { page } = ana
    const files = page.getByRole('list', { name: 'Files of this reply' })
    return {
      ana,
      customer,
      page,
      files,
      picker: page.locator('input[type=file]'),
      stands: (name: string) => files.getByRole('button', { name: `Take out ${name}` }).waitFor(),
      send: () => page.getByRole('button', { name: /^Send to/ }).click(),
    }
  }
  const hasLoaded = (page: Page, name: string) =>
    page.getByRole('img', { name }).evaluate((one) => (one as HTMLImageElement).naturalWidth > 0)

  test('a photo and a PDF stand in the reply until it is sent; the customer sees the one and can open the other', async () => {
    const { ana, customer, page, files, stands, send } = await talk()
    const button = page.getByRole('button', { name: 'Attach files' })
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button.press('Enter')])
    await chooser.setFiles([sleeve(), pdf])
    await Promise.all([stands('sleeve.png'), stands('terms.pdf')])
    await page.getByRole('status').filter({ hasText: 'Attached: sleeve.png, terms.pdf' }).waitFor({ state: 'attached' })
    expect(await customer.page.getByRole('img').count()).toBe(0)
    await boxOf(page).fill('Here is how it should look')
    expect(await axe(page)).toEqual([])
    await picture(page, 'inbox-files')
    await send()
    await customer.sees('Here is how it should look')
    await customer.page.getByRole('img', { name: 'sleeve.png' }).waitFor()
    await eventually(() => hasLoaded(customer.page, 'sleeve.png')).toBe(true)
    const link = customer.page.getByRole('link', { name: /terms\.pdf/ })
    expect(await link.textContent()).toMatch(/terms\.pdf\s*1 KB/)
    const got = await fetch((await link.getAttribute('href'))!)
    expect([got.headers.get('content-type'), got.headers.get('x-content-type-options')]).toEqual([
      'application/pdf',
      'nosniff',
    ])
    expect(await files.count()).toBe(0)
    await ana.sees('terms.pdf')
    await picture(customer.page, 'chat-files-of-agent')
    await page.reload()
    await ana.sees('sleeve.png')
    expect(await page.locator('.talk .said .file').count()).toBe(2)
    expect(await customer.page.getByRole('img').count()).toBe(1)
  })

  test('a file that lies at a vendor leads there, however its address looks', async () => {
    const { customer, page } = await talk()
    const ticket = page.url().split('/').at(-1)!
    const url = 'https://vendor.example/hooks/terms.pdf'
    await stage.app.hub.receive('people', [
      {
        type: 'agent-message',
        ticket,
        externalId: 'elsewhere',
        at: Date.now(),
        agent: { name: 'Ana' },
        visibility: 'public',
        message: { parts: [{ kind: 'file', name: 'terms.pdf', mime: 'application/pdf', bytes: 9, url }] },
      },
    ])
    const link = customer.page.getByRole('link', { name: /terms\.pdf/ })
    await link.waitFor()
    expect(await link.getAttribute('href')).toBe(url)
  })

  test('what is too large or of no permitted type is refused before it is sent, with the reason', async () => {
    const { ana, customer, page, files, picker, send } = await talk()
    const sent: string[] = []
    page.on('request', (request) => request.method() === 'PUT' && /\/files\//.test(request.url()) && sent.push('one'))
    await picker.setInputFiles({ name: 'film.png', mimeType: 'image/png', buffer: photo(11_000_000) })
    await files.getByRole('alert').filter({ hasText: 'Too large: at most 10.5 MB can be sent.' }).waitFor()
    await picker.setInputFiles({ name: 'tool.exe', mimeType: 'application/x-msdownload', buffer: photo(10) })
    await files.getByText('This type cannot be sent. Right is PNG, JPEG, GIF, WebP, PDF, plain text.').waitFor()
    await picture(page, 'inbox-files-refused')
    await boxOf(page).fill('No film')
    await send()
    await customer.sees('No film')
    for (const name of ['film.png', 'tool.exe']) await files.getByRole('button', { name: `Take out ${name}` }).click()
    expect(await files.count()).toBe(0)
    expect(await focusOf(page)).toBe('textarea')
    // What only the hub can see, it says.
    ana.troubles.expect(/status of 415/)
    await picker.setInputFiles({ name: 'page.png', mimeType: 'image/png', buffer: Buffer.from('<script>1</script>') })
    await files.getByText('The name ends in ".png", but the content is TXT.').waitFor()
    expect(sent).toEqual(['one'])
  })

  test('an upload that was cut off offers another try, nothing goes without it, and it arrives once', async () => {
    const { ana, customer, page, files, picker, stands, send } = await talk({ hasCable: true })
    await boxOf(page).fill('See the sleeve')
    await ana.offline(true)
    await picker.setInputFiles(sleeve(500_000))
    await files.getByText('It did not get through.').waitFor()
    await send()
    await page.getByText('sleeve.png has not arrived yet. Wait for it, or take it out.').waitFor()
    await ana.offline(false)
    await files.getByRole('button', { name: 'Retry' }).click()
    await stands('sleeve.png')
    await send()
    await customer.sees('See the sleeve')
    await customer.page.getByRole('img', { name: 'sleeve.png' }).waitFor()
    expect(await customer.page.getByRole('img').count()).toBe(1)
  })

  test('a file whose answer was lost is there once; one that a reload broke off goes on', async () => {
    const { ana, customer, page, files, picker, stands, send } = await talk()
    ana.troubles.expect(/net::ERR_FAILED/)
    const way = /\/files\/\w+$/
    await page.route(way, async (route) => {
      await route.fetch()
      await route.abort()
    })
    await picker.setInputFiles(sleeve())
    await stands('sleeve.png')
    await page.unroute(way)

    let isHeld = false
    await page.route(way, () => {
      isHeld = true
    })
    await picker.setInputFiles(pdf)
    await page.getByRole('status').filter({ hasText: 'Uploading terms.pdf' }).waitFor({ state: 'attached' })
    await eventually(() => isHeld).toBe(true)
    await page.unroute(way)
    await page.reload()
    await Promise.all([stands('sleeve.png'), stands('terms.pdf')])
    expect(await files.getByRole('listitem').count()).toBe(2)

    const elsewhere = await anAgent(stage)
    await elsewhere.page.getByRole('button', { name: /^Visitor/ }).click()
    await elsewhere.page.getByRole('button', { name: 'Take out terms.pdf' }).click()
    await eventually(() => files.getByRole('listitem').count()).toBe(1)
    await send()
    await customer.page.getByRole('img', { name: 'sleeve.png' }).waitFor()
    await eventually(() => files.count()).toBe(0)
    await elsewhere.page.getByRole('button', { name: 'Take out sleeve.png' }).waitFor({ state: 'detached' })
    expect(await customer.page.getByRole('link', { name: /terms/ }).count()).toBe(0)
  })

  test('files are dropped anywhere and pasted, but not into a note, which says why', async () => {
    const { customer, page, files, stands, send } = await talk()
    const give = (type: 'drop' | 'paste', name: string) =>
      page.evaluate(
        ([what, called]) => {
          const data = new DataTransfer()
          data.items.add(new File(['some words'], called!, { type: 'text/plain' }))
          const target = document.querySelector(what === 'drop' ? '.talk' : '.composer textarea')!
          const event =
            what === 'drop'
              ? new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })
              : new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
          target.dispatchEvent(event)
          return event.defaultPrevented
        },
        [type, name],
      )
    expect(await give('drop', 'dropped.txt')).toBe(true)
    await stands('dropped.txt')
    expect(await give('paste', 'pasted.txt')).toBe(true)
    await stands('pasted.txt')
    expect(await give('drop', hostileFileName)).toBe(true)
    await files.getByRole('button', { name: /^Take out .*and co\.txt/ }).waitFor()

    await page.getByRole('tab', { name: /Note$/ }).click()
    const button = page.getByRole('button', { name: 'Attach files' })
    expect([await button.getAttribute('aria-disabled'), await button.getAttribute('title')]).toEqual([
      'true',
      'A note carries no files.',
    ])
    expect(await give('drop', 'secret.txt')).toBe(true)
    await page.getByText('A note carries no files.').waitFor()
    expect(await files.count()).toBe(0)
    await picture(page, 'inbox-files-note')
    await page.getByRole('tab', { name: 'Reply to Visitor' }).click()
    await send()
    await customer.page.getByRole('link', { name: /dropped\.txt/ }).waitFor()
    await customer.page.getByRole('link', { name: /pasted\.txt/ }).waitFor()
    await customer.page.getByRole('link', { name: /and co\.txt/ }).waitFor()
    await customer.endsWith(says('hub', 'Ana has joined the conversation.'), says('agent', ''))
    expect(await customer.page.locator('.log img, .log script').count()).toBe(0)
    expect(await customer.page.getByText('secret.txt').count()).toBe(0)
  })

  test('on a phone and in the dark it fits, and can be used', async () => {
    const { page, picker, stands } = await talk(dark)
    await page.setViewportSize(phone.viewport)
    await picker.setInputFiles([sleeve(), { ...pdf, name: `${'long '.repeat(20)}name.pdf` }])
    await stands('sleeve.png')
    expect(await axe(page)).toEqual([])
    await picture(page, 'inbox-files-phone')
  })
})
