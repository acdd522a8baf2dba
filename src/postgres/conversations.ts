/**
 * Conversations as rows. Their state is text, which PostgreSQL neither parses nor packs: it is written anew with every message,
 * and only the hub reads it. What is searched for has columns of its own.
 */
import type pg from 'pg'
import { type Conversation, newConversation } from '../conversation.ts'
import type { Mapping } from '../mapping.ts'

type Mappings = { mappingOf(name: string, channel: string): Mapping }

export interface ConversationRow {
  readonly id: number
  readonly mapping: string
  readonly connection: string
  readonly thread: string
  readonly control: Conversation['control']
  readonly epoch: number
  readonly seq: number
  readonly state: string | null
  readonly born: number
}

export const conversationColumns =
  'id, mapping, connection, thread, control, epoch, seq, state, (extract(epoch FROM created_at) * 1000)::bigint AS born'

export function toConversation(row: ConversationRow, { mappingOf }: Mappings): Conversation {
  const { id, mapping, connection: channel, thread, control, epoch, seq, state } = row
  if (state) return { ...(JSON.parse(state) as Conversation), id, mapping, channel, thread, control, epoch, seq }
  const { language } = mappingOf(mapping, channel)
  return newConversation(id, { mapping, channel, thread, language, at: row.born })
}

/** What of a conversation lies in `state`. */
export function stateOf(conversation: Conversation): object {
  const { id: _i, mapping: _m, channel: _c, thread: _t, control: _o, epoch: _e, seq: _s, ...state } = conversation
  return state
}

/** For the statement that appends. `customer` is null when it is as it was. */
export function changedRow(before: Conversation, after: Conversation): object {
  const { id, control, epoch, seq, customer } = after
  return { id, control, epoch, seq, state: stateOf(after), customer: customer === before.customer ? null : customer }
}

/** Those that are in use elsewhere are left out: they do not hold up the rest. */
export async function lockConversations(
  client: pg.ClientBase,
  ids: readonly number[],
  mappings: Mappings,
): Promise<Conversation[]> {
  const { rows } = await client.query<ConversationRow>({
    name: 'lock',
    text: `SELECT ${conversationColumns} FROM conversations WHERE id = ANY($1) ORDER BY id FOR UPDATE SKIP LOCKED`,
    values: [ids],
  })
  return rows.map((row) => toConversation(row, mappings))
}
