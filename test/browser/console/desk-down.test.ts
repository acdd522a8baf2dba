/** A vendor's desk answers nobody: the customer is told and served elsewhere, staff see why, and nobody else waits for it. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { languages } from '../../../src/words.ts'
import { aVisitor, type Visitor } from '../../app.ts'
import { until } from '../../vendors/stage.ts'
import { aConsole, axe, type ConsoleStage, explain, missing, people, picture } from './stage.ts'

explain()

const yaml = `connections:
  site: { use: webchat }
  shop: { use: webchat }
  first-line: { use: echo }
  freshdesk:
    use: freshdesk
    domain: acme
    apiKey: key-of-the-twin
    webhookSecret: secret-of-the-twin
    group: 501000111222
  people: { use: inbox }
mappings:
  - { name: support, channel: site, bot: first-line, desks: [freshdesk, people] }
  - { name: sales, channel: shop, bot: first-line, desks: [people] }
`

describe.skipIf(missing !== undefined)('a desk that is down', { timeout: 240_000 }, () => {
  let stage: ConsoleStage
  beforeAll(async () => {
    stage = await aConsole({ yaml, isPlayed: true })
    const online = await stage.hub.ask('/hooks/people/presence', {
      method: 'POST',
      body: { presence: 'online' },
      headers: { cookie: await stage.cookieOf(people.agent), origin: stage.url, 'sec-fetch-site': 'same-origin' },
    })
    expect(online.status).toBe(204)
  })
  afterEach(async () => {
    expect(await stage.clear(), 'what pages complained of').toEqual([])
  })
  afterAll(() => stage?.close())

  const told = async (visitor: Visitor): Promise<string> => JSON.stringify(await visitor.entries())
  const wishes = async (visitor: Visitor) => {
    await visitor.say('hello')
    await visitor.say('I want to talk to a person')
  }

  test('is passed over; queue and connections say so; a chat on another desk does not wait for it', async () => {
    const { page } = await stage.visit(people.admin, '/console/queue')
    stage.hub.twin('freshdesk').misbehave({ ways: ['errors'] })
    const first = await aVisitor(stage.url)
    await wishes(first)
    await until('the customer told that somebody is looked for', async () =>
      (await told(first)).includes(languages.en.connecting),
    )
    const other = await aVisitor(stage.url, {}, 'shop')
    await wishes(other)
    await until('the other in line', async () => (await told(other)).includes(languages.en.inLine))
    const { deadLetters } = (await stage.hub.staff('/api/v1/dead-letters')).json
    expect(deadLetters, 'freshdesk was still being asked').toEqual([])

    // From the fifth failure on nobody is kept waiting for it.
    const next = await aVisitor(stage.url)
    await wishes(next)
    for (const one of [first, next])
      await until('the customer in the line of the next desk', async () =>
        (await told(one)).includes(languages.en.inLine),
      )
    const row = page
      .getByRole('table', { name: 'Handoffs' })
      .locator('tbody tr')
      .filter({ hasText: 'support → people' })
    await row
      .getByText(/^(opened, no agent|assigned, Ana) · 2 of \d/)
      .first()
      .waitFor()
    const trouble = page.getByRole('link', { name: 'freshdesk failing' })
    await trouble.waitFor()
    await picture(page, 'queue-desk-down')
    expect(await axe(page)).toEqual([])
    await trouble.click()
    const connection = page.getByRole('complementary', { name: 'Connection freshdesk' })
    await connection.getByText('failing', { exact: true }).first().waitFor()
    await connection
      .getByText(/tried again (at|now)/)
      .first()
      .waitFor()
    await picture(page, 'connections-desk-down')
  })
})
