/** One pool on the system of record, and Kysely over it. */
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Logger } from 'pino'

export interface Database {
  readonly pool: pg.Pool
  // biome-ignore lint/suspicious/noExplicitAny: whoever reads names its own tables by `withTables`
  readonly db: Kysely<any>
  /** Waits for queries under way, then closes every connection. */
  close(): Promise<void>
}

export interface DatabaseOptions {
  /** Connections at most. Default 20. */
  max?: number
  log?: Pick<Logger, 'warn'>
  /** A statement that runs longer is cancelled. Default 30 s; 0 means never. */
  statementTimeoutMs?: number
}

/** Opens lazily: a database that is away shows at the first query, not here. */
export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  const pool = new pg.Pool(poolSettings(url, options))
  // An idle connection that dies reports on the pool, one in use on itself; unheard, either would end the process.
  let isClosing = false
  pool.on('error', (error) => isClosing || options.log?.warn({ code: codeOf(error) }, 'a database connection was lost'))
  pool.on('connect', (client) => client.on('error', () => {}))
  const db = new Kysely({ dialect: new PostgresDialect({ pool }) })
  return {
    pool,
    db,
    async close() {
      isClosing = true
      await db.destroy()
      // Kysely ends the pool only if a query went through this very instance.
      if (!pool.ending) await pool.end()
    },
  }
}

/**
 * True when the database itself is away (gone, starting, stopping, or all its connections are taken), so that the same
 * statement may succeed later. False for a statement that is wrong.
 */
export function isDatabaseAway(error: unknown): boolean {
  const code = codeOf(error)
  if (code !== undefined && (awayCodes.has(code) || code.startsWith('08'))) return true
  return error instanceof Error && awayMessages.test(error.message)
}

const awayCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  '57P01', // the server is stopping
  '57P02', // a server process crashed
  '57P03', // the server is starting
  '53300', // too many connections
])

// pg gives these no code.
const awayMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection)/

function poolSettings(url: string, options: DatabaseOptions): pg.PoolConfig {
  const statementTimeoutMs = options.statementTimeoutMs ?? 30_000
  return {
    connectionString: url,
    max: options.max ?? 20,
    application_name: 'baton',
    keepAlive: true,
    // Statements that do not wait for each other's results share a round trip.
    pipeline: true,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    idle_in_transaction_session_timeout: 60_000,
    statement_timeout: statementTimeoutMs,
    // For a server that vanished without a word: the client's own limit, a little later than the server's.
    query_timeout: statementTimeoutMs && statementTimeoutMs + 5_000,
    types: { getTypeParser },
  }
}

/** int8 becomes a number; every other type as pg reads it (json and jsonb parsed, timestamptz a Date, numeric a string). */
const getTypeParser: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  oid === pg.types.builtins.INT8 && format !== 'binary' ? safeInteger : pg.types.getTypeParser(oid, format as 'text')

function safeInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value))
    throw new RangeError(`${text} from the database is too large for a JavaScript number`)
  return value
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code
  return typeof code === 'string' ? code : undefined
}
