/** For whoever keeps a hub running: connections' traffic, what became of dead letters, and suggestions. None of it is on a message's way. */
export const operations = `
  ALTER TABLE connections ADD COLUMN failing_since timestamptz, ADD COLUMN paused_at timestamptz, ADD COLUMN pause_reason text;

  -- Five minutes of one connection, as one hub saw them. Each hub writes its own rows, so that nobody waits for anybody.
  CREATE TABLE traffic (
    connection text NOT NULL,
    hub text NOT NULL,
    at bigint NOT NULL,
    calls integer NOT NULL,
    errors integer NOT NULL,
    came_in integer NOT NULL,
    spread integer[] NOT NULL,
    PRIMARY KEY (connection, at, hub)
  );
  CREATE INDEX traffic_by_time ON traffic (at);

  -- The last of a connection, as one hub saw it: moments, calls and refused webhooks, without what names a person.
  CREATE TABLE traffic_last (
    connection text NOT NULL,
    hub text NOT NULL,
    last_in bigint,
    last_out bigint,
    minute bigint NOT NULL DEFAULT 0,
    minute_calls integer NOT NULL DEFAULT 0,
    calls jsonb NOT NULL DEFAULT '[]',
    refused jsonb NOT NULL DEFAULT '[]',
    written_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (connection, hub)
  );

  -- What a person decided about an effect that had failed for good.
  CREATE TABLE dead_letter_fates (
    conversation bigint NOT NULL,
    lane text NOT NULL,
    n bigint NOT NULL,
    fate text NOT NULL CHECK (fate IN ('replayed', 'noted', 'dismissed')),
    why text,
    by text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (conversation, lane, n)
  );
  CREATE INDEX dead_letter_fates_by_time ON dead_letter_fates (at);

  -- The replay of a whole group, carried on by whichever hub lives.
  CREATE TABLE dead_letter_replays (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cause text NOT NULL,
    connection text NOT NULL,
    until timestamptz NOT NULL,
    leaves_stale boolean NOT NULL,
    by text NOT NULL,
    status text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'stopped', 'done')),
    total integer NOT NULL,
    delivered integer NOT NULL DEFAULT 0,
    failed integer NOT NULL DEFAULT 0,
    left_out integer NOT NULL DEFAULT 0,
    why text,
    hub text NOT NULL,
    seen_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz
  );
  CREATE UNIQUE INDEX dead_letter_replays_running ON dead_letter_replays (cause) WHERE status = 'running';

  CREATE TABLE suggestions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('phrase-set', 'article')),
    connection text NOT NULL,
    intent text,
    title text NOT NULL,
    present jsonb NOT NULL,
    proposed jsonb NOT NULL,
    sources jsonb NOT NULL,
    estimate real,
    findings jsonb NOT NULL DEFAULT '[]',
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'approved', 'rejected', 'pushed', 'failed')),
    revision integer NOT NULL DEFAULT 1,
    decided_by text,
    decided_at timestamptz,
    reason text,
    push_at timestamptz,
    claimed_until timestamptz,
    pushed_at timestamptz,
    ref text,
    error jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE INDEX suggestions_by_status ON suggestions (status, id DESC);
  CREATE INDEX suggestions_to_push ON suggestions (push_at) WHERE status = 'approved';
  CREATE UNIQUE INDEX suggestions_open ON suggestions (kind, connection, coalesce(intent, title)) WHERE status = 'open';
`
