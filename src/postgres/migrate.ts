/** Brings a database's tables up to date: named pieces of SQL, each applied once, in order of name. */
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Logger } from 'pino'
import { HubError } from '../errors.ts'

/**
 * Applies what `scope` (the hub, or one connector) has not applied yet, each piece in its own transaction. Hubs that start
 * together wait for each other. Throws `conflict` when an applied piece has another text now.
 */
export async function migrate(
  pool: pg.Pool,
  scope: string,
  migrations: Readonly<Record<string, string>>,
  log?: Pick<Logger, 'info'>,
): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('SET statement_timeout = 0')
    await takeLock(client, log)
    await client.query(createMigrations)
    const applied = await appliedIn(client, scope)
    for (const name of Object.keys(migrations).sort()) await bring(client, scope, name, migrations[name]!, applied, log)
  } finally {
    // Closing the connection frees the lock and forgets the setting, whatever state the session is in.
    client.release(true)
  }
}

/** Any number that only we use; "baton" in ASCII, shifted. */
const LOCK = 0x626174

const createMigrations = `
  CREATE TABLE IF NOT EXISTS migrations (
    scope text NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (scope, name)
  )`

/** Asks again and again instead of waiting inside one statement, which the client's own time limit would end. */
async function takeLock(client: pg.PoolClient, log?: Pick<Logger, 'info'>): Promise<void> {
  for (let tries = 0; ; tries++) {
    const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [LOCK])
    if (rows[0]?.held) return
    if (tries === 0) log?.info('waiting for another hub that is migrating the database')
    await sleep(50)
  }
}

async function appliedIn(client: pg.PoolClient, scope: string): Promise<Map<string, string>> {
  const { rows } = await client.query<{ name: string; checksum: string }>(
    'SELECT name, checksum FROM migrations WHERE scope = $1',
    [scope],
  )
  return new Map(rows.map((row) => [row.name, row.checksum]))
}

async function bring(
  client: pg.PoolClient,
  scope: string,
  name: string,
  sql: string,
  applied: Map<string, string>,
  log?: Pick<Logger, 'info'>,
): Promise<void> {
  const checksum = checksumOf(sql)
  const before = applied.get(name)
  if (before === checksum) return
  if (before !== undefined) throw changed(scope, name)
  await apply(client, scope, name, sql, checksum)
  log?.info({ scope, migration: name }, 'database migrated')
}

async function apply(client: pg.PoolClient, scope: string, name: string, sql: string, checksum: string): Promise<void> {
  await client.query('BEGIN')
  try {
    await client.query(sql)
    await client.query('INSERT INTO migrations (scope, name, checksum) VALUES ($1, $2, $3)', [scope, name, checksum])
    await client.query('COMMIT')
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => {})
    throw new Error(`Migration ${name} of ${scope} failed: ${(cause as Error).message}`, { cause })
  }
}

/** White space at the ends of lines does not count: an editor may strip it. */
const checksumOf = (sql: string): string =>
  createHash('sha256')
    .update(
      sql
        .split('\n')
        .map((line) => line.trimEnd())
        .join('\n')
        .trim(),
    )
    .digest('hex')

const changed = (scope: string, name: string): HubError =>
  new HubError(
    'conflict',
    `Migration ${name} of ${scope} was applied to this database with another text. ` +
      'Leave applied migrations as they are and add a new one.',
  )
