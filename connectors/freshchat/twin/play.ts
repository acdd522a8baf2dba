/** The agents' side of the twin, for a person or a test to play. */
import { HubError } from '#hub/errors.ts'
import type { TwinAct, TwinButton, TwinCase, TwinLine, TwinView } from '#hub/twin.ts'
import type { Account, AccountAgent, AccountConversation } from './account.ts'
import { type Actor, assign, reopen, resolve } from './changes.ts'

const fullName = ({ first_name, last_name }: AccountAgent): string => [first_name, last_name].filter(Boolean).join(' ')
const peopleOf = (account: Account): AccountAgent[] => account.agents.slice(1)

export function viewOf(account: Account): TwinView {
  const waiting = account.conversations.filter(
    ({ status, assigned_agent_id: agent }) => status !== 'resolved' && !agent,
  )
  return {
    title: 'Freshchat',
    hint:
      account.conversations.length === 0
        ? 'No conversation yet. Ask for a person in the chat: the conversation appears here.'
        : 'Be the agent: take a conversation, answer, resolve it, or give it back to the bot.',
    facts: [
      ...peopleOf(account).map((agent) => ({ label: fullName(agent), value: agent.online ? 'available' : 'away' })),
      { label: 'Waiting', value: String(waiting.length) },
    ],
    buttons: peopleOf(account).map((agent) => ({
      do: `presence ${agent.id}`,
      label: `${fullName(agent)}: go ${agent.online ? 'away' : 'available'}`,
    })),
    cases: account.conversations.map((conversation) => caseOf(account, conversation)).reverse(),
  }
}

function caseOf(account: Account, conversation: AccountConversation): TwinCase {
  const agent = account.agents.find(({ id }) => id === conversation.assigned_agent_id)
  const user = account.users.find(({ id }) => id === conversation.user_id)
  const lines = account.messages
    .filter((message) => message.conversation === conversation)
    .map(({ message_parts, message_type, actor_type, actor_id, created_time }): TwinLine => {
      const author = account.agents.find(({ id }) => id === actor_id)
      return {
        by: actor_type === 'user' ? (user?.first_name ?? 'User') : author ? fullName(author) : actor_type,
        text: message_parts.map(textOf).join('\n'),
        visibility: message_type === 'private' ? 'internal' : 'public',
        at: Date.parse(created_time),
      }
    })
  return {
    id: conversation.conversation_id,
    title: [user?.first_name, user?.last_name].filter(Boolean).join(' '),
    state: agent ? `${conversation.status}, ${fullName(agent)}` : conversation.status,
    lines,
    buttons: buttonsOf(account),
  }
}

function textOf(part: Record<string, unknown>): string {
  const { text, file, image } = part as { text?: { content: string }; file?: { name: string }; image?: { url: string } }
  return text?.content ?? (file ? `[${file.name}]` : image ? `[${image.url}]` : `[${Object.keys(part)[0]}]`)
}

const buttonsOf = (account: Account): TwinButton[] => {
  const choices = peopleOf(account).map(fullName)
  return [
    { do: 'take', label: 'Take', input: { label: 'Agent', choices } },
    { do: 'assign', label: 'Assigned by IntelliAssign', input: { label: 'Agent', choices } },
    { do: 'reply', label: 'Reply', input: { label: 'Message for the customer' } },
    { do: 'note', label: 'Private note', input: { label: 'Note for agents' } },
    { do: 'resolve', label: 'Resolve' },
    { do: 'return', label: 'Back to the bot' },
    { do: 'unassign', label: 'Back to the group' },
    { do: 'reopen', label: 'Reopen' },
    { do: 'system', label: 'System message', input: { label: 'What Freshchat says' } },
  ]
}

export function play(account: Account, act: TwinAct, botGroup: string): void {
  if (act.case === undefined) return presence(account, act.do)
  const conversation = account.conversations.find(({ conversation_id }) => conversation_id === act.case)
  if (!conversation) throw new HubError('unknown', `There is no conversation ${act.case}`)
  const deed = deeds[act.do]
  if (!deed) throw new HubError('invalid', `A conversation has no button "${act.do}"`)
  deed({ account, conversation, input: act.input ?? '', botGroup })
}

function presence(account: Account, what: string): void {
  const agent = account.agents.find(({ id }) => what === `presence ${id}`)
  if (!agent) throw new HubError('invalid', `There is no button "${what}"`)
  agent.online = !agent.online
}

interface Deed {
  readonly account: Account
  readonly conversation: AccountConversation
  readonly input: string
  readonly botGroup: string
}

const deeds: Record<string, (deed: Deed) => void> = {
  take: ({ account, conversation, input }) => {
    const agent = named(account, input)
    assign(account, conversation, asActor(agent), agent.id, conversation.assigned_group_id)
  },
  assign: ({ account, conversation, input }) =>
    assign(account, conversation, system, named(account, input).id, conversation.assigned_group_id),
  unassign: (deed) => assign(deed.account, deed.conversation, actorOf(deed), '', deed.conversation.assigned_group_id),
  return: (deed) => assign(deed.account, deed.conversation, actorOf(deed), '', deed.botGroup),
  reply: (deed) => say(deed, 'normal'),
  note: (deed) => say(deed, 'private'),
  resolve: (deed) => resolve(deed.account, deed.conversation, actorOf(deed)),
  reopen: (deed) => reopen(deed.account, deed.conversation, actorOf(deed)),
  system: (deed) => say(deed, 'normal', system),
}

const system: Actor = { actor_type: 'system', actor_id: 'd62390fd-87cd-4921-b52a-000000000a01' }
const asActor = ({ id }: AccountAgent): Actor => ({ actor_type: 'agent', actor_id: id })

function actorOf({ account, conversation }: Deed): Actor {
  const assigned = account.agents.find(({ id }) => id === conversation.assigned_agent_id)
  return asActor(assigned ?? peopleOf(account)[0]!)
}

function named(account: Account, name: string): AccountAgent {
  const agent = account.agents.find((one) => fullName(one) === name)
  if (!agent) throw new HubError('invalid', `There is no agent "${name}"`)
  return agent
}

function say(deed: Deed, message_type: string, actor = actorOf(deed)): void {
  if (deed.input.trim() === '') throw new HubError('invalid', 'There are no words to send')
  deed.account.say({
    conversation: deed.conversation,
    message_parts: [{ text: { content: deed.input } }],
    message_type,
    ...actor,
    source: actor.actor_type === 'system' ? 'system' : 'web',
  })
}
