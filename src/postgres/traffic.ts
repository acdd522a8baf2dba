/** Connections' traffic on record: every hub writes its own rows, whoever asks gets the sum. */
import type pg from 'pg'
import type { Logger } from 'pino'
import { type CallSeen, type Change, quantile, type RefusedHook, sliceMs, type Traffic } from '../traffic.ts'
import { encode } from './encode.ts'

const writeEveryMs = 10_000
const keptMs = 7 * 86_400_000
const hourMs = 3_600_000

export interface TrafficKeeper {
  /** Writes what has changed, if anything has. */
  write(): Promise<void>
  stop(): Promise<void>
}

/** While nothing goes over any connection, nothing is written. */
export function keepTraffic(pool: pg.Pool, traffic: Traffic, log: Pick<Logger, 'debug'>): TrafficKeeper {
  let last = Promise.resolve()
  let cleanedAt = 0
  const write = async () => {
    const changes = traffic.take()
    if (changes.length === 0) return
    try {
      await writeTraffic(pool, traffic.id, changes)
      const at = changes[0]!.slices.at(-1)!.at
      if (at - cleanedAt < hourMs) return
      cleanedAt = at
      await clean(pool, at - keptMs)
    } catch (error) {
      traffic.giveBack(changes)
      log.debug({ error: (error as Error).message }, 'traffic could not be written; it is written later')
    }
  }
  const inTurn = () => {
    last = last.then(write)
    return last
  }
  const timer = setInterval(() => void inTurn(), writeEveryMs)
  timer.unref()
  return {
    write: inTurn,
    stop() {
      clearInterval(timer)
      return inTurn()
    },
  }
}

async function writeTraffic(pool: pg.Pool, hub: string, changes: readonly Change[]): Promise<void> {
  const slices = changes.flatMap(({ connection, slices }) => slices.map((slice) => ({ connection, ...slice })))
  const lasts = changes.map(({ connection, last }) => ({ connection, ...last }))
  await pool.query({
    name: 'write-traffic',
    text: `
WITH written AS (
  INSERT INTO traffic (connection, hub, at, calls, errors, came_in, spread)
  SELECT connection, $1, at, calls, errors, "cameIn", ARRAY(SELECT json_array_elements_text(spread)::integer)
  FROM json_to_recordset($2) AS x(connection text, at bigint, calls integer, errors integer, "cameIn" integer, spread json)
  ON CONFLICT (connection, at, hub) DO UPDATE SET calls = excluded.calls, errors = excluded.errors,
    came_in = excluded.came_in, spread = excluded.spread)
INSERT INTO traffic_last (connection, hub, last_in, last_out, minute, minute_calls, calls, refused)
SELECT connection, $1, "lastIn", "lastOut", minute, "minuteCalls", calls, refused
FROM json_to_recordset($3) AS x(connection text, "lastIn" bigint, "lastOut" bigint, minute bigint, "minuteCalls" integer, calls jsonb, refused jsonb)
ON CONFLICT (connection, hub) DO UPDATE SET last_in = excluded.last_in, last_out = excluded.last_out, minute = excluded.minute,
  minute_calls = excluded.minute_calls, calls = excluded.calls, refused = excluded.refused, written_at = now()`,
    values: [hub, encode(slices), encode(lasts)],
  })
}

async function clean(pool: pg.Pool, before: number): Promise<void> {
  await pool.query('DELETE FROM traffic WHERE at < $1', [before])
  await pool.query(
    `DELETE FROM traffic_last old WHERE written_at < now() - interval '7 days' AND EXISTS (
       SELECT 1 FROM traffic_last newer WHERE newer.connection = old.connection AND newer.written_at > old.written_at)`,
  )
}

/** Of one connection, over the last hour. */
export interface Figures {
  /** Calls and failed calls of each five minutes, oldest first. */
  readonly calls: readonly number[]
  readonly errors: readonly number[]
  readonly callsPerHour: number
  readonly errorsPerHour: number
  /** Milliseconds, of the last hour and of the last quarter of it; null without calls. */
  readonly p95: number | null
  readonly recentP95: number | null
  readonly recentCalls: number
  readonly lastIn: number | null
  readonly lastOut: number | null
  /** Calls of this minute, at all hubs. */
  readonly callsThisMinute: number
}

const points = 12
export const noFigures: Figures = {
  calls: new Array(points).fill(0),
  errors: new Array(points).fill(0),
  callsPerHour: 0,
  errorsPerHour: 0,
  p95: null,
  recentP95: null,
  recentCalls: 0,
  lastIn: null,
  lastOut: null,
  callsThisMinute: 0,
}

interface SliceRow {
  connection: string
  at: number
  calls: number
  errors: number
  spread: number[]
}

export async function readFigures(pool: pg.Pool, now: number): Promise<Map<string, Figures>> {
  const newest = now - (now % sliceMs)
  const from = newest - (points - 1) * sliceMs
  const [slices, lasts] = await Promise.all([
    pool.query<SliceRow>({
      name: 'traffic',
      text: 'SELECT connection, at, calls, errors, spread FROM traffic WHERE at >= $1',
      values: [from],
    }),
    pool.query<{ connection: string; lastIn: number | null; lastOut: number | null; now: number }>({
      name: 'traffic-last',
      text: `SELECT connection, max(last_in) AS "lastIn", max(last_out) AS "lastOut",
               coalesce(sum(minute_calls) FILTER (WHERE minute = $1), 0)::integer AS now
             FROM traffic_last GROUP BY connection`,
      values: [now - (now % 60_000)],
    }),
  ])
  const bySlices = Map.groupBy(slices.rows, ({ connection }) => connection)
  const byLast = new Map(lasts.rows.map((row) => [row.connection, row]))
  const names = new Set([...bySlices.keys(), ...byLast.keys()])
  return new Map(
    [...names].map((name) => {
      const last = byLast.get(name)
      const moments = { lastIn: last?.lastIn ?? null, lastOut: last?.lastOut ?? null, callsThisMinute: last?.now ?? 0 }
      return [name, { ...sumUp(bySlices.get(name) ?? [], from, newest), ...moments }]
    }),
  )
}

function sumUp(rows: readonly SliceRow[], from: number, newest: number) {
  const calls = new Array<number>(points).fill(0)
  const errors = new Array<number>(points).fill(0)
  const spread: number[] = []
  const recent: number[] = []
  for (const row of rows) {
    const index = Math.round((row.at - from) / sliceMs)
    if (index < 0 || index >= points) continue
    calls[index]! += row.calls
    errors[index]! += row.errors
    addTo(spread, row.spread)
    if (row.at > newest - 3 * sliceMs) addTo(recent, row.spread)
  }
  return {
    calls,
    errors,
    callsPerHour: sum(calls),
    errorsPerHour: sum(errors),
    p95: quantile(spread, 0.95) ?? null,
    recentP95: quantile(recent, 0.95) ?? null,
    recentCalls: sum(recent),
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

function addTo(all: number[], more: readonly number[]): void {
  for (const [step, count] of more.entries()) all[step] = (all[step] ?? 0) + count
}

/** What is usual between two signs of life from a connection. */
export interface Quiet {
  /** The longest time without one in the last seven days; null where there were not two. */
  readonly longestMs: number | null
  /** Since when it is watched. */
  readonly since: number
  readonly calls: number
  readonly cameIn: number
}

export async function readQuiet(pool: pg.Pool): Promise<Map<string, Quiet>> {
  const { rows } = await pool.query<Quiet & { connection: string }>({
    name: 'traffic-quiet',
    text: `
WITH slices AS (
  SELECT connection, at, sum(calls)::bigint AS calls, sum(came_in)::bigint AS came FROM traffic GROUP BY 1, 2
), gaps AS (
  SELECT connection, max(at - before) AS longest FROM (
    SELECT connection, at, lag(at) OVER (PARTITION BY connection ORDER BY at) AS before FROM slices WHERE came > 0) x
  GROUP BY connection
)
SELECT s.connection, g.longest AS "longestMs", min(s.at) AS since, sum(s.calls)::bigint AS calls, sum(s.came)::bigint AS "cameIn"
FROM slices s LEFT JOIN gaps g USING (connection) GROUP BY s.connection, g.longest`,
  })
  return new Map(rows.map(({ connection, ...quiet }) => [connection, quiet]))
}

/** The last calls and refused webhooks at all hubs, newest first. */
export async function readLast(pool: pg.Pool, name: string): Promise<{ calls: CallSeen[]; refused: RefusedHook[] }> {
  const { rows } = await pool.query<{ calls: CallSeen[]; refused: RefusedHook[] }>({
    name: 'traffic-last-of',
    text: 'SELECT calls, refused FROM traffic_last WHERE connection = $1 ORDER BY written_at DESC LIMIT 50',
    values: [name],
  })
  const newest = <T extends { at: number }>(all: T[], most: number) => all.sort((a, b) => b.at - a.at).slice(0, most)
  return {
    calls: newest(
      rows.flatMap((row) => row.calls),
      50,
    ),
    refused: newest(
      rows.flatMap((row) => row.refused),
      20,
    ),
  }
}

export interface Waiting {
  readonly effects: number
  readonly oldestAt: number
}

/** Effects that are recorded and not done, by connection. */
export async function readWaiting(pool: pg.Pool): Promise<Map<string, Waiting>> {
  const { rows } = await pool.query<Waiting & { connection: string }>({
    name: 'waiting-effects',
    text: `SELECT split_part(l.lane, ':', 2) AS connection, count(*)::integer AS effects,
             (extract(epoch FROM min(e.created_at)) * 1000)::bigint AS "oldestAt"
           FROM lanes l JOIN effects e ON e.conversation = l.conversation AND e.lane = l.lane AND e.n > l.head AND e.status = 'pending'
           WHERE l.due IS NOT NULL AND l.head < l.tail GROUP BY 1`,
  })
  return new Map(rows.map(({ connection, ...waiting }) => [connection, waiting]))
}
