/** Webhooks: made by API or by hand, signed, with the events of tickets (zendesk.md 10). */
import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Delivery } from '#hub/twin.ts'
import { type Account, isoSeconds } from './account.ts'
import type { StoredTicket, TwinAudit } from './objects.ts'
import { badRequest, forbidden, notFound } from './refusal.ts'
import { bodyIn, both, idIn } from './routes.ts'

export interface Hook {
  readonly id: string
  readonly name: string
  readonly endpoint: string
  readonly secret: string
  readonly subscriptions: readonly string[]
}

export function createWebhooks(account: Account, delivery: Delivery) {
  const hooks = new Map<string, Hook>()
  const add = (given: Omit<Hook, 'id' | 'secret'>, secret = randomBytes(24).toString('base64')): Hook => {
    const hook = { ...given, id: ulid(), secret }
    hooks.set(hook.id, hook)
    return hook
  }
  const routes = (app: FastifyInstance): void => {
    both(app, 'POST', '/api/v2/webhooks', async (request, reply) => {
      if (account.quirks.noAdmin) throw forbidden()
      const given = (bodyIn(request).webhook ?? {}) as Record<string, unknown>
      for (const name of ['name', 'status', 'endpoint', 'http_method', 'request_format'])
        if (typeof given[name] !== 'string') throw badRequest('InvalidWebhook', `${name} is missing`)
      const subscriptions = (given.subscriptions ?? []) as string[]
      const isByEvents = subscriptions.length > 0 && !subscriptions.includes('conditional_ticket_events')
      if (isByEvents && (given.http_method !== 'POST' || given.request_format !== 'json'))
        throw badRequest('InvalidWebhook', 'event subscriptions need POST and json')
      if (subscriptions.some((name) => name !== 'conditional_ticket_events' && !name.startsWith('zen:event-type:')))
        throw badRequest('InvalidWebhook', 'unknown subscription')
      const { secret: _, ...hook } = add({
        name: given.name as string,
        endpoint: given.endpoint as string,
        subscriptions,
      })
      void reply.code(201)
      return { webhook: { ...given, ...hook, created_at: account.now() } }
    })
    both(app, 'GET', '/api/v2/webhooks/:id/signing_secret', async (request) => {
      const hook = hooks.get(idIn(request, 'id'))
      if (!hook) throw notFound()
      return { signing_secret: { algorithm: 'SHA256', secret: hook.secret } }
    })
  }

  const post = (hook: Hook, name: string, payload: unknown): void => {
    const body = JSON.stringify(payload)
    const timestamp = isoSeconds(account.clock.now())
    delivery.send({
      name,
      url: hook.endpoint,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'x-zendesk-account-id': '22451907',
        'x-zendesk-webhook-id': hook.id,
        'x-zendesk-webhook-invocation-id': ulid(),
        'x-zendesk-webhook-signature': createHmac('sha256', hook.secret)
          .update(timestamp + body)
          .digest('base64'),
        'x-zendesk-webhook-signature-timestamp': timestamp,
      },
      body,
    })
  }
  const tell = (name: string, ticket: StoredTicket, actor: number, event: object): void => {
    for (const hook of hooks.values()) {
      const type = `zen:event-type:${name}`
      if (hook.subscriptions.includes(type)) post(hook, name, eventOf(account, type, ticket, actor, event))
      // A trigger’s own body: ids only.
      else if (hook.subscriptions.includes('conditional_ticket_events'))
        post(hook, name, { event: name, ticket_id: String(ticket.id), external_id: ticket.external_id ?? '' })
    }
  }
  return {
    routes,
    add,
    tell,
    /** What an audit tells, in the order of its events. */
    audited(ticket: StoredTicket, audit: TwinAudit): void {
      for (const { type, field_name, value, previous_value, id } of audit.events) {
        const comment = type === 'Comment' ? ticket.comments.find((one) => one.id === id) : undefined
        if (comment) {
          const author = account.users.get(comment.author_id)
          tell('ticket.comment_added', ticket, audit.author_id, {
            comment: {
              id: String(comment.id),
              body: comment.body,
              is_public: comment.public,
              author: {
                id: String(comment.author_id),
                is_staff: author?.role !== 'end-user',
                name: author?.name ?? '',
              },
            },
          })
        }
        const change = { current: upper(value), previous: upper(previous_value) }
        if (field_name === 'status') tell('ticket.status_changed', ticket, audit.author_id, change)
        if (field_name === 'assignee_id') tell('ticket.agent_assignment_changed', ticket, audit.author_id, change)
      }
    },
  }
}

const upper = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value).toUpperCase()
const ulid = (): string => randomUUID().replaceAll('-', '').toUpperCase().slice(0, 26)

function eventOf(account: Account, type: string, ticket: StoredTicket, actor: number, event: object) {
  const text = (id: number | null) => (id === null ? null : String(id))
  return {
    account_id: 22451907,
    detail: {
      actor_id: String(actor),
      assignee_id: text(ticket.assignee_id),
      brand_id: String(ticket.brand_id),
      created_at: ticket.created_at,
      custom_status: null,
      description: ticket.comments[0]?.body ?? '',
      external_id: ticket.external_id,
      form_id: String(ticket.ticket_form_id),
      group_id: text(ticket.group_id),
      id: String(ticket.id),
      is_public: ticket.is_public,
      organization_id: null,
      priority: upper(ticket.priority),
      requester_id: String(ticket.requester_id),
      status: upper(ticket.status),
      subject: ticket.subject,
      submitter_id: String(ticket.submitter_id),
      tags: ticket.tags,
      type: upper(ticket.type),
      updated_at: ticket.updated_at,
      via: { channel: 'web_service' },
    },
    event,
    id: ulid(),
    subject: `zen:ticket:${ticket.id}`,
    time: `${new Date(account.clock.now()).toISOString().slice(0, 23)}120347Z`,
    type,
    zendesk_event_version: '2022-11-06',
  }
}
