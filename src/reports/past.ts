/** What of conversations on record the reports are made of, read a few hundred at a time. */
import type pg from 'pg'
import type { Decision } from '../effects.ts'
import type { Agent, Outcome } from '../handoff.ts'
import type { Part, Ref } from '../message.ts'

export interface Past {
  readonly id: number
  readonly seq: number
  readonly mapping: string
  readonly channel: string
  readonly language: string | null
  readonly events: readonly PastEvent[]
  readonly handoffs: readonly PastHandoff[]
  readonly attempts: readonly PastAttempt[]
  readonly answers: readonly PastAnswer[]
  readonly says: readonly PastSay[]
}

export interface PastEvent {
  readonly seq: number
  readonly type: string
  readonly at: number
  readonly connection: string
  readonly body: PastBody
  readonly decisions: readonly Decision[] | null
}

/** The fields of several kinds of events; empty where a customer was erased. */
export interface PastBody {
  readonly message?: { readonly parts: readonly Part[]; readonly language?: string }
  readonly customer?: { id?: string; name?: string; email?: string; phone?: string }
  readonly intent?: string
  readonly agent?: Agent
  readonly visibility?: string
  readonly ticket?: Ref
  readonly handoff?: number
}

export interface PastHandoff {
  readonly number: number
  readonly outcome: Outcome | null
  readonly criterion: string
  readonly agent: string | null
  readonly startedAt: number
  readonly endedAt: number | null
}

export interface PastAttempt {
  readonly handoff: number
  readonly desk: string
  readonly ticket: string | null
  readonly askedAt: number
  readonly openedAt: number | null
  readonly assignedAt: number | null
  readonly acceptedAt: number | null
}

export interface PastAnswer {
  readonly handoff: number
  readonly score: number
  readonly scale: number
  readonly at: number
}

/** Words for the customer: those of the hub, and whatever was stopped. */
export interface PastSay {
  readonly seq: number
  readonly n: number
  readonly status: string
  readonly by: string | null
  readonly settledAt: number | null
}

/** A conversation that has to be counted anew. */
export interface Changed {
  readonly id: number
  readonly seq: number
  readonly mapping: string
  readonly channel: string
  readonly language: string | null
}

type Of<T> = T & { readonly conversation: number }

/** Up to the event that `changed` names, whatever has come since: that is the next pass's. */
export async function readPast(client: pg.ClientBase, changed: readonly Changed[]): Promise<Past[]> {
  const ids = [changed.map(({ id }) => id)]
  const [events, handoffs, attempts, answers, says] = await Promise.all([
    read<PastEvent>(client, 'events', [...ids, changed.map(({ seq }) => seq)]),
    read<PastHandoff>(client, 'handoffs', ids),
    read<PastAttempt>(client, 'attempts', ids),
    read<PastAnswer>(client, 'answers', ids),
    read<PastSay>(client, 'says', ids),
  ])
  const none: never[] = []
  return changed.map((one) => ({
    ...one,
    events: events.get(one.id) ?? none,
    handoffs: handoffs.get(one.id) ?? none,
    attempts: attempts.get(one.id) ?? none,
    answers: answers.get(one.id) ?? none,
    says: says.get(one.id) ?? none,
  }))
}

async function read<T>(
  client: pg.ClientBase,
  what: keyof typeof statements,
  values: unknown[],
): Promise<Map<number, T[]>> {
  const { rows } = await client.query<Of<T>>({ name: `past-${what}`, text: statements[what], values })
  const found = new Map<number, T[]>()
  for (const row of rows) {
    const list = found.get(row.conversation)
    if (list) list.push(row)
    else found.set(row.conversation, [row])
  }
  return found
}

const statements = {
  events: `SELECT e.conversation, e.seq, e.type, e.at, e.connection, e.decisions,
      CASE WHEN e.type = 'bot-answered' THEN jsonb_build_object('intent', e.body #> '{turn,intent}')
        WHEN e.type = 'agent-message' THEN e.body - 'message'
        WHEN e.type = 'survey-ready' AND e.body ? 'message' THEN e.body || '{"message": {"parts": []}}'
        ELSE e.body END AS body
    FROM events e JOIN unnest($1::bigint[], $2::bigint[]) AS x(conversation, seq) ON x.conversation = e.conversation AND e.seq <= x.seq
    WHERE e.type IN ('customer-message', 'customer-identified', 'customer-found', 'customer-left', 'bot-answered', 'agent-message',
      'desk-accepted', 'desk-ended', 'survey-ready') OR e.decisions IS NOT NULL
    ORDER BY e.conversation, e.seq`,
  handoffs: `SELECT conversation, number, outcome, criterion, agent, started_at AS "startedAt", ended_at AS "endedAt"
    FROM handoffs WHERE conversation = ANY($1) ORDER BY conversation, number`,
  attempts: `SELECT conversation, handoff, desk, ticket, asked_at AS "askedAt", opened_at AS "openedAt", assigned_at AS "assignedAt",
      accepted_at AS "acceptedAt"
    FROM attempts WHERE conversation = ANY($1) ORDER BY conversation, handoff, number`,
  answers: `SELECT conversation, handoff, score::double precision, scale::double precision, at FROM feedback WHERE conversation = ANY($1)`,
  says: `SELECT conversation, seq, n, status, body ->> 'by' AS by, (extract(epoch FROM settled_at) * 1000)::bigint AS "settledAt"
    FROM effects WHERE conversation = ANY($1) AND kind = 'say' AND (status = 'stopped' OR body ->> 'by' = 'hub')`,
}
