import type { Generated, Kysely } from 'kysely'
import type { Customer, Host } from '#hub/connector.ts'

/** Messages are not here: the hub's record is the mailbox. Times are epoch milliseconds. */
export const migrations = {
  '0001-threads': `
    create table webchat_threads (
      connection text not null,
      thread text not null,
      subject text,
      customer jsonb not null,
      read_seq bigint not null default 0,
      created_at bigint not null,
      primary key (connection, thread)
    );
    create index webchat_threads_subject on webchat_threads (connection, subject) where subject is not null;
    create table webchat_sessions (
      connection text not null,
      token_hash text not null,
      thread text not null,
      expires_at bigint not null,
      primary key (connection, token_hash),
      foreign key (connection, thread) references webchat_threads on delete cascade
    );
    create index webchat_sessions_thread on webchat_sessions (connection, thread);
    create table webchat_files (
      connection text not null,
      id text not null,
      thread text not null,
      name text not null,
      mime text not null,
      bytes integer not null,
      content bytea not null,
      said boolean not null default false,
      created_at bigint not null,
      primary key (connection, id)
    );
    create index webchat_files_thread on webchat_files (connection, thread);
  `,
  '0002-seen': `
    alter table webchat_threads add column seen_at bigint not null default 0;
  `,
}

type Tables = {
  webchat_threads: {
    connection: string
    thread: string
    /** The company's own id of the person, once its backend vouched for it. */
    subject: string | null
    customer: Customer
    read_seq: Generated<number>
    /** When what an agent has seen of the visitor's words was said. */
    seen_at: Generated<number>
    created_at: number
  }
  webchat_sessions: { connection: string; token_hash: string; thread: string; expires_at: number }
  webchat_files: {
    connection: string
    id: string
    thread: string
    name: string
    mime: string
    bytes: number
    content: Buffer
    /** False until a message carried it. */
    said: Generated<boolean>
    created_at: number
  }
}

export const tablesOf = (host: Host): Kysely<Tables> => host.database.withTables<Tables>()
