/** Handoffs and attempts as rows, for reports and for finding a conversation by its ticket. */
import type pg from 'pg'
import type { Conversation } from '../conversation.ts'
import type { InternalEvent, RecordEvent } from '../events.ts'
import type { Ref } from '../message.ts'
import { encode } from './encode.ts'

export interface HandoffStep {
  readonly before: Conversation
  readonly after: Conversation
  readonly event: RecordEvent
}

/** Writes what changed in these steps; resolves to the tickets that became known. All its statements are sent at once. */
export async function writeHandoffs(
  client: pg.ClientBase,
  steps: readonly HandoffStep[],
): Promise<{ desk: string; ticket: Ref }[]> {
  const handoffs = new Map<string, object>()
  const attempts = new Map<string, object>()
  const tickets: { desk: string; ticket: Ref }[] = []
  const named: Promise<{ desk: string; ticket: Ref }[]>[] = []
  for (const { before, after, event } of steps) {
    if (isOutdated(event, after)) named.push(nameTicket(client, after.id, event))
    const { handoff, id: conversation, mapping } = after
    if (!handoff || handoff === before.handoff) continue
    const { number, stage, outcome, reason, priority, agent, digest, startedAt, endedAt } = handoff
    handoffs.set(`${conversation} ${number}`, {
      conversation,
      number,
      mapping,
      stage,
      outcome,
      criterion: reason.criterion,
      reason: reason.text,
      priority,
      agent: agent?.name,
      digest,
      started_at: Math.round(startedAt),
      ended_at: endedAt && Math.round(endedAt),
    })
    for (const attempt of handoff.attempts) {
      const { ticket, desk } = attempt
      attempts.set(`${conversation} ${number} ${attempt.number}`, {
        conversation,
        handoff: number,
        number: attempt.number,
        desk,
        mode: attempt.mode,
        stage: attempt.stage,
        ticket,
        agent: attempt.agent?.name,
        why: attempt.why,
        asked_at: attempt.askedAt,
        opened_at: attempt.openedAt,
        assigned_at: attempt.assignedAt,
        accepted_at: attempt.acceptedAt,
        over_at: attempt.overAt,
      })
      const isNew = !before.handoff?.attempts.some((one) => one.ticket === ticket)
      if (ticket !== undefined && isNew) tickets.push({ desk, ticket })
    }
  }
  const [late] = await Promise.all([
    Promise.all(named),
    upsert(client, 'handoffs', ['conversation', 'number'], [...handoffs.values()]),
    upsert(client, 'attempts', ['conversation', 'handoff', 'number'], [...attempts.values()]),
  ])
  return [...tickets, ...late.flat()]
}

async function upsert(client: pg.ClientBase, table: string, keys: string[], rows: object[]): Promise<void> {
  if (rows.length === 0) return
  const columns = Object.keys(rows[0]!).filter((column) => !keys.includes(column))
  await client.query({
    name: `upsert-${table}`,
    text: `INSERT INTO ${table} SELECT x.* FROM json_populate_recordset(NULL::${table}, $1) x
           ON CONFLICT (${keys.join(', ')}) DO UPDATE SET ${columns.map((c) => `${c} = excluded.${c}`).join(', ')}`,
    values: [encode(rows)],
  })
}

type Naming = Extract<InternalEvent, { type: 'desk-opened' | 'desk-closed' }> & { readonly ticket: Ref }

/** A desk answered when the customer had long left and asked again: its handoff is no longer in the state, only in its rows. */
const isOutdated = (event: RecordEvent, after: Conversation): event is Naming =>
  (event.type === 'desk-opened' || event.type === 'desk-closed') &&
  event.ticket !== undefined &&
  event.name.handoff !== after.handoff?.number

/** Without its name the ticket could not be ended at its desk. */
async function nameTicket(client: pg.ClientBase, conversation: number, { name, ticket }: Naming) {
  const { rows } = await client.query<{ desk: string; ticket: Ref }>({
    name: 'name-ticket',
    text: 'UPDATE attempts SET ticket = $4 WHERE conversation = $1 AND handoff = $2 AND number = $3 RETURNING desk, ticket',
    values: [conversation, name.handoff, name.attempt, ticket],
  })
  return rows
}
