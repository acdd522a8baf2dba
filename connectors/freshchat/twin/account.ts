/** A Freshchat account of this machine: what it holds, and how a change there is told. */
import { randomUUID } from 'node:crypto'
import type { Clock } from '#hub/clock.ts'

export interface AccountUser {
  id: string
  reference_id?: string
  email?: string
  first_name?: string
  last_name?: string
  phone?: string
  properties: { name: string; value: string }[]
  created_time: string
}

export interface AccountMessage {
  id: string
  conversation: AccountConversation
  message_parts: Record<string, unknown>[]
  message_type: string
  actor_type: string
  actor_id: string
  created_time: string
  source: 'web' | 'api' | 'system'
}

export interface AccountConversation {
  conversation_id: string
  conversation_internal_id: number
  status: string
  channel_id: string
  assigned_agent_id: string
  assigned_group_id: string
  user_id: string
  properties: Record<string, unknown>
  created_time: string
  updated_time: string
}

export interface AccountAgent {
  id: string
  first_name: string
  last_name?: string
  groups: string[]
  online: boolean
}

/** What differs between accounts, or is not certain: a test sets it either way. */
export interface Habits {
  /** Calls a minute; the vendor publishes no number. */
  total: number
  /** `GET /conversations/{id}` knows the numeric id only (freshchat.md 1). */
  numericOnly: boolean
  newestFirst: boolean
  /** Webhooks leave out what may be missing (freshchat.md 3.1). */
  spare: boolean
  /** A customer's word to a resolved conversation is refused (freshchat.md 2.3). */
  refusesOld: boolean
  /** Takes the next so many messages and answers 400 all the same (freshchat.md 2.3). */
  castFailures: number
  /** Nobody found is a 404. */
  nobodyIs404: boolean
}

export interface Account {
  readonly habits: Habits
  readonly appId: string
  readonly agents: AccountAgent[]
  readonly groups: { id: string; name: string }[]
  readonly channels: { id: string; name: string }[]
  readonly users: AccountUser[]
  readonly conversations: AccountConversation[]
  readonly messages: AccountMessage[]
  readonly properties: ReadonlySet<string>
  now(): string
  /** Sends a webhook. */
  tell: (action: string, actor: { actor_type: string; actor_id: string }, data: object) => void
  say(message: Omit<AccountMessage, 'id' | 'created_time'>): AccountMessage
}

export const supportGroup = '4cf5d9b8-b782-499f-b93c-000000000091'
export const botGroup = '4cf5d9b8-b782-499f-b93c-000000000099'

export function createAccount(settings: Readonly<Record<string, unknown>>, clock: Clock): Account {
  // Every change has a time of its own: the order of messages hangs on it.
  let last = 0
  const now = () => {
    last = Math.max(last + 1, clock.now())
    return new Date(last).toISOString()
  }
  const group = String(settings.group ?? supportGroup)
  const skillGroups = Object.entries((settings.skillGroups ?? {}) as Record<string, string>)
  const groups = [
    { id: group, name: 'Support' },
    { id: String(settings.returnGroup ?? botGroup), name: 'Bot' },
    ...skillGroups.map(([name, id]) => ({ id, name })),
  ]
  const theirs = [group, ...skillGroups.map(([, id]) => id)]
  const account: Account = {
    habits: {
      total: 1_000,
      numericOnly: false,
      newestFirst: false,
      spare: false,
      refusesOld: false,
      castFailures: 0,
      nobodyIs404: false,
    },
    appId: 'd62390fd-87cd-4921-b52a-000000000a01',
    agents: [
      {
        id: String(settings.agent ?? 'fba1873d-67d6-4d63-be97-0000000000f9'),
        first_name: 'Baton',
        groups: [],
        online: false,
      },
      {
        id: 'fba1873d-67d6-4d63-be97-0000000000f1',
        first_name: 'Grace',
        last_name: 'Agent',
        groups: theirs,
        online: true,
      },
      { id: 'fba1873d-67d6-4d63-be97-0000000000f2', first_name: 'Ben', groups: theirs, online: true },
    ],
    groups,
    channels: [
      { id: '1aaf075f-9c7f-4a71-bf8f-000000000c01', name: String(settings.channel ?? 'Support') },
      { id: '1aaf075f-9c7f-4a71-bf8f-000000000c02', name: 'Sales' },
    ],
    users: [],
    conversations: [],
    messages: [],
    properties: new Set(['priority', ...(settings.handoffProperty ? [String(settings.handoffProperty)] : [])]),
    now,
    tell: () => {},
    say(given) {
      const message = { ...given, id: randomUUID(), created_time: now() }
      account.messages.push(message)
      account.tell('message_create', given, { message: asMessage(message, account) })
      return message
    },
  }
  return account
}

export function asMessage(message: AccountMessage, account: Account, isRest = false): object {
  const { conversation, source, ...own } = message
  const sure = {
    ...own,
    app_id: account.appId,
    channel_id: conversation.channel_id,
    conversation_id: conversation.conversation_id,
    user_id: conversation.user_id,
  }
  if (account.habits.spare && !isRest) {
    const { message_type, ...rest } = sure
    return message_type === 'normal' ? rest : sure
  }
  return {
    ...sure,
    freshchat_conversation_id: String(conversation.conversation_internal_id),
    interaction_id: `${conversation.conversation_internal_id}-${Date.parse(conversation.created_time)}`,
    message_source: isRest ? source.toUpperCase() : source,
    restrictResponse: false,
    botsPrivateNote: false,
    isBotsInput: false,
  }
}

/** What may be missing is missing where it is empty. */
export function asConversation(conversation: AccountConversation, account: Account): object {
  const { assigned_agent_id, assigned_group_id, ...rest } = conversation
  return {
    ...rest,
    app_id: account.appId,
    skill_id: 0,
    ...(assigned_agent_id ? { assigned_agent_id } : {}),
    ...(assigned_group_id ? { assigned_group_id } : {}),
  }
}
