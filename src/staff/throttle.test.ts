/** Who is let try again, and who is not: with small numbers, on a real record. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { aDatabase, type TestDatabase } from '../../test/engines.ts'
import { createThrottle, placeOf, type Throttle, TooManyTries } from './throttle.ts'

let database: TestDatabase
let throttle: Throttle
beforeAll(async () => {
  database = await aDatabase()
  throttle = createThrottle(database.pool, { address: 6, account: 5, pair: 3, seconds: 60 })
})
beforeEach(() => database.pool.query('TRUNCATE sign_in_failures, sign_in_places'))
afterAll(() => database.drop())

/** How many of so many tries were let through. */
async function tries(count: number, address: string, account: string): Promise<number> {
  let passed = 0
  for (let i = 0; i < count; i++)
    await throttle.take(address, account).then(
      () => passed++,
      (error: unknown) => expect(error).toBeInstanceOf(TooManyTries),
    )
  return passed
}
const isLetIn = async (address: string, account: string) => (await tries(1, address, account)) === 1

describe('tries', () => {
  it('of one account at one place end first', async () => {
    expect(await tries(5, '10.0.0.1', 'kim@example.com')).toBe(3)
    expect(await tries(1, '10.0.0.1', 'KIM@example.com')).toBe(0)
    expect(await isLetIn('10.0.0.2', 'kim@example.com')).toBe(true)
    expect(await isLetIn('10.0.0.1', 'ana@example.com')).toBe(true)
  })

  it('of one place at many accounts end: a list of stolen passwords gets no further', async () => {
    let passed = 0
    for (let i = 0; i < 12; i++) passed += await tries(1, '10.0.0.1', `user-${i}@example.com`)
    expect(passed).toBe(6)
    expect(await isLetIn('10.0.0.2', 'user-9@example.com')).toBe(true)
  })

  it('of one account from many places end', async () => {
    let passed = 0
    for (let i = 0; i < 12; i++) passed += await tries(1, `10.0.0.${i}`, 'kim@example.com')
    expect(passed).toBe(5)
  })

  it('of many places of one IPv6 network count as one', async () => {
    let passed = 0
    for (let i = 1; i < 9; i++) passed += await tries(1, `2001:db8:1:2::${i}`, 'kim@example.com')
    expect(passed).toBe(3)
  })

  it('at once are not let through together', async () => {
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => throttle.take('10.0.0.1', 'kim@example.com')))
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    for (const one of all) if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(TooManyTries)
  })

  it('are forgotten after a while, however many more came meanwhile', async () => {
    await tries(9, '10.0.0.1', 'kim@example.com')
    const { rows } = await database.pool.query(
      `UPDATE sign_in_failures SET until = until - interval '60 seconds' RETURNING until <= now() AS over`,
    )
    expect(rows.every(({ over }) => over)).toBe(true)
    expect(await isLetIn('10.0.0.1', 'kim@example.com')).toBe(true)
  })

  it('that succeed do not count', async () => {
    for (let i = 0; i < 12; i++) {
      expect(await isLetIn('10.0.0.1', 'kim@example.com')).toBe(true)
      await throttle.succeed('10.0.0.1', 'kim@example.com')
    }
    expect(await isLetIn('10.0.0.1', 'ana@example.com')).toBe(true)
  })
})

describe('whoever came in here before', () => {
  beforeEach(async () => {
    await throttle.take('10.0.0.1', 'kim@example.com')
    await throttle.succeed('10.0.0.1', 'kim@example.com')
  })

  it('is not locked out by a neighbour behind the same router', async () => {
    for (let i = 0; i < 12; i++) await tries(1, '10.0.0.1', `user-${i}@example.com`)
    expect(await isLetIn('10.0.0.1', 'stranger@example.com')).toBe(false)
    expect(await isLetIn('10.0.0.1', 'kim@example.com')).toBe(true)
  })

  it('is not locked out from far away', async () => {
    for (let i = 2; i < 14; i++) await tries(1, `10.0.0.${i}`, 'kim@example.com')
    expect(await isLetIn('10.0.0.99', 'kim@example.com')).toBe(false)
    expect(await isLetIn('10.0.0.1', 'kim@example.com')).toBe(true)
  })

  it('has no more tries than others', async () => {
    expect(await tries(9, '10.0.0.1', 'kim@example.com')).toBe(3)
  })

  it('is a stranger again when it is long ago', async () => {
    await database.pool.query('UPDATE sign_in_places SET until = now()')
    for (let i = 2; i < 14; i++) await tries(1, `10.0.0.${i}`, 'kim@example.com')
    expect(await isLetIn('10.0.0.1', 'kim@example.com')).toBe(false)
  })
})

it('keeps neither addresses nor accounts', async () => {
  await tries(2, '10.0.0.1', 'kim@example.com')
  await throttle.succeed('10.0.0.1', 'kim@example.com')
  const { rows } = await database.pool.query(
    `SELECT convert_from(key, 'LATIN1') AS key FROM sign_in_failures UNION ALL SELECT convert_from(key, 'LATIN1') FROM sign_in_places`,
  )
  expect(rows.length).toBeGreaterThan(2)
  expect(JSON.stringify(rows)).not.toMatch(/10\.0|kim/)
})

it.each([
  ['10.0.0.1', '10.0.0.1'],
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:0db8:1:2::6', '2001:db8:1:2'],
  ['2001:db8::6', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
])('%s is the place %s', (address, place) => {
  expect(placeOf(address)).toBe(place)
})
