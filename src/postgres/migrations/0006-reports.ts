/**
 * What reports count, made from the record by a pass in the background (`src/reports/pass.ts`) and never by the append itself.
 * Everything here can be made again from the record, but for what was erased there since: so it holds no word of a customer.
 */
export const reports = `
  CREATE TABLE report_progress (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    -- Rows of an older generation are made anew.
    generation integer NOT NULL DEFAULT 1,
    -- Conversations are gone through by active_at and id.
    active_at timestamptz NOT NULL DEFAULT '-infinity',
    conversation bigint NOT NULL DEFAULT 0,
    -- When a pass last found nothing left to do.
    done_at timestamptz
  );
  INSERT INTO report_progress DEFAULT VALUES;

  CREATE TABLE report_conversations (
    conversation bigint PRIMARY KEY,
    generation integer NOT NULL,
    seq bigint NOT NULL,
    -- Nothing of it can still change without a new event.
    settled boolean NOT NULL,
    mapping text NOT NULL,
    channel text NOT NULL,
    language text,
    -- The first message of the customer.
    first_at bigint,
    -- A person was asked for at least once.
    asked boolean NOT NULL
  );
  CREATE INDEX report_conversations_by_time ON report_conversations (first_at) INCLUDE (asked, mapping, channel, language, conversation)
    WHERE first_at IS NOT NULL;

  CREATE TABLE report_handoffs (
    conversation bigint NOT NULL,
    number integer NOT NULL,
    mapping text NOT NULL,
    channel text NOT NULL,
    bot text,
    language text,
    desk text,
    agent text,
    agent_ref text,
    criterion text NOT NULL,
    also text[] NOT NULL,
    intent text,
    offered_at bigint,
    offer_answer text CHECK (offer_answer IN ('taken', 'overtaken', 'declined', 'unanswered')),
    requested_at bigint,
    opened_at bigint,
    assigned_at bigint,
    accepted_at bigint,
    first_word_at bigint,
    ended_at bigint,
    outcome text,
    -- Requested, or taken over by an agent without being asked for.
    began_at bigint,
    limit_ms bigint,
    is_open boolean,
    parked_ms bigint NOT NULL,
    feeling_before double precision,
    feeling_after double precision,
    invited_at bigint,
    answered_at bigint,
    score double precision,
    again_at bigint,
    reopened_at bigint,
    has_who boolean NOT NULL,
    has_wants boolean NOT NULL,
    PRIMARY KEY (conversation, number)
  );
  CREATE INDEX report_handoffs_requested ON report_handoffs (requested_at) WHERE requested_at IS NOT NULL;
  CREATE INDEX report_handoffs_offered ON report_handoffs (offered_at) WHERE offered_at IS NOT NULL;
  CREATE INDEX report_handoffs_accepted ON report_handoffs (accepted_at) WHERE accepted_at IS NOT NULL;
  CREATE INDEX report_handoffs_began ON report_handoffs (began_at) WHERE began_at IS NOT NULL;

  -- What a bot said too late and nobody was shown; n is the effect's, 0 for an answer that was not even made into one.
  CREATE TABLE report_stops (
    conversation bigint NOT NULL,
    seq bigint NOT NULL,
    n bigint NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (conversation, seq, n)
  );
  CREATE INDEX report_stops_by_time ON report_stops (at);
`
