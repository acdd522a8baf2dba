/**
 * How often somebody may try to come in: counted in the record, for all hubs together.
 *
 * A guess counts for the address, for the account, and for the account at that address. Where an account came in before, only the
 * last counts: neither a neighbour behind the same router nor a stranger far away can lock its owner out. Everything is forgiven
 * after a quarter of an hour, and a link from an admin opens whatever was tried.
 */
import { createHash } from 'node:crypto'
import { isIPv6 } from 'node:net'
import type pg from 'pg'

export interface Tries {
  readonly address: number
  readonly account: number
  readonly pair: number
  readonly seconds: number
}

export const tries: Tries = { address: 50, account: 30, pair: 8, seconds: 900 }
/** Days for which a place is remembered. */
const placeDays = 60

export interface Throttle {
  /**
   * Counts a try before it is made, so that many at once do not all slip through. Throws `TooManyTries`. Who got in says so
   * by `succeed`, which takes the try back.
   */
  take(address: string, account: string): Promise<void>
  succeed(address: string, account: string): Promise<void>
  /** For doors without an account. */
  takeAt(address: string, door: string, most?: number): Promise<void>
}

export class TooManyTries extends Error {
  readonly statusCode = 429
  override readonly name = 'TooManyTries'
  readonly retryAfterS: number
  constructor(retryAfterS: number) {
    super(
      `Too many tries. The next one is possible in ${retryAfterS < 90 ? `${retryAfterS} s` : `${Math.ceil(retryAfterS / 60)} min`}`,
    )
    this.retryAfterS = retryAfterS
  }
}

export function createThrottle(pool: pg.Pool, limits: Tries = tries): Throttle {
  const count = async (keys: readonly Buffer[]): Promise<Map<string, Count>> => {
    const { rows } = await pool.query<{ key: Buffer; count: number; left: number }>({
      name: 'count-try',
      text: countStatement,
      values: [[...keys].sort(Buffer.compare), limits.seconds],
    })
    return new Map(rows.map((row) => [row.key.toString('hex'), row]))
  }
  const refuseOver = (counted: Map<string, Count>, most: readonly (readonly [Buffer, number])[]): void => {
    const over = most.flatMap(([key, limit]) => {
      const found = counted.get(key.toString('hex'))
      return found && found.count > limit ? [Math.max(1, Math.ceil(found.left))] : []
    })
    if (over.length > 0) throw new TooManyTries(Math.max(...over))
  }
  return {
    async take(address, account) {
      const keys = keysOf(address, account)
      const { rowCount } = await pool.query({
        name: 'known-place',
        text: 'SELECT 1 FROM sign_in_places WHERE key = $1 AND until > now()',
        values: [keys.pair],
      })
      // What is refused here is no guess, and does not count for others at this address or for the account.
      refuseOver(await count([keys.pair]), [[keys.pair, limits.pair]])
      if (rowCount === 1) return
      refuseOver(await count([keys.address, keys.account]), [
        [keys.address, limits.address],
        [keys.account, limits.account],
      ])
    },
    async succeed(address, account) {
      const keys = keysOf(address, account)
      await Promise.all([
        pool.query(forgive, [keys.pair]),
        pool.query(giveBack, [keys.address]),
        pool.query(giveBack, [keys.account]),
        pool.query(rememberPlace, [keys.pair, placeDays]),
      ])
    },
    async takeAt(address, door, most = limits.address) {
      const key = keyOf('door', door, placeOf(address))
      refuseOver(await count([key]), [[key, most]])
    },
  }
}

interface Count {
  readonly count: number
  readonly left: number
}

// Rows are locked in the order of their keys here and one at a time below, so that no two wait for each other.
const countStatement = `
WITH gone AS (DELETE FROM sign_in_failures WHERE key IN (
  SELECT key FROM sign_in_failures WHERE until < now() AND key <> ALL($1::bytea[]) LIMIT 50 FOR UPDATE SKIP LOCKED))
INSERT INTO sign_in_failures AS f (key, count, until)
SELECT key, 1, now() + $2::integer * interval '1 second' FROM unnest($1::bytea[]) AS key
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN f.until <= now() THEN 1 ELSE least(f.count + 1, 1000000) END,
  until = CASE WHEN f.until <= now() THEN excluded.until ELSE f.until END
RETURNING key, count, extract(epoch FROM until - now())::float AS left`

const forgive = 'DELETE FROM sign_in_failures WHERE key = $1'
const giveBack = 'UPDATE sign_in_failures SET count = greatest(0, count - 1) WHERE key = $1'
const rememberPlace = `
WITH gone AS (DELETE FROM sign_in_places WHERE key IN (
  SELECT key FROM sign_in_places WHERE until < now() AND key <> $1 LIMIT 50 FOR UPDATE SKIP LOCKED))
INSERT INTO sign_in_places (key, until) VALUES ($1, now() + $2::integer * interval '1 day')
ON CONFLICT (key) DO UPDATE SET until = excluded.until`

const keysOf = (address: string, account: string) => {
  const place = placeOf(address)
  return {
    address: keyOf('address', place),
    account: keyOf('account', account.toLowerCase()),
    pair: keyOf('pair', account.toLowerCase(), place),
  }
}

/** Hashed: what is kept names neither people nor where they sit. */
const keyOf = (...words: string[]): Buffer => createHash('sha256').update(words.join('\n')).digest()

/** Whoever has one address of IPv6 has the 2^64 beside it. */
export function placeOf(address: string): string {
  const bare = address.replace(/^::ffff:(?=\d+\.)/i, '')
  if (!isIPv6(bare)) return bare
  const [left = '', right] = bare.split('::')
  const head = left.split(':').filter(Boolean)
  const tail = (right ?? '').split(':').filter(Boolean)
  const zeros = right === undefined ? [] : Array(Math.max(0, 8 - head.length - tail.length)).fill('0')
  return [...head, ...zeros, ...tail]
    .slice(0, 4)
    .map((part) => Number.parseInt(part, 16).toString(16))
    .join(':')
}
