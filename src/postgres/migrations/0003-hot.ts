/**
 * Rows that every message changes are updated in place (HOT): no index covers a column that changes with each of them, and their
 * pages keep room for the new version.
 *
 * - `lanes.due` is taken as it is while it lies within the last minute, and cleared by the sweeper when nothing came for two.
 * - `conversations.active_at` is the minute of `updated_at`; `customer` repeats what of `state` a person is found by.
 * - `timers.wake_at` is when somebody looks: never after `at`, and left where it is when `at` moves on.
 * - What is dead or doubtful is indexed by columns that are empty for all the rest.
 * - The lanes of a hub that is gone are looked for only in the minute after it was found missing (`hubs.gone_at`).
 */
export const hot = `
  ALTER TABLE conversations ADD COLUMN active_at timestamptz NOT NULL DEFAULT date_trunc('minute', now());
  UPDATE conversations SET active_at = date_trunc('minute', updated_at);
  DROP INDEX conversations_with_people, conversations_by_time;
  CREATE INDEX conversations_with_people ON conversations (control, active_at) WHERE control IN ('waiting', 'agent');
  CREATE INDEX conversations_by_time ON conversations (active_at);
  ALTER TABLE conversations ADD COLUMN customer jsonb;
  UPDATE conversations SET customer = state -> 'customer' WHERE state -> 'customer' <> '{}';
  CREATE INDEX conversations_by_customer ON conversations ((customer ->> 'id')) WHERE customer ->> 'id' IS NOT NULL;
  CREATE INDEX conversations_by_email ON conversations (lower(customer ->> 'email')) WHERE lower(customer ->> 'email') IS NOT NULL;
  CREATE INDEX conversations_by_phone ON conversations ((customer ->> 'phone')) WHERE customer ->> 'phone' IS NOT NULL;
  ALTER TABLE conversations ALTER COLUMN state TYPE text;
  ALTER TABLE conversations SET (fillfactor = 70, toast_tuple_target = 8160);

  ALTER TABLE effects ADD COLUMN dead_at timestamptz;
  UPDATE effects SET dead_at = settled_at WHERE status = 'dead';
  DROP INDEX effects_dead, effects_doubtful;
  CREATE INDEX effects_dead ON effects (dead_at) WHERE dead_at IS NOT NULL;
  CREATE INDEX effects_doubtful ON effects (conversation) WHERE doubtful;
  ALTER TABLE effects SET (fillfactor = 55);

  ALTER TABLE hubs ADD COLUMN gone_at timestamptz;
  DROP INDEX lanes_leased;
  ALTER TABLE lanes SET (fillfactor = 60);

  -- A hub of the version before does not name it: then somebody looks at once, and sets it.
  ALTER TABLE timers ADD COLUMN wake_at bigint NOT NULL DEFAULT 0;
  UPDATE timers SET wake_at = at;
  DROP INDEX timers_at;
  CREATE INDEX timers_wake ON timers (wake_at);
  ALTER TABLE timers SET (fillfactor = 60);
`
