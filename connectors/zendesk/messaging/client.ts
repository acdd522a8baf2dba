/** The calls of Sunshine Conversations that are made here; their failures in the hub’s words. */
import { AxiosError } from 'axios'
import { type Host, HubError, type Ref, toHubError } from '#hub/connector.ts'
import { baseUrl, type MessagingSettings, type Settings } from '../settings.ts'
import type { Conversation, WireMessage } from './wire.ts'

export type Metadata = Readonly<Record<string, string | number | boolean>>

export interface MessagingClient {
  conversation(id: Ref): Promise<Conversation>
  post(id: Ref, message: object): Promise<WireMessage>
  /** The newest hundred, oldest first; with `after`, those that came later. */
  messages(id: Ref, after?: string): Promise<readonly WireMessage[]>
  activity(id: Ref, type: 'typing:start' | 'typing:stop'): Promise<void>
  control(id: Ref, how: 'pass' | 'offer' | 'accept' | 'release', body: object): Promise<void>
  /** 409 means that it is there already: no failure. */
  makeUser(body: { readonly externalId: string; readonly profile?: object }): Promise<void>
  makeConversation(body: object): Promise<Conversation>
  /** Of the user with this external id; none where nobody has it. */
  conversationsOf(externalId: string): Promise<readonly Conversation[]>
  webhooks(): Promise<readonly OwnWebhook[]>
  makeWebhook(body: object): Promise<OwnWebhook>
  app(): Promise<{ readonly id: string; readonly displayName?: string }>
}

export interface OwnWebhook {
  readonly id: string
  readonly target: string
  readonly secret?: string
}

export function openMessagingClient(given: Settings, messaging: MessagingSettings, host: Host): MessagingClient {
  const root = `${baseUrl(given)}/sc/v2/apps/${encodeURIComponent(messaging.app)}`
  const authorization = `Basic ${Buffer.from(`${messaging.keyId}:${messaging.keySecret}`).toString('base64')}`

  const ask = async <T>(method: 'GET' | 'POST', path: string, holds?: string, body?: object): Promise<T> => {
    try {
      const headers = { accept: 'application/json', 'content-type': 'application/json', authorization }
      const { data } = await host.http.request({ method, url: `${root}${path}`, headers, data: body })
      if (typeof data === 'object' && data !== null && (holds === undefined || holds in data)) return data as T
    } catch (thrown) {
      throw toMessagingError(thrown)
    }
    throw new HubError('unreachable', 'Zendesk messaging gave an answer that cannot be read', {
      certain: method === 'GET',
    })
  }
  const talk = (id: Ref) => `/conversations/${conversationId(id)}`
  const hooks = `/integrations/${encodeURIComponent(messaging.integration ?? 'me')}/webhooks`

  return {
    async conversation(id) {
      return (await ask<{ conversation: Conversation }>('GET', talk(id), 'conversation')).conversation
    },
    async post(id, message) {
      const { messages } = await ask<{ messages: WireMessage[] }>('POST', `${talk(id)}/messages`, 'messages', message)
      const [first] = messages
      if (!first) throw new HubError('unreachable', 'Zendesk messaging names no message', { certain: false })
      return first
    },
    async messages(id, after) {
      const query = after === undefined ? '' : `?page%5Bafter%5D=${encodeURIComponent(after)}`
      const { messages } = await ask<{ messages: WireMessage[] }>('GET', `${talk(id)}/messages${query}`, 'messages')
      return messages.toSorted((one, other) => String(one.received).localeCompare(String(other.received)))
    },
    async activity(id, type) {
      await ask('POST', `${talk(id)}/activity`, undefined, { author: { type: 'business' }, type })
    },
    async control(id, how, body) {
      await ask('POST', `${talk(id)}/${how}Control`, undefined, body)
    },
    async makeUser(body) {
      await ask('POST', '/users', 'user', body).catch((error: unknown) => {
        if (!(error instanceof HubError) || error.code !== 'conflict') throw error
      })
    },
    async makeConversation(body) {
      return (await ask<{ conversation: Conversation }>('POST', '/conversations', 'conversation', body)).conversation
    },
    async conversationsOf(externalId) {
      const query = `filter%5BuserExternalId%5D=${encodeURIComponent(externalId)}`
      try {
        return (await ask<{ conversations: Conversation[] }>('GET', `/conversations?${query}`, 'conversations'))
          .conversations
      } catch (error) {
        if (error instanceof HubError && error.code === 'unknown') return []
        throw error
      }
    },
    async webhooks() {
      return (await ask<{ webhooks: OwnWebhook[] }>('GET', hooks, 'webhooks')).webhooks
    },
    async makeWebhook(body) {
      return (await ask<{ webhook: OwnWebhook }>('POST', hooks, 'webhook', body)).webhook
    },
    async app() {
      return (await ask<{ app: { id: string } }>('GET', '', 'app')).app
    },
  }
}

/** Ids of Sunshine Conversations are 24 hex digits; what is none cannot be known there. */
function conversationId(ref: Ref): string {
  if (!/^[\da-f]{24}$/i.test(ref)) throw new HubError('unknown', 'Zendesk messaging has no conversation of this name')
  return ref
}

/** Texts of its errors may quote a customer, so they are not taken over. 423: full, 30,000 messages (zendesk.md 2.4). */
function toMessagingError(thrown: unknown): HubError {
  const status = thrown instanceof AxiosError ? thrown.response?.status : undefined
  if (status === 423) return new HubError('conflict', 'The conversation is full at Zendesk (423)', { cause: thrown })
  if (status === 402) return new HubError('refused', 'The plan at Zendesk does not allow this (402)', { cause: thrown })
  return toHubError(thrown, 'Zendesk messaging')
}
