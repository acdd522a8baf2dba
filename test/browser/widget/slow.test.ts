/** A customer on a train: 50 kbit/s, and two seconds until an answer begins. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { anAgent } from '../agent.ts'
import { aCable, type Cable } from '../cable.ts'
import { explainSkip, missing } from '../chromium.ts'
import { patienceMs, type Stage } from '../stage.ts'
import { aSite, atSite, aWidgetStage, type Chat, type Site } from './site.ts'

explainSkip()

const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 2 * patienceMs })
const slowness = { bitsPerSecond: 50_000, latencyMs: 2000 }
/** What a key may cost before one sees that the letters come late. */
const keyMs = 100

describe.skipIf(missing !== undefined)('a slow network', { timeout: 240_000 }, () => {
  let stage: Stage
  let cable: Cable
  let site: Site
  beforeAll(async () => {
    stage = await aWidgetStage({ title: 'Acme' })
    // The page's own server is as near as ever: what is slow is all that the chat asks of the hub.
    cable = await aCable(stage.url, slowness)
    site = await aSite(cable.url)
  })
  afterEach(async () => {
    expect(await stage.clear(), 'what pages complained of').toEqual([])
  })
  afterAll(async () => {
    await cable?.close()
    await site?.close()
    await stage?.close()
  })

  const visit = async (): Promise<Chat> => {
    const chat = await atSite(stage, site, { others: [cable.url] })
    chat.page.setDefaultTimeout(2 * patienceMs)
    await chat.open()
    return chat
  }
  const sending = ({ page }: Chat) => page.getByText('Sending…')

  test('a double click on Send makes one message: “Sending…”, then “Sent”', async () => {
    const ana = await anAgent(stage)
    const chat = await visit()
    const { page } = chat
    await chat.say('I want to talk to a person')
    await chat.sees('You are in line')
    await ana.accept()
    await page.getByText('You are talking with Ana').waitFor()
    await chat.box.fill('only once')
    // Looked for from before the click: on a busy machine it may be over by the time the clicks are.
    const isSending = sending(chat).first().waitFor()
    await page.getByRole('button', { name: 'Send', exact: true }).dblclick()
    await chat.box.press('Enter')
    await isSending
    expect((await chat.rows()).filter((text) => text === 'only once')).toHaveLength(1)
    // The agent looks on, so that it may be read by the time one sees that it was sent.
    await page
      .locator('.log .row.own')
      .last()
      .getByText(/^(Sent|Read) · /)
      .waitFor()
    expect(await sending(chat).count()).toBe(0)
    await ana.sees('only once')
    // What is said on comes behind it: a second copy would have come before.
    await chat.say('and this')
    await ana.sees('and this')
    const own = ['only once', 'and this']
    expect((await chat.rows()).filter((text) => own.includes(text))).toEqual(own)
    expect((await ana.said()).map(({ text }) => text).filter((text) => own.includes(text))).toEqual(own)
  })

  test('a key never waits for the network', async () => {
    const chat = await visit()
    // A log of some length, of which the last words are still on their way.
    for (let n = 1; n <= 40; n++) await chat.say(`message ${n}`)
    await sending(chat).first().waitFor()
    await measureKeys(chat)
    const text = 'My parcel has not come, and it is a present for Saturday.'
    await chat.box.pressSequentially(text)
    const keys = await keysOf(chat)
    expect(keys).toHaveLength(text.length)
    expect(keys.toSorted((a, b) => a - b)[Math.floor(keys.length * 0.9)], JSON.stringify(keys)).toBeLessThan(keyMs)
    expect(await chat.box.inputValue()).toBe(text)
  })

  test('nothing typed is lost, not by leaving the page before it was sent either', async () => {
    const chat = await visit()
    const { page } = chat
    const own = ['one', 'two', 'three']
    let isOnItsWay = false
    page.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => {
        isOnItsWay ||= String(payload).includes('"t":"say"')
      }),
    )
    for (const text of own) await chat.say(text)
    await chat.box.pressSequentially('half a sent')
    // The first is under way, nobody knows how far; the others have not left yet.
    await eventually(() => isOnItsWay).toBe(true)
    await page.reload()
    await eventually(async () => (await chat.rows()).filter((text) => own.includes(text))).toEqual(own)
    expect(await chat.box.inputValue()).toBe('half a sent')
    await chat.box.pressSequentially('ence')
    await chat.box.press('Enter')
    await eventually(() => sending(chat).count()).toBe(0)
    await eventually(async () => (await chat.rows()).filter((text) => /^(one|two|three|half)/.test(text))).toEqual([
      ...own,
      'half a sentence',
    ])
  })
})

interface Measured {
  keys?: number[]
}

/** From the moment a key is there until all that listens to it is done and the page is laid out anew: the page's own work. */
const measureKeys = ({ page }: Chat): Promise<void> =>
  page.evaluate(() => {
    const keys: number[] = []
    Object.assign(window as Measured, { keys })
    let since = 0
    window.addEventListener(
      'keydown',
      () => {
        since = performance.now()
      },
      true,
    )
    window.addEventListener('input', () => {
      document.querySelector('[data-baton]')!.shadowRoot!.querySelector('textarea')!.getBoundingClientRect()
      keys.push(performance.now() - since)
    })
  })
const keysOf = ({ page }: Chat): Promise<number[]> => page.evaluate(() => (window as Measured).keys!)
