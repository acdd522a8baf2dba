/** Handoffs and attempts as rows, for reports and for finding a conversation by its ticket. */
import type pg from 'pg'
import type { Conversation } from '../conversation.ts'
import type { Ref } from '../message.ts'
import { encode } from './encode.ts'

/** Writes what changed in these steps; returns the tickets that became known. */
export async function writeHandoffs(
  client: pg.ClientBase,
  steps: readonly { before: Conversation; after: Conversation }[],
): Promise<{ desk: string; ticket: Ref }[]> {
  const handoffs = new Map<string, object>()
  const attempts = new Map<string, object>()
  const tickets: { desk: string; ticket: Ref }[] = []
  for (const { before, after } of steps) {
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
  if (handoffs.size > 0) await upsert(client, 'handoffs', ['conversation', 'number'], [...handoffs.values()])
  if (attempts.size > 0) await upsert(client, 'attempts', ['conversation', 'handoff', 'number'], [...attempts.values()])
  return tickets
}

async function upsert(client: pg.ClientBase, table: string, keys: string[], rows: object[]): Promise<void> {
  const columns = Object.keys(rows[0]!).filter((column) => !keys.includes(column))
  await client.query({
    name: `upsert-${table}`,
    text: `INSERT INTO ${table} SELECT x.* FROM json_populate_recordset(NULL::${table}, $1) x
           ON CONFLICT (${keys.join(', ')}) DO UPDATE SET ${columns.map((c) => `${c} = excluded.${c}`).join(', ')}`,
    values: [encode(rows)],
  })
}
