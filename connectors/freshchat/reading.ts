/** What happened to a conversation, told to the hub: from webhooks, and from a look at what none told. */
import type { Agent, DeskEvent, Ref } from '#hub/connector.ts'
import { plainText } from '#hub/message.ts'
import { resolve } from './desk.ts'
import type { ConversationRecord } from './memory.ts'
import { atEither, type Desk } from './opening.ts'
import { fromMessage, kindOf } from './translate.ts'
import type { VendorConversation, VendorMessage, Webhook } from './wire.ts'

/** What is known so far, and what the hub is to hear of it. */
interface Story {
  record: ConversationRecord
  readonly events: DeskEvent[]
}

/** Told first, remembered after: what is told twice has the same external ids. */
async function tell(desk: Desk, ref: Ref, read: (story: Story) => Promise<void>): Promise<void> {
  const { host, memory } = desk
  await memory.alone(ref, async () => {
    const before = await memory.read(ref)
    if (!before) return
    const story: Story = { record: before, events: [] }
    await read(story)
    if (story.events.length > 0) await host.receive(story.events)
    await memory.write(ref, story.record)
    if (story.record.ended !== before.ended) await (story.record.ended ? memory.dropOpen(ref) : memory.addOpen(ref))
    const isReturned = story.events.some((event) => event.type === 'desk-ended' && event.outcome === 'returned')
    if (isReturned && !story.record.isResolved) await closeReturned(desk, ref, story.record)
  })
}

/** The bot has the customer again: a conversation left open would take what they write next time. */
async function closeReturned(desk: Desk, ref: Ref, record: ConversationRecord): Promise<void> {
  try {
    await desk.memory.write(ref, { ...record, isResolved: true })
    await resolve(desk, record)
  } catch (error) {
    desk.host.log.warn({ code: (error as Error).name }, 'a conversation that was given back could not be resolved')
  }
}

/** Webhooks are account-wide: what is not ours, or not known, is nothing. */
export async function readWebhook(desk: Desk, { action, action_time, data }: Webhook): Promise<void> {
  const at = timeOf(action_time, desk)
  const { message, assignment, resolve: resolution, reopen } = data ?? {}
  const about = message ?? assignment?.conversation ?? resolution?.conversation ?? reopen?.conversation
  if (!about?.conversation_id) return
  const ref = await desk.memory.refOf(about.conversation_id, message?.freshchat_conversation_id)
  if (ref === undefined) return
  await tell(desk, ref, async (story) => {
    if (action === 'message_create' && message) await hear(desk, ref, story, message)
    else if (action === 'conversation_assignment' && assignment) {
      const { to_agent_id: agent = '', to_group_id: group, assignor, assignor_id } = assignment
      const took = assignor === 'agent' && assignor_id === agent
      await assigned(desk, ref, story, { agent, group, at, took })
    } else if (action === 'conversation_resolution' && resolution) {
      await resolved(desk, ref, story, resolution.conversation, at)
    } else if (action === 'conversation_reopen' && reopen) reopened(story, at)
  })
}

/** What no webhook told; the same external ids where one did. */
export async function readConversation(desk: Desk, ref: Ref): Promise<void> {
  await tell(desk, ref, async (story) => {
    const { client } = desk
    const now = await atEither(story.record, (id) =>
      client.get<VendorConversation>(`/conversations/${encodeURIComponent(id)}`),
    )
    const at = timeOf(now.updated_time, desk)
    await assigned(desk, ref, story, {
      agent: now.assigned_agent_id ?? '',
      group: now.assigned_group_id,
      at,
      took: false,
    })
    await catchUp(desk, ref, story)
    if (now.status === 'resolved') await resolved(desk, ref, story, now, at, true)
    else if (story.record.isResolved) reopened(story, at)
  })
}

async function hear(desk: Desk, ref: Ref, story: Story, message: VendorMessage): Promise<void> {
  const kind = kindOf(message, desk.settings)
  if (kind === 'other' || (await desk.memory.isClaimed(message.id))) return
  const words = fromMessage(message)
  if (words.parts.length === 0) return
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
    readTo: Math.max(record.readTo, at),
    joined: record.joined || isPerson,
    // An agent who writes to a resolved conversation takes it up again.
    ended: isPerson ? false : record.ended,
  }
}

interface Assignment {
  /** Empty for nobody (freshchat.md 3.1). */
  readonly agent: string
  readonly group?: string
  readonly at: number
  /** They took it themselves; being given it by a rule says nothing of whether they know. */
  readonly took: boolean
}

async function assigned(desk: Desk, ref: Ref, story: Story, { agent, group, at, took }: Assignment): Promise<void> {
  const { record, events } = story
  const { returnGroup, agent: own } = desk.settings
  if (at < record.agentAt) return
  if (group && group === returnGroup && !record.ended) return returned(ref, story, at)
  const id = agent === own ? '' : agent
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

/** A resolution can overtake the last words: they are fetched first, else they would begin a handoff of their own. */
async function resolved(
  desk: Desk,
  ref: Ref,
  story: Story,
  now: VendorConversation,
  at: number,
  isRead = false,
): Promise<void> {
  if (story.record.isResolved || at < story.record.statusAt) return
  if (story.record.ended) {
    story.record = { ...story.record, isResolved: true, statusAt: at }
    return
  }
  const last = isRead ? lastWords(story.events) : await catchUp(desk, ref, story)
  const endings = story.record.endings + 1
  const agent = now.assigned_agent_id ? await desk.people.agent(now.assigned_agent_id) : undefined
  const outcome = now.assigned_group_id && now.assigned_group_id === desk.settings.returnGroup ? 'returned' : 'resolved'
  story.record = { ...story.record, endings, isResolved: true, ended: true, joined: false, statusAt: at }
  story.events.push({
    type: 'desk-ended',
    externalId: `ended:${ref}:${endings}`,
    ticket: ref,
    at,
    outcome,
    ...(agent ? { agent } : {}),
    ...(last ? { digest: last.slice(0, 500) } : {}),
  })
}

function reopened(story: Story, at: number): void {
  if (!story.record.isResolved || at < story.record.statusAt) return
  story.record = { ...story.record, isResolved: false, ended: false, statusAt: at }
}

/** Times may be equal, or a message may appear late: what was told already is dropped by its id. */
const overlapMs = 5_000

/** Tells what is there; returns the agent's last public words. */
async function catchUp(desk: Desk, ref: Ref, story: Story): Promise<string | undefined> {
  const since = story.record.readTo - overlapMs
  const from = since > 0 ? new Date(since).toISOString() : undefined
  for (const message of await atEither(story.record, (id) => desk.client.messages(id, from)))
    await hear(desk, ref, story, message)
  return lastWords(story.events)
}

function lastWords(events: readonly DeskEvent[]): string | undefined {
  const last = events.findLast((event) => event.type === 'agent-message' && event.visibility === 'public')
  return last?.type === 'agent-message' ? plainText(last.message) : undefined
}

function timeOf(time: string | undefined, { host }: Desk): number {
  const at = Date.parse(time ?? '')
  return Number.isNaN(at) ? host.clock.now() : at
}
