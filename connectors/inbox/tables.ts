/** The inbox's own tables in the hub's database. Times are epoch milliseconds. */
import type { Generated } from 'kysely'
import type { Customer, Handoff, HubEvent, Message, Mode } from '#hub/connector.ts'

export const migrations = {
  '001-tables': `
    CREATE TABLE inbox_agents (
      connection text NOT NULL,
      id text NOT NULL,
      name text NOT NULL,
      skills text[] NOT NULL,
      languages text[] NOT NULL,
      capacity integer NOT NULL,
      token_hash text NOT NULL,
      active boolean NOT NULL DEFAULT true,
      presence text NOT NULL DEFAULT 'offline' CHECK (presence IN ('online', 'away', 'offline')),
      last_seen bigint NOT NULL DEFAULT 0,
      idle_since bigint NOT NULL DEFAULT 0,
      PRIMARY KEY (connection, id)
    );

    CREATE TABLE inbox_tickets (
      id text PRIMARY KEY,
      connection text NOT NULL,
      key text NOT NULL,
      handoff text NOT NULL,
      conversation bigint NOT NULL,
      attempt integer NOT NULL,
      mode text NOT NULL CHECK (mode IN ('live', 'ticket', 'callback')),
      priority smallint NOT NULL,
      status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'offered', 'accepted', 'ended')),
      skills text[] NOT NULL,
      language text,
      context jsonb NOT NULL,
      customer jsonb NOT NULL,
      agent text,
      turn integer NOT NULL DEFAULT 0,
      ring_until bigint,
      passed jsonb NOT NULL DEFAULT '{}',
      other_language boolean NOT NULL DEFAULT false,
      messages integer NOT NULL DEFAULT 0,
      told integer NOT NULL DEFAULT 0,
      told_position integer,
      created_at bigint NOT NULL,
      accepted_at bigint,
      ended_at bigint,
      outcome text,
      topic text,
      digest text,
      UNIQUE (connection, key)
    );
    CREATE INDEX inbox_tickets_open ON inbox_tickets (connection, status, mode, priority DESC, created_at) WHERE status <> 'ended';
    CREATE INDEX inbox_tickets_accepted ON inbox_tickets (connection, accepted_at DESC) WHERE accepted_at IS NOT NULL;
    CREATE INDEX inbox_tickets_conversation ON inbox_tickets (conversation);

    CREATE TABLE inbox_messages (
      ticket text NOT NULL REFERENCES inbox_tickets ON DELETE CASCADE,
      n integer NOT NULL,
      connection text NOT NULL,
      key text NOT NULL,
      by text NOT NULL CHECK (by IN ('customer', 'agent', 'hub')),
      visibility text NOT NULL CHECK (visibility IN ('public', 'internal')),
      name text,
      message jsonb NOT NULL,
      state text NOT NULL CHECK (state IN ('sending', 'sent')),
      at bigint NOT NULL,
      PRIMARY KEY (ticket, n),
      UNIQUE (ticket, key)
    );

    CREATE TABLE inbox_reports (
      seq bigserial PRIMARY KEY,
      connection text NOT NULL,
      ticket text NOT NULL REFERENCES inbox_tickets ON DELETE CASCADE,
      event jsonb NOT NULL,
      message integer
    );
    CREATE INDEX inbox_reports_ticket ON inbox_reports (connection, ticket, seq);
  `,
  '002-paper': `
    ALTER TABLE inbox_agents ADD COLUMN is_user boolean NOT NULL DEFAULT false;

    CREATE TABLE inbox_drafts (
      ticket text NOT NULL REFERENCES inbox_tickets ON DELETE CASCADE,
      agent text NOT NULL,
      kind text NOT NULL CHECK (kind IN ('reply', 'note')),
      text text NOT NULL,
      at bigint NOT NULL,
      PRIMARY KEY (ticket, agent, kind)
    );

    CREATE TABLE inbox_replies (
      id bigserial PRIMARY KEY,
      connection text NOT NULL,
      owner text,
      name text NOT NULL,
      text text NOT NULL
    );
    CREATE UNIQUE INDEX inbox_replies_name ON inbox_replies (connection, coalesce(owner, ''), name);
  `,
  '003-files': `
    CREATE TABLE inbox_files (
      connection text NOT NULL,
      id text NOT NULL,
      ticket text NOT NULL REFERENCES inbox_tickets ON DELETE CASCADE,
      agent text NOT NULL,
      own text NOT NULL,
      name text NOT NULL,
      mime text NOT NULL,
      bytes integer NOT NULL,
      content bytea NOT NULL,
      said boolean NOT NULL DEFAULT false,
      created_at bigint NOT NULL,
      PRIMARY KEY (connection, id),
      UNIQUE (ticket, agent, own)
    );
    CREATE INDEX inbox_files_unsaid ON inbox_files (connection, ticket) WHERE NOT said;
  `,
} as const

export type Presence = 'online' | 'away' | 'offline'
export type Status = 'queued' | 'offered' | 'accepted' | 'ended'

export interface AgentRow {
  connection: string
  /** The e-mail address in lower case. */
  id: string
  name: string
  skills: string[]
  languages: string[]
  capacity: number
  token_hash: string
  /** False once the YAML does not name the agent any more: tickets still tell who it was. */
  active: Generated<boolean>
  /** A user of the console with a seat here; the YAML does not know them. */
  is_user: Generated<boolean>
  /** What the agent chose. Who has been unseen for a minute counts as away all the same. */
  presence: Generated<Presence>
  last_seen: Generated<number>
  idle_since: Generated<number>
}

export interface TicketRow {
  id: string
  connection: string
  key: string
  handoff: string
  conversation: number
  attempt: number
  mode: Mode
  /** 0 normal, 1 high, 2 urgent. */
  priority: number
  status: Generated<Status>
  skills: string[]
  language: string | null
  context: Handoff['context']
  customer: Customer
  /** At whom it rings (offered), or who has it (accepted, ended). */
  agent: string | null
  /** Grows with each agent it is given to, so that what is reported of each is told apart. */
  turn: Generated<number>
  ring_until: number | null
  /** Agents who declined it or let it ring, and when. */
  passed: Generated<Record<string, number>>
  /** It went to an agent who does not speak the customer's language, since nobody online does. */
  other_language: Generated<boolean>
  /** The last message's number. */
  messages: Generated<number>
  /** Reports of the place in line so far, and the last place told. */
  told: Generated<number>
  told_position: number | null
  created_at: number
  /** When it was accepted for the first time. */
  accepted_at: number | null
  ended_at: number | null
  outcome: string | null
  topic: string | null
  digest: string | null
}

export interface MessageRow {
  ticket: string
  n: number
  connection: string
  /** `hub:` and the effect's key, or `agent:` and the page's own id. */
  key: string
  by: 'customer' | 'agent' | 'hub'
  visibility: 'public' | 'internal'
  name: string | null
  message: Message
  /** An agent's message is `sending` until the hub has it on disk. */
  state: 'sending' | 'sent'
  at: number
}

/** What the hub is to be told: written with the change it tells of, deleted once the hub has it. */
export interface ReportRow {
  seq: Generated<number>
  connection: string
  ticket: string
  event: HubEvent
  /** The number of the message this report carries. */
  message: number | null
}

/** What an agent has begun to write, on whichever machine. */
export interface DraftRow {
  ticket: string
  agent: string
  kind: 'reply' | 'note'
  text: string
  at: number
}

/** What an agent attached. */
export interface FileRow {
  connection: string
  /** The last part of its address; nobody can guess it. */
  id: string
  ticket: string
  agent: string
  /** The id that the agent's page gave it. */
  own: string
  name: string
  mime: string
  bytes: number
  content: Buffer
  /** False until a message carried it. */
  said: Generated<boolean>
  created_at: number
}

/** Words kept for more than one customer. */
export interface ReplyRow {
  id: Generated<number>
  connection: string
  /** Null: everybody's. */
  owner: string | null
  /** What it is found by after a slash. */
  name: string
  text: string
}

export interface InboxTables {
  inbox_agents: AgentRow
  inbox_drafts: DraftRow
  inbox_files: FileRow
  inbox_replies: ReplyRow
  inbox_tickets: TicketRow
  inbox_messages: MessageRow
  inbox_reports: ReportRow
}
