/** Every number of the reports against the value worked out by hand in `worked-out.ts`, and the conversations behind it. */
import { readFile } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { feel } from '../../src/escalation/sentiment.ts'
import { eraseCustomer } from '../../src/postgres/erasure.ts'
import type { Report } from '../../src/reports/answers.ts'
import { reportNames } from '../../src/reports/catalogue.ts'
import { aRunningApp, type Running } from '../app.ts'
import { aHistory } from './database.ts'
import { felt, week } from './history.ts'
import * as expected from './worked-out.ts'

/** For a machine that does ten other things. */
const patient = { timeout: 180_000 }

let running: Running
let ids: Map<string, number>
let close: () => Promise<void>

beforeAll(async () => {
  const history = await aHistory()
  ids = history.ids
  running = await aRunningApp({
    yaml: await readFile(history.yaml, 'utf8'),
    env: { DATABASE_URL: history.database.url },
  })
  close = async () => {
    await running.stop()
    await history.database.drop()
  }
}, 300_000)
afterAll(() => close?.(), 120_000)

const query = (given: Record<string, unknown>): string =>
  new URLSearchParams(Object.entries({ ...week, ...given }).map(([name, value]) => [name, String(value)])).toString()

/** The first answers may come before everything is counted, and say so. */
async function read(name: string, given: Record<string, unknown> = {}): Promise<Report> {
  let found: Report | undefined
  await expect
    .poll(
      async () => {
        const { status, json, text } = await running.staff(`/api/v1/reports/${name}?${query(given)}`)
        expect(status, text).toBe(200)
        found = json
        return json.isStale
      },
      { timeout: 120_000, interval: 100 },
    )
    .toBe(false)
  return found!
}

const fetched = new Map<string, Promise<Report>>()
const report = (name: string): Promise<Report> => {
  if (!fetched.has(name)) fetched.set(name, read(name))
  return fetched.get(name)!
}
const all = () => Promise.all(reportNames.map(report))

async function behind(
  number: string,
  given: Record<string, unknown> = {},
): Promise<{ total: number; rows: { conversation: number }[] }> {
  const rows = []
  let total = 0
  let after: string | null = null
  do {
    const path = `/api/v1/reports/overview/conversations?${query({ ...given, number, limit: 30, ...(after ? { after } : {}) })}`
    const { status, json, text } = await running.staff(path)
    expect(status, text).toBe(200)
    rows.push(...json.rows)
    total = json.total
    after = json.next
  } while (after !== null)
  return { total, rows }
}

it('measures what customers say as the history assumes', () => {
  for (const [words, score] of Object.entries(felt)) expect([words, feel(words, 'en').score]).toEqual([words, score])
})

describe('figures', patient, () => {
  it('are what was worked out by hand', async () => {
    for (const { name, figures } of await all()) {
      for (const figure of figures.filter((one) => one.isCounted)) {
        const [value, count, of, p90 = null] = expected.figures[figure.key] ?? []
        const found = {
          is: `${name} ${figure.key}`,
          value: figure.value,
          count: figure.count,
          of: figure.of,
          p90: figure.p90,
        }
        expect(found).toEqual({ is: `${name} ${figure.key}`, value, count, of, p90 })
      }
    }
  })

  it('are compared with the week before', async () => {
    const figures = (await all()).flatMap((one) => one.figures)
    for (const [key, [value, count, of, p90 = null]] of Object.entries(expected.before)) {
      expect({ key, ...figures.find((one) => one.key === key)?.before }).toMatchObject({ key, value, count, of, p90 })
    }
  })

  it('say what they count and among what, and what is not counted is no 0', async () => {
    for (const figure of (await all()).flatMap((one) => one.figures)) {
      expect(figure.counts.length, figure.key).toBeGreaterThan(10)
      expect(figure.among.length, figure.key).toBeGreaterThan(9)
      if (!figure.isCounted)
        expect(figure).toMatchObject({ value: null, note: expect.stringMatching(/^Not (counted|recorded)/) })
    }
  })

  it('of fewer than ten are too few', async () => {
    const { figures } = await read('feedback', { reason: 'frustration' })
    expect(figures.find((one) => one.key === 'csat')).toMatchObject({ of: 2, tooFew: true })
    expect((await report('feedback')).figures.find((one) => one.key === 'csat')).toMatchObject({
      of: 11,
      tooFew: false,
    })
  })

  it('have no value where there is nothing to say it of', async () => {
    const { figures } = await read('overview', { from: '2025-01-01', to: '2025-01-02' })
    for (const figure of figures) expect(figure).toMatchObject({ value: null, count: 0, of: 0 })
  })

  it.each(expected.filtered)('narrowed by %j', async (filter, wanted) => {
    const homes = (await all()).filter(({ figures }) => figures.some(({ key }) => wanted[key]))
    const narrowed = await Promise.all(homes.map(({ name }) => read(name, filter)))
    for (const figure of narrowed.flatMap(({ figures }) => figures).filter(({ key }) => wanted[key])) {
      const [value, count, of] = wanted[figure.key]!
      const found = { key: figure.key, value: figure.value, count: figure.count, of: figure.of }
      expect(found).toEqual({ key: figure.key, value, count, of })
    }
  })
})

describe('charts', patient, () => {
  it('have the rows that were worked out by hand', async () => {
    const charts = (await all()).flatMap((one) => one.charts)
    for (const [key, rows] of Object.entries(expected.rows)) {
      const chart = charts.find((one) => one.key === key)
      if (key !== 'stops') expect(chart?.rows.map((row) => row.key).sort(), key).toEqual(Object.keys(rows).sort())
      for (const [row, cells] of Object.entries(rows))
        for (const [column, [count, of]] of Object.entries(cells)) {
          const cell = chart?.rows.find((one) => one.key === row)?.cells[column]
          expect([key, row, column, cell?.count, cell?.of]).toEqual([key, row, column, count, of])
        }
    }
  })

  it('have the values that were worked out by hand', async () => {
    const charts = (await all()).flatMap((one) => one.charts)
    for (const [key, rows] of Object.entries(expected.values))
      for (const [row, cells] of Object.entries(rows))
        for (const [column, value] of Object.entries(cells)) {
          const found = charts.find((one) => one.key === key)?.rows.find((one) => one.key === row)?.cells[column]?.value
          if (value === null) expect([key, row, column, found]).toEqual([key, row, column, null])
          else expect(found, `${key} ${row} ${column}`).toBeCloseTo(value, 9)
        }
  })

  it('keep agents in order of their names', async () => {
    const { charts } = await report('people')
    expect(charts[0]?.rows.map((row) => row.label)).toEqual(['Ben', 'Lena', 'Udo', 'Team median'])
  })
})

describe('the conversations behind', patient, () => {
  it('every figure are as many as it says, and its denominator', async () => {
    for (const figure of new Map((await all()).flatMap((one) => one.figures).map((one) => [one.key, one])).values()) {
      if (!figure.isCounted) continue
      const counted = await behind(figure.key)
      expect([figure.key, counted.rows.length, counted.total]).toEqual([figure.key, figure.count, figure.count])
      const among = await behind(figure.key, { side: 'among' })
      expect([figure.key, among.rows.length]).toEqual([figure.key, figure.of])
    }
  })

  it('every row of every chart are as many as it says', async () => {
    for (const { key, rows } of (await all()).flatMap((one) => one.charts))
      for (const row of rows) {
        if (row.key === 'median') continue
        for (const [column, cell] of Object.entries(row.cells)) {
          const { rows: found } = await behind(column, { ...(cell.opens ?? row.opens) })
          expect([key, row.key, column, found.length]).toEqual([key, row.key, column, cell.count])
        }
      }
  })

  it('a share by a desk are the numerator and the denominator', async () => {
    expect((await behind('escalated', { desk: 'sales-desk' })).rows).toHaveLength(4)
    expect((await behind('escalated', { desk: 'sales-desk', side: 'among' })).rows).toHaveLength(42)
  })

  it('a number are those meant', async () => {
    const { rows } = await behind('abandoned')
    expect(rows.map((one) => one.conversation)).toEqual([ids.get('d2'), ids.get('d1')])
  })
})

describe('as a file', patient, () => {
  const csv = async (path: string) => {
    const { status, text, headers } = await running.staff(path)
    expect(status, text).toBe(200)
    expect(headers['content-type']).toContain('text/csv')
    return parse(text, { columns: true }) as Record<string, string>[]
  }

  it('a chart’s rows sum to its number', async () => {
    for (const [chart, column, sum] of [
      ['rate', 'escalated_count', 26],
      ['rate', 'escalated_of', 42],
    ] as const) {
      const rows = await csv(`/api/v1/reports/escalations/export?${query({ chart })}`)
      expect(rows.reduce((total, row) => total + Number(row[column]), 0)).toBe(sum)
    }
    const reasons = await csv(`/api/v1/reports/escalations/export?${query({ chart: 'reasons' })}`)
    expect(reasons.reduce((total, row) => total + Number(row.requested_count), 0)).toBe(27)
  })

  it('a number has a line for each conversation', async () => {
    expect(await csv(`/api/v1/reports/overview/export?${query({ number: 'requested' })}`)).toHaveLength(27)
    const { json } = await running.staff(
      `/api/v1/reports/overview/export?${query({ number: 'requested', format: 'json' })}`,
    )
    expect(json).toHaveLength(27)
  })

  it('the figures are those of the report', async () => {
    const rows = await csv(`/api/v1/reports/waiting/export?${query({})}`)
    expect(rows.find((row) => row.figure === 'Time to agent')).toMatchObject({
      value: '60000',
      p90: '168000',
      count: '19',
      of: '26',
    })
  })
})

describe('bad questions', () => {
  it.each([
    ['/api/v1/reports/nonsense', 400],
    ['/api/v1/reports/overview?from=2025-13-01', 400],
    ['/api/v1/reports/overview?from=2025-03-10&to=2025-03-09', 400],
    ['/api/v1/reports/overview?from=2020-01-01&to=2025-03-09', 400],
    ['/api/v1/reports/overview?zone=Mars/Olympus', 400],
    ['/api/v1/reports/overview?nonsense=1', 400],
    ['/api/v1/reports/overview/conversations?number=nonsense', 400],
    ['/api/v1/reports/overview/export?chart=nonsense', 400],
  ])('%s is refused', async (path, status) => {
    expect((await running.staff(path)).status).toBe(status)
  })

  it('without a token get nothing', async () => {
    expect((await running.ask('/api/v1/reports/overview')).status).toBe(401)
  })
})

describe('the pass', patient, () => {
  it('made again from the record changes nothing', async () => {
    const rows = async () =>
      (await running.app.hub.pool.query('SELECT * FROM report_handoffs ORDER BY conversation, number')).rows
    const first = await rows()
    await running.staff('/api/v1/reports/rebuild', { method: 'POST' })
    await expect
      .poll(async () => (await running.app.hub.pool.query('SELECT done_at FROM report_progress')).rows[0].done_at)
      .not.toBeNull()
    expect(await rows()).toEqual(first)
  })

  it('keeps what was counted of a customer who was erased since', async () => {
    const before = (await read('feedback')).figures
    await eraseCustomer(running.app.hub, { conversation: ids.get('b8')! })
    await running.staff('/api/v1/reports/rebuild', { method: 'POST' })
    await expect
      .poll(async () => (await running.app.hub.pool.query('SELECT done_at FROM report_progress')).rows[0].done_at)
      .not.toBeNull()
    const { rows } = await running.app.hub.pool.query(
      'SELECT outcome, intent, accepted_at IS NOT NULL AS accepted, feeling_after FROM report_handoffs WHERE conversation = $1',
      [ids.get('b8')],
    )
    expect(rows).toEqual([{ outcome: 'resolved', intent: 'invoice', accepted: true, feeling_after: -0.55 }])
    expect((await read('feedback', { zone: 'Etc/UTC' })).figures).toEqual(before)
  })
})
