/** The role desk: conversations, the customer's words as messages of their user, the end as a resolution. */
import { type DeskMessage, type Desk as DeskRole, HubError, type Ref, type Sent } from '#hub/connector.ts'
import { isOldConversation } from './client.ts'
import type { ConversationRecord } from './memory.ts'
import { atEither, type Desk, findOpened, messagesOf, openConversation } from './opening.ts'
import { split } from './text.ts'
import { toParts, wordsOf } from './translate.ts'
import type { VendorConversation, VendorMessage } from './wire.ts'

export function createDesk(desk: Desk): DeskRole {
  return {
    offer: (handoff, key) => openConversation(desk, handoff, key),
    send: (ticket, words, key) => send(desk, ticket, words, within(ticket, key)),
    end: (ticket) => end(desk, ticket),
    staffed: (need) => desk.people.staffing(need),
    find: (key, inside) =>
      inside === undefined ? findOpened(desk, key) : findMessage(desk, within(inside, key), inside),
  }
}

/** A message's key counts within its conversation. */
const within = (ticket: Ref, key: string): string => `${ticket} ${key}`

async function recordOf({ memory }: Desk, ticket: Ref): Promise<ConversationRecord> {
  const record = await memory.read(ticket)
  if (!record) throw new HubError('unknown', 'This is no Freshchat conversation of ours')
  return record
}

async function send(desk: Desk, ticket: Ref, words: DeskMessage, key: string): Promise<Sent> {
  const { memory } = desk
  return memory.alone(`send:${key}`, async () => {
    const known = await memory.made(key)
    if (known !== undefined) return { ref: known }
    const record = await recordOf(desk, ticket)
    if (record.ended) throw new HubError('conflict', 'The Freshchat conversation is resolved')
    const ref = await post(desk, ticket, record, words, key)
    return { ref }
  })
}

async function post(
  desk: Desk,
  ticket: Ref,
  record: ConversationRecord,
  words: DeskMessage,
  key: string,
): Promise<string> {
  const { client, host, memory } = desk
  const body = toBody(desk, record, words)
  await memory.intend(key, { words: wordsOf(body.message_parts), at: host.clock.now() })
  try {
    const sent = await atEither(record, (id) => client.post<VendorMessage>(messagesOf(id), body))
    await memory.claim(key, sent.id)
    return sent.id
  } catch (error) {
    if (!isOldConversation(error)) throw error
    return begin(desk, ticket, record, body, key)
  }
}

/** Words of the hub are for agents. Without an agent to write notes they are marked as what they are. */
function toBody({ settings }: Desk, record: ConversationRecord, { by, visibility, message }: DeskMessage) {
  const isForAgents = by === 'hub' || visibility === 'internal'
  const parts = toParts(message).flatMap((part) => pieces(part, settings.textLength))
  const user = { message_type: 'normal', actor_type: 'user', actor_id: record.user, user_id: record.user }
  if (!isForAgents) return { message_parts: parts, ...user }
  if (settings.agent === undefined)
    return { message_parts: [{ text: { content: 'Note of the hub for agents' } }, ...parts], ...user }
  const note = { message_type: 'private', actor_type: 'agent', actor_id: settings.agent, user_id: record.user }
  return { message_parts: parts, ...note }
}

function pieces(part: object, length: number): object[] {
  const { text } = part as { text?: { content: string } }
  return text ? split(text.content, length).map((content) => ({ text: { content } })) : [part]
}

/** The old conversation takes no more words: a new one of the same user does, under the name the hub knows. */
async function begin(
  desk: Desk,
  ticket: Ref,
  record: ConversationRecord,
  message: object,
  key: string,
): Promise<string> {
  const { client, host, memory, settings } = desk
  const made = await client.post<VendorConversation>('/conversations', {
    channel_id: record.channel || (await desk.people.channelId()),
    messages: [message],
    users: [{ id: record.user }],
    status: 'new',
    ...(settings.group ? { assigned_group_id: settings.group } : {}),
  })
  const numeric = made.conversation_internal_id === undefined ? undefined : String(made.conversation_internal_id)
  await memory.alone(ticket, async () => {
    const now = (await memory.read(ticket)) ?? record
    const fresh = { conversation: made.conversation_id, numeric, isResolved: false, agent: undefined, joined: false }
    await memory.write(ticket, { ...now, ...fresh, statusAt: host.clock.now() })
  })
  await memory.name(ticket, made.conversation_id, numeric)
  const id = made.messages?.[0]?.id ?? made.conversation_id
  await memory.claim(key, id)
  return id
}

/** A lane is in order, so what no other key made and says the same is what this key made. */
async function findMessage(desk: Desk, key: string, ticket: Ref): Promise<Ref | undefined> {
  const { client, memory, settings } = desk
  const known = await memory.made(key)
  if (known !== undefined) return known
  const intent = await memory.intent(key)
  if (intent?.words === undefined) return undefined
  const record = await recordOf(desk, ticket)
  const since = new Date(intent.at - 2 * 60_000).toISOString()
  for (const message of await atEither(record, (id) => client.messages(id, since))) {
    const isOurs = message.actor_id === record.user || message.actor_id === settings.agent
    if (!isOurs || wordsOf(message.message_parts ?? []) !== intent.words) continue
    if (await memory.isClaimed(message.id)) continue
    await memory.claim(key, message.id)
    return message.id
  }
  return undefined
}

async function end(desk: Desk, ticket: Ref): Promise<void> {
  const { memory } = desk
  await memory.alone(ticket, async () => {
    const record = await recordOf(desk, ticket)
    // First remembered, so that the resolution that comes back is known as ours.
    await memory.write(ticket, { ...record, isResolved: true, ended: true })
    if (!record.isResolved) await resolveFor(desk, ticket, record)
    await memory.dropOpen(ticket)
  })
}

/** What surely was not resolved is tried again; what may have been is resolved again, which changes nothing. */
async function resolveFor(desk: Desk, ticket: Ref, record: ConversationRecord): Promise<void> {
  const { memory } = desk
  try {
    const statusAt = await resolve(desk, record)
    await memory.write(ticket, { ...record, isResolved: true, ended: true, statusAt })
  } catch (error) {
    await memory.write(ticket, { ...record, isResolved: false, ended: true })
    throw error
  }
}

/** Returns the vendor's time of it. */
export async function resolve({ client, host }: Desk, record: ConversationRecord): Promise<number> {
  const now = await atEither(record, (id) =>
    client.put<VendorConversation>(`/conversations/${encodeURIComponent(id)}`, { status: 'resolved' }),
  )
  const at = Date.parse(now.updated_time ?? '')
  return Number.isNaN(at) ? host.clock.now() : at
}
