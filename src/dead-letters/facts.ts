/** A dead letter's row as facts to decide by. */

import type { LetterRow } from '../postgres/dead-letter-groups.ts'
import { connectionOf, roleOf } from '../postgres/lanes.ts'
import type { LetterFacts } from './meaning.ts'

export function factsOf(row: LetterRow, customer = row.customer.name ?? 'the customer'): LetterFacts {
  const { kind, lane, body, error, fence, control, epoch, doubtful, agent, openHandoff } = row
  return {
    kind,
    role: roleOf(lane),
    connection: connectionOf(lane),
    code: error?.code,
    by: body.by,
    speaker: body.name,
    customer,
    saidAt: body.at ?? row.createdAt,
    fence: fence ?? undefined,
    handoff: body.handoff,
    control,
    epoch,
    agent: agent ?? undefined,
    openHandoff: openHandoff ?? undefined,
    doubtful,
  }
}
