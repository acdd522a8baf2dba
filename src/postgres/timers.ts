/** Time limits, by the database's clock. */
import type pg from 'pg'
import type { TimerName } from '../effects.ts'

export interface DueTimer {
  readonly conversation: number
  readonly name: TimerName
  readonly id: number
  readonly epoch: number
}

/**
 * What is due, and when to look again: undefined when there is nothing to look for. A row's `wake_at` stays behind when its
 * limit moves on, which it does with every message; whoever looks in vain sets it right.
 */
export async function dueTimers(
  pool: pg.Pool,
  limit: number,
): Promise<{ due: DueTimer[]; nextInMs: number | undefined }> {
  const { rows } = await pool.query<DueTimer & { at: number; wakeAt: number; now: number }>({
    name: 'due-timers',
    text: `SELECT conversation, name, id, epoch, at, wake_at AS "wakeAt", floor(extract(epoch FROM now()) * 1000)::bigint AS now
           FROM timers ORDER BY wake_at LIMIT $1`,
    values: [limit],
  })
  const due = rows.filter((row) => row.at <= row.now)
  const moved = rows.filter((row) => row.wakeAt <= row.now && row.at > row.now)
  if (moved.length > 0) await moveOn(pool, moved)
  const isMore = rows.length === limit && rows.every((row) => row.wakeAt <= row.now)
  const ahead = rows
    .filter((row) => row.at > row.now)
    .map((row) => (row.wakeAt > row.now ? row.wakeAt : row.at) - row.now)
  return { due, nextInMs: isMore ? 0 : ahead.length > 0 ? Math.min(...ahead) : undefined }
}

/** One that was changed meanwhile is left to its change. */
async function moveOn(pool: pg.Pool, timers: readonly DueTimer[]): Promise<void> {
  await pool.query({
    name: 'move-timers',
    text: `UPDATE timers t SET wake_at = at FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS x(conversation, name, id)
           WHERE t.conversation = x.conversation AND t.name = x.name AND t.id = x.id`,
    values: columnsOf(timers),
  })
}

/** Those of the time limits that stand as they were read, by their ids. */
export async function standingTimers(
  client: pg.ClientBase,
  timers: readonly Pick<DueTimer, 'conversation' | 'name' | 'id'>[],
): Promise<Set<number>> {
  if (timers.length === 0) return new Set()
  const { rows } = await client.query<{ id: number }>({
    name: 'timers-valid',
    text: `SELECT t.id FROM timers t JOIN unnest($1::bigint[], $2::text[], $3::bigint[]) AS x(conversation, name, id)
           USING (conversation, name, id)`,
    values: columnsOf(timers),
  })
  return new Set(rows.map((row) => row.id))
}

const columnsOf = (timers: readonly Pick<DueTimer, 'conversation' | 'name' | 'id'>[]) => [
  timers.map((one) => one.conversation),
  timers.map((one) => one.name),
  timers.map((one) => one.id),
]
