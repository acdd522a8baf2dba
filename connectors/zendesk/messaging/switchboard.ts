/** Who holds a conversation, and the four moves of control (zendesk.md 4.3, 5). */
import type { Ref } from '#hub/connector.ts'
import type { MessagingSettings } from '../settings.ts'
import type { MessagingClient, Metadata } from './client.ts'
import type { Answering, Conversation } from './wire.ts'

export interface Switchboard {
  isOurs(who: Answering | null | undefined): boolean
  isWorkspace(who: Answering | null | undefined): boolean
  /** To the agents, with what their ticket is made with; nothing where they have it already. */
  pass(conversation: Conversation, metadata: Metadata): Promise<void>
  /** Back to us, from wherever it is. */
  take(conversation: Conversation): Promise<void>
  accept(id: Ref): Promise<void>
  /** Nobody holds it then; the next word of the customer goes to whom Zendesk gives it. */
  release(id: Ref): Promise<void>
}

export function createSwitchboard(client: MessagingClient, settings: MessagingSettings): Switchboard {
  const ours = settings.control ?? 'baton'
  const workspace = settings.workspace ?? 'zd-agentWorkspace'
  const isNamed = (who: Answering | null | undefined, name: string): boolean =>
    who != null && [who.id, who.name, who.integrationId].includes(name)
  const isOurs = (who: Answering | null | undefined) =>
    isNamed(who, ours) || (settings.integration !== undefined && isNamed(who, settings.integration))
  const isWorkspace = (who: Answering | null | undefined) => isNamed(who, workspace)

  return {
    isOurs,
    isWorkspace,
    async pass({ id, activeSwitchboardIntegration: active, pendingSwitchboardIntegration: pending }, metadata) {
      if (!isWorkspace(active)) await client.control(id, 'pass', { switchboardIntegration: workspace, metadata })
      // Pending integrations hear the agents too, where standby ones may not (zendesk.md 4.3).
      if (settings.listens === 'pending' && !(isWorkspace(active) && isOurs(pending)))
        await client.control(id, 'offer', { switchboardIntegration: ours, metadata: { [ownOffer]: true } })
    },
    async take({ id, activeSwitchboardIntegration: active }) {
      if (!isOurs(active)) await client.control(id, 'pass', { switchboardIntegration: ours, metadata: {} })
    },
    accept: (id) => client.control(id, 'accept', { metadata: {} }),
    release: (id) => client.control(id, 'release', { metadata: {} }),
  }
}

/** Marks the offer that only serves to hear: it is not the agents’ wish to give the conversation back. */
export const ownOffer = 'baton_listens'

/** Nobody, or we: a switchboard may be off, and after a release nobody has it until the next word. */
export const mayAnswer = (board: Switchboard, conversation: Conversation): boolean =>
  !conversation.activeSwitchboardIntegration || board.isOurs(conversation.activeSwitchboardIntegration)
