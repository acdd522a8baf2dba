/** Time limits, by the database's clock. */
import type pg from 'pg'
import type { TimerName } from '../effects.ts'

export interface DueTimer {
  readonly conversation: number
  readonly name: TimerName
  readonly id: number
  readonly epoch: number
}

export async function dueTimers(
  pool: pg.Pool,
  limit: number,
): Promise<{ due: DueTimer[]; nextAt: number | undefined }> {
  const { rows } = await pool.query<DueTimer & { at: number; isDue: boolean }>({
    name: 'due-timers',
    text: `SELECT conversation, name, id, epoch, at, at <= extract(epoch FROM now()) * 1000 AS "isDue" FROM timers ORDER BY at LIMIT $1`,
    values: [limit],
  })
  return { due: rows.filter((row) => row.isDue), nextAt: rows.find((row) => !row.isDue)?.at }
}
