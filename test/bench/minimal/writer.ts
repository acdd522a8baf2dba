/** The record of the minimal relay, in a thread of its own: SQLite, synchronous FULL, one transaction for all that has gathered. */
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import type { Deed, Kept, Outcome } from './record.ts'

const database = new DatabaseSync((workerData as { file: string }).file)
database.exec(`
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS threads (name TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS messages (
    n INTEGER PRIMARY KEY, thread TEXT NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
    is_delivered INTEGER NOT NULL DEFAULT 0
  );
  CREATE UNIQUE INDEX IF NOT EXISTS messages_id ON messages (id);
  CREATE UNIQUE INDEX IF NOT EXISTS messages_order ON messages (thread, seq);
  CREATE INDEX IF NOT EXISTS messages_open ON messages (n) WHERE is_delivered = 0;
`)

const begin = database.prepare('BEGIN IMMEDIATE')
const commit = database.prepare('COMMIT')
const rollback = database.prepare('ROLLBACK')
const find = database.prepare('SELECT n FROM messages WHERE id = ?')
const count = database.prepare(
  'INSERT INTO threads (name, seq) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET seq = seq + 1 RETURNING seq',
)
const insert = database.prepare('INSERT INTO messages (thread, seq, id, body) VALUES (?, ?, ?, ?)')
const deliver = database.prepare('UPDATE messages SET is_delivered = 1 WHERE n = ?')
const undelivered = database.prepare('SELECT n, thread, id, body FROM messages WHERE is_delivered = 0 ORDER BY n')

function keep({ thread, id, body }: Kept): Outcome {
  if (find.get(id)) return { isNew: false, n: 0 }
  const { seq } = count.get(thread) as { seq: number }
  return { isNew: true, n: Number(insert.run(thread, seq, id, body).lastInsertRowid) }
}

function write({ kept, delivered }: Deed): Outcome[] {
  begin.run()
  try {
    const outcomes = kept.map(keep)
    for (const n of delivered) deliver.run(n)
    commit.run()
    return outcomes
  } catch (error) {
    rollback.run()
    throw error
  }
}

parentPort!.postMessage({ open: undelivered.all() })
parentPort!.on('message', (deed: Deed) => {
  try {
    parentPort!.postMessage({ outcomes: write(deed) })
  } catch (error) {
    parentPort!.postMessage({ error: String(error) })
  }
})
