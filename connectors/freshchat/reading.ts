/**
 * What happened to a conversation, told to the hub in the conversation's own order. A webhook says where to look, and what only
 * it knows: who assigned, when it was resolved. The words are read after it, since webhooks overtake each other or are lost.
 */
import type { Ref } from '#hub/connector.ts'
import { HubError, isTransient } from '#hub/errors.ts'
import { resolve } from './desk.ts'
import type { ConversationRecord } from './memory.ts'
import { atEither, type Desk } from './opening.ts'
import { assigned, hear, isReturn, reopened, resolved, type Story, timeOf } from './story.ts'
import { kindOf } from './translate.ts'
import type { VendorConversation, VendorMessage, Webhook } from './wire.ts'

/** Under the conversation's lock. Told first, remembered after: what is told twice has the same external ids. */
async function tell(desk: Desk, ref: Ref, read: (story: Story) => Promise<void>): Promise<void> {
  const { host, memory } = desk
  const before = await memory.read(ref)
  if (!before) return
  const story: Story = { record: before, events: [] }
  await read(story)
  if (story.events.length > 0) await host.receive(story.events)
  await memory.write(ref, story.record)
  if (story.record.ended !== before.ended) await (story.record.ended ? memory.dropOpen(ref) : memory.addOpen(ref))
  const isReturned = story.events.some((event) => event.type === 'desk-ended' && event.outcome === 'returned')
  if (isReturned && !story.record.isResolved) await closeReturned(desk, ref, story.record)
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

/** Webhooks are account-wide: what is not ours, or not known, is nothing. Those that come during a read share the next one. */
export async function readWebhook(desk: Desk, webhook: Webhook): Promise<void> {
  const { message, assignment, resolve: resolution, reopen } = webhook.data ?? {}
  if (message && kindOf(message, desk.settings) === 'other') return
  const about = message ?? assignment?.conversation ?? resolution?.conversation ?? reopen?.conversation
  if (!about?.conversation_id) return
  const ref = await desk.memory.refOf(about.conversation_id, message?.freshchat_conversation_id)
  if (ref === undefined) return
  await desk.memory.together(ref, webhook, (webhooks) => readAfter(desk, ref, webhooks))
}

interface Happening {
  readonly at: number
  /** Its place is after the words said before it: they are read first. */
  readonly followsWords: boolean
  tell(said: readonly VendorMessage[]): Promise<void> | void
}

async function readAfter(desk: Desk, ref: Ref, webhooks: readonly Webhook[]): Promise<void> {
  await tell(desk, ref, async (story) => {
    const carried = webhooks.flatMap(({ action, data }) =>
      action === 'message_create' && data?.message && !story.record.seen.includes(data.message.id)
        ? [data.message]
        : [],
    )
    const facts = webhooks.flatMap((webhook) => factOf(desk, ref, story, webhook) ?? [])
    const needsWords = carried.length > 0 || facts.some(({ followsWords }) => followsWords)
    const listed = needsWords ? await listedIfReadable(desk, ref, story) : []
    // The list may be behind: what a webhook brought is told in any case.
    const missing = carried.filter(({ id }) => !listed.some((one) => one.id === id))
    await inOrder(desk, ref, story, [...listed, ...missing], facts)
  })
}

/** Where waiting does not help there is no order but that of the webhooks. */
async function listedIfReadable(desk: Desk, ref: Ref, story: Story): Promise<readonly VendorMessage[]> {
  try {
    return await wordsSince(desk, story)
  } catch (error) {
    if (!(error instanceof HubError)) throw error
    if (isTransient(error)) {
      // The webhook fails, so it comes again; until then the poll looks, also where all was thought to be over.
      await desk.memory.addOpen(ref)
      throw error
    }
    desk.host.log.warn({ code: error.code }, 'a conversation could not be read: its words are told as they come')
    return []
  }
}

/** Undefined for what says nothing but that there are words. */
function factOf(desk: Desk, ref: Ref, story: Story, { action, action_time, data }: Webhook): Happening | undefined {
  const at = timeOf(action_time, desk)
  const { assignment, resolve: resolution, reopen } = data ?? {}
  if (action === 'conversation_assignment' && assignment) {
    const { to_agent_id: agent = '', to_group_id: group, assignor, assignor_id } = assignment
    const took = assignor === 'agent' && assignor_id === agent
    const followsWords = isReturn(desk, group) && !story.record.ended
    return { at, followsWords, tell: () => assigned(desk, ref, story, { agent, group, at, took }) }
  }
  if (action === 'conversation_resolution' && resolution) {
    const followsWords = !story.record.isResolved && !story.record.ended && at >= story.record.statusAt
    return { at, followsWords, tell: (said) => resolved(desk, ref, story, resolution.conversation, at, said) }
  }
  if (action === 'conversation_reopen' && reopen) return { at, followsWords: false, tell: () => reopened(story, at) }
  return undefined
}

/** What no webhook told; the same external ids where one did. */
export async function readConversation(desk: Desk, ref: Ref): Promise<void> {
  const { client, memory } = desk
  const read = async (story: Story) => {
    const now = await atEither(story.record, (id) =>
      client.get<VendorConversation>(`/conversations/${encodeURIComponent(id)}`),
    )
    const at = timeOf(now.updated_time, desk)
    const said = await wordsSince(desk, story)
    const { assigned_agent_id: agent = '', assigned_group_id: group } = now
    // Only the time of the last change is known: that somebody has it comes before what they say, that nobody has it after.
    const facts: Happening[] = [
      {
        at: isReturn(desk, group) ? at : 0,
        followsWords: false,
        tell: () => assigned(desk, ref, story, { agent, group, at, took: false }),
      },
      {
        at,
        followsWords: true,
        tell: (words) => (now.status === 'resolved' ? resolved(desk, ref, story, now, at, words) : reopened(story, at)),
      },
    ]
    await inOrder(desk, ref, story, said, facts)
  }
  await memory.alone(ref, async () => {
    await tell(desk, ref, read)
    if ((await memory.read(ref))?.ended) await memory.dropOpen(ref)
  })
}

/** By the vendor's times, words before what happened in the same moment. */
async function inOrder(
  desk: Desk,
  ref: Ref,
  story: Story,
  said: readonly VendorMessage[],
  facts: readonly Happening[],
): Promise<void> {
  const words = said.map((message) => ({ at: timeOf(message.created_time, desk), message })).sort((a, b) => a.at - b.at)
  const whole = words.map(({ message }) => message)
  const happenings = [
    ...words.map(({ at, message }) => ({ at, tell: () => hear(desk, ref, story, message) })),
    ...facts.map(({ at, tell }) => ({ at, tell: () => tell(whole) })),
  ]
  for (const one of happenings.sort((a, b) => a.at - b.at)) await one.tell()
}

/** Read again each time: a message may appear in the list after a later one. What was told already is known by its id. */
const overlapMs = 60_000

/** Only what was listed moves the mark: a webhook's message says nothing of those before it. */
async function wordsSince({ client, settings }: Desk, story: Story): Promise<VendorMessage[]> {
  const since = story.record.readTo - overlapMs
  const from = since > 0 ? new Date(since).toISOString() : undefined
  const listed = await atEither(story.record, (id) => client.messages(id, from))
  const times = listed
    .filter((message) => kindOf(message, settings) !== 'other')
    .map(({ created_time }) => Date.parse(created_time) || 0)
  story.record = { ...story.record, readTo: Math.max(story.record.readTo, ...times) }
  return listed
}
