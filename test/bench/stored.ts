/** A record with a past: conversations that were with an agent and are closed, as many as wanted, made by PostgreSQL itself. */
import { newConversation } from '../../src/conversation.ts'
import { stateOf } from '../../src/postgres/conversations.ts'
import { openDatabase } from '../../src/postgres/database.ts'
import { migrate } from '../../src/postgres/migrate.ts'
import { hubMigrations } from '../../src/postgres/migrations/index.ts'

/** A block is one transaction. */
const block = 20_000

/** The database must be empty. */
export async function fillRecord(databaseUrl: string, conversations: number): Promise<void> {
  const { pool, close } = openDatabase(databaseUrl, { max: 1, statementTimeoutMs: 0 })
  try {
    await migrate(pool, 'hub', hubMigrations)
    await pool.query('SET synchronous_commit = off')
    for (let from = 1; from <= conversations; from += block) {
      const to = Math.min(from + block - 1, conversations)
      for (const statement of statements) await pool.query(statement(from, to))
    }
    await pool.query('VACUUM (ANALYZE)')
    await pool.query('CHECKPOINT')
  } finally {
    await close()
  }
}

const state = stateOf(
  newConversation(0, { mapping: 'bench', channel: 'site', thread: '', language: 'en', at: 1_700_000_000_000 }),
)
const said = `{"message": {"parts": [{"kind": "text", "text": "${'It was said in some other conversation. '.repeat(5)}"}]}}`

type Statement = (from: number, to: number) => string
const numbers = (from: number, to: number) => `generate_series(${from}, ${to}) AS n`
const past = `now() - interval '30 days'`

const statements: readonly Statement[] = [
  (
    from,
    to,
  ) => `INSERT INTO conversations (mapping, connection, thread, control, epoch, seq, state, created_at, updated_at, active_at)
    SELECT 'bench', 'site', 'stored-' || n, 'closed', 3, 2, '${JSON.stringify(state)}', ${past}, ${past}, date_trunc('minute', ${past}) FROM ${numbers(from, to)}`,
  (from, to) => `INSERT INTO events (conversation, seq, connection, external_id, type, at, body, recorded_at)
    SELECT n, seq, CASE seq WHEN 1 THEN 'site' ELSE 'people' END, 'stored-' || n || '-' || seq,
      CASE seq WHEN 1 THEN 'customer-message' ELSE 'agent-message' END, 1700000000000, '${said}', ${past}
    FROM ${numbers(from, to)}, generate_series(1, 2) AS seq`,
  (from, to) => `INSERT INTO lanes (conversation, lane, tail, head)
    SELECT n, lane, 1, 1 FROM ${numbers(from, to)}, unnest(ARRAY['channel:site', 'desk:people']) AS lane`,
  (
    from,
    to,
  ) => `INSERT INTO effects (conversation, lane, n, seq, kind, body, key, status, begun, created_at, settled_at)
    SELECT n, lane, 1, CASE lane WHEN 'desk:people' THEN 1 ELSE 2 END, CASE lane WHEN 'desk:people' THEN 'pass' ELSE 'say' END,
      '${said}', 'stored-' || n || '-' || lane || '-1', 'done', true, ${past}, ${past}
    FROM ${numbers(from, to)}, unnest(ARRAY['channel:site', 'desk:people']) AS lane`,
  (
    from,
    to,
  ) => `INSERT INTO handoffs (conversation, number, mapping, stage, outcome, criterion, reason, priority, started_at, ended_at)
    SELECT n, 1, 'bench', 'ended', 'resolved', 'human_request', 'The customer asked for a person.', 'normal', 1700000000000, 1700000600000
    FROM ${numbers(from, to)}`,
  (from, to) => `INSERT INTO attempts (conversation, handoff, number, desk, mode, stage, ticket, asked_at, over_at)
    SELECT n, 1, 1, 'people', 'live', 'over', 'stored-' || n, 1700000000000, 1700000600000 FROM ${numbers(from, to)}`,
]
