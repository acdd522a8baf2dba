/** The small values a connection keeps across restarts, as rows of the table `memory`. */
import { type Kysely, sql } from 'kysely'
import type { Clock, Memory } from '../connector.ts'
import { HubError } from '../errors.ts'

interface MemoryTable {
  memory: { connection: string; key: string; value: unknown; expires_at: Date | null }
}

/** Each connection sees its own keys only. */
// biome-ignore lint/suspicious/noExplicitAny: the caller's tables are of no concern here
export function createMemory(database: Kysely<any>, connection: string, clock: Clock): Memory {
  const db = database as Kysely<MemoryTable>
  return {
    async get<T>(key: string): Promise<T | undefined> {
      const row = await db
        .selectFrom('memory')
        .select('value')
        .where('connection', '=', connection)
        .where('key', '=', key)
        .where((of) => of.or([of('expires_at', 'is', null), of('expires_at', '>', new Date(clock.now()))]))
        .executeTakeFirst()
      return row?.value as T | undefined
    },
    async set(key: string, value: unknown, ttlMs?: number): Promise<void> {
      const row = { value: asJson(key, value), expires_at: ttlMs === undefined ? null : new Date(clock.now() + ttlMs) }
      await db
        .insertInto('memory')
        .values({ connection, key, ...row })
        .onConflict((on) => on.columns(['connection', 'key']).doUpdateSet(row))
        .execute()
    },
    async delete(key: string): Promise<void> {
      await db.deleteFrom('memory').where('connection', '=', connection).where('key', '=', key).execute()
    },
  }
}

/** Deletes what has expired; `get` does not return it anyway. */
// biome-ignore lint/suspicious/noExplicitAny: the caller's tables are of no concern here
export async function forgetExpired(database: Kysely<any>, clock: Clock): Promise<void> {
  const db = database as Kysely<MemoryTable>
  await db.deleteFrom('memory').where('expires_at', '<=', new Date(clock.now())).execute()
}

function asJson(key: string, value: unknown) {
  const json = JSON.stringify(value)
  if (json === undefined)
    throw new HubError('invalid', `Memory "${key}": ${typeof value} is not JSON; use delete to forget a value`)
  return sql<unknown>`${json}::jsonb`
}
