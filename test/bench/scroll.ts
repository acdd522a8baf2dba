/**
 * Does the queue scroll smoothly with thousands of rows? A hub of its own, waiting handoffs put into its record, a browser that
 * scrolls from the first row to the last and back as a finger does, and Chromium's own trace of it.
 *
 *     npm run build && node test/bench/scroll.ts --rows 2000 --trace /var/tmp/scroll.json
 *
 * The goal: no frame takes longer than 50 ms. The trace opens in the Performance panel of a Chromium.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type pg from 'pg'
import type { CDPSession, Page } from 'playwright-core'
import { startApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { freePort } from '../../src/postgres/server.ts'
import { beginSession } from '../../src/staff/sessions.ts'
import { addUser } from '../../src/staff/users.ts'
import { openBrowser } from '../browser/chromium.ts'
import { measureTrace, type TraceEvent } from './trace.ts'

const goalMs = 50
const demo = fileURLToPath(new URL('../../config/demo.yaml', import.meta.url))

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '2000' },
    speed: { type: 'string', default: '4000' },
    runs: { type: 'string', default: '3' },
    trace: { type: 'string' },
  },
})
const count = Number(values.rows)

const dataDir = await mkdtemp(join(tmpdir(), 'baton-scroll-'))
const env = {
  ...process.env,
  BATON_DATA_DIR: dataDir,
  BATON_PORT: String(await freePort()),
  BATON_LOG: 'silent',
} as NodeJS.ProcessEnv
const app = await startApp(await loadConfig(demo, env), { env, isSandbox: true })
const { pool } = app.hub
const browser = await openBrowser()
try {
  await seed(pool, count)
  const page = await open(pool)
  const runs = []
  for (let run = 0; run < Number(values.runs); run++) {
    const events = await record(page)
    if (values.trace) await writeFile(values.trace, JSON.stringify({ traceEvents: events }))
    runs.push(measureTrace(events))
  }
  const ms = (value: number) => `${value.toFixed(1)} ms`
  for (const { frames, p95, longest, task, cpu } of runs)
    process.stdout.write(
      `${count} rows: ${frames} frames, p95 ${ms(p95)}, longest ${ms(longest)}; longest piece of work ${ms(task)}, ${ms(cpu)} of processor${longest > goalMs ? '  MISSED' : ''}\n`,
    )
  // The quietest run: what others do on the machine can only make it worse.
  process.exitCode = Math.min(...runs.map(({ longest }) => longest)) > goalMs ? 1 : 0
} finally {
  await browser.close()
  await app.stop()
  await rm(dataDir, { recursive: true, force: true })
}

/** As customers of every kind leave them: some over their limit, some with a segment, in several languages. */
async function seed(pool: pg.Pool, rows: number): Promise<void> {
  await pool.query(`
    WITH born AS (
      INSERT INTO conversations (mapping, connection, thread, control, seq, state, customer)
      SELECT 'support', 'site', 'many-' || i, 'waiting', 3, jsonb_build_object('language', (ARRAY['en','de','ar'])[1 + i % 3]),
        jsonb_build_object('name', 'Customer number ' || i, 'segment', CASE WHEN i % 4 = 0 THEN 'Gold' END)
      FROM generate_series(1, ${rows}) i RETURNING id, thread
    ), handed AS (
      INSERT INTO handoffs (conversation, number, mapping, stage, criterion, reason, priority, started_at)
      SELECT id, 1, 'support', 'opened', (ARRAY['frustration','human_request','loop'])[1 + id % 3], 'Sentiment was low.',
        CASE WHEN id % 5 = 0 THEN 'high' ELSE 'normal' END, extract(epoch FROM now()) * 1000 FROM born
    )
    INSERT INTO attempts (conversation, handoff, number, desk, mode, stage, asked_at)
    SELECT id, 1, 1, 'people', 'live', 'opened', extract(epoch FROM now()) * 1000 - id * 500 FROM born`)
  await pool.query(`
    INSERT INTO events (conversation, seq, at, type, connection, external_id, body)
    SELECT id, 1, extract(epoch FROM now()) * 1000, 'customer-message', 'site', 'said-' || id,
      jsonb_build_object('message', jsonb_build_object('parts', jsonb_build_array(jsonb_build_object('kind', 'text',
        'text', 'Where is my parcel, and why does nobody answer? Order ' || id))))
    FROM conversations`)
}

async function open(pool: pg.Pool): Promise<Page> {
  const user = await addUser(pool, { name: 'Ada', email: 'ada@team.example', role: 'admin', desks: {} })
  const context = await browser.newContext({
    baseURL: app.url,
    viewport: { width: 1280, height: 720 },
    locale: 'en-GB',
  })
  const cookie = { name: `baton-${new URL(app.url).port}`, value: await beginSession(pool, user!.id), url: app.url }
  await context.addCookies([{ ...cookie, httpOnly: true, sameSite: 'Strict' }])
  const page = await context.newPage()
  await page.goto('/console/queue')
  const table = page.getByRole('table', { name: 'Handoffs' })
  await table.locator('tbody tr').first().waitFor()
  // All pages of the list are there before it is measured, as for somebody who has been here before.
  for (let drawn = 0; drawn < count; ) {
    await page.locator('.grid').evaluate((box) => {
      box.scrollTop = box.scrollHeight
    })
    drawn = Number((await table.getAttribute('aria-rowcount')) ?? 0) - 1
  }
  return page
}

/** From the first row to the last and back. */
async function record(page: Page): Promise<TraceEvent[]> {
  const cdp = await page.context().newCDPSession(page)
  const grid = page.locator('.grid')
  await grid.evaluate((box) => {
    box.scrollTop = 0
  })
  const { x, y, width, height } = (await grid.boundingBox())!
  const length = await grid.evaluate((box) => box.scrollHeight - box.clientHeight)
  const scroll = (distance: number) =>
    cdp.send('Input.synthesizeScrollGesture', {
      x: x + width / 2,
      y: y + height / 2,
      yDistance: distance,
      speed: Number(values.speed),
      gestureSourceType: 'mouse',
      preventFling: true,
    })
  const stop = await trace(cdp)
  await page.evaluate(() => performance.mark('scroll-begins'))
  await scroll(-length)
  await page.evaluate(() => performance.mark('scroll-rests'))
  await page.evaluate(() => performance.mark('scroll-goes-on'))
  await scroll(length)
  await page.evaluate(() => performance.mark('scroll-ends'))
  return stop()
}

async function trace(cdp: CDPSession): Promise<() => Promise<TraceEvent[]>> {
  const events: TraceEvent[] = []
  cdp.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])))
  await cdp.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: {
      includedCategories: [
        'toplevel',
        'blink.user_timing',
        'devtools.timeline',
        'disabled-by-default-devtools.timeline.frame',
        'v8.execute',
      ],
    },
  })
  return async () => {
    const done = new Promise((resolve) => cdp.once('Tracing.tracingComplete', resolve))
    await cdp.send('Tracing.end')
    await done
    return events
  }
}
