/** What reports are put together from: files, results that are kept, days, intervals. */
import { describe, expect, it } from 'vitest'
import { toCsv } from '../../src/reports/csv.ts'
import { median } from '../../src/reports/people.ts'
import { hoursOf, readPeriod } from '../../src/reports/period.ts'
import { openShelf } from '../../src/reports/shelf.ts'
import { interval } from '../../src/reports/tally.ts'

describe('CSV', () => {
  it.each([
    ...['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '\nx', '＝1+1', '＋1', '－1', '＠SUM(A1)'],
    ...[' =1+1', '\u200B=1+1', '\uFEFF＝1', '"=1+1"', "'=1+1", '=1,"x"', '=HYPERLINK("https://evil.example","x")'],
  ])('%j runs nothing', (text) => {
    const cell = toCsv([[text]]).replace(/\r\n$/, '')
    // As a spreadsheet reads it: quotes around a cell are no part of it.
    const read = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell
    expect(read).toBe(`'${text}`)
  })

  it.each(['a=1', 'Lena', '', '4-5', 'lena@example.com', '(-1)', '–'])('%j stays as it is', (text) => {
    expect(toCsv([[text]])).toBe(`${text}\r\n`)
  })

  it('keeps numbers, quotes what needs it, and leaves out what is not known', () => {
    expect(toCsv([[-1.5, 'a "b", c', null, undefined, 'plain']])).toBe('-1.5,"a ""b"", c",,,plain\r\n')
  })
})

describe('a result that is kept', () => {
  const setUp = () => {
    const clock = { at: 0 }
    const read = openShelf<number>({ now: () => clock.at, freshMs: 10, patienceMs: 0, places: 2, atOnce: 1 })
    return { clock, read }
  }

  it('is given with its age while the new one is counted, and then replaced', async () => {
    const { clock, read } = setUp()
    expect(await read('a', async () => 1)).toEqual({ value: 1, asOf: 0, isStale: false })
    clock.at = 5
    expect(await read('a', async () => 2)).toEqual({ value: 1, asOf: 0, isStale: false })
    clock.at = 20
    let finish = (_: number) => {}
    const slow = new Promise<number>((resolve) => {
      finish = resolve
    })
    expect(await read('a', () => slow)).toEqual({ value: 1, asOf: 0, isStale: true })
    finish(3)
    await expect.poll(async () => (await read('a', async () => 4)).value).toBe(3)
    expect((await read('a', async () => 4)).asOf).toBe(20)
  })

  it('is counted once for all who ask, and fails for all who wait', async () => {
    const { read } = setUp()
    let times = 0
    const count = async () => ++times
    expect(await Promise.all([read('a', count), read('a', count)])).toMatchObject([{ value: 1 }, { value: 1 }])
    const fail = async () => {
      throw new Error('the record is away')
    }
    await expect(read('b', fail)).rejects.toThrow('away')
    expect(await read('b', async () => 7)).toMatchObject({ value: 7 })
  })
})

describe('a period', () => {
  const now = Date.parse('2026-11-24T22:00:00Z')

  it('is the last fourteen days without dates, and knows the day that is not over', () => {
    const { days, running } = readPeriod({}, now)
    expect([days.length, days[0], days.at(-1), running]).toEqual([14, '2026-11-11', '2026-11-24', '2026-11-24'])
  })

  it('begins its days in the zone of whoever asks', () => {
    const { days, from } = readPeriod({ zone: 'Pacific/Auckland' }, now)
    expect(days.at(-1)).toBe('2026-11-25')
    expect(new Date(from).toISOString()).toBe('2026-11-11T11:00:00.000Z')
  })

  it('leaves out days to come, and has as many before as in it when clocks change', () => {
    const { days, starts, from, to, beforeFrom } = readPeriod(
      { from: '2025-03-28', to: '2025-04-01', zone: 'Europe/Berlin' },
      now,
    )
    expect([days.length, starts.length]).toEqual([5, 10])
    expect((to - from) / 3_600_000).toBe(119)
    expect((from - beforeFrom) / 3_600_000).toBe(120)
    expect(readPeriod({ from: '2026-11-20', to: '2026-12-31' }, now).days.at(-1)).toBe('2026-11-24')
  })

  it('puts every hour into its place of the week', () => {
    const { cells } = hoursOf(readPeriod({ from: '2025-03-10', to: '2025-03-16' }, now))
    expect(cells).toEqual(Array.from({ length: 168 }, (_, n) => n))
  })
})

it('an interval is Wilson’s', () => {
  const [low, high] = interval(8, 11)
  expect(low).toBeCloseTo(0.4344, 3)
  expect(high).toBeCloseTo(0.9025, 3)
  expect(interval(0, 0)).toEqual([null, null])
})

it('a median lies in the middle', () => {
  expect([median([]), median([3]), median([1, 9]), median([5, 1, 3])]).toEqual([null, 3, 5, 3])
})
