/** What a connection can reach of the hub: made here, one for each, and nothing else is handed out. */
import type { FastifyRequest } from 'fastify'
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Clock, Colleague, Host, Ref, Signals, ThreadRecord } from './connector.ts'
import { currentAttempt } from './conversation.ts'
import { conversationTopic, type Hub, threadTopic } from './hub.ts'
import { markedTopic } from './marker.ts'
import { createMemory } from './postgres/memory.ts'
import { passedUntil, readState, readThread } from './postgres/threads.ts'
import { audit } from './staff/audit.ts'
import { createVendorClient } from './vendor-client.ts'

export interface HostParts {
  readonly hub: Hub
  // biome-ignore lint/suspicious/noExplicitAny: each built-in names its own tables
  readonly database: Kysely<any>
  readonly clock: Clock
  readonly log: Logger
  readonly signal: AbortSignal
  /** Base URL of the hub, without a trailing slash. */
  readonly url: string
  /** Who of the staff has signed in, with their seat at this connection. */
  staff?(request: FastifyRequest, connection: string): Promise<Colleague | undefined>
}

export function createHost(name: string, parts: HostParts): Host {
  const { hub, database, clock, signal } = parts
  const log = parts.log.child({ connection: name })
  return {
    name,
    clock,
    signal,
    database,
    log,
    url: `${parts.url}/hooks/${name}`,
    async receive(events) {
      await hub.receive(name, events)
      if (events.length > 0) hub.traffic.came(name)
    },
    http: createVendorClient({ name, log, signal, seen: (call) => hub.traffic.called(name, call) }),
    memory: createMemory(database, name, clock),
    record: createRecord(name, hub),
    signals: createSignals(name, hub, log),
    ...(parts.staff
      ? {
          staff: (request) => parts.staff!(request, name),
          audit: (who, action, target, details) => audit(hub.pool, { id: who }, action, target, details),
        }
      : {}),
  }
}

function createRecord(name: string, hub: Hub): ThreadRecord {
  return {
    read: (thread, after, limit = 200) => readThread(hub.pool, name, thread, after, limit),
    state: (thread) => readState(hub.pool, name, thread),
    watch(thread, changed) {
      let stopConversation: (() => void) | undefined
      let isOver = false
      const follow = (id: number) => {
        if (isOver || stopConversation) return
        stopConversation = hub.fanout.subscribe(conversationTopic(id), changed)
      }
      // A new thread has no conversation yet; its birth is told by thread.
      const stopBirth = hub.fanout.subscribe(threadTopic(name, thread), (id) => {
        follow(id as number)
        changed()
      })
      void readState(hub.pool, name, thread).then(
        (state) => state && follow(state.conversation),
        () => {},
      )
      return () => {
        isOver = true
        stopBirth()
        stopConversation?.()
      }
    },
  }
}

/** Typing and what was seen go straight to the other side; what cannot be passed on, nobody misses. */
function createSignals(name: string, hub: Hub, log: Logger): Signals {
  const quietly = (work: Promise<void>) =>
    void work.catch((error: Error) => log.debug({ error: error.message }, 'a signal was not passed on'))
  return {
    publish: (topic, data) => hub.fanout.publish(`connection.${name}.${topic}`, data),
    subscribe: (topic, heard) => hub.fanout.subscribe(`connection.${name}.${topic}`, heard),
    customerTyping: (thread, on) => quietly(customerTyping(hub, name, thread, on)),
    agentTyping: (ticket, on) => quietly(agentTyping(hub, name, ticket, on)),
    agentSaw: (ticket, until) => quietly(agentSaw(hub, name, ticket, until)),
    customerRead: (thread) => quietly(customerRead(hub, name, thread)),
  }
}

async function customerTyping(hub: Hub, channel: string, thread: Ref, on: boolean): Promise<void> {
  const state = await readState(hub.pool, channel, thread)
  if (!state || (state.control !== 'agent' && state.control !== 'waiting')) return
  const attempt = currentAttempt(await hub.conversation(state.conversation))
  if (attempt?.ticket) await hub.connections.get(attempt.desk)?.desk?.typing?.(attempt.ticket, on)
}

async function agentTyping(hub: Hub, desk: string, ticket: Ref, on: boolean): Promise<void> {
  const found = await customerOf(hub, desk, ticket)
  if (!found) return
  const { conversation, channel, attempt } = found
  await channel?.typing?.(conversation.thread, on)
  // Who writes has before them what their desk was given, and nothing that is still on its way there.
  if (on && channel?.seen)
    await channel.seen(
      conversation.thread,
      Math.max(attempt.askedAt, await passedUntil(hub.pool, conversation.id, desk)),
    )
}

async function agentSaw(hub: Hub, desk: string, ticket: Ref, until: number): Promise<void> {
  const found = await customerOf(hub, desk, ticket)
  await found?.channel?.seen?.(found.conversation.thread, until)
}

/** The conversation that the agent of this ticket holds, and the way to its customer. */
async function customerOf(hub: Hub, desk: string, ticket: Ref) {
  const id = await hub.conversationOf(desk, ticket)
  if (id === undefined) return undefined
  const conversation = await hub.conversation(id)
  const attempt = currentAttempt(conversation)
  if (conversation.control !== 'agent' || attempt?.ticket !== ticket) return undefined
  return { conversation, attempt, channel: hub.connections.get(conversation.channel)?.channel }
}

async function customerRead(hub: Hub, channel: string, thread: Ref): Promise<void> {
  const state = await readState(hub.pool, channel, thread)
  // Its own screens know already: only staff look again.
  if (state?.control === 'agent') hub.fanout.publish(markedTopic, [state.conversation])
}
