/** What an agent looks up beside a conversation, and whom they pass it to, in a browser. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Agent, anAgent } from '../agent.ts'
import { aCaller, boxOf, choosePresence } from '../inbox-gear.ts'
import { aStage, type OpenStage, patienceMs } from '../stage.ts'
import { axe, dark, explain, missing, overflowOf, picture } from './stage.ts'

explain()

const faq = new URL('../../../config/demo/faq', import.meta.url).pathname
const yaml = `
connections:
  site: { use: webchat }
  first-line: { use: faq, folder: ${faq} }
  people: { use: inbox, demo: true }
  specialists: { use: inbox }
  customers: { use: directory, file: ${new URL('../../../config/demo/customers.csv', import.meta.url).pathname} }
mappings:
  - name: support
    channel: site
    bot: first-line
    desks: [people]
    fallback: [{ desk: specialists, mode: ticket }]
    knowledge: first-line
    crm: customers
`

describe.skipIf(missing !== undefined)('beside a conversation', { timeout: 240_000 }, () => {
  let stage: OpenStage
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'baton-lookups-'))
    const file = join(folder, 'baton.yaml')
    await writeFile(file, yaml)
    stage = await aStage(1000, file)
  })
  afterEach(async () => {
    expect(await stage.clear(), 'what pages complained of').toEqual([])
  })
  afterAll(async () => {
    await stage?.close()
    await rm(folder, { recursive: true, force: true })
  })

  const contextOf = ({ page }: Agent) => page.getByRole('complementary', { name: 'Context' })
  const look = (ana: Agent, tab: string) => contextOf(ana).getByRole('tab', { name: tab }).click()
  const seen = async ({ page }: Agent, name: string) => {
    await picture(page, `inbox-lookups-${name}`)
    expect(await axe(page), name).toEqual([])
    expect(await overflowOf(page), name).toBe(0)
  }
  const crm = () => stage.app.hub.connections.get('customers')!

  test.each([
    ['light', {}],
    ['dark', dark],
  ])('facts of the CRM, articles for the reply, earlier conversations: %s', async (name, options) => {
    const ana = await anAgent(stage, 'Ana', { ...options, viewport: { width: 1400, height: 800 } })
    const caller = await aCaller(stage)
    await ana.accept()
    await look(ana, 'Articles')
    // It begins with what the customer wants.
    await contextOf(ana).getByRole('textbox', { name: 'Search articles' }).fill('gift wrapping')
    await ana.page.keyboard.press('Enter')
    await contextOf(ana).getByRole('link', { name: 'Gift cards and gift wrapping' }).waitFor()
    await boxOf(ana.page).fill('Please look here:')
    await contextOf(ana).getByRole('button', { name: 'Insert the link to Gift cards and gift wrapping' }).click()
    await seen(ana, `${name}-articles`)
    expect(await boxOf(ana.page).inputValue()).toBe(
      'Please look here:\nGift cards and gift wrapping: https://shop.example.com/help/gifts',
    )
    await boxOf(ana.page).press('Control+Enter')
    await caller.hears('Please look here:\nGift cards and gift wrapping: https://shop.example.com/help/gifts')
    await contextOf(ana).getByRole('textbox', { name: 'Search articles' }).fill('zzzqqq')
    await ana.page.keyboard.press('Enter')
    await contextOf(ana).getByText('No article was found. Try other words.').waitFor()

    await look(ana, 'Earlier')
    await contextOf(ana).getByText('Nothing is known of this visitor').waitFor()

    const real = crm()
    let isDown = true
    const find: NonNullable<typeof real.crm>['find'] = async () => {
      if (isDown) throw new Error('no answer')
      return { id: 'C-1001', segment: 'gold', facts: { 'Open orders': '3' }, url: 'https://crm.example.com/C-1001' }
    }
    stage.app.hub.connections.set('customers', { ...real, crm: { find } })
    await stage.database.pool.query(
      `UPDATE conversations SET customer = '{"email":"a@example.com"}', state = (state::jsonb || '{"customer":{"email":"a@example.com"}}')::text WHERE thread = $1`,
      [caller.thread],
    )
    ana.troubles.expect(/status of 503/)
    await look(ana, 'Customer')
    // The conversation goes on meanwhile.
    await contextOf(ana).getByRole('alert').filter({ hasText: 'The CRM does not answer' }).waitFor()
    await ana.reply('One moment.')
    await caller.hears(
      'Please look here:\nGift cards and gift wrapping: https://shop.example.com/help/gifts',
      'One moment.',
    )
    await seen(ana, `${name}-crm-away`)
    isDown = false
    await stage.app.hub.gates.worked('customers')
    await contextOf(ana).getByRole('button', { name: 'Try again' }).click()
    await contextOf(ana).getByText('gold').waitFor()
    expect(await contextOf(ana).getByRole('link', { name: 'Open in the CRM' }).getAttribute('href')).toBe(
      'https://crm.example.com/C-1001',
    )
    await seen(ana, `${name}-crm`)
    stage.app.hub.connections.set('customers', real)
    await ana.giveAway('Resolve', 'Resolve')
    await ana.signOut()
  })

  test('a conversation goes back to the bot at an intent that the bot has', async () => {
    const ana = await anAgent(stage)
    await aCaller(stage)
    await ana.accept()
    await ana.page.getByRole('button', { name: 'Back to bot' }).click()
    const dialog = ana.page.getByRole('dialog')
    await dialog.getByLabel('Go on with').first().fill('deliv')
    const option = ana.page.getByRole('option').first()
    const intent = await option.textContent()
    expect(intent).toMatch(/deliv/)
    await picture(ana.page, 'inbox-lookups-return')
    await option.click()
    await dialog.getByRole('button', { name: 'Back to the bot' }).click()
    await dialog.waitFor({ state: 'detached' })
    const told = async () =>
      (
        await stage.database.pool.query(
          `SELECT body ->> 'intent' AS intent FROM effects WHERE kind = 'inform' AND body ->> 'what' = 'ended' ORDER BY conversation DESC LIMIT 1`,
        )
      ).rows[0]?.intent
    await expect.poll(told, { timeout: patienceMs }).toBe(intent)
    await ana.signOut()
  })

  test('a conversation is passed to another desk with a note that the customer never sees', async () => {
    const ana = await anAgent(stage)
    const caller = await aCaller(stage)
    await ana.accept()
    await ana.page.getByRole('button', { name: 'Transfer' }).click()
    const dialog = ana.page.getByRole('dialog')
    await dialog.getByLabel('To', { exact: true }).first().click()
    await ana.page.getByRole('option', { name: 'specialists: ticket' }).click()
    await dialog.getByLabel('Note for them').fill('Owed two refunds')
    await picture(ana.page, 'inbox-lookups-pass')
    await dialog.getByRole('button', { name: 'Transfer' }).click()
    await dialog.waitFor({ state: 'detached' })
    const ticket = async () =>
      (
        await stage.database.pool.query(
          `SELECT context -> 'passedOn' ->> 'note' AS note, mode FROM inbox_tickets WHERE connection = 'specialists'`,
        )
      ).rows
    await expect.poll(ticket, { timeout: patienceMs }).toEqual([{ note: 'Owed two refunds', mode: 'ticket' }])
    await expect
      .poll(() => caller.everything(), { timeout: patienceMs, interval: 250 })
      .toContain('I have passed your request on in writing')
    expect(await caller.everything()).not.toContain('refunds')
    await ana.signOut()
  })

  test('who else looks is said, and a draft says when a colleague has answered since it was written', async () => {
    const ana = await anAgent(stage)
    const caller = await aCaller(stage)
    await ana.accept()
    await boxOf(ana.page).fill('It comes on Friday')
    const ben = await anAgent(stage, 'Ben')
    await choosePresence(ben.page, 'Away')
    await ben.page
      .getByRole('region', { name: 'Colleagues' })
      .getByRole('button', { name: /^Visitor/ })
      .click()
    // Each knows of the other, whoever came first.
    await ana.page.getByText('Ben is here').waitFor()
    await ben.page.getByText('Ana is here').waitFor()
    await boxOf(ben.page).pressSequentially('Look at')
    await ana.page.getByText('Ben is writing', { exact: true }).waitFor()
    await picture(ana.page, 'inbox-lookups-others')
    await ana.page.getByText('Ben is here').waitFor()
    await ben.page.getByRole('button', { name: 'Take over' }).click()
    await ben.reply('It comes on Monday')
    await caller.hears('It comes on Monday')
    await ana.page.getByRole('button', { name: 'Take over' }).click()
    await ana.page.getByText(/^Written before Ben’s answer of/).waitFor()
    await picture(ana.page, 'inbox-lookups-draft')
    await ben.page.getByRole('link', { name: 'Queue' }).click()
    await ana.page.getByText('Ben is here').waitFor({ state: 'detached' })
    await boxOf(ana.page).fill('Yes, on Monday')
    await ana.page.getByText(/^Written before/).waitFor({ state: 'detached' })
    await ana.giveAway('Resolve', 'Resolve')
    await Promise.all([ana.signOut(), ben.signOut()])
  })
})
