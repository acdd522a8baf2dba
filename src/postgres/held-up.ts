/** What a pause of a connection would hold up, counted before anybody pauses it. */
import type pg from 'pg'

export interface HeldUp {
  /** Conversations that use it right now. */
  readonly conversations: number
  /** Of these: with an agent, or waiting for one. */
  readonly withPeople: number
}

/** A conversation uses its channel and its bot while it is in use (ten minutes), and a desk from the moment it is asked. */
export async function readHeldUp(pool: pg.Pool, name: string, botOf: readonly string[]): Promise<HeldUp> {
  const { rows } = await pool.query<HeldUp>({
    name: 'held-up',
    text: `
WITH used AS (
  SELECT id, control FROM conversations
  WHERE connection = $1 AND (control IN ('waiting', 'agent') OR (control = 'bot' AND active_at > now() - interval '10 minutes'))
  UNION
  SELECT c.id, c.control FROM handoffs h JOIN attempts a ON a.conversation = h.conversation AND a.handoff = h.number
  JOIN conversations c ON c.id = h.conversation WHERE h.outcome IS NULL AND a.desk = $1 AND a.over_at IS NULL
  UNION
  SELECT id, control FROM conversations
  WHERE mapping = ANY($2) AND control = 'bot' AND active_at > now() - interval '10 minutes'
)
SELECT count(*)::integer AS conversations, (count(*) FILTER (WHERE control <> 'bot'))::integer AS "withPeople" FROM used`,
    values: [name, botOf],
  })
  return rows[0]!
}
