/** One conversation in a browser: why a person, what was stopped, who reads what, and the list it is found by. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { text } from '../../../src/message.ts'
import { type InLine, inLine } from './line.ts'
import {
  aConsole,
  axe,
  type ConsoleStage,
  dark,
  explain,
  missing,
  overflowOf,
  people,
  phone,
  picture,
} from './stage.ts'

explain()

const lateWords = 'Here is our price list'

describe.skipIf(missing !== undefined)('a timeline', { timeout: 240_000 }, () => {
  let stage: ConsoleStage
  let lena: InLine
  beforeAll(async () => {
    stage = await aConsole()
    lena = await inLine(stage, 'Lena Fischer')
    // The bot answers what it was asked before control left it.
    await stage.hub.app.hub.append({
      connection: 'hub',
      externalId: 'late-1',
      event: { type: 'bot-answered', at: Date.now(), turn: { messages: [text(lateWords)] }, epoch: 1 },
      at: lena.id,
    })
    const { pool } = stage.hub.database
    const { rows } = await pool.query('SELECT ticket FROM attempts WHERE conversation = $1', [lena.id])
    await stage.hub.app.hub.receive('people', [
      {
        type: 'agent-message',
        ticket: rows[0].ticket,
        externalId: 'note-1',
        at: Date.now(),
        agent: { name: 'Kim' },
        visibility: 'internal',
        message: text('refund approved'),
      },
    ])
  })
  afterEach(async () => {
    expect(await stage.clear(), 'what pages complained of').toEqual([])
  })
  afterAll(() => stage?.close())

  const open = async (who: keyof typeof people, look = {}, more = '') => {
    const visit = await stage.visit(people[who], `/console/conversations/${lena.id}${more}`, look)
    await visit.page.getByRole('list', { name: 'Timeline' }).waitFor()
    return visit
  }

  test('says why: the criterion, the value, the limit, what would have changed it, and the words that counted', async () => {
    const { page } = await open('admin')
    const why = page.getByRole('region', { name: 'Why a person' })
    const { timeline } = (await stage.hub.staff(`/api/v1/conversations/${lena.id}`)).json
    const decision = timeline
      .flatMap(({ decisions }: { decisions: { kind: string; data?: unknown }[] }) => decisions)
      .find(({ kind, data }: { kind: string; data?: unknown }) => kind === 'escalation' && data)
    const fired = decision.data.find((one: { fired: boolean }) => one.fired)
    const row = why.getByRole('row').filter({ hasText: 'asked for a person' })
    expect(await row.textContent()).toContain(fired.measured)
    expect(await row.textContent()).toContain(fired.limit)
    await row.getByText('fired').waitFor()
    await why.getByText(decision.text).waitFor()
    await why
      .getByText(/^would fire/)
      .first()
      .waitFor()
    await why.getByRole('button', { name: /^Show \d+ more/ }).click()
    expect(await why.getByRole('row').count()).toBe(decision.data.length + 1)

    const mark = page.getByRole('list', { name: 'Timeline' }).locator('mark').first()
    expect(fired.evidence.map((words: string) => words.toLowerCase())).toContain(
      (await mark.evaluate((node) => node.firstChild!.textContent!)).toLowerCase(),
    )
    await picture(page, 'timeline-light')
  })

  test('shows what came too late, stopped and why; the customer never saw it', async () => {
    const { page } = await open('admin')
    const line = page.getByRole('listitem').filter({ hasText: lateWords })
    await line.getByText(/stopped a bot answer: written in epoch 1, control is with waiting/).waitFor()
    const entries = JSON.stringify(await lena.visitor.entries())
    expect(entries).not.toContain(lateWords)
    const { figures } = (await stage.hub.staff('/api/v1/reports/trust')).json
    const stops = figures.find(({ key }: { key: string }) => key === 'stops')
    expect([stops.title, stops.count]).toEqual(['Late bot replies stopped', 1])
    const behind = (await stage.hub.staff('/api/v1/reports/trust/conversations?number=stops')).json
    expect(behind.rows.map(({ conversation }: { conversation: number }) => conversation)).toEqual([lena.id])
    expect(entries).not.toContain('refund approved')
    await page.getByRole('listitem').filter({ hasText: 'refund approved' }).getByText('(internal note)').waitFor()
  })

  test('is read by keyboard, grows while one looks, and has a link to each line', async () => {
    const { page } = await open('admin')
    await page.keyboard.press('e')
    await expect.poll(() => page.evaluate(() => document.activeElement?.querySelector('mark') !== null)).toBe(true)
    await page.keyboard.press('j')
    await expect.poll(() => new URL(page.url()).hash).not.toBe('')
    await page.keyboard.press('d')
    const raw = page.getByRole('dialog', { name: /^Event \d+/ })
    await raw.getByText('"seq"').waitFor()
    expect(await axe(page)).toEqual([])
    await page.keyboard.press('Escape')
    await raw.waitFor({ state: 'detached' })
    await page.keyboard.press('?')
    for (const says of ['Next line', 'Show the raw event', 'Go to the why card', 'Decision before'])
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByRole('cell', { name: says }).waitFor()
    await page.keyboard.press('Escape')
    await lena.visitor.say('hello, anybody?')
    await page.getByRole('listitem').filter({ hasText: 'hello, anybody?' }).waitFor()

    const linked = await open('admin', {}, '#1')
    await expect.poll(() => linked.page.locator('.line[data-current]').getAttribute('data-key')).toBe('1')
  })

  test('a viewer reads how it was decided, and nothing that was said', async () => {
    const { page } = await open('viewer')
    await page.getByRole('region', { name: 'Why a person' }).waitFor()
    const everything = await page.content()
    for (const secret of ['Lena', 'Fischer', 'talk to a person', 'How long does delivery', lateWords, 'refund'])
      expect(everything, secret).not.toContain(secret)
    expect(await page.getByRole('button', { name: /Move|End|Ask for|More to do/ }).count()).toBe(0)
  })

  test.each([
    { look: 'light', options: {} },
    { look: 'dark', options: dark },
    { look: 'phone', options: phone },
  ])('can be used by everybody: $look', async ({ look, options }) => {
    const { page } = await open('admin', options)
    expect(await axe(page)).toEqual([])
    expect(await overflowOf(page)).toBe(0)
    await picture(page, `timeline-${look}`)
    await page.goto('/console/conversations')
    await page.getByRole('table', { name: 'Conversations' }).getByText('Lena Fischer').waitFor()
    expect(await axe(page)).toEqual([])
    expect(await overflowOf(page)).toBe(0)
    await picture(page, `conversations-${look}`)
  })

  test('is found by its customer', async () => {
    const { page } = await stage.visit(people.admin, '/console/conversations')
    await page.getByRole('searchbox', { name: 'Customer' }).fill('fisch')
    await page.getByRole('link', { name: 'Lena Fischer' }).waitFor()
    await expect.poll(() => new URL(page.url()).searchParams.get('search')).toBe('fisch')
    await page.getByRole('searchbox', { name: 'Customer' }).fill('nobody-of-this-name')
    await page.getByText('No conversation matches.').waitFor()
    expect(await axe(page)).toEqual([])
  })
})
