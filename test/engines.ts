/** The real engines tests run on. The servers are started once for a whole run, by global-setup.ts. */
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { type Database, openDatabase } from '../src/postgres/database.ts'

export interface TestDatabase extends Pick<Database, 'db' | 'pool'> {
  readonly url: string
  /** Closes the connections and deletes the database. */
  drop(): Promise<void>
}

/** A fresh database that has the hub's tables and nothing in them. */
export async function aDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`
  await administrate(`CREATE DATABASE ${name} TEMPLATE ${inject('databaseTemplate')}`)
  const url = new URL(inject('databaseUrl'))
  url.pathname = `/${name}`
  const { db, pool, close } = openDatabase(url.href, { max: 10 })
  return {
    url: url.href,
    db,
    pool,
    async drop() {
      await close()
      await administrate(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    },
  }
}

export interface Engine {
  readonly name: 'postgres' | 'redis'
  readonly databaseUrl: string
  /** Where the queue runs; undefined: on PostgreSQL. */
  readonly redisUrl?: string
}

/** What the queue can run on here: tests of it loop over these. `databaseUrl` is shared: take `aDatabase()` for tables. */
export function engines(): Engine[] {
  const databaseUrl = inject('databaseUrl')
  const redisUrl = inject('redisUrl')
  const postgres: Engine = { name: 'postgres', databaseUrl }
  return redisUrl === undefined ? [postgres] : [postgres, { name: 'redis', databaseUrl, redisUrl }]
}

/** One connection for all of a test file; it does not keep the process alive. */
let administrator: pg.Pool | undefined

async function administrate(statement: string): Promise<void> {
  administrator ??= openAdministrator()
  await administrator.query(statement)
}

function openAdministrator(): pg.Pool {
  const pool = new pg.Pool({
    connectionString: inject('databaseUrl'),
    max: 1,
    allowExitOnIdle: true,
    // Packing costs more than copying the template; only a superuser may switch it off.
    onConnect: (client) => client.query('SET wal_compression = off').then(undefined, () => {}),
  })
  pool.on('error', () => {})
  return pool
}
