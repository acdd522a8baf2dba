/** When a connection's breaker opens, and for how long: by what several hubs saw of it. */
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { HubError } from '../../src/errors.ts'
import { Gates } from '../../src/gates.ts'
import { migrate } from '../../src/postgres/migrate.ts'
import { hubMigrations } from '../../src/postgres/migrations/index.ts'
import { aDatabase, type TestDatabase } from '../engines.ts'

let database: TestDatabase
let gates: Gates
let other: Gates
beforeAll(async () => {
  database = await aDatabase()
  await migrate(database.pool, 'hub', hubMigrations, pino({ level: 'silent' }))
})
afterAll(() => database?.drop())
beforeEach(async () => {
  await database.pool.query('DELETE FROM connections')
  const now = () => Date.now()
  other = new Gates(database.pool, now, () => {})
  gates = new Gates(database.pool, now, () => void other.refresh())
})

const away = new HubError('unreachable', 'No answer in time')
const fails = (times: number) => Promise.all(Array.from({ length: times }, () => gates.failed('desk', away)))
/** Milliseconds for which it was opened last. */
const openedFor = async () => {
  const { rows } = await database.pool.query<{ ms: number | null }>(
    'SELECT round(extract(epoch FROM broken_until - last_at) * 1000)::int AS ms FROM connections',
  )
  return rows[0]?.ms ?? null
}
/** As if the time had passed. */
const close = () => database.pool.query("UPDATE connections SET broken_until = now() - interval '1 ms'")

describe('the breaker of a connection', () => {
  it('opens after five failures in a row, for every hub', async () => {
    await fails(4)
    expect([await openedFor(), gates.isFlowing('desk')]).toEqual([null, true])
    await fails(1)
    expect(await openedFor()).toBe(5_000)
    await other.refresh()
    expect([gates.isFlowing('desk'), other.isFlowing('desk')]).toEqual([false, false])
  })

  it('stays open no longer for calls that were under way when it opened', async () => {
    await fails(30)
    const { rows } = await database.pool.query(
      "SELECT failures, broken_until < now() + interval '5001 ms' AS short FROM connections",
    )
    expect(rows).toEqual([{ failures: 5, short: true }])
  })

  it('opens for twice as long each time it has to again, up to a minute, and closes with the first call that works', async () => {
    await fails(5)
    const openings: (number | null)[] = []
    for (let n = 0; n < 5; n++) {
      await close()
      await fails(1)
      openings.push(await openedFor())
    }
    expect(openings).toEqual([10_000, 20_000, 40_000, 60_000, 60_000])
    await gates.worked('desk')
    expect(gates.health('desk').health).toBe('healthy')
    await fails(4)
    expect(gates.isFlowing('desk')).toBe(true)
  })

  it('is tried at once by a hub that starts, and opens again with its first failure', async () => {
    await fails(5)
    await other.tryAgain()
    expect([other.isFlowing('desk'), other.health('desk').health]).toEqual([true, 'failing'])
    await gates.refresh()
    await fails(1)
    expect(await openedFor()).toBe(10_000)
  })

  it('leaves what a person paused to that person when a hub starts', async () => {
    await fails(5)
    await gates.pause('desk', 'Kim')
    await other.tryAgain()
    expect(other.health('desk').health).toBe('paused')
    expect(await openedFor()).toBe(5_000)
  })

  it('waits as long as it is asked to, and that opens nothing', async () => {
    for (let n = 0; n < 6; n++) await gates.failed('desk', new HubError('busy', 'Slow down', { retryAfterMs: 7_000 }))
    expect(await openedFor()).toBeNull()
    expect(gates.waitMs('desk')).toBeGreaterThan(6_000)
    expect(gates.health('desk').health).toBe('limited')
  })
})
