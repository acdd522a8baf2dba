/** The hub's process is killed in the middle of a chat: what both sides write meanwhile arrives once, and nobody has to do anything. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { anAgent } from '../agent.ts'
import { explainSkip, missing } from '../chromium.ts'
import { patienceMs } from '../stage.ts'
import { aKillableStage, type KillableStage } from './killable.ts'
import { aSite, atSite, type Site } from './site.ts'

explainSkip()

const eventually = <T>(read: () => T) => expect.poll(read, { timeout: patienceMs })

describe.skipIf(missing !== undefined)('kill -9', { timeout: 240_000 }, () => {
  let stage: KillableStage
  let site: Site
  beforeAll(async () => {
    stage = await aKillableStage({ title: 'Acme' })
    site = await aSite(stage.url)
  }, 180_000)
  afterEach(async () => {
    expect(await stage.clear(), 'what pages complained of').toEqual([])
  })
  afterAll(async () => {
    await stage?.close()
    await site?.close()
  })

  test('customer and agent write while the hub is dead, the customer reloads, and everything arrives once', async () => {
    const ana = await anAgent(stage)
    const chat = await atSite(stage, site)
    const { page } = chat
    await chat.open()
    await chat.say('I want to talk to a person')
    await chat.sees('You are in line')
    await ana.accept()
    await ana.reply('Hello')
    await chat.sees('Hello')
    // A page that is loaded anew does not have this.
    await ana.page.evaluate(() => Object.assign(window, { hasStayed: true }))
    for (const { troubles } of [chat, ana]) troubles.expectOffline()

    await stage.hub.kill()
    for (const text of ['one', 'two', 'three']) await chat.say(text)
    for (const text of ['first', 'second']) await ana.reply(text)
    await page.getByText('You are offline').waitFor()
    await page.reload()
    await eventually(() => page.getByText('Sending…').count()).toBe(3)
    expect((await chat.rows()).filter((text) => /^(one|two|three)$/.test(text))).toEqual(['one', 'two', 'three'])

    await stage.hub.start()
    const talk = /^(one|two|three|first|second)$/
    const atCustomer = async () => (await chat.rows()).filter((text) => talk.test(text))
    const atAgent = async () => (await ana.said()).map(({ text }) => text).filter((text) => talk.test(text))
    for (const read of [atCustomer, atAgent]) {
      await eventually(async () => (await read()).toSorted()).toEqual(['first', 'one', 'second', 'three', 'two'])
      expect((await read()).filter((text) => /^[a-z]+[dt]$/.test(text))).toEqual(['first', 'second'])
      expect((await read()).filter((text) => !/^[a-z]+[dt]$/.test(text))).toEqual(['one', 'two', 'three'])
    }
    await eventually(() => page.getByText('Sending…').count()).toBe(0)
    await page.getByText('You are offline').waitFor({ state: 'hidden' })
    await page.getByText('You are talking with Ana').waitFor()
    const { conversations } = await stage.ask<{ conversations: object[] }>('/api/v1/conversations')
    expect(conversations).toEqual([expect.objectContaining({ control: 'agent' })])
    const { conversation } = await stage.ask<{ conversation: object }>('/api/v1/conversations/1')
    expect(conversation).toMatchObject({ control: 'agent', handoffs: 1, handoff: { agent: { name: 'Ana' } } })

    // And it goes on, on the agent's page as it stood.
    await chat.say('Are you still there?')
    await ana.sees('Are you still there?')
    await ana.reply('I am')
    await chat.sees('I am')
    expect(await ana.page.evaluate(() => 'hasStayed' in window)).toBe(true)
    expect(await atCustomer()).toHaveLength(5)
    expect(await atAgent()).toHaveLength(5)
  })
})
