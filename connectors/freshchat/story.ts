/** What happens to a conversation, one thing after the other: what is known after it, and what the hub is to hear. */
import type { Agent, DeskEvent, Ref } from '#hub/connector.ts'
import { plainText } from '#hub/message.ts'
import type { ConversationRecord } from './memory.ts'
import type { Desk } from './opening.ts'
import { fromMessage, kindOf } from './translate.ts'
import type { VendorConversation, VendorMessage } from './wire.ts'

export interface Story {
  record: ConversationRecord
  readonly events: DeskEvent[]
}

export async function hear(desk: Desk, ref: Ref, story: Story, message: VendorMessage): Promise<void> {
  const kind = kindOf(message, desk.settings)
  if (kind === 'other' || story.record.seen.includes(message.id)) return
  story.record = { ...story.record, seen: [...story.record.seen, message.id] }
  const words = fromMessage(message)
  if (words.parts.length === 0 || (await desk.memory.isClaimed(message.id))) return
  const at = timeOf(message.created_time, desk)
  const agent = message.actor_id && message.actor_type === 'agent' ? await desk.people.agent(message.actor_id) : {}
  const base = { ticket: ref, at, agent }
  const { record, events } = story
  // Said before the end that we know of: it brings nobody back.
  const isLate = record.ended && at <= record.statusAt
  const isPerson = kind === 'public' && message.actor_type === 'agent' && !isLate
  if (isPerson && !record.joined) events.push({ ...base, type: 'desk-accepted', externalId: `accepted:${message.id}` })
  events.push({ ...base, type: 'agent-message', externalId: `message:${message.id}`, message: words, visibility: kind })
  story.record = {
    ...record,
    joined: record.joined || isPerson,
    // An agent who writes to a resolved conversation takes it up again.
    ended: isPerson ? false : record.ended,
  }
}

export interface Assignment {
  /** Empty for nobody (freshchat.md 3.1). */
  readonly agent: string
  readonly group?: string
  readonly at: number
  /** They took it themselves; being given it by a rule says nothing of whether they know. */
  readonly took: boolean
}

export const isReturn = ({ settings }: Desk, group: string | undefined): boolean =>
  Boolean(group) && group === settings.returnGroup

export async function assigned(
  desk: Desk,
  ref: Ref,
  story: Story,
  { agent, group, at, took }: Assignment,
): Promise<void> {
  const { record, events } = story
  if (at < record.agentAt) return
  if (isReturn(desk, group) && !record.ended) return returned(ref, story, at)
  const id = agent === desk.settings.agent ? '' : agent
  if (id === (record.agent ?? '') && !(took && !record.joined)) return
  story.record = { ...record, agent: id || undefined, agentAt: at, joined: id !== '' && (record.joined || took) }
  const base = { ticket: ref, at }
  if (id === '') {
    const left = await desk.people.agent(record.agent!)
    if (record.joined) events.push({ ...base, type: 'agent-left', externalId: `left:${ref}:${at}`, agent: left })
    return
  }
  const known: Agent = await desk.people.agent(id)
  if (id !== record.agent)
    events.push({ ...base, type: 'desk-assigned', externalId: `assigned:${ref}:${id}:${at}`, agent: known })
  if (story.record.joined)
    events.push({ ...base, type: 'desk-accepted', externalId: `accepted:${ref}:${id}:${at}`, agent: known })
}

function returned(ref: Ref, story: Story, at: number): void {
  const endings = story.record.endings + 1
  story.record = { ...story.record, endings, ended: true, joined: false, agent: undefined, agentAt: at, statusAt: at }
  story.events.push({ type: 'desk-ended', externalId: `ended:${ref}:${endings}`, ticket: ref, at, outcome: 'returned' })
}

/** `said`: the words that are known, oldest first; the last ones before the end are its digest. */
export async function resolved(
  desk: Desk,
  ref: Ref,
  story: Story,
  now: VendorConversation,
  at: number,
  said: readonly VendorMessage[],
): Promise<void> {
  if (story.record.isResolved || at < story.record.statusAt) return
  if (story.record.ended) {
    story.record = { ...story.record, isResolved: true, statusAt: at }
    return
  }
  const endings = story.record.endings + 1
  const agent = now.assigned_agent_id ? await desk.people.agent(now.assigned_agent_id) : undefined
  const last = lastWords(desk, said, at)
  story.record = { ...story.record, endings, isResolved: true, ended: true, joined: false, statusAt: at }
  story.events.push({
    type: 'desk-ended',
    externalId: `ended:${ref}:${endings}`,
    ticket: ref,
    at,
    outcome: isReturn(desk, now.assigned_group_id) ? 'returned' : 'resolved',
    ...(agent ? { agent } : {}),
    ...(last ? { digest: last.slice(0, 500) } : {}),
  })
}

function lastWords(desk: Desk, said: readonly VendorMessage[], until: number): string | undefined {
  const last = said.findLast(
    (message) =>
      timeOf(message.created_time, desk) <= until &&
      kindOf(message, desk.settings) === 'public' &&
      fromMessage(message).parts.length > 0,
  )
  return last && plainText(fromMessage(last))
}

export function reopened(story: Story, at: number): void {
  if (!story.record.isResolved || at < story.record.statusAt) return
  story.record = { ...story.record, isResolved: false, ended: false, statusAt: at }
}

/** The vendor's time; ours where it told none. */
export function timeOf(time: string | undefined, { host }: Desk): number {
  const at = Date.parse(time ?? '')
  return Number.isNaN(at) ? host.clock.now() : at
}
