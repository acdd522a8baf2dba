/**
 * Erases a customer: their words, names and facts leave the record. What stays says nothing of them: outside ids, so that a late
 * duplicate does not bring the words back, and the figures of their handoffs.
 */
import type { Hub } from '../hub.ts'

export interface Whom {
  readonly id?: string
  readonly email?: string
  readonly phone?: string
  readonly conversation?: number
}

export interface Erased {
  readonly conversations: number
  /** Connections that keep copies of their own and erased them, and those that cannot. */
  readonly connections: Readonly<Record<string, 'erased' | 'cannot erase' | 'failed'>>
}

export async function eraseCustomer(hub: Hub, whom: Whom): Promise<Erased> {
  const { rows } = await hub.pool.query<{ id: number; connection: string; thread: string; desks: string[] | null }>(
    `SELECT c.id, c.connection, c.thread, (SELECT array_agg(DISTINCT desk) FROM attempts a WHERE a.conversation = c.id) AS desks
     FROM conversations c
     WHERE c.id = $1 OR c.state #>> '{customer,id}' = $2 OR lower(c.state #>> '{customer,email}') = lower($3) OR c.state #>> '{customer,phone}' = $4`,
    [whom.conversation ?? null, whom.id ?? null, whom.email ?? null, whom.phone ?? null],
  )
  const results: Record<string, 'erased' | 'cannot erase' | 'failed'> = {}
  for (const { id, connection, thread, desks } of rows) {
    await eraseRecord(hub, id)
    for (const name of new Set([connection, ...(desks ?? []), ...hub.keepers()])) {
      const result = await eraseAt(hub, name, id, thread)
      if (results[name] !== 'failed') results[name] = result
    }
    hub.changed(id)
  }
  return { conversations: rows.length, connections: results }
}

async function eraseAt(hub: Hub, name: string, conversation: number, thread: string) {
  const erase = hub.connections.get(name)?.erase
  if (!erase) return 'cannot erase' as const
  try {
    await erase({ conversation, thread })
    return 'erased' as const
  } catch {
    return 'failed' as const
  }
}

async function eraseRecord(hub: Hub, id: number): Promise<void> {
  const client = await hub.pool.connect()
  try {
    await client.query('BEGIN')
    await client.query('SELECT 1 FROM conversations WHERE id = $1 FOR UPDATE', [id])
    const settle = `status = CASE WHEN status = 'pending' THEN 'dismissed' ELSE status END, settled_at = coalesce(settled_at, now())`
    await client.query(
      `UPDATE effects SET body = '{}', last_error = NULL, ref = NULL, ${settle} WHERE conversation = $1`,
      [id],
    )
    await client.query(
      'UPDATE lanes SET head = tail, token = NULL, hub = NULL, leased_until = NULL, due = NULL WHERE conversation = $1',
      [id],
    )
    await client.query(`UPDATE events SET body = '{}', decisions = NULL WHERE conversation = $1`, [id])
    await client.query('DELETE FROM timers WHERE conversation = $1', [id])
    await client.query(
      `UPDATE handoffs SET reason = '', digest = NULL, outcome = coalesce(outcome, 'abandoned'), stage = 'ended' WHERE conversation = $1`,
      [id],
    )
    await client.query('UPDATE feedback SET comment = NULL WHERE conversation = $1', [id])
    await client.query(
      `DELETE FROM early_events e USING attempts a WHERE a.conversation = $1 AND a.desk = e.connection AND a.ticket = e.ticket`,
      [id],
    )
    // A new life for the same thread: nothing of the old state remains, and its next word begins at the bot.
    await client.query(`UPDATE conversations SET state = NULL, control = 'bot', epoch = epoch + 1 WHERE id = $1`, [id])
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  } finally {
    client.release()
  }
}
