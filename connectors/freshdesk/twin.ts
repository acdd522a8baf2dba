/** Freshdesk, played on this machine: its REST API, and the automation rules that an admin makes for Baton. */
import type { FastifyInstance } from 'fastify'
import { createTroubles, openDelivery, openTwinServer, type Twin, type TwinOptions, type Webhook } from '#hub/twin.ts'
import { type Account, type AccountTicket, createAccount } from './twin/account.ts'
import { broken, credentials, notFound, Refusal, tooMany } from './twin/answers.ts'
import { peopleRoutes, solutionRoutes } from './twin/people.ts'
import { play, viewOf } from './twin/play.ts'
import { ticketRoutes } from './twin/tickets.ts'

export interface FreshdeskTwin extends Twin {
  readonly account: Account
}

/** After 5, 30 and 60 minutes; an older text says every 30 minutes (freshdesk.md 5.4). */
const retriesMs = [5, 30, 60].map((minutes) => minutes * 60_000)

export async function openTwin(options: TwinOptions): Promise<FreshdeskTwin> {
  const { settings, hooksUrl, clock = { now: () => Date.now() } } = options
  const apiKey = String(settings.apiKey ?? 'twin-api-key')
  const secret = String(settings.webhookSecret ?? 'twin-webhook-secret')
  const returnTag = String(settings.returnTag ?? 'back-to-bot')
  const account = createAccount(settings, clock)
  const troubles = createTroubles()
  const delivery = openDelivery({ troubles, retriesMs })
  account.changed = (ticket, what) => delivery.send(webhookOf(account, ticket, what, hooksUrl, secret))

  const server = await openTwinServer({
    troubles,
    routes: (app) => mount(app, account, apiKey, clock.now),
    answers: {
      limits: () => ({ status: 429, body: tooMany }),
      errors: () => ({ status: 500, body: broken }),
      expired: () => ({ status: 401, body: credentials }),
    },
  })
  return {
    account,
    settings: { url: server.url, apiKey, webhookSecret: secret },
    misbehave: troubles.misbehave,
    get misbehaved() {
      return troubles.misbehaved
    },
    calls: server.calls,
    delivered: delivery.delivered,
    view: () => viewOf(account),
    async act(act) {
      play(account, act, returnTag)
    },
    async close() {
      await delivery.close()
      await server.close()
    },
  }
}

function mount(app: FastifyInstance, account: Account, apiKey: string, now: () => number): void {
  const expected = `Basic ${Buffer.from(`${apiKey}:X`).toString('base64')}`
  let window = { minute: 0, used: 0 }
  app.addContentTypeParser('multipart/form-data', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.setErrorHandler((error: Error & { statusCode?: number; code?: string }, _request, reply) => {
    if (error instanceof Refusal) return reply.code(error.status).send(error.body)
    if (error.statusCode === 415) return reply.code(415).send()
    if (error.statusCode === 400)
      return reply.code(400).send({ code: 'invalid_json', message: 'Request body has invalid json format' })
    return reply.code(500).send(broken)
  })
  app.setNotFoundHandler(() => {
    throw notFound()
  })
  // Calls that are refused count too (freshdesk.md 4).
  app.addHook('preHandler', async (request, reply) => {
    const minute = Math.floor(now() / 60_000)
    window = minute === window.minute ? { minute, used: window.used + 1 } : { minute, used: 1 }
    const left = Math.max(0, account.habits.total - window.used)
    reply.headers({
      'x-freshdesk-api-version': 'latest=v2; requested=v2',
      'x-request-id': request.id,
      'x-ratelimit-total': String(account.habits.total),
      'x-ratelimit-remaining': `${left}.0`,
      'x-ratelimit-used-currentrequest': '1',
    })
    if (window.used > account.habits.total) {
      const waitSeconds = 60 - Math.floor((now() % 60_000) / 1_000)
      return reply.code(429).header('retry-after', String(waitSeconds)).send(tooMany)
    }
    if (request.headers.authorization !== expected) return reply.code(401).send(credentials)
  })
  app.register(
    async (api) => {
      ticketRoutes(api, account)
      peopleRoutes(api, account)
      solutionRoutes(api, account)
    },
    { prefix: '/api/v2' },
  )
}

/** As the rule of the connector's README renders it: all values are text (freshdesk.md 5.2). */
function webhookOf(account: Account, ticket: AccountTicket, what: string, hooksUrl: string, secret: string): Webhook {
  const { webhook, proof } = account.habits
  const agent = account.agents.find(({ id }) => id === ticket.responder_id)?.name ?? ''
  const advanced = {
    event: what,
    triggered_event: `{${what}}`,
    ticket: {
      id: String(ticket.id),
      status_id: String(ticket.status),
      agent_id: String(ticket.responder_id ?? ''),
      agent_name: agent,
      group_id: String(ticket.group_id ?? ''),
      requester_id: String(ticket.requester_id),
    },
  }
  const bodies = {
    advanced: JSON.stringify(advanced),
    simple: JSON.stringify({ freshdesk_webhook: { ticket_id: ticket.id, ticket_subject: ticket.subject } }),
    broken: `{"event":"${what}","subject":"they said "hello"","ticket":{"id":"${ticket.id}"}}`,
  }
  const proofs: Record<string, Record<string, string>> = {
    header: { 'x-webhook-secret': secret },
    basic: { authorization: `Basic ${Buffer.from(`baton:${secret}`).toString('base64')}` },
    path: {},
  }
  return {
    name: what,
    url: proof === 'path' ? `${hooksUrl}/${encodeURIComponent(secret)}` : hooksUrl,
    headers: { 'content-type': 'application/json', 'user-agent': 'Freshdesk', ...proofs[proof] },
    body: bodies[webhook],
  }
}
