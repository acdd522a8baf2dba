/** Suggestions on record, from the proposal to what became of it at the vendor. */
import type pg from 'pg'
import { HubError } from '../errors.ts'
import type { Message } from '../message.ts'
import { findPersonal } from '../suggestions/personal.ts'
import {
  type Suggestion,
  type SuggestionContent,
  type SuggestionDraft,
  type SuggestionSource,
  type SuggestionState,
  textsOf,
} from '../suggestions/suggestion.ts'
import { encode } from './encode.ts'

export const undoMs = 10 * 60_000

const ms = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::bigint`
const columns = `id, kind, connection, intent, title, present, proposed, sources, estimate, findings, status, revision,
  decided_by AS "decidedBy", ${ms('decided_at')} AS "decidedAt", reason, ${ms('push_at')} AS "pushAt",
  ${ms('pushed_at')} AS "pushedAt", error, ${ms('created_at')} AS "createdAt"`

/** Looked through for personal data first. One that is open for the same intent or article is replaced, unless it was edited by hand. */
export async function propose(pool: pg.Pool, draft: SuggestionDraft): Promise<number | undefined> {
  const findings = findPersonal(textsOf(draft), await namesIn(pool, draft.sources))
  const { rows } = await pool.query<{ id: number }>({
    name: 'propose',
    text: `INSERT INTO suggestions AS s (kind, connection, intent, title, present, proposed, sources, estimate, findings)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
           ON CONFLICT (kind, connection, coalesce(intent, title)) WHERE status = 'open' DO UPDATE SET present = excluded.present,
             proposed = excluded.proposed, sources = excluded.sources, estimate = excluded.estimate,
             findings = excluded.findings, updated_at = now() WHERE s.revision = 1 RETURNING id`,
    values: [
      draft.kind,
      draft.connection,
      draft.intent ?? null,
      draft.title,
      encode(draft.present),
      encode(draft.proposed),
      encode(draft.sources),
      draft.estimate ?? null,
      encode(findings),
    ],
  })
  return rows[0]?.id
}

/** Names of the customers whose words these are. */
async function namesIn(pool: pg.Pool, sources: readonly SuggestionSource[]): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>({
    name: 'names-in',
    text: `SELECT customer ->> 'name' AS name FROM conversations WHERE id = ANY($1) AND customer ->> 'name' IS NOT NULL`,
    values: [sources.map((source) => source.conversation)],
  })
  return rows.map(({ name }) => name)
}

export interface SuggestionFilter {
  readonly status?: SuggestionState
  readonly kind?: Suggestion['kind']
  /** Only those made of conversations that one of these desks was asked for. */
  readonly desks?: readonly string[]
  readonly before?: number
  readonly limit: number
}

/** Newest first. */
export async function listSuggestions(pool: pg.Pool, filter: SuggestionFilter): Promise<Suggestion[]> {
  const { rows } = await pool.query<Suggestion>({
    name: 'suggestions',
    text: `SELECT ${columns} FROM suggestions WHERE ($1::text IS NULL OR status = $1) AND ($2::text IS NULL OR kind = $2)
             AND ($3::text[] IS NULL OR EXISTS (${madeAt('$3')})) AND ($4::bigint IS NULL OR id < $4)
           ORDER BY id DESC LIMIT $5`,
    values: [filter.status ?? null, filter.kind ?? null, filter.desks ?? null, filter.before ?? null, filter.limit],
  })
  return rows
}

const madeAt = (desks: string): string =>
  `SELECT 1 FROM jsonb_to_recordset(sources) AS x(conversation bigint) JOIN attempts a USING (conversation) WHERE a.desk = ANY(${desks})`

export async function readSuggestion(pool: pg.Pool, id: number, desks?: readonly string[]): Promise<Suggestion> {
  const { rows } = await pool.query<Suggestion>({
    name: 'suggestion',
    text: `SELECT ${columns} FROM suggestions WHERE id = $1 AND ($2::text[] IS NULL OR EXISTS (${madeAt('$2')}))`,
    values: [id, desks ?? null],
  })
  if (!rows[0]) throw new HubError('unknown', `There is no suggestion ${id}`)
  return rows[0]
}

export async function countSuggestions(
  pool: pg.Pool,
): Promise<{ kind: Suggestion['kind']; status: SuggestionState; count: number }[]> {
  const { rows } = await pool.query({
    name: 'count-suggestions',
    text: 'SELECT kind, status, count(*)::integer AS count FROM suggestions GROUP BY 1, 2',
  })
  return rows
}

/** The words it was made of, as they stand in the record: gone once the customer is erased. */
export async function readQuotes(
  pool: pg.Pool,
  sources: readonly SuggestionSource[],
): Promise<{ conversation: number; seq: number; at: number; message: Message }[]> {
  const { rows } = await pool.query({
    name: 'quotes',
    text: `SELECT conversation, seq, at, body -> 'message' AS message FROM events
           JOIN unnest($1::bigint[], $2::bigint[]) AS x(conversation, seq) USING (conversation, seq)
           WHERE body ? 'message' AND coalesce(body ->> 'visibility', 'public') = 'public'`,
    values: [sources.map((source) => source.conversation), sources.map((source) => source.seq)],
  })
  return rows
}

/** Throws `conflict` when it has been decided meanwhile, or is not the one that was read. */
export async function editSuggestion(
  pool: pg.Pool,
  { id, revision, sources }: Pick<Suggestion, 'id' | 'revision' | 'sources'>,
  changed: { readonly title: string; readonly content: SuggestionContent },
): Promise<Suggestion> {
  const findings = findPersonal(textsOf(changed.content), await namesIn(pool, sources))
  const { rows } = await pool.query<Suggestion>({
    name: 'edit-suggestion',
    text: `UPDATE suggestions SET title = $3, proposed = $4, findings = $5, revision = revision + 1, status = 'open', error = NULL, updated_at = now()
           WHERE id = $1 AND revision = $2 AND status IN ('open', 'failed') RETURNING ${columns}`,
    values: [id, revision, changed.title, encode(changed.content.proposed), encode(findings)],
  })
  return rows[0] ?? decided(id)
}

/** Checked once more at this moment, by what is on record. Throws `conflict` where it may not be. */
export async function approveSuggestion(pool: pg.Pool, one: Suggestion, by: string): Promise<Suggestion> {
  const findings = findPersonal(textsOf(one), await namesIn(pool, one.sources))
  if (findings.length > 0)
    throw new HubError('conflict', `It holds personal data (${findings[0]!.what}): edit it before it is approved`)
  const { rows } = await pool.query<Suggestion>({
    name: 'approve-suggestion',
    text: `UPDATE suggestions SET status = 'approved', decided_by = $3, decided_at = now(), reason = NULL, error = NULL, findings = '[]',
             push_at = now() + $4::integer * interval '1 millisecond', claimed_until = NULL, updated_at = now()
           WHERE id = $1 AND revision = $2 AND status = 'open' RETURNING ${columns}`,
    values: [one.id, one.revision, by, undoMs],
  })
  return rows[0] ?? decided(one.id)
}

export async function rejectSuggestion(pool: pg.Pool, id: number, by: string, reason: string): Promise<Suggestion> {
  const { rows } = await pool.query<Suggestion>({
    name: 'reject-suggestion',
    text: `UPDATE suggestions SET status = 'rejected', decided_by = $2, decided_at = now(), reason = $3, updated_at = now()
           WHERE id = $1 AND status IN ('open', 'failed') RETURNING ${columns}`,
    values: [id, by, reason],
  })
  return rows[0] ?? decided(id)
}

/** Takes back an approval that has not been pushed, or a rejection of the last ten minutes. */
export async function undoSuggestion(pool: pg.Pool, id: number): Promise<Suggestion> {
  const { rows } = await pool.query<Suggestion>({
    name: 'undo-suggestion',
    text: `UPDATE suggestions SET status = 'open', decided_by = NULL, decided_at = NULL, reason = NULL, push_at = NULL, updated_at = now()
           WHERE id = $1 AND ((status = 'approved' AND claimed_until IS NULL AND push_at > now())
             OR (status = 'rejected' AND decided_at > now() - $2::integer * interval '1 millisecond')) RETURNING ${columns}`,
    values: [id, undoMs],
  })
  if (!rows[0]) throw new HubError('conflict', `Suggestion ${id} cannot be taken back: it is too late, or it is open`)
  return rows[0]
}

/** Pushes a failed one again, at once: it was approved. */
export async function retrySuggestion(pool: pg.Pool, id: number, by: string): Promise<Suggestion> {
  const { rows } = await pool.query<Suggestion>({
    name: 'retry-suggestion',
    text: `UPDATE suggestions SET status = 'approved', decided_by = $2, push_at = now(), claimed_until = NULL, error = NULL, updated_at = now()
           WHERE id = $1 AND status = 'failed' RETURNING ${columns}`,
    values: [id, by],
  })
  if (!rows[0]) throw new HubError('conflict', `Suggestion ${id} has not failed`)
  return rows[0]
}

const decided = (id: number): never => {
  throw new HubError('conflict', `Suggestion ${id} has been decided or edited meanwhile: look at it again`)
}

/** Approved ones whose time has come, each for one hub at a time. */
export async function claimSuggestions(pool: pg.Pool): Promise<Suggestion[]> {
  const { rows } = await pool.query<Suggestion>({
    name: 'claim-suggestions',
    text: `UPDATE suggestions SET claimed_until = now() + interval '1 minute' WHERE id IN (
             SELECT id FROM suggestions WHERE status = 'approved' AND push_at <= now() AND coalesce(claimed_until <= now(), true)
             ORDER BY push_at LIMIT 10 FOR UPDATE SKIP LOCKED) RETURNING ${columns}`,
  })
  return rows
}

export async function settleSuggestion(
  pool: pg.Pool,
  { id, revision }: Pick<Suggestion, 'id' | 'revision'>,
  outcome: { readonly ref?: string } | { readonly error: { readonly code: string; readonly text: string } },
): Promise<void> {
  const error = 'error' in outcome ? outcome.error : undefined
  const ref = 'ref' in outcome ? outcome.ref : undefined
  await pool.query({
    name: 'settle-suggestion',
    text: `UPDATE suggestions SET status = CASE WHEN $3::jsonb IS NULL THEN 'pushed' ELSE 'failed' END, error = $3, ref = $4,
             pushed_at = CASE WHEN $3::jsonb IS NULL THEN now() END, claimed_until = NULL, updated_at = now()
           WHERE id = $1 AND revision = $2 AND status = 'approved'`,
    values: [id, revision, error ? encode(error) : null, ref ?? null],
  })
}

/** Open ones, for the navigation. */
export async function countOpenSuggestions(pool: pg.Pool, desks: readonly string[] | undefined): Promise<number> {
  const { rows } = await pool.query<{ open: number }>({
    name: 'count-open-suggestions',
    text: `SELECT count(*)::integer AS open FROM suggestions WHERE status = 'open' AND ($1::text[] IS NULL OR EXISTS (${madeAt('$1')}))`,
    values: [desks ?? null],
  })
  return rows[0]!.open
}
