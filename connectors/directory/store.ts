/** The directory in the hub's database, and the log of handoffs. Every row carries its connection. */
import { type Kysely, sql } from 'kysely'
import type { HandoffDigest } from '#hub/connector.ts'
import type { Directory, Entry } from './customers.ts'

export const migrations = {
  'directory-1': `
    CREATE TABLE directory_customers (
      connection text NOT NULL,
      id text NOT NULL,
      email text,
      phone text,
      name text,
      language text,
      segment text,
      value double precision,
      time_zone text,
      facts jsonb NOT NULL DEFAULT '{}',
      PRIMARY KEY (connection, id)
    );
    CREATE INDEX directory_customers_email ON directory_customers (connection, lower(email));
    CREATE INDEX directory_customers_phone ON directory_customers
      (connection, regexp_replace(regexp_replace(phone, '\\D', '', 'g'), '^00', ''));
    CREATE TABLE directory_log (
      connection text NOT NULL,
      key text NOT NULL,
      handoff text NOT NULL,
      customer text,
      outcome text NOT NULL,
      reason text NOT NULL,
      digest text NOT NULL,
      started_at timestamptz NOT NULL,
      ended_at timestamptz NOT NULL,
      PRIMARY KEY (connection, key)
    );
  `,
}

export type Tables = {
  directory_customers: {
    connection: string
    id: string
    email: string | null
    phone: string | null
    name: string | null
    language: string | null
    segment: string | null
    value: number | null
    time_zone: string | null
    facts: Record<string, string>
  }
  directory_log: {
    connection: string
    key: string
    handoff: string
    /** The customer's id, else the e-mail address. */
    customer: string | null
    outcome: string
    reason: string
    digest: string
    started_at: Date
    ended_at: Date
  }
}

export function openTable(database: Kysely<Tables>, connection: string): Directory {
  const rows = database.selectFrom('directory_customers').selectAll().where('connection', '=', connection).orderBy('id')
  return {
    byId: async (id) => (await rows.where('id', '=', id).execute()).map(toEntry),
    byEmail: async (email) => (await rows.where(sql`lower(email)`, '=', email).execute()).map(toEntry),
    byPhone: async (phone) =>
      (
        await rows.where(sql`regexp_replace(regexp_replace(phone, '\\D', '', 'g'), '^00', '')`, '=', phone).execute()
      ).map(toEntry),
  }
}

/** A second call with the same key changes nothing. */
export async function writeLog(
  database: Kysely<Tables>,
  connection: string,
  said: HandoffDigest,
  key: string,
): Promise<void> {
  await database
    .insertInto('directory_log')
    .values({
      connection,
      key,
      handoff: said.handoff,
      customer: said.customer.id ?? said.customer.email ?? null,
      outcome: said.outcome,
      reason: said.reason,
      digest: said.digest,
      started_at: new Date(said.startedAt),
      ended_at: new Date(said.endedAt),
    })
    .onConflict((conflict) => conflict.columns(['connection', 'key']).doNothing())
    .execute()
}

/** Outcome and times stay. A handoff is named after its conversation: `17-1`, or with a name of the installation before. */
export async function eraseLog(database: Kysely<Tables>, connection: string, conversation: number): Promise<void> {
  await database
    .updateTable('directory_log')
    .set({ customer: null, reason: '', digest: '' })
    .where('connection', '=', connection)
    .where('handoff', '~', `^(.*-)?${conversation}-[0-9]+$`)
    .execute()
}

function toEntry(row: Tables['directory_customers']): Entry {
  return {
    id: row.id,
    email: row.email ?? undefined,
    phone: row.phone ?? undefined,
    name: row.name ?? undefined,
    language: row.language ?? undefined,
    segment: row.segment ?? undefined,
    value: row.value ?? undefined,
    timeZone: row.time_zone ?? undefined,
    facts: row.facts,
  }
}
