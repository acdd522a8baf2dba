/** The order in which the record holds what was said: the one that the customer sees, too. Pure. */
import type { ConversationAnswer } from '../../../../src/http/api/conversations.ts'
import type { Said } from './desk.ts'

type Entry = Pick<ConversationAnswer['timeline'][number], 'seq' | 'type' | 'body' | 'effects'>

/** What the record does not hold yet stands last, as the desk has it. */
export function inOrderOfRecord(messages: readonly Said[], timeline: readonly Entry[], ticket: string): Said[] {
  const seqs = new Map<number, number>()
  const told = messages.filter(({ by }) => by === 'agent').map(({ n }) => n)
  for (const { seq, type, body, effects } of timeline) {
    // The desk tells its agents' words in the order in which they were written.
    if (type === 'agent-message' && (body as { ticket?: string }).ticket === ticket) {
      const n = told.shift()
      if (n !== undefined) seqs.set(n, seq)
    }
    for (const { kind, ref } of effects) {
      if (kind === 'pass' && ref?.startsWith(`${ticket}/`)) seqs.set(Number(ref.slice(ticket.length + 1)), seq)
    }
  }
  const seqOf = ({ n }: Said) => seqs.get(n) ?? Number.POSITIVE_INFINITY
  return messages.toSorted((a, b) => (seqOf(a) === seqOf(b) ? a.n - b.n : seqOf(a) - seqOf(b)))
}
