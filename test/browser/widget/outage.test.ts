/** What is typed is never lost: files, broken uploads, a hub that is away, a second click on a slow line. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { anAgent } from '../agent.ts'
import { aCable, type Cable } from '../cable.ts'
import { explainSkip, missing } from '../chromium.ts'
import { photo } from '../photo.ts'
import { patienceMs, type Stage } from '../stage.ts'
import { aSite, atSite, aWidgetStage, type Chat, type Site } from './site.ts'

explainSkip()

const eventually = <T>(read: () => T) => expect.poll(read, { timeout: patienceMs })

describe.skipIf(missing !== undefined)('nothing is lost', { timeout: 180_000 }, () => {
  let stage: Stage
  let cable: Cable
  let site: Site
  beforeAll(async () => {
    stage = await aWidgetStage({ title: 'Acme' })
    cable = await aCable(stage.url)
    site = await aSite(cable.url)
  })
  afterEach(async () => {
    cable.plugIn()
    expect(await stage.clear(), 'what pages complained of').toEqual([])
  })
  afterAll(async () => {
    await cable?.close()
    await site?.close()
    await stage?.close()
  })

  const visit = async (): Promise<Chat> => {
    const chat = await atSite(stage, site, { others: [cable.url] })
    await chat.open()
    await chat.say('When are you open?')
    await chat.sees('The shop in Harbour Street')
    return chat
  }
  const talk = async () => {
    const ana = await anAgent(stage)
    const chat = await visit()
    await chat.say('I want to talk to a person')
    await chat.sees('You are in line')
    await ana.accept()
    await chat.page.getByText('You are talking with Ana').waitFor()
    return { ana, chat }
  }
  const picker = ({ page }: Chat) => page.locator('input[type=file]')

  test('a photo shows at the agent; too large a file is refused before it is sent, with the reason', async () => {
    const { ana, chat } = await talk()
    await picker(chat).setInputFiles({ name: 'sleeve.png', mimeType: 'image/png', buffer: photo(2_000) })
    await chat.page.getByRole('img', { name: 'sleeve.png' }).waitFor()
    await ana.page.getByText('sleeve.png').or(ana.page.getByAltText('sleeve.png')).first().waitFor()
    const sent: string[] = []
    chat.page.on('request', (request) => request.url().endsWith('/files') && sent.push(request.url()))
    await picker(chat).setInputFiles({ name: 'film.png', mimeType: 'image/png', buffer: photo(11_000_000) })
    await chat.page.getByText('“film.png” is too large. At most 10 MB.').waitFor()
    await picker(chat).setInputFiles({ name: 'tool.exe', mimeType: 'application/x-msdownload', buffer: photo(10) })
    await chat.page.getByText('“tool.exe” cannot be sent.').waitFor()
    expect(sent).toEqual([])
    await chat.page.getByRole('button', { name: 'Remove “film.png”' }).click()
    await chat.page.getByText('is too large').waitFor({ state: 'detached' })
  })

  test('an upload that was cut off is tried again, and arrives once', async () => {
    const { ana, chat } = await talk()
    chat.troubles.expectOffline()
    cable.pull()
    await picker(chat).setInputFiles({ name: 'sleeve.png', mimeType: 'image/png', buffer: photo(500_000) })
    await chat.page.getByText('“sleeve.png” was not sent.').waitFor()
    cable.plugIn()
    await chat.page.getByRole('button', { name: 'Try again' }).click()
    await chat.page.getByRole('img', { name: 'sleeve.png' }).waitFor()
    await ana.page.getByText('sleeve.png').or(ana.page.getByAltText('sleeve.png')).first().waitFor()
    expect(await chat.page.getByRole('img', { name: 'sleeve.png' }).count()).toBe(1)
  })

  test('while the hub is away one writes, and reloads; when it is back, everything arrives once and in order', async () => {
    const { ana, chat } = await talk()
    const { page } = chat
    chat.troubles.expectOffline()
    cable.pull()
    for (const text of ['one', 'two', 'three']) await chat.say(text)
    await ana.reply('Are you there?')
    await page.getByText('You are offline').waitFor()
    await eventually(() => page.getByText('Sending…').count()).toBe(3)
    await chat.box.fill('not sent yet')
    await page.reload()
    await eventually(() => page.getByText('Sending…').count()).toBe(3)
    expect(await chat.box.inputValue()).toBe('not sent yet')
    cable.plugIn()
    const talked = async () => (await chat.rows()).slice(-4)
    await eventually(talked).toEqual(['Are you there?', 'one', 'two', 'three'])
    await eventually(() => page.getByText('Sending…').count()).toBe(0)
    await eventually(async () => (await ana.said()).slice(-4).map(({ text }) => text)).toEqual([
      'Are you there?',
      'one',
      'two',
      'three',
    ])
    await page.getByText('You are talking with Ana').waitFor()
  })

  test('a page that slept until its line had died says how things are, and goes on', async () => {
    const { ana, chat } = await talk()
    const { page } = chat
    await page.clock.install()
    cable.forget()
    await ana.giveAway('Resolve', 'Resolve')
    // What it was told meanwhile has gone nowhere.
    await page.getByText('You are talking with Ana').waitFor()
    await page.clock.fastForward(60_000)
    await page.evaluate(() => document.dispatchEvent(new Event('resume')))
    await page.getByText('This conversation is closed.').waitFor()
    await chat.say('When are you open?')
    await eventually(async () => (await chat.rows()).at(-1)).toContain('The shop in Harbour Street')
  })

  test('a second click on Send makes no second message', async () => {
    const { ana, chat } = await talk()
    chat.troubles.expectOffline()
    cable.pull()
    await chat.box.fill('only once')
    await chat.page.getByRole('button', { name: 'Send', exact: true }).dblclick()
    await chat.box.press('Enter')
    await eventually(() => chat.page.getByText('Sending…').count()).toBe(1)
    cable.plugIn()
    await chat.page.getByText('Sending…').waitFor({ state: 'detached' })
    await ana.sees('only once')
    expect((await chat.rows()).filter((text) => text === 'only once')).toHaveLength(1)
    expect((await ana.said()).filter(({ text }) => text === 'only once')).toHaveLength(1)
  })
})
