import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { isDatabaseAway, openDatabase } from '../src/postgres/database.ts'
import { migrate } from '../src/postgres/migrate.ts'
import { freePort } from '../src/postgres/server.ts'
import { aDatabase, type TestDatabase } from './engines.ts'

let database: TestDatabase
beforeEach(async () => {
  database = await aDatabase()
})
afterEach(() => database.drop())

const things = 'CREATE TABLE things (id int)'

it('applies each piece once, in order of name', async () => {
  const said: string[] = []
  const sink = new Writable({
    write: (line, _encoding, done) => {
      said.push(JSON.parse(String(line)).migration)
      done()
    },
  })
  const log = pino({}, sink)
  const first = { '0002-more': 'ALTER TABLE things ADD COLUMN name text', '0001-things': things }
  await migrate(database.pool, 'shop', first, log)
  await migrate(database.pool, 'shop', { ...first, '0003-one': 'INSERT INTO things VALUES (1)' }, log)
  await migrate(database.pool, 'shop', { ...first, '0003-one': 'INSERT INTO things VALUES (1)' }, log)
  expect((await database.pool.query('SELECT * FROM things')).rows).toEqual([{ id: 1, name: null }])
  expect(said).toEqual(['0001-things', '0002-more', '0003-one'])
})

it('keeps the scopes apart', async () => {
  await migrate(database.pool, 'shop', { '0001': things })
  await migrate(database.pool, 'office', { '0001': 'CREATE TABLE desks (id int)' })
  const { rows } = await database.pool.query("SELECT scope, name FROM migrations WHERE scope <> 'hub' ORDER BY scope")
  expect(rows).toEqual([
    { scope: 'office', name: '0001' },
    { scope: 'shop', name: '0001' },
  ])
})

it('many hubs at once apply it once', async () => {
  const hubs = Array.from({ length: 4 }, () => openDatabase(database.url, { max: 2 }))
  const slow = `SELECT pg_sleep(0.2); ${things}; INSERT INTO things VALUES (1)`
  await Promise.all(hubs.map((hub) => migrate(hub.pool, 'shop', { '0001': slow })))
  expect((await database.pool.query('SELECT count(*) AS n FROM things')).rows).toEqual([{ n: 1 }])
  await Promise.all(hubs.map((hub) => hub.close()))
})

it('refuses a piece whose text was changed, but not for white space at the ends of lines', async () => {
  await migrate(database.pool, 'shop', { '0001-things': things })
  await migrate(database.pool, 'shop', { '0001-things': `\n${things}  \n` })
  const changed = migrate(database.pool, 'shop', { '0001-things': 'CREATE TABLE things (id bigint)' })
  await expect(changed).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('0001-things of shop'),
  })
})

it('leaves nothing of a piece that fails, and goes on from there', async () => {
  const broken = migrate(database.pool, 'shop', { '0001': `${things}; SELECT nonsense` })
  await expect(broken).rejects.toThrow(/0001 of shop.*nonsense/)
  await migrate(database.pool, 'shop', { '0001': things })
  expect((await database.pool.query('SELECT * FROM things')).rows).toEqual([])
})

it('reads bigints as numbers and refuses those that would lose digits', async () => {
  const { rows } = await database.pool.query(
    `SELECT 9007199254740991 AS big, '{"a":[1]}'::jsonb AS json, 1.5::numeric AS money`,
  )
  expect(rows).toEqual([{ big: Number.MAX_SAFE_INTEGER, json: { a: [1] }, money: '1.5' }])
  await expect(database.pool.query('SELECT 9007199254740993 AS big')).rejects.toThrow('too large')
})

it('tells a database that is away from a statement that is wrong', async () => {
  const failure = (query: Promise<unknown>) => query.then(undefined, (error: unknown) => error)
  const nowhere = openDatabase(`postgres://baton@127.0.0.1:${await freePort()}/baton`)
  expect(isDatabaseAway(await failure(nowhere.pool.query('SELECT 1')))).toBe(true)
  await nowhere.close()
  expect(isDatabaseAway(await failure(database.pool.query('SELECT nonsense')))).toBe(false)
  const killed = failure(database.pool.query('SELECT pg_terminate_backend(pg_backend_pid())'))
  expect(isDatabaseAway(await killed)).toBe(true)
})

it('outlives the loss of a connection that is in use and of one that is idle', async () => {
  const { pool } = database
  const client = await pool.connect()
  const { pid } = (await client.query('SELECT pg_backend_pid() AS pid')).rows[0]
  const ended = new Promise((resolve) => client.once('end', resolve))
  await pool.query('SELECT pg_terminate_backend($1)', [pid])
  await ended
  const gone = await client.query('SELECT 1').then(undefined, (error: unknown) => error)
  expect(isDatabaseAway(gone)).toBe(true)
  client.release(true)
  await pool.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  )
  expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
})
