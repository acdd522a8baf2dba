/** Reads a conversation back from the record: its state, what was said, its tickets. */
import type pg from 'pg'
import type { BotTurn } from '../connector.ts'
import type { Attempt, Conversation, HandoffState } from '../conversation.ts'
import type { AttemptName } from '../effects.ts'
import { HubError } from '../errors.ts'
import type { HandoffDigest, TranscriptEntry } from '../handoff.ts'
import type { Mapping } from '../mapping.ts'
import { type Message, plainText, type Ref } from '../message.ts'
import { conversationColumns, toConversation } from './conversations.ts'

export interface Story {
  /** Throws `unknown`. */
  conversation(id: number): Promise<Conversation>
  /** What was said to whom up to `seq`, oldest first; internal notes, what was stopped and what was erased are left out. */
  transcript(id: number, upTo?: number): Promise<TranscriptEntry[]>
  ticket(conversation: number, name: AttemptName): Promise<Ref | undefined>
  /** What was asked of a desk, also in a handoff that is not the latest any more; the skills that the bot wanted are not kept. */
  asked(conversation: number, name: AttemptName): Promise<Asked | undefined>
  digest(conversation: Conversation, handoff: number): Promise<HandoffDigest | undefined>
}

/** What an offer to a desk is made from. */
export interface Asked {
  readonly handoff: Pick<HandoffState, 'number' | 'reason' | 'priority' | 'need'>
  readonly attempt: Pick<Attempt, 'number' | 'desk' | 'mode'>
}

export function openStory(pool: pg.Pool, mappingOf: (name: string, channel: string) => Mapping): Story {
  const transcript = async (id: number, upTo = Number.MAX_SAFE_INTEGER) => {
    const { rows } = await pool.query<EventRow>({
      name: 'transcript',
      text: `SELECT e.seq, e.type, e.at, e.body, e.decisions,
               (SELECT json_agg(json_build_object('by', f.body -> 'by', 'name', f.body -> 'name', 'message', f.body -> 'message') ORDER BY f.n)
                FROM effects f WHERE f.conversation = e.conversation AND f.seq = e.seq AND f.kind = 'say'
                  AND f.lane LIKE 'channel:%' AND f.status <> 'stopped' AND f.body ? 'message') AS said
             FROM events e WHERE e.conversation = $1 AND e.seq <= $2 ORDER BY e.seq`,
      values: [id, upTo],
    })
    return rows.flatMap(toEntries)
  }
  return {
    transcript,

    async conversation(id) {
      const { rows } = await pool.query({
        name: 'conversation',
        text: `SELECT ${conversationColumns} FROM conversations WHERE id = $1`,
        values: [id],
      })
      if (!rows[0]) throw new HubError('unknown', `There is no conversation ${id}`)
      return toConversation(rows[0], { mappingOf })
    },

    async ticket(conversation, { handoff, attempt }) {
      const { rows } = await pool.query<{ ticket: string | null }>({
        name: 'ticket',
        text: 'SELECT ticket FROM attempts WHERE conversation = $1 AND handoff = $2 AND number = $3',
        values: [conversation, handoff, attempt],
      })
      return rows[0]?.ticket ?? undefined
    },

    async asked(conversation, { handoff, attempt }) {
      const { rows } = await pool.query({
        name: 'asked',
        text: `SELECT h.criterion, h.reason, h.priority, a.desk, a.mode
               FROM handoffs h JOIN attempts a ON a.conversation = h.conversation AND a.handoff = h.number
               WHERE h.conversation = $1 AND h.number = $2 AND a.number = $3`,
        values: [conversation, handoff, attempt],
      })
      const row = rows[0]
      if (!row) return undefined
      const { criterion, reason, priority, desk, mode } = row
      return {
        handoff: { number: handoff, reason: { criterion, text: reason }, priority, need: { skills: [] } },
        attempt: { number: attempt, desk, mode },
      }
    },

    async digest(conversation, handoff) {
      const { rows } = await pool.query({
        name: 'digest',
        text: 'SELECT outcome, reason, digest, started_at, ended_at FROM handoffs WHERE conversation = $1 AND number = $2 AND outcome IS NOT NULL',
        values: [conversation.id, handoff],
      })
      const row = rows[0]
      if (!row) return undefined
      return {
        handoff: `${conversation.id}-${handoff}`,
        customer: conversation.customer,
        outcome: row.outcome,
        reason: row.reason,
        digest: row.digest ?? (await lastWords(transcript, conversation.id)),
        startedAt: row.started_at,
        endedAt: row.ended_at,
      }
    },
  }
}

async function lastWords(transcript: (id: number) => Promise<TranscriptEntry[]>, id: number): Promise<string> {
  const entries = await transcript(id)
  const last = entries.findLast((entry) => entry.by === 'agent')
  return last ? plainText(last.message).slice(0, 500) : ''
}

interface EventRow {
  seq: number
  type: string
  at: number
  body: { message?: Message; agent?: { name?: string }; visibility?: string; turn?: BotTurn }
  said: { by: TranscriptEntry['by']; name: string | null; message: Message }[] | null
}

function toEntries({ seq, type, at, body, said }: EventRow): TranscriptEntry[] {
  const entries: TranscriptEntry[] = []
  if (type === 'customer-message' && body.message) entries.push({ seq, at, by: 'customer', message: body.message })
  for (const { by, name, message } of said ?? []) {
    const spoken = by === 'hub' ? withoutButtons(message) : message
    if (spoken.parts.length > 0) entries.push({ seq, at, by, message: spoken, ...(name ? { name } : {}) })
  }
  return entries
}

/** Our own buttons ("Leave the line") steer the chat and say nothing: one that is pressed is told in the customer's words. */
const withoutButtons = (message: Message): Message => ({
  ...message,
  parts: message.parts.filter(({ kind }) => kind !== 'choices'),
})
