/** The replay of a whole group on record: a job that any hub can carry on, and its progress. */
import type pg from 'pg'
import type { LetterName } from './dead-letter-groups.ts'

export interface Replay {
  readonly id: number
  readonly cause: string
  readonly connection: string
  readonly status: 'running' | 'stopped' | 'done'
  readonly total: number
  readonly delivered: number
  readonly failed: number
  readonly leftOut: number
  readonly leavesStale: boolean
  readonly by: string
  /** Why it ended before everything was sent. */
  readonly why: string | null
  readonly startedAt: number
  readonly endedAt: number | null
}

export interface OwnReplay extends Replay {
  readonly until: Date
}

const ms = (moment: string): string => `(extract(epoch FROM ${moment}) * 1000)::bigint`
const columns = `id, cause, connection, status, total, delivered, failed, left_out AS "leftOut", leaves_stale AS "leavesStale", by, why,
  ${ms('started_at')} AS "startedAt", ${ms('ended_at')} AS "endedAt", until`

/** Undefined while one is running for this cause. Letters that fail later belong to another. */
export async function addReplay(
  pool: pg.Pool,
  { hub, ...job }: { cause: string; connection: string; total: number; leavesStale: boolean; by: string; hub: string },
): Promise<OwnReplay | undefined> {
  const { rows } = await pool.query<OwnReplay>({
    name: 'add-replay',
    text: `INSERT INTO dead_letter_replays (cause, connection, until, leaves_stale, by, total, hub) VALUES ($1, $2, now(), $3, $4, $5, $6)
           ON CONFLICT (cause) WHERE status = 'running' DO NOTHING RETURNING ${columns}`,
    values: [job.cause, job.connection, job.leavesStale, job.by, job.total, hub],
  })
  return rows[0]
}

export async function readReplay(pool: pg.Pool, id: number): Promise<Replay | undefined> {
  const { rows } = await pool.query<OwnReplay>({
    name: 'replay-of',
    text: `SELECT ${columns} FROM dead_letter_replays WHERE id = $1`,
    values: [id],
  })
  return rows[0] && withoutUntil(rows[0])
}

/** Those that run, and those that ended a moment ago. */
export async function recentReplays(pool: pg.Pool): Promise<Replay[]> {
  const { rows } = await pool.query<OwnReplay>({
    name: 'recent-replays',
    text: `SELECT ${columns} FROM dead_letter_replays WHERE status = 'running' OR ended_at > now() - interval '15 minutes' ORDER BY id DESC LIMIT 50`,
  })
  return rows.map(withoutUntil)
}

const withoutUntil = ({ until: _, ...replay }: OwnReplay): Replay => replay

/** Says that it goes on, with what has come of it. False: somebody stopped it, or another hub has it. */
export async function reportReplay(
  pool: pg.Pool,
  { id, delivered, failed, leftOut }: Pick<Replay, 'id' | 'delivered' | 'failed' | 'leftOut'>,
  hub: string,
): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'report-replay',
    text: `UPDATE dead_letter_replays SET delivered = $3, failed = $4, left_out = $5, seen_at = now()
           WHERE id = $1 AND hub = $2 AND status = 'running'`,
    values: [id, hub, delivered, failed, leftOut],
  })
  return rowCount === 1
}

export async function endReplay(
  pool: pg.Pool,
  id: number,
  status: 'stopped' | 'done',
  why: string | null,
): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'end-replay',
    text: `UPDATE dead_letter_replays SET status = $2, why = $3, ended_at = now() WHERE id = $1 AND status = 'running'`,
    values: [id, status, why],
  })
  return rowCount === 1
}

/** Those whose hub has not been heard of for half a minute are this hub's now. */
export async function takeOverReplays(pool: pg.Pool, hub: string): Promise<OwnReplay[]> {
  const { rows } = await pool.query<OwnReplay>({
    name: 'take-over-replays',
    text: `UPDATE dead_letter_replays SET hub = $1, seen_at = now()
           WHERE status = 'running' AND hub <> $1 AND seen_at < now() - interval '30 seconds' RETURNING ${columns}`,
    values: [hub],
  })
  return rows
}

/** What became of these effects; those still on their way are left out. */
export async function settledOf(pool: pg.Pool, letters: readonly LetterName[]): Promise<('done' | 'failed')[]> {
  const { rows } = await pool.query<{ status: string }>({
    name: 'settled-of',
    text: `SELECT e.status FROM effects e JOIN unnest($1::bigint[], $2::text[], $3::bigint[]) AS x(conversation, lane, n) USING (conversation, lane, n)
           WHERE e.status <> 'pending'`,
    values: [letters.map((one) => one.conversation), letters.map((one) => one.lane), letters.map((one) => one.n)],
  })
  return rows.map(({ status }) => (status === 'done' ? 'done' : 'failed'))
}
