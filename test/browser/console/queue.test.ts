/** The queue in a browser: who waits, live and held still, by keyboard, for each role, and with thousands of rows. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { comeOnline, endAll, inLine, makeWait } from './line.ts'
import {
  aConsole,
  axe,
  type ConsoleStage,
  dark,
  explain,
  missing,
  overflowOf,
  patienceMs,
  people,
  phone,
  picture,
} from './stage.ts'

explain()

describe.skipIf(missing !== undefined)('the queue', { timeout: 240_000 }, () => {
  let stage: ConsoleStage
  beforeAll(async () => {
    stage = await aConsole()
  })
  afterEach(async () => {
    expect(await stage.clear(), 'what pages complained of').toEqual([])
    await endAll(stage)
  })
  afterAll(() => stage?.close())

  test('shows who comes, keeps still under the focus, and lets an admin end it by keyboard', async () => {
    const { page } = await stage.visit(people.admin, '/console/queue')
    await page.getByText('Nobody is waiting.').waitFor()
    const rows = page.getByRole('table', { name: 'Handoffs' }).locator('tbody tr')
    await inLine(stage, 'Lena Fischer')
    await rows.filter({ hasText: 'Lena Fischer' }).waitFor()
    expect(await rows.first().textContent()).toContain('asked for a person')
    await picture(page, 'queue-light')

    await page.keyboard.press('j')
    await expect.poll(() => rows.first().evaluate((row) => row === document.activeElement)).toBe(true)
    await inLine(stage, 'Marco Bianchi')
    await page.getByRole('button', { name: '1 change' }).waitFor()
    expect(await rows.count()).toBe(1)
    await page.getByRole('button', { name: '1 change' }).click()
    await expect.poll(() => rows.count()).toBe(2)

    await rows.first().focus()
    await page.keyboard.press('Space')
    const peek = page.getByRole('complementary', { name: 'Peek at the conversation with Lena Fischer' })
    await peek.getByRole('region', { name: 'Why a person' }).waitFor()
    expect(new URL(page.url()).searchParams.get('peek')).toMatch(/^\d+-1$/)
    expect(await axe(page)).toEqual([])
    await picture(page, 'queue-peek')
    await page.keyboard.press('Escape')
    await peek.waitFor({ state: 'detached' })

    await page.keyboard.press('x')
    const dialog = page.getByRole('dialog', { name: 'End the handoff: Lena Fischer' })
    await dialog.getByRole('button', { name: 'End handoff' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('tab', { name: /^Ended today/ }).click()
    await page.getByRole('table', { name: 'Handoffs' }).getByText('Lena Fischer').waitFor()
  })

  test('an agent accepts from it, and goes on in the inbox', async () => {
    const { id, visitor } = await inLine(stage, 'Lena Fischer')
    const { page } = await stage.visit(people.agent, '/console/queue')
    const row = page.getByRole('table', { name: 'Handoffs' }).locator('tbody tr').filter({ hasText: 'Lena Fischer' })
    await row.waitFor()
    await row.focus()
    await page.keyboard.press('a')
    const box = page.getByRole('textbox', { name: /^(Reply|Write) to / })
    await box.waitFor()
    expect(new URL(page.url()).pathname).toMatch(/^\/console\/inbox\/./)
    const said = JSON.stringify(await visitor.entries())
    expect(said).toContain('Ana has joined')
    const { rows } = await stage.hub.database.pool.query('SELECT control FROM conversations WHERE id = $1', [id])
    expect(rows).toEqual([{ control: 'agent' }])
  })

  test('while it cannot be read it stays readable, and nobody is accepted by it', async () => {
    await inLine(stage, 'Lena Fischer')
    const { page, troubles } = await stage.visit(people.agent, '/console/queue')
    await page.getByRole('table', { name: 'Handoffs' }).getByText('Lena Fischer').click()
    await page.getByRole('button', { name: 'Accept', exact: true }).waitFor()
    troubles.expect(/net::ERR_FAILED/)
    const way = /\/api\/v1\/queue/
    await page.route(way, (route) => route.abort())
    await inLine(stage, 'Marco Bianchi')
    await page.getByRole('alert').getByText('accepting is off until it can be').waitFor()
    await page.getByRole('button', { name: 'Accept', exact: true }).waitFor({ state: 'detached' })
    await page.getByRole('table', { name: 'Handoffs' }).getByText('Lena Fischer').waitFor()
    await page.unroute(way)
    await inLine(stage, 'Kim Larsen')
    await page.getByRole('button', { name: 'Accept', exact: true }).waitFor()
  })

  test('an admin gives it to an agent by name, and takes that back while nobody has accepted', async () => {
    const { id } = await inLine(stage, 'Lena Fischer')
    const ben = { name: 'Ben', role: 'agent', desks: ['people'] } as const
    await comeOnline(stage, ben)
    const { pool } = stage.hub.database
    const ringsAt = async () =>
      (await pool.query('SELECT agent, status FROM inbox_tickets WHERE conversation = $1', [id])).rows[0]
    const { page } = await stage.visit(people.admin, '/console/queue')
    await page.getByText(/^Free slots \d of 8$/).waitFor()
    const row = page.getByRole('table', { name: 'Handoffs' }).locator('tbody tr').filter({ hasText: 'Lena Fischer' })
    await row.waitFor()
    await row.focus()
    await page.keyboard.press('s')
    const dialog = page.getByRole('dialog', { name: 'Assign to an agent: Lena Fischer' })
    await dialog.getByText('0 of 4 in hand · any language').first().waitFor()
    expect(await dialog.getByRole('button', { name: 'Assign', exact: true }).isDisabled()).toBe(true)
    await dialog.getByRole('radio', { name: 'Ben' }).check()
    expect(await axe(page)).toEqual([])
    await picture(page, 'queue-assign')
    await dialog.getByRole('button', { name: 'Assign to Ben' }).click()
    await dialog.waitFor({ state: 'detached' })
    await row.getByText(/assigned, Ben/).waitFor()
    expect(await ringsAt()).toEqual({ agent: 'ben@team.example', status: 'offered' })
    await page.getByRole('status').getByRole('button', { name: 'Undo' }).click()
    await page.getByText('Lena Fischer is back in the line.').waitFor()
    await expect.poll(async () => (await ringsAt()).agent).not.toBe('ben@team.example')
  })

  test('a filter is in the address, and a tile is one', async () => {
    const { id } = await inLine(stage, 'Lena Fischer')
    await makeWait(stage, id, 120)
    await inLine(stage, 'Marco Bianchi')
    const { page } = await stage.visit(people.admin, '/console/queue?risk=over')
    const rows = page.getByRole('table', { name: 'Handoffs' }).locator('tbody tr')
    await rows.filter({ hasText: 'Lena Fischer' }).waitFor()
    expect(await rows.count()).toBe(1)
    expect(await rows.first().textContent()).toContain('Over')
    await page.getByRole('button', { name: '1 over', pressed: true }).click()
    await expect.poll(() => rows.count()).toBe(2)
    expect(new URL(page.url()).search).toBe('')
  })

  test('each tile chooses what is listed or opens what it counts, says so, and lets go again', async () => {
    const { id } = await inLine(stage, 'Lena Fischer')
    await inLine(stage, 'Marco Bianchi')
    const { page } = await stage.visit(people.admin, '/console/queue?language=en&reason=human_request')
    const rows = page.getByRole('table', { name: 'Handoffs' }).locator('tbody tr')
    const tile = (name: RegExp, pressed?: boolean) => page.getByRole('button', { name, pressed, exact: true })
    await tile(/^Waiting 2$/, false).press('Enter')
    await tile(/^Waiting 2$/, true).waitFor()
    expect(new URL(page.url()).search).toBe('')
    await page.goBack()
    await tile(/^Waiting 2$/, false).waitFor()
    expect(new URL(page.url()).search).toContain('language=en')
    await tile(/^Waiting 2$/).click()

    await makeWait(stage, id, 120)
    await tile(/^Longest/, false).press('Space')
    await tile(/^Longest/, true).waitFor()
    expect(new URL(page.url()).search).toBe('?order=longest')
    await rows.first().getByText('Lena Fischer').waitFor()
    await tile(/^Waiting 2$/, false).waitFor()
    await picture(page, 'queue-tiles')
    expect(await axe(page)).toEqual([])
    await tile(/^Longest/, true).click()
    await tile(/^Longest/, false).waitFor()
    await tile(/^1 over$/, false).click()
    await expect.poll(() => rows.count(), { timeout: patienceMs }).toBe(1)
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await tile(/^Waiting 2$/, true).waitFor()

    await tile(/^Free slots/, false).click()
    await page.getByRole('tab', { name: /^With agent/, selected: true }).waitFor()
    await tile(/^Free slots/, true).click()
    await page.getByRole('tab', { name: /^Waiting/, selected: true }).waitFor()
    await page.getByRole('link', { name: /^Wait now/ }).click()
    await page.getByRole('heading', { level: 1, name: 'Reports' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/console/reports/waiting')
    await page.goBack()
    await page.getByRole('link', { name: /^Left today/ }).click()
    await page.getByRole('heading', { level: 1, name: 'Conversations' }).waitFor()
  })

  test('the strip names who is not well, as many as beside Connections', async () => {
    const at = Date.now() - (Date.now() % 300_000)
    const { pool } = stage.hub.database
    await pool.query(
      `INSERT INTO traffic SELECT 'first-line', 'another hub', $1, 20, 0, 0, array_fill(0, ARRAY[19]) || 20`,
      [at],
    )
    try {
      const { page } = await stage.visit(people.admin, '/console/queue')
      await page.getByRole('link', { name: 'Connections 1 (1 slow)' }).waitFor()
      await page.reload()
      await page.getByRole('link', { name: 'first-line slow' }).click()
      await page.getByRole('heading', { name: 'first-line' }).waitFor()
    } finally {
      await pool.query(`DELETE FROM traffic WHERE hub = 'another hub'`)
    }
  })

  test('a viewer reads no name and no word, and finds nothing to press', async () => {
    await inLine(stage, 'Lena Fischer', 'Do you ship to Pettersen street?')
    const { page } = await stage.visit(people.viewer, '/console/queue')
    const row = page.getByRole('table', { name: 'Handoffs' }).locator('tbody tr')
    await row.filter({ hasText: 'L. F.' }).click()
    await page.getByRole('region', { name: 'Why a person' }).waitFor()
    const everything = await page.content()
    for (const secret of ['Lena', 'Fischer', 'Pettersen', 'talk to a person', 'private.example'])
      expect(everything).not.toContain(secret)
    for (const name of [/End handoff/, /Move to/, /Open in the inbox/])
      expect(await page.getByRole('button', { name }).or(page.getByRole('link', { name })).count()).toBe(0)
    await picture(page, 'queue-viewer')
  })

  test.each([
    { look: 'dark', options: dark },
    { look: 'phone', options: phone },
  ])('can be used by everybody: $look', async ({ look, options }) => {
    await inLine(stage, 'Lena Fischer')
    const { page } = await stage.visit(people.admin, '/console/queue', options)
    await page.getByRole('table', { name: 'Handoffs' }).getByText('Lena Fischer').waitFor()
    expect(await axe(page)).toEqual([])
    expect(await overflowOf(page)).toBe(0)
    await picture(page, `queue-${look}`)
  })

  test('two thousand wait: only what is in sight is drawn, and the last one can be reached', async () => {
    const { pool } = stage.hub.database
    await pool.query(`
      WITH born AS (
        INSERT INTO conversations (mapping, connection, thread, control, seq, state, customer)
        SELECT 'support', 'site', 'many-' || i, 'waiting', 3, '{"language":"en"}', jsonb_build_object('name', 'Customer ' || i)
        FROM generate_series(1, 2000) i RETURNING id, thread
      ), handed AS (
        INSERT INTO handoffs (conversation, number, mapping, stage, criterion, reason, priority, started_at)
        SELECT id, 1, 'support', 'opened', 'frustration', 'Sentiment was low.', 'normal', extract(epoch FROM now()) * 1000 FROM born
      )
      INSERT INTO attempts (conversation, handoff, number, desk, mode, stage, asked_at)
      SELECT id, 1, 1, 'people', 'live', 'opened', extract(epoch FROM now()) * 1000 - 3000000 + split_part(thread, '-', 2)::bigint * 100
      FROM born`)
    try {
      const { page } = await stage.visit(people.admin, '/console/queue')
      const table = page.getByRole('table', { name: 'Handoffs' })
      await table.getByText('Customer 1', { exact: true }).waitFor()
      await page.getByRole('tab', { name: 'Waiting 2,000' }).waitFor()
      await page.keyboard.press('j')
      await expect
        .poll(
          async () => {
            await page.keyboard.press('End')
            return table.getByText('Customer 2000', { exact: true }).count()
          },
          { timeout: patienceMs },
        )
        .toBe(1)
      expect(await table.locator('tbody tr').count()).toBeLessThan(60)
      // Elements are used again while it scrolls; at rest they stand in the order in which they are read.
      const order = () =>
        table.locator('tbody tr').evaluateAll((all) => all.map((one) => Number(one.getAttribute('aria-rowindex'))))
      await page.locator('.grid').evaluate((box) => {
        box.scrollTop = 20_000
      })
      await expect.poll(async () => (await order())[0]).toBeGreaterThan(400)
      await page.locator('.grid').evaluate((box) => {
        box.scrollTop += 300
      })
      await expect.poll(async () => (await order()).every((at, i, all) => i === 0 || at === all[i - 1]! + 1)).toBe(true)
    } finally {
      await pool.query(
        `DELETE FROM attempts WHERE conversation IN (SELECT id FROM conversations WHERE thread LIKE 'many-%')`,
      )
      await pool.query(
        `DELETE FROM handoffs WHERE conversation IN (SELECT id FROM conversations WHERE thread LIKE 'many-%')`,
      )
      await pool.query(`DELETE FROM conversations WHERE thread LIKE 'many-%'`)
    }
  })
})
