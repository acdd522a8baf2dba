/**
 * How long do reports and lists take with many conversations on record? Each is asked for again and again with other filters, so
 * that no answer is one that was kept.
 *
 *     node test/bench/reports.ts --data /var/tmp/seeded --calls 40
 *
 * The record is made by `seed.ts`; the goal is one second at the 95th percentile with a million conversations.
 */
import { parseArgs } from 'node:util'
import type pg from 'pg'
import { openDatabase } from '../../src/postgres/database.ts'
import { readGroups, readLetters } from '../../src/postgres/dead-letter-groups.ts'
import { findConversations } from '../../src/postgres/found.ts'
import { conversationsBehind } from '../../src/reports/behind.ts'
import { reportNames } from '../../src/reports/catalogue.ts'
import { passOnce } from '../../src/reports/pass.ts'
import { readPeriod } from '../../src/reports/period.ts'
import { countReport } from '../../src/reports/reports.ts'
import type { Filter, Question } from '../../src/reports/sets.ts'
import { openSeeded } from './seed.ts'

const goalMs = 1_000

const filters: readonly Filter[] = [
  {},
  { mapping: 'mapping-1' },
  { channel: 'site-2' },
  { desk: 'desk-0' },
  { language: 'de' },
  { reason: 'frustration' },
  { mapping: 'mapping-0', language: 'en', reason: 'loop' },
]
const spans = [7, 14, 28, 45, 90]
const day = 86_400_000

/** Another period or filter with each number. */
function questionOf(n: number, now: number): Question {
  const length = spans[n % spans.length]!
  const last = now - (n % 3) * day
  const dates = { from: dayOf(last - (length - 1) * day), to: dayOf(last), zone: n % 2 ? 'Europe/Berlin' : 'UTC' }
  return { period: readPeriod(dates, now), filter: filters[n % filters.length]! }
}
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

const searches = [{}, { mapping: 'mapping-1' }, { outcome: 'abandoned' }, { criterion: 'loop' }, { desk: 'desk-2' }]

type Work = (pool: pg.Pool, n: number, now: number) => Promise<unknown>

const works: Readonly<Record<string, Work>> = {
  ...Object.fromEntries(
    reportNames.map((name): [string, Work] => [
      `report ${name}`,
      (pool, n, now) => countReport(pool, name, questionOf(n, now)),
    ]),
  ),
  ...Object.fromEntries(
    (['escalated', 'requested', 'toAgent', 'csat', 'stops', 'letters'] as const).map((number): [string, Work] => [
      `behind ${number}`,
      (pool, n, now) =>
        conversationsBehind(pool, questionOf(n, now), { number, side: n % 2 ? 'counts' : 'among', limit: 50 }),
    ]),
  ),
  'list conversations': (pool, n) =>
    findConversations(pool, { desks: undefined, limit: 50, ...searches[n % searches.length] }),
  'dead letters by cause': (pool) => readGroups(pool, {}),
  'list dead letters': (pool) => readLetters(pool, {}, { limit: 100 }),
  'pass, nothing new': (pool) =>
    passOnce(pool, () => {
      throw new Error('nothing should be counted')
    }),
}

const { values } = parseArgs({
  options: { data: { type: 'string' }, calls: { type: 'string', default: '40' }, json: { type: 'boolean' } },
})
const server = await openSeeded(values.data)
const { pool, close } = openDatabase(server.url, { max: 4 })
try {
  const { rows } = await pool.query<{ conversations: number; handoffs: number }>(
    'SELECT (SELECT count(*) FROM report_conversations) AS conversations, (SELECT count(*) FROM report_handoffs) AS handoffs',
  )
  const now = Date.now()
  const figures: { what: string; p50: number; p95: number; most: number }[] = []
  for (const [what, work] of Object.entries(works)) {
    const times: number[] = []
    await work(pool, 0, now)
    for (let n = 0; n < Number(values.calls); n++) {
      const began = performance.now()
      await work(pool, n, now)
      times.push(performance.now() - began)
    }
    times.sort((a, b) => a - b)
    const at = (share: number) => Math.round(times[Math.min(times.length - 1, Math.ceil(share * times.length) - 1)]!)
    figures.push({ what, p50: at(0.5), p95: at(0.95), most: at(1) })
  }
  const missed = figures.filter(({ p95 }) => p95 > goalMs)
  if (values.json) process.stdout.write(`${JSON.stringify({ ...rows[0], calls: Number(values.calls), figures })}\n`)
  else {
    process.stdout.write(
      `${rows[0]!.conversations} conversations, ${rows[0]!.handoffs} handoffs, ${values.calls} calls each; goal: p95 ≤ ${goalMs} ms\n`,
    )
    for (const { what, p50, p95, most } of figures)
      process.stdout.write(
        `${what.padEnd(24)} p50 ${String(p50).padStart(6)} ms  p95 ${String(p95).padStart(6)} ms  most ${String(most).padStart(6)} ms${p95 > goalMs ? '  MISSED' : ''}\n`,
      )
  }
  process.exitCode = missed.length > 0 ? 1 : 0
} finally {
  await close()
  await server.stop()
}
