import { randomUUID } from 'node:crypto'
import type pg from 'pg'

/**
 * A short random name of this installation, made at its first start: idempotency keys at a vendor and queues on a Redis that two
 * installations share never meet.
 */
export async function readInstallation(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ value: string }>(
    `INSERT INTO memory (connection, key, value) VALUES ('hub', 'installation', $1)
     ON CONFLICT (connection, key) DO UPDATE SET value = memory.value RETURNING value`,
    [JSON.stringify(randomUUID().slice(0, 8))],
  )
  return rows[0]!.value
}
