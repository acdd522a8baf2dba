/** The record: what happened (`events`), what is to be done (`lanes`, `effects`, `timers`), and how it stands (`conversations`, `handoffs`). */
export const record = `
  CREATE TABLE conversations (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mapping text NOT NULL,
    connection text NOT NULL,
    thread text NOT NULL,
    control text NOT NULL DEFAULT 'bot' CHECK (control IN ('bot', 'waiting', 'agent', 'closed')),
    epoch integer NOT NULL DEFAULT 1,
    seq bigint NOT NULL DEFAULT 0,
    state jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (connection, thread)
  );
  CREATE INDEX conversations_with_people ON conversations (control, updated_at) WHERE control IN ('waiting', 'agent');
  CREATE INDEX conversations_by_time ON conversations (updated_at);

  CREATE TABLE events (
    conversation bigint NOT NULL,
    seq bigint NOT NULL,
    connection text NOT NULL,
    external_id text NOT NULL,
    type text NOT NULL,
    at bigint NOT NULL,
    body jsonb NOT NULL,
    decisions jsonb,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (conversation, seq),
    UNIQUE (connection, external_id)
  );

  CREATE TABLE hubs (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    host text NOT NULL,
    pid integer NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now()
  );

  CREATE TABLE lanes (
    conversation bigint NOT NULL,
    lane text NOT NULL,
    tail bigint NOT NULL DEFAULT 0,
    head bigint NOT NULL DEFAULT 0,
    token text,
    hub integer,
    leased_until timestamptz,
    due timestamptz,
    PRIMARY KEY (conversation, lane)
  );
  CREATE INDEX lanes_due ON lanes (due) WHERE due IS NOT NULL;
  CREATE INDEX lanes_leased ON lanes (hub) WHERE token IS NOT NULL;

  CREATE TABLE effects (
    conversation bigint NOT NULL,
    lane text NOT NULL,
    n bigint NOT NULL,
    seq bigint NOT NULL,
    kind text NOT NULL,
    body jsonb NOT NULL,
    fence integer,
    key text NOT NULL,
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'done', 'dead', 'stopped', 'dismissed', 'replayed')),
    begun boolean NOT NULL DEFAULT false,
    doubtful boolean NOT NULL DEFAULT false,
    late boolean NOT NULL DEFAULT false,
    attempts integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    run_at timestamptz,
    ref text,
    last_error jsonb,
    settled_at timestamptz,
    PRIMARY KEY (conversation, lane, n)
  );
  CREATE INDEX effects_dead ON effects (settled_at) WHERE status = 'dead';
  CREATE INDEX effects_doubtful ON effects (settled_at) WHERE doubtful;

  CREATE SEQUENCE timer_ids;
  CREATE TABLE timers (
    conversation bigint NOT NULL,
    name text NOT NULL,
    id bigint NOT NULL,
    at bigint NOT NULL,
    epoch integer NOT NULL,
    PRIMARY KEY (conversation, name)
  );
  CREATE INDEX timers_at ON timers (at);

  CREATE TABLE handoffs (
    conversation bigint NOT NULL,
    number integer NOT NULL,
    mapping text NOT NULL,
    stage text NOT NULL,
    outcome text,
    criterion text NOT NULL,
    reason text NOT NULL,
    priority text NOT NULL,
    agent text,
    digest text,
    started_at bigint NOT NULL,
    ended_at bigint,
    PRIMARY KEY (conversation, number)
  );
  CREATE INDEX handoffs_open ON handoffs (started_at) WHERE outcome IS NULL;
  CREATE INDEX handoffs_by_time ON handoffs (started_at);

  CREATE TABLE attempts (
    conversation bigint NOT NULL,
    handoff integer NOT NULL,
    number integer NOT NULL,
    desk text NOT NULL,
    mode text NOT NULL,
    stage text NOT NULL,
    ticket text,
    agent text,
    why text,
    asked_at bigint NOT NULL,
    opened_at bigint,
    assigned_at bigint,
    accepted_at bigint,
    over_at bigint,
    PRIMARY KEY (conversation, handoff, number)
  );
  CREATE INDEX attempts_by_ticket ON attempts (desk, ticket) WHERE ticket IS NOT NULL;

  -- Desk events whose ticket is not known yet: an agent can be quicker than the desk's own answer.
  CREATE TABLE early_events (
    connection text NOT NULL,
    external_id text NOT NULL,
    ticket text NOT NULL,
    event jsonb NOT NULL,
    n bigint GENERATED ALWAYS AS IDENTITY,
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (connection, external_id)
  );
  CREATE INDEX early_events_by_ticket ON early_events (connection, ticket);

  CREATE TABLE feedback (
    conversation bigint NOT NULL,
    handoff integer NOT NULL,
    score numeric NOT NULL,
    scale numeric NOT NULL,
    comment text,
    at bigint NOT NULL,
    PRIMARY KEY (conversation, handoff)
  );

  CREATE TABLE connections (
    name text PRIMARY KEY,
    paused_by text,
    limited_until timestamptz,
    broken_until timestamptz,
    failures integer NOT NULL DEFAULT 0,
    last_code text,
    last_text text,
    last_at timestamptz
  );
`
