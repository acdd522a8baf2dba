/** The few questions the suite asks the record itself: what is still to be done, and what the hub shows as doubtful. */
import type pg from 'pg'
import { canOnlyDoubt } from './outside.ts'

export interface RecordView {
  /** Effects not settled yet. */
  pending(): Promise<number>
  /**
   * Effects of these threads that the hub shows as doubtful, and handoffs of theirs that have no outcome.
   * `dead` counts words and handoffs given up; a bot's turn may be: then a person is asked.
   */
  count(threads: readonly string[]): Promise<Counted>
  /** What became of the effects with these words or this key: a sentence for each. */
  story(seen: string): Promise<string[]>
}

interface Counted {
  readonly doubtful: number
  readonly handoffs: number
  readonly open: number
  /** One sentence for each. */
  readonly dead: readonly string[]
  /** Shown as doubtful although the other side dedupes or can be asked: one sentence for each. */
  readonly needlessDoubt: readonly string[]
}

export function openRecord(pool: pg.Pool): RecordView {
  return {
    async pending() {
      const { rows } = await pool.query<{ count: number }>(
        `SELECT count(*)::integer AS count FROM effects WHERE status = 'pending'`,
      )
      return rows[0]!.count
    },
    async count(threads) {
      const { rows } = await pool.query<Counted>(
        `WITH c AS (SELECT DISTINCT conversation AS id FROM events WHERE type = 'customer-message' AND external_id LIKE ANY ($1))
         SELECT
           (SELECT count(*)::integer FROM effects e JOIN c ON c.id = e.conversation WHERE e.doubtful) AS doubtful,
           ARRAY (SELECT format('given up: %s in %s after %s tries, %s', e.kind, e.lane, e.attempts, e.last_error)
             FROM effects e JOIN c ON c.id = e.conversation WHERE e.status = 'dead' AND e.kind IN ('say', 'pass', 'open', 'close')) AS dead,
           ARRAY (SELECT format('needlessly doubtful: %s in %s after %s tries', e.kind, e.lane, e.attempts)
             FROM effects e JOIN c ON c.id = e.conversation WHERE e.doubtful AND NOT split_part(e.lane, ':', 2) = ANY ($2)) AS "needlessDoubt",
           (SELECT count(*)::integer FROM handoffs h JOIN c ON c.id = h.conversation) AS handoffs,
           (SELECT count(*)::integer FROM handoffs h JOIN c ON c.id = h.conversation WHERE h.outcome IS NULL) AS open`,
        [threads, [...canOnlyDoubt]],
      )
      return rows[0]!
    },
    async story(seen) {
      const { rows } = await pool.query<{ sentence: string }>(
        `SELECT format('%s %s %s of %s: %s after %s tries, begun %s, doubtful %s, made %s, settled %s, %s', e.lane, e.kind, e.n, e.conversation,
           e.status, e.attempts, e.begun, e.doubtful, e.created_at, e.settled_at, e.last_error) AS sentence
         FROM effects e WHERE e.key = $1 OR e.body::text LIKE '%' || $1 || '%' ORDER BY e.created_at`,
        [seen],
      )
      return rows.map(({ sentence }) => `seen twice: ${seen}: ${sentence}`)
    },
  }
}
