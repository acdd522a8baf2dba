/**
 * The writing half of an append, as one statement: events, conversations, lanes with their leases, effects, timers, feedback.
 *
 * A lane's lease is taken here, in the row's own update, when nobody holds it, nothing older waits and its first new effect is
 * direct: so no separate statement, and no gap in which another could take it. `due` is the moment from which somebody should
 * look, a whole minute, so that its index changes once a minute and not with every message.
 */
export const writeStatement = `
WITH new_events AS (
  INSERT INTO events (conversation, seq, connection, external_id, type, at, body, decisions)
  SELECT conversation, seq, connection, external_id, type, at, body, decisions
  FROM json_to_recordset($1) AS x(conversation bigint, seq bigint, connection text, external_id text, type text, at bigint, body jsonb, decisions jsonb)
  ORDER BY conversation, seq
), changed AS (
  UPDATE conversations c SET control = x.control, epoch = x.epoch, seq = x.seq, state = x.state,
    customer = coalesce(x.customer, c.customer), updated_at = now(), active_at = date_trunc('minute', now())
  FROM json_to_recordset($2) AS x(id bigint, control text, epoch integer, seq bigint, state text, customer jsonb)
  WHERE c.id = x.id
), wanted AS (
  SELECT * FROM json_to_recordset($3) AS x(conversation bigint, lane text, count integer, direct boolean)
), grown AS (
  INSERT INTO lanes AS l (conversation, lane, tail, token, hub, leased_until, due)
  SELECT conversation, lane, count,
    CASE WHEN direct THEN $7 END,
    CASE WHEN direct THEN $8::integer END,
    CASE WHEN direct THEN now() + $9::integer * interval '1 millisecond' END,
    date_trunc('minute', now())
  FROM wanted ORDER BY conversation, lane
  ON CONFLICT (conversation, lane) DO UPDATE SET
    tail = l.tail + excluded.tail,
    token = CASE WHEN l.token IS NULL AND l.head = l.tail THEN excluded.token ELSE l.token END,
    hub = CASE WHEN l.token IS NULL AND l.head = l.tail THEN excluded.hub ELSE l.hub END,
    leased_until = CASE WHEN l.token IS NULL AND l.head = l.tail THEN excluded.leased_until ELSE l.leased_until END,
    due = CASE WHEN l.head < l.tail OR l.due BETWEEN excluded.due - interval '1 minute' AND now() THEN coalesce(l.due, excluded.due)
      ELSE excluded.due END
  RETURNING conversation, lane, tail, token, due
), new_effects AS (
  INSERT INTO effects (conversation, lane, n, seq, kind, body, fence, key, begun)
  SELECT e.conversation, e.lane, g.tail - w.count + e.i, e.seq, e.kind, e.body, e.fence,
    $10 || '-' || e.conversation || '-' || e.lane || '-' || (g.tail - w.count + e.i),
    coalesce(g.token = $7, false)
  FROM json_to_recordset($4) AS e(conversation bigint, lane text, i integer, seq bigint, kind text, body jsonb, fence integer)
  JOIN grown g USING (conversation, lane)
  JOIN wanted w USING (conversation, lane)
), limits AS (
  SELECT * FROM json_to_recordset($5) AS x(conversation bigint, name text, ms bigint, epoch integer)
), set_timers AS (
  INSERT INTO timers AS t (conversation, name, id, at, wake_at, epoch)
  SELECT conversation, name, nextval('timer_ids'), at, at, epoch
  FROM limits, LATERAL (SELECT (extract(epoch FROM now()) * 1000)::bigint + ms) AS moment(at)
  WHERE ms IS NOT NULL ORDER BY conversation, name
  ON CONFLICT (conversation, name) DO UPDATE SET id = excluded.id, at = excluded.at, epoch = excluded.epoch,
    wake_at = least(t.wake_at, excluded.at)
), cleared_timers AS (
  DELETE FROM timers t USING limits x WHERE x.ms IS NULL AND t.conversation = x.conversation AND t.name = x.name
), answers AS (
  INSERT INTO feedback (conversation, handoff, score, scale, comment, at)
  SELECT conversation, handoff, score, scale, comment, at
  FROM json_to_recordset($6) AS x(conversation bigint, handoff integer, score numeric, scale numeric, comment text, at bigint)
  ON CONFLICT (conversation, handoff) DO NOTHING
)
SELECT conversation, lane, tail, token, due <= now() AS "isDue" FROM grown`
