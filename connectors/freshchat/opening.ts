/** Makes the conversation of a handoff, or completes one that was half made. */
import { type Handoff, type Host, HubError, type Ref } from '#hub/connector.ts'
import type { Client } from './client.ts'
import type { ConversationRecord, Memories } from './memory.ts'
import { groupFor, type People } from './people.ts'
import type { Settings } from './settings.ts'
import { split } from './text.ts'
import { markerOf, referenceOf, toContextNote, toProperties, toTranscript, toUser } from './translate.ts'
import type { VendorConversation, VendorMessage, VendorUser } from './wire.ts'

export interface Desk {
  readonly settings: Settings
  readonly host: Host
  readonly client: Client
  readonly memory: Memories
  readonly people: People
}

export function openConversation(desk: Desk, handoff: Handoff, key: string): Promise<Ref> {
  const { memory } = desk
  return memory.alone(`offer:${key}`, async () => {
    const known = await conversationOf(desk, key)
    const ref = known ?? (await create(desk, handoff, key))
    if ((await memory.made(doneKey(key))) === undefined) {
      await addContext(desk, ref, handoff, key, known !== undefined)
      await memory.claim(doneKey(key), ref)
    }
    return ref
  })
}

/** A conversation without its context is not there yet: `offer` completes it. */
export const findOpened = ({ memory }: Desk, key: string): Promise<Ref | undefined> => memory.made(doneKey(key))

const doneKey = (key: string): string => `${key} whole`

/** By what we remember, else by our mark in the user's conversations. */
async function conversationOf({ client, memory }: Desk, key: string): Promise<Ref | undefined> {
  const known = await memory.made(key)
  const user = (await memory.intent(key))?.user
  if (known !== undefined || user === undefined) return known
  const theirs = await client.list<{ id: string }>(`/users/${encodeURIComponent(user)}/conversations`, 'conversations')
  for (const { id } of theirs) {
    const messages = await client.messages(id)
    if (!messages.some((message) => carries(message, markerOf(key)))) continue
    const found = await client.get<VendorConversation>(`/conversations/${encodeURIComponent(id)}`)
    return remember(memory, key, user, found)
  }
  return undefined
}

const carries = ({ message_parts = [] }: VendorMessage, marker: string): boolean =>
  message_parts.some((part) => part.text?.content?.includes(marker))

async function create(desk: Desk, handoff: Handoff, key: string): Promise<Ref> {
  const { client, host, memory, people, settings } = desk
  const channel = await people.channelId()
  const user = await userOf(client, handoff)
  await memory.intend(key, { user, at: host.clock.now() })
  const group = groupFor(settings, handoff.need)
  const conversation = await client.post<VendorConversation>('/conversations', {
    channel_id: channel,
    messages: toTranscript(handoff, key, settings.textLength).map((content) => firstMessage(channel, user, content)),
    users: [{ id: user }],
    status: 'new',
    ...(group ? { assigned_group_id: group } : {}),
    properties: toProperties(handoff, settings.handoffProperty),
  })
  return remember(memory, key, user, conversation)
}

const firstMessage = (channel: string, user: string, content: string): object => ({
  message_parts: [{ text: { content } }],
  channel_id: channel,
  message_type: 'normal',
  actor_type: 'user',
  actor_id: user,
})

async function remember(memory: Memories, key: string, user: string, made: VendorConversation): Promise<Ref> {
  const ref = made.conversation_id
  if (!ref) throw new HubError('unreachable', 'Freshchat named no conversation', { certain: false })
  const numeric = made.conversation_internal_id === undefined ? undefined : String(made.conversation_internal_id)
  const record: ConversationRecord = {
    conversation: ref,
    numeric,
    user,
    channel: made.channel_id ?? '',
    isResolved: false,
    ended: false,
    joined: false,
    statusAt: 0,
    agentAt: 0,
    endings: 0,
    readTo: 0,
    seen: [],
  }
  await memory.write(ref, record)
  await memory.name(ref, ref, numeric)
  await memory.addOpen(ref)
  await memory.claim(key, ref)
  return ref
}

/** Found before one is made: the same address may make a second user (freshchat.md 2.1). */
async function userOf(client: Client, handoff: Handoff): Promise<string> {
  const reference_id = referenceOf(handoff.customer, handoff.conversation)
  const [known] = await client.list<VendorUser>('/users', 'users', { reference_id })
  const user = known ?? (await client.post<VendorUser>('/users', toUser(handoff)))
  return user.id
}

/** As private notes where we have an agent to write them, else as marked messages of the user. */
async function addContext(desk: Desk, ref: Ref, handoff: Handoff, key: string, isOld: boolean) {
  const { client, memory, settings } = desk
  const record = (await memory.read(ref))!
  const isPrivate = settings.agent !== undefined
  const pieces = split(
    `${toContextNote(handoff, isPrivate)}\nReference: ${markerOf(`${key} note`)}`,
    settings.textLength,
  )
  const there = isOld ? await atEither(record, (id) => client.messages(id)) : []
  for (const content of pieces) {
    if (there.some(({ message_parts = [] }) => message_parts.some((part) => part.text?.content === content))) continue
    const author = isPrivate
      ? { message_type: 'private', actor_type: 'agent', actor_id: settings.agent }
      : { message_type: 'normal', actor_type: 'user', actor_id: record.user }
    const body = { message_parts: [{ text: { content } }], ...author, user_id: record.user }
    const note = await atEither(record, (id) => client.post<VendorMessage>(messagesOf(id), body))
    await memory.claim(`${key} note ${note.id}`, note.id)
  }
}

export const messagesOf = (conversation: string): string =>
  `/conversations/${encodeURIComponent(conversation)}/messages`

/** By the id that creation gave; some accounts know a conversation by its numeric id only (freshchat.md 1). */
export async function atEither<T>(record: ConversationRecord, call: (id: string) => Promise<T>): Promise<T> {
  try {
    return await call(record.conversation)
  } catch (error) {
    if (!(error instanceof HubError) || error.code !== 'unknown' || record.numeric === undefined) throw error
    return call(record.numeric)
  }
}
