/** What failed for good: replayed, told by a note, or dismissed, by a person. */
import type pg from 'pg'
import type { LetterName } from './dead-letter-groups.ts'
import { encode } from './encode.ts'

/** True when there was such a dead letter. */
export async function dismissDeadLetter(
  pool: pg.Pool,
  name: LetterName,
  by = 'staff',
  why = 'Other',
): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'dismiss',
    text: `WITH dismissed AS (
             UPDATE effects SET status = 'dismissed', dead_at = NULL WHERE conversation = $1 AND lane = $2 AND n = $3 AND status = 'dead'
             RETURNING conversation, lane, n)
           INSERT INTO dead_letter_fates (conversation, lane, n, fate, why, by) SELECT conversation, lane, n, 'dismissed', $5, $4 FROM dismissed`,
    values: [name.conversation, name.lane, name.n, by, why],
  })
  return rowCount === 1
}

/** Words that can be sent again: what a handoff or a bot turn was for has long gone on without it. */
export const replayable = ['say', 'pass'] as const

/** Takes the next number of the conversation, if there is such a letter. Parameters: conversation, lane, n, replayable kinds. */
const seen = `seen AS (
  UPDATE conversations SET seq = seq + 1, updated_at = now(), active_at = date_trunc('minute', now()) WHERE id = $1
    AND EXISTS (SELECT 1 FROM effects WHERE conversation = $1 AND lane = $2 AND n = $3 AND status = 'dead' AND kind = ANY($4))
  RETURNING seq
)`

/**
 * Puts a dead letter at the end of its lane, marked as late, under the same idempotency key. Undefined when there is none such
 * or it cannot be replayed. What the bot or the hub said keeps its epoch: it is stopped if control has changed hands since.
 */
export async function replayDeadLetter(
  pool: pg.Pool,
  name: LetterName,
  by = 'staff',
): Promise<{ n: number } | undefined> {
  const { rows } = await pool.query<{ n: number }>({
    name: 'replay',
    text: `
WITH ${seen}, dead AS (
  UPDATE effects SET status = 'replayed', dead_at = NULL FROM seen
  WHERE conversation = $1 AND lane = $2 AND n = $3 AND status = 'dead' RETURNING kind, body, fence, key, seen.seq
), fated AS (
  INSERT INTO dead_letter_fates (conversation, lane, n, fate, by) SELECT $1, $2, $3, 'replayed', $5 FROM dead
), grown AS (
  UPDATE lanes l SET tail = tail + 1, due = coalesce(l.due, now()) FROM dead
  WHERE l.conversation = $1 AND l.lane = $2 RETURNING l.tail
), noted AS (
  INSERT INTO events (conversation, seq, connection, external_id, type, at, body)
  SELECT $1, dead.seq, 'hub', 'replay:' || $1 || ':' || $2 || ':' || $3, 'staff-command',
    (extract(epoch FROM now()) * 1000)::bigint, jsonb_build_object('command', jsonb_build_object('do', 'replay', 'lane', $2::text, 'n', $3::bigint), 'by', $5::text)
  FROM dead
)
INSERT INTO effects (conversation, lane, n, seq, kind, body, fence, key, late, begun)
SELECT $1, $2, grown.tail, dead.seq, dead.kind, dead.body, dead.fence, dead.key, true, true FROM dead, grown RETURNING n`,
    values: [name.conversation, name.lane, name.n, replayable, by],
  })
  return rows[0]
}

/** In the place of a dead letter an internal note to a desk, at the end of that desk's lane. Undefined when there is none such. */
export async function noteDeadLetter(
  pool: pg.Pool,
  name: LetterName,
  lane: string,
  body: object,
  by: string,
  installation: string,
): Promise<{ n: number } | undefined> {
  const { rows } = await pool.query<{ n: number }>({
    name: 'note-dead-letter',
    text: `
WITH ${seen}, dead AS (
  UPDATE effects SET status = 'dismissed', dead_at = NULL FROM seen
  WHERE conversation = $1 AND lane = $2 AND n = $3 AND status = 'dead' RETURNING seen.seq
), fated AS (
  INSERT INTO dead_letter_fates (conversation, lane, n, fate, by) SELECT $1, $2, $3, 'noted', $7 FROM dead
), grown AS (
  INSERT INTO lanes AS l (conversation, lane, tail, due) SELECT $1, $5, 1, now() FROM dead
  ON CONFLICT (conversation, lane) DO UPDATE SET tail = l.tail + 1, due = coalesce(l.due, now()) RETURNING l.tail
), noted AS (
  INSERT INTO events (conversation, seq, connection, external_id, type, at, body)
  SELECT $1, dead.seq, 'hub', 'note:' || $1 || ':' || $2 || ':' || $3, 'staff-command',
    (extract(epoch FROM now()) * 1000)::bigint,
    jsonb_build_object('command', jsonb_build_object('do', 'note', 'lane', $2::text, 'n', $3::bigint), 'by', $7::text)
  FROM dead
)
INSERT INTO effects (conversation, lane, n, seq, kind, body, key, late)
SELECT $1, $5, grown.tail, dead.seq, 'pass', $6, $8 || '-' || $1 || '-' || $5 || '-' || grown.tail, true FROM dead, grown RETURNING n`,
    values: [name.conversation, name.lane, name.n, replayable, lane, encode(body), by, installation],
  })
  return rows[0]
}
