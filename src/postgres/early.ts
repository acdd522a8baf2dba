/** Desk events whose ticket is not known yet: an agent can be quicker than the desk's own answer. Kept until it is. */
import type pg from 'pg'
import type { DeskEvent } from '../events.ts'
import type { Ref } from '../message.ts'
import { encode } from './encode.ts'

export async function keepEarly(pool: pg.Pool, connection: string, ticket: Ref, event: DeskEvent): Promise<void> {
  await pool.query({
    name: 'keep-early',
    text: `INSERT INTO early_events (connection, external_id, ticket, event) VALUES ($1, $2, $3, $4)
           ON CONFLICT (connection, external_id) DO NOTHING`,
    values: [connection, event.externalId, ticket, encode(event)],
  })
}

/** Hands over what waited for a ticket, in order of arrival; each is forgotten only when it is on record. */
export async function takeEarly(
  pool: pg.Pool,
  connection: string,
  ticket: Ref,
  receive: (event: DeskEvent) => Promise<void>,
): Promise<void> {
  const { rows } = await pool.query<{ event: DeskEvent }>({
    name: 'early',
    text: 'SELECT event FROM early_events WHERE connection = $1 AND ticket = $2 ORDER BY n',
    values: [connection, ticket],
  })
  for (const { event } of rows) {
    await receive(event)
    await pool.query('DELETE FROM early_events WHERE connection = $1 AND external_id = $2', [
      connection,
      event.externalId,
    ])
  }
}
