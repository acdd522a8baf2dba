/** The database as connectors get it: while it is away they hear `unreachable`, as of any other place that does not answer. */
import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely'
import type pg from 'pg'
import { HubError } from '../errors.ts'
import { isDatabaseAway } from './database.ts'

/** Shares the pool and its end; it is not to be destroyed by itself. */
// biome-ignore lint/suspicious/noExplicitAny: whoever reads names its own tables by `withTables`
export function guardDatabase(pool: pg.Pool): Kysely<any> {
  const guarded: PostgresPool = {
    options: pool.options,
    connect: async () => guard(await pool.connect().catch(complain)),
    end: async () => {},
  }
  return new Kysely({ dialect: new PostgresDialect({ pool: guarded }) })
}

function guard(client: pg.PoolClient): PostgresPoolClient {
  const query = (text: string, values: unknown[]) => client.query(text, values).catch(complain)
  return { query: query as never, release: (destroy) => client.release(destroy) }
}

/** A statement that was under way may have been carried out. */
function complain(error: unknown): never {
  if (!isDatabaseAway(error)) throw error
  throw new HubError('unreachable', 'The record cannot be reached right now', {
    certain: false,
    retryAfterMs: 1_000,
    cause: error,
  })
}
