/**
 * A record with a past that reports have something to say of: conversations of the last ninety days, one in five with a handoff,
 * each with the events that made it. PostgreSQL makes them by itself, and the hub's own pass counts them.
 *
 *     node test/bench/seed.ts --conversations 1000000 --data /var/tmp/seeded
 *
 * What is there already is kept: a run that was ended goes on where it was.
 */
import { mkdir } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type pg from 'pg'
import { pino } from 'pino'
import type { Mapping } from '../../src/mapping.ts'
import { openDatabase } from '../../src/postgres/database.ts'
import { startEmbedded } from '../../src/postgres/embedded.ts'
import { migrate } from '../../src/postgres/migrate.ts'
import { hubMigrations } from '../../src/postgres/migrations/index.ts'
import { passOnce } from '../../src/reports/pass.ts'

export interface Seeded {
  readonly conversations: number
  readonly fillMs: number
  /** Counting them, by the pass. */
  readonly countMs: number
  readonly counted: number
}

/** A block is one transaction. */
const block = 20_000
const days = 90

export async function seed(databaseUrl: string, conversations: number, tell: (line: string) => void): Promise<Seeded> {
  const { pool, close } = openDatabase(databaseUrl, { max: 4, statementTimeoutMs: 0 })
  try {
    await migrate(pool, 'hub', hubMigrations)
    const began = Date.now()
    await fill(pool, conversations, tell)
    const filled = Date.now()
    let counted = 0
    for (;;) {
      const done = await passOnce(pool, mappingOf)
      counted += done.counted
      if (done.isDone) break
      if (counted % 30_000 < done.counted) tell(`${counted} counted, ${Math.round((Date.now() - filled) / 1000)} s`)
    }
    const countMs = Date.now() - filled
    await pool.query('VACUUM (ANALYZE) report_conversations, report_handoffs, report_stops, effects, conversations')
    await pool.query('CHECKPOINT')
    return { conversations, fillMs: filled - began, countMs, counted }
  } finally {
    await close()
  }
}

const hours = {
  timeZone: 'UTC',
  week: Array.from({ length: 7 }, (_, day) => (day < 5 ? [{ from: 540, to: 1020 }] : [])),
  holidays: [],
}

/** The seeded mappings are no file's: what the pass asks of one is its desks, its limits, its bot and its hours. */
function mappingOf(name: string): Mapping {
  const desk = `desk-${name.at(-1)}`
  const desks = [{ desk, mode: 'live', skills: [], waitMs: 300_000, answerMs: 90_000 }]
  return { name, bot: `bot-${name.at(-1)}`, desks, hours, limits: { waitMs: 300_000 } } as unknown as Mapping
}

async function fill(pool: pg.Pool, conversations: number, tell: (line: string) => void): Promise<void> {
  const { rows } = await pool.query<{ last: number }>('SELECT coalesce(max(id), 0) AS last FROM conversations')
  const client = await pool.connect()
  try {
    await client.query('SET synchronous_commit = off')
    for (let from = rows[0]!.last + 1; from <= conversations; from += block) {
      const to = Math.min(from + block - 1, conversations)
      await client.query('BEGIN')
      for (const statement of statements(conversations, from, to)) await client.query(statement)
      await client.query('COMMIT')
      if (to % 100_000 === 0 || to === conversations) tell(`${to} conversations on record`)
    }
    await client.query('ANALYZE')
  } finally {
    client.release()
  }
}

/** A number from 0 to 999 that only looks like chance: every run makes the same record. */
const chance = (salt: number) => `(abs(hashint8extended(n, ${salt})) % 1000)::integer`
const says = (text: string) => `'{"message": {"parts": [{"kind": "text", "text": "${text}"}]}}'::jsonb`
const decided = (...decisions: string[]) =>
  `'${JSON.stringify(decisions.map((one) => ({ kind: one.split('|')[0], text: one.split('|')[1] })))}'::jsonb`
const took = (control: string) => `control|control ${control}: seeded`

const reasons = [
  'human_request',
  'frustration',
  'no_match',
  'low_confidence',
  'loop',
  'bot_request',
  'kb_empty',
  'duration',
]
const pick = (list: readonly string[], salt: number) =>
  `(ARRAY[${list.map((one) => `'${one}'`).join(', ')}])[1 + ${chance(salt)} % ${list.length}]`
const intents = Array.from({ length: 40 }, (_, n) => `intent-${n}`)
const agents = Array.from({ length: 60 }, (_, n) => `Agent ${n}`)

/** One row for each conversation, with all that follows from its number. Times are milliseconds. */
const plan = (all: number, from: number, to: number) => `
  SELECT n, n % 3 AS m, began, ${pick(['en', 'en', 'en', 'de', 'fr'], 1)} AS language, ${pick(intents, 2)} AS intent, ${pick(reasons, 3)} AS reason,
    ${pick(agents, 4)} AS agent, n % 5 = 0 AS asks, n % 50 = 7 AS offered,
    CASE WHEN ${chance(5)} < 780 THEN 'resolved' WHEN ${chance(5)} < 860 THEN 'abandoned' WHEN ${chance(5)} < 920 THEN 'returned'
      WHEN ${chance(5)} < 960 THEN 'deferred' WHEN ${chance(5)} < 985 THEN 'failed' ELSE 'expired' END AS outcome,
    began + 40000 AS requested, began + 40000 + 5000 + (${chance(6)} * ${chance(7)} / 2)::bigint AS accepted,
    began + 40000 + 600000 + ${chance(8)}::bigint * 1000 AS ended, ${chance(9)} < 400 AS rated, 1 + ${chance(10)} % 5 AS score
  FROM (SELECT n, (extract(epoch FROM now()) * 1000)::bigint - (${days}::bigint * 86400000 * (${all} - n) / ${all}) - 3600000 AS began
    FROM generate_series(${from}, ${to}) AS n) numbers`

const statements = (all: number, from: number, to: number): string[] => {
  const p = `(${plan(all, from, to)}) p`
  const spoke = `p.outcome IN ('resolved', 'returned')`
  const at = 'to_timestamp(p.began / 1000.0)'
  const event = (
    seq: number,
    connection: string,
    type: string,
    moment: string,
    body: string,
    decisions = 'NULL::jsonb',
    condition = 'true',
  ) =>
    `SELECT p.n, ${seq}, ${connection}, 'seeded-' || p.n || '-${seq}', '${type}', ${moment}, ${body}, ${decisions} FROM plan p WHERE ${condition}`
  const site = `'site-' || p.m`
  const desk = `'desk-' || p.m`
  const ticket = `'ticket', 'seeded-' || p.n, 'agent', jsonb_build_object('name', p.agent)`
  return [
    `INSERT INTO conversations (id, mapping, connection, thread, control, epoch, seq, state, created_at, updated_at, active_at) OVERRIDING SYSTEM VALUE
      SELECT p.n, 'mapping-' || p.m, 'site-' || p.m, 'seeded-' || p.n, 'closed', 3, CASE WHEN p.asks THEN 10 ELSE 3 END,
        '{"language": "' || p.language || '"}', ${at}, ${at}, date_trunc('minute', ${at}) FROM ${p}`,
    `WITH plan AS MATERIALIZED (${plan(all, from, to)})
      INSERT INTO events (conversation, seq, connection, external_id, type, at, body, decisions)
      ${[
        event(1, site, 'customer-message', 'p.began', says('Where is the parcel that I ordered?')),
        event(
          2,
          `'hub'`,
          'bot-answered',
          'p.began + 1000',
          `jsonb_build_object('turn', jsonb_build_object('intent', p.intent))`,
        ),
        event(
          3,
          site,
          'customer-message',
          'p.requested',
          says('I want to talk to a person.'),
          decided(took('bot → waiting')),
          'p.asks',
        ),
        event(
          3,
          `'hub'`,
          'bot-answered',
          'p.requested',
          `'{"turn": {}}'::jsonb`,
          decided('offer|offered a person: seeded'),
          'p.offered',
        ),
        event(
          4,
          desk,
          'desk-accepted',
          'p.accepted',
          `jsonb_build_object(${ticket})`,
          decided(took('waiting → agent')),
          `p.asks AND ${spoke}`,
        ),
        event(
          5,
          desk,
          'agent-message',
          'p.accepted + 4000',
          `jsonb_build_object('visibility', 'public', ${ticket})`,
          'NULL::jsonb',
          `p.asks AND ${spoke}`,
        ),
        event(
          6,
          site,
          'customer-message',
          'p.accepted + 30000',
          says('Thank you, that is great.'),
          'NULL::jsonb',
          `p.asks AND ${spoke}`,
        ),
        event(
          7,
          desk,
          'desk-ended',
          'p.ended',
          `jsonb_build_object(${ticket})`,
          decided(took('agent → closed')),
          'p.asks',
        ),
        event(
          8,
          `'hub'`,
          'survey-ready',
          'p.ended + 30000',
          `'{"handoff": 1}'::jsonb`,
          'NULL::jsonb',
          `p.asks AND p.outcome = 'resolved'`,
        ),
      ].join(' UNION ALL ')}`,
    `INSERT INTO handoffs (conversation, number, mapping, stage, outcome, criterion, reason, priority, agent, started_at, ended_at)
      SELECT p.n, 1, 'mapping-' || p.m, 'ended', CASE WHEN p.asks THEN p.outcome ELSE 'declined' END, p.reason, 'Seeded.', 'normal',
        CASE WHEN p.asks AND ${spoke} THEN p.agent END, p.requested, CASE WHEN p.asks THEN p.ended ELSE p.requested + 9000 END
      FROM ${p} WHERE p.asks OR p.offered`,
    `INSERT INTO attempts (conversation, handoff, number, desk, mode, stage, ticket, agent, asked_at, opened_at, accepted_at, over_at)
      SELECT p.n, 1, 1, 'desk-' || p.m, 'live', 'over', 'seeded-' || p.n, CASE WHEN ${spoke} THEN p.agent END, p.requested,
        CASE WHEN p.outcome <> 'failed' THEN p.requested + 2000 END, CASE WHEN ${spoke} THEN p.accepted END, p.ended FROM ${p} WHERE p.asks`,
    `INSERT INTO feedback (conversation, handoff, score, scale, at)
      SELECT p.n, 1, p.score, 5, p.ended + 60000 FROM ${p} WHERE p.asks AND p.outcome = 'resolved' AND p.rated`,
    `INSERT INTO effects (conversation, lane, n, seq, kind, body, key, status, begun, settled_at, dead_at)
      SELECT p.n, 'channel:site-' || p.m, 1, 2, 'say', '{"by": "bot"}', 'seeded-' || p.n,
        CASE WHEN p.n % 4000 = 0 THEN 'dead' WHEN p.n % 500 = 0 THEN 'stopped' ELSE 'done' END, true, ${at}, CASE WHEN p.n % 4000 = 0 THEN ${at} END
      FROM ${p}`,
  ]
}

/** The server of `--data`, or the one that DATABASE_URL names. */
export async function openSeeded(data: string | undefined): Promise<{ url: string; stop(): Promise<unknown> }> {
  if (process.env.DATABASE_URL) return { url: process.env.DATABASE_URL, stop: async () => {} }
  if (data === undefined) throw new Error('Where? Give --data FOLDER, or DATABASE_URL of an empty database')
  await mkdir(data, { recursive: true })
  return startEmbedded({ dataDir: data, log: pino({ level: 'warn' }) })
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { conversations: { type: 'string', default: '1000000' }, data: { type: 'string' } },
  })
  const server = await openSeeded(values.data)
  try {
    const tell = (line: string) => void process.stdout.write(`${line}\n`)
    const { conversations, fillMs, countMs, counted } = await seed(server.url, Number(values.conversations), tell)
    tell(
      `${conversations} conversations: filled in ${Math.round(fillMs / 1000)} s, ${counted} counted in ${Math.round(countMs / 1000)} s`,
    )
  } finally {
    await server.stop()
  }
}
