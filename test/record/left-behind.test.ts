import { afterAll, beforeAll, expect, it } from 'vitest'
import { LeftBehind } from '../../src/left-behind.ts'
import { aDatabase, type TestDatabase } from '../engines.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await aDatabase()
})
afterAll(() => database.drop())

/** A lane with work whose lease is held for a long time yet. */
async function heldLane(conversation: number, token: string) {
  await database.pool.query(
    `INSERT INTO lanes (conversation, lane, tail, token, hub, leased_until, due)
     VALUES ($1, 'desk:people', 1, $2, 1, now() + interval '1 hour', date_trunc('minute', now()))`,
    [conversation, token],
  )
  return { conversation, lane: 'desk:people', token }
}

const held = async () =>
  (await database.pool.query('SELECT conversation FROM lanes WHERE token IS NOT NULL ORDER BY 1')).rows.map(
    (row) => row.conversation,
  )

it('gives back the lanes of a commit in doubt and of an interrupted drain, and nobody else’s', async () => {
  const left = new LeftBehind()
  await heldLane(1, '1.1')
  await heldLane(2, '1.1')
  left.commit('1.1')
  left.lane(await heldLane(3, '1.2'))
  await heldLane(4, '1.2')
  await left.giveBack(database.pool)
  expect(await held()).toEqual([4])
})

it('keeps for the next time what could not be given back, and what comes meanwhile', async () => {
  const left = new LeftBehind()
  left.lane(await heldLane(5, '1.5'))
  const away = { query: () => Promise.reject(new Error('Connection terminated')) }
  await expect(left.giveBack(away as never)).rejects.toThrow('Connection terminated')
  const next = await heldLane(6, '1.6')
  const giving = left.giveBack(database.pool)
  left.lane(next)
  await giving
  expect(await held()).toEqual([4, 6])
  await left.giveBack(database.pool)
  expect(await held()).toEqual([4])
})
