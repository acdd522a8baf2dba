/** Changes of a conversation, by the API or by an agent, with the webhooks that tell of them. */
import type { Account, AccountConversation } from './account.ts'

export interface Actor {
  readonly actor_type: string
  readonly actor_id: string
}

const asTold = (conversation: AccountConversation, account: Account): object => {
  const { conversation_id, status, channel_id, assigned_agent_id, assigned_group_id } = conversation
  const rest = { skill_id: 0, sla_policy_id: 0, sla_breached: false }
  return { conversation_id, app_id: account.appId, status, channel_id, assigned_agent_id, assigned_group_id, ...rest }
}
const interaction = (conversation: AccountConversation): string =>
  `${conversation.conversation_internal_id}-${Date.parse(conversation.created_time)}`

export function assign(
  account: Account,
  conversation: AccountConversation,
  actor: Actor,
  agent: string,
  group: string,
): void {
  const before = { ...conversation }
  Object.assign(conversation, {
    assigned_agent_id: agent,
    assigned_group_id: group,
    status: agent ? 'assigned' : 'new',
    updated_time: account.now(),
  })
  account.tell('conversation_assignment', actor, {
    assignment: {
      assignor: actor.actor_type,
      assignor_id: actor.actor_id,
      to_agent_id: agent,
      to_group_id: group,
      from_agent_id: before.assigned_agent_id,
      from_group_id: before.assigned_group_id,
      conversation: asTold(conversation, account),
      interaction_id: interaction(conversation),
    },
  })
}

export function resolve(account: Account, conversation: AccountConversation, actor: Actor): void {
  Object.assign(conversation, { status: 'resolved', updated_time: account.now() })
  const told = { conversation: asTold(conversation, account), interaction_id: interaction(conversation) }
  account.tell('conversation_resolution', actor, {
    resolve: { resolver: actor.actor_type, resolver_id: actor.actor_id, ...told },
  })
}

export function reopen(account: Account, conversation: AccountConversation, actor: Actor): void {
  Object.assign(conversation, { status: 'reopened', updated_time: account.now() })
  const told = { conversation: asTold(conversation, account), interaction_id: interaction(conversation) }
  account.tell('conversation_reopen', actor, {
    reopen: { reopener: actor.actor_type, reopener_id: actor.actor_id, ...told },
  })
}
