/** Zendesk on this machine: sign-in, Support, Help Center, messaging, webhooks. */
import type { FastifyRequest } from 'fastify'
import { systemClock } from '#hub/clock.ts'
import { createTroubles, openDelivery, openTwinServer, type Twin, type TwinOptions } from '#hub/twin.ts'
import { type Account, createAccount } from './twin/account.ts'
import { type Credentials, createDoor } from './twin/door.ts'
import { guideRoutes } from './twin/guide.ts'
import { isMessaging, type MessagingTwin, messagingAnswers, openMessagingTwin } from './twin/messaging.ts'
import type { Quirks } from './twin/quirks.ts'
import { answerRefusals } from './twin/routes.ts'
import { createStage } from './twin/stage.ts'
import { supportRoutes } from './twin/support.ts'
import { createWebhooks } from './twin/webhooks.ts'

export interface ZendeskTwin extends Twin {
  readonly account: Account
  /** Where the section `messaging` is there. */
  readonly messaging?: MessagingTwin
  expireTokens(): void
}

export async function openTwin(options: TwinOptions, quirks: Quirks = {}): Promise<ZendeskTwin> {
  const { settings, hooksUrl, clock = systemClock } = options
  const troubles = createTroubles()
  const account = createAccount(settings, clock, quirks)
  const door = createDoor(account, settings as Credentials)
  // Zendesk repeats 429 and 503 that name a short wait, 409 and time-outs, each a few times (zendesk.md 10.5).
  const delivery = openDelivery({ troubles, retriesMs: [200, 1_000], deadlineMs: 10_000 })
  // Messaging repeats whatever fails but these, within 20 seconds each (zendesk.md 4.2).
  const messages = openDelivery({
    troubles,
    retriesMs: [200, 1_000],
    finalStatuses: [400, 401, 403, 404, 406],
    deadlineMs: 20_000,
  })
  const webhooks = createWebhooks(account, delivery)
  account.audited = webhooks.audited
  const { webhookSecret, returnTag = 'back_to_bot' } = (settings.tickets ?? {}) as {
    webhookSecret?: string
    returnTag?: string
  }
  if (webhookSecret)
    webhooks.add(
      { name: 'By hand', endpoint: `${hooksUrl}/support`, subscriptions: ['conditional_ticket_events'] },
      webhookSecret,
    )
  const stage = createStage({ account, returnTag, tell: webhooks.tell })
  const messaging =
    settings.messaging === undefined
      ? undefined
      : openMessagingTwin(account, settings.messaging as object, hooksUrl, messages)
  const isAlone = !settings.tickets && !settings.knowledge && !settings.survey
  let url = ''

  const server = await openTwinServer({
    troubles,
    routes(app) {
      answerRefusals(app, account)
      app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
      app.addHook('preHandler', async (request, reply) => door.admit(request, reply))
      door.routes(app)
      supportRoutes(app, account, () => url)
      guideRoutes(app, account, () => url)
      webhooks.routes(app)
      messaging?.routes(app)
    },
    answers: {
      limits: (request) => (isMessaging(request) ? messagingAnswers.limits : supportAnswers.limits),
      errors: (request) => (isMessaging(request) ? messagingAnswers.errors : supportAnswers.errors),
      expired: (request) => (isMessaging(request) ? messagingAnswers.expired : expired(request)),
    },
  })
  url = server.url
  return {
    settings: { url },
    account,
    ...(messaging && { messaging }),
    expireTokens: door.expireTokens,
    misbehave: troubles.misbehave,
    get misbehaved() {
      return troubles.misbehaved
    },
    calls: server.calls,
    async delivered() {
      await Promise.all([delivery.delivered(), messages.delivered()])
    },
    view: () => messaging?.view(stage.view(), isAlone) ?? stage.view(),
    act: async (act) => (messaging?.knows(act) ? messaging.act(act) : stage.act(act)),
    async close() {
      await Promise.all([delivery.close(), messages.close()])
      await server.close()
    },
  }
}

const supportAnswers = {
  limits: {
    status: 429,
    body: { error: 'APIRateLimitExceeded', description: 'Number of allowed API requests per minute exceeded' },
    headers: { 'x-rate-limit': '700', 'x-rate-limit-remaining': '0' },
  },
  errors: { status: 500, body: { error: 'InternalServerError', description: 'Something went wrong' } },
}

const expired = ({ headers }: FastifyRequest) => ({
  status: 401,
  body: headers.authorization?.startsWith('Basic ')
    ? { error: "Couldn't authenticate you" }
    : { error: 'invalid_token', error_description: 'The access token provided is expired.' },
})
