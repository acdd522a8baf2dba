/** Figures of connections: how they are counted, written and read, and the word they come to. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HubError } from '../src/errors.ts'
import { healthOf, type Signs } from '../src/health.ts'
import { keepTraffic, noFigures, readFigures, readLast, readQuiet } from '../src/postgres/traffic.ts'
import { quantile, sliceMs, Traffic } from '../src/traffic.ts'
import { aDatabase, type TestDatabase } from './engines.ts'

const at = 1_800_000_000_000 - (1_800_000_000_000 % sliceMs)
const call = { method: 'GET', path: '/tickets', status: 200, ms: 100 }

describe('traffic', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await aDatabase()
  })
  afterAll(() => database.drop())
  const keep = (traffic: Traffic) => keepTraffic(database.pool, traffic, { debug: () => {} })

  it('of two hubs is one sum, and written only when something changed', async () => {
    let now = at
    const [one, other] = [new Traffic(() => now), new Traffic(() => now)]
    const [first, second] = [keep(one), keep(other)]
    one.called('desk', call)
    one.called('desk', { ...call, status: 503, ms: 4_000 })
    one.came('desk')
    other.called('desk', { ...call, status: 'ETIMEDOUT', ms: 10_000 })
    await first.write()
    await second.write()
    const figures = (await readFigures(database.pool, now)).get('desk')!
    expect(figures).toMatchObject({ callsPerHour: 3, errorsPerHour: 2, callsThisMinute: 3, lastIn: at, lastOut: at })
    expect(figures.calls.at(-1)).toBe(3)
    expect(figures.p95).toBeGreaterThan(3_000)
    expect(one.take()).toEqual([])
    // Written again: the same five minutes are not counted twice.
    one.called('desk', call)
    await first.write()
    expect((await readFigures(database.pool, now)).get('desk')!.callsPerHour).toBe(4)
    now += sliceMs
    one.called('desk', call)
    await first.write()
    const later = (await readFigures(database.pool, now)).get('desk')!
    expect(later.calls.slice(-2)).toEqual([4, 1])
    await first.stop()
    await second.stop()
  })

  it('keeps the last calls of all hubs, newest first, and no more than fifty', async () => {
    let now = at
    const traffic = new Traffic(() => now)
    const keeper = keep(traffic)
    for (let n = 0; n < 60; n++) {
      now++
      traffic.called('busy', { ...call, path: `/${n}` })
    }
    traffic.refused('busy', { method: 'POST', path: '/hooks/busy', status: 401, why: 'wrong signature' })
    await keeper.stop()
    const { calls, refused } = await readLast(database.pool, 'busy')
    expect(calls).toHaveLength(50)
    expect(calls[0]!.path).toBe('/59')
    expect(refused).toMatchObject([{ status: 401, why: 'wrong signature' }])
  })

  it('that could not be written is written later', async () => {
    const traffic = new Traffic(() => at)
    traffic.called('desk', call)
    const changes = traffic.take()
    traffic.giveBack(changes)
    expect(traffic.take()).toHaveLength(1)
    let now = at
    const moving = new Traffic(() => now)
    moving.called('desk', call)
    const lost = moving.take()
    now += sliceMs
    moving.called('desk', call)
    moving.giveBack(lost)
    expect(moving.take()[0]!.slices.map((slice) => slice.calls)).toEqual([1, 1])
  })

  it('counts effects where there are no calls to see, and not twice where there are', async () => {
    const traffic = new Traffic(() => at)
    await traffic.timed('own', 'say', Promise.resolve())
    await expect(traffic.timed('own', 'say', Promise.reject(new HubError('busy', 'x')))).rejects.toThrow('x')
    traffic.called('vendor', call)
    await traffic.timed('vendor', 'say', Promise.resolve())
    const [own, vendor] = traffic.take()
    expect(own).toMatchObject({
      slices: [{ calls: 2, errors: 1 }],
      last: { calls: [{ status: 'done' }, { status: 'busy' }] },
    })
    expect(vendor!.slices[0]!.calls).toBe(1)
  })

  it('knows the longest quiet time', async () => {
    let now = at
    const traffic = new Traffic(() => now)
    const keeper = keep(traffic)
    for (const minutes of [0, 10, 100]) {
      now = at + minutes * 60_000
      traffic.came('quiet')
      await keeper.write()
    }
    expect((await readQuiet(database.pool)).get('quiet')).toMatchObject({
      longestMs: 90 * 60_000,
      since: at,
      cameIn: 3,
    })
    await keeper.stop()
  })
})

describe('a quantile', () => {
  it('is undefined without calls', () => expect(quantile([0, 0], 0.95)).toBeUndefined())
  it.each([40, 300, 2_000, 9_000])('of equal calls of %i ms is near it', (ms) => {
    const traffic = new Traffic(() => at)
    for (let n = 0; n < 20; n++) traffic.called('x', { ...call, ms })
    const p95 = quantile(traffic.take()[0]!.slices[0]!.spread, 0.95)!
    expect(Math.abs(p95 - ms) / ms).toBeLessThan(0.5)
  })
})

describe('the health of a connection', () => {
  const day = 86_400_000
  const signs: Signs = { gate: 'healthy', figures: noFigures, quiet: undefined, reports: true, now: at }
  const quiet = { longestMs: 3_600_000, since: at - 4 * day, calls: 100, cameIn: 50 }
  it.each<[string, Partial<Signs>, string]>([
    [
      'a gate’s word comes first',
      { gate: 'failing', figures: { ...noFigures, recentCalls: 50, recentP95: 9_000 } },
      'failing',
    ],
    ['many slow calls', { figures: { ...noFigures, recentCalls: 10, recentP95: 3_000 } }, 'slow'],
    ['one slow call', { figures: { ...noFigures, recentCalls: 9, recentP95: 9_000 } }, 'healthy'],
    ['quiet for longer than ever', { quiet, figures: { ...noFigures, lastIn: at - 5_400_000 } }, 'silent'],
    ['quiet as it often is', { quiet, figures: { ...noFigures, lastIn: at - 5_300_000 } }, 'healthy'],
    [
      'not known for long',
      { quiet: { ...quiet, since: at - day }, figures: { ...noFigures, lastIn: at - day } },
      'healthy',
    ],
    ['never a word in a busy day', { quiet: { longestMs: null, since: at - day, calls: 20, cameIn: 0 } }, 'silent'],
    ['nothing is expected', { quiet, reports: false, figures: { ...noFigures, lastIn: at - day } }, 'healthy'],
  ])('%s', (_, changes, word) => expect(healthOf({ ...signs, ...changes })).toBe(word))
})
