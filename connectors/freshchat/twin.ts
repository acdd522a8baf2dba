/** Freshchat, played on this machine: its REST API, and signed webhooks under a key pair of its own. */
import { generateKeyPairSync, sign } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { createTroubles, openDelivery, openTwinServer, type Twin, type TwinOptions } from '#hub/twin.ts'
import { type Account, botGroup, createAccount } from './twin/account.ts'
import { play, viewOf } from './twin/play.ts'
import { Refusal, routes } from './twin/routes.ts'

export interface FreshchatTwin extends Twin {
  readonly account: Account
  /** The signature of a body, as a webhook carries it. */
  signed(body: string): string
}

/** It sends again, but how often and when is not published (freshchat.md 3.3). */
const retriesMs = [1_000, 5_000, 30_000]
const broken = { code: 500, status: 'INTERNAL_SERVER_ERROR', message: 'internal server error' }
const unauthorised = { code: 401, status: 'UNAUTHENTICATED', message: 'the token is not valid' }
const tooMany = { code: 429, status: 'TOO_MANY_REQUESTS', message: 'rate limit exceeded' }

export async function openTwin(options: TwinOptions): Promise<FreshchatTwin> {
  const { settings, hooksUrl, clock = { now: () => Date.now() } } = options
  const token = String(settings.token ?? 'twin-token')
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const account = createAccount(settings, clock)
  const troubles = createTroubles()
  const delivery = openDelivery({ troubles, retriesMs })
  const url = settings.pathSecret ? `${hooksUrl}/${settings.pathSecret}` : hooksUrl
  const signed = (body: string) => sign('RSA-SHA256', Buffer.from(body), privateKey).toString('base64')
  account.tell = (action, { actor_type, actor_id }, data) => {
    const body = JSON.stringify({ actor: { actor_type, actor_id }, action, action_time: account.now(), data })
    const headers = {
      'content-type': 'application/json',
      'x-freshchat-signature': signed(body),
      'x-freshchat-payload-version': 'v2',
      'x-retry-count': '0',
    }
    delivery.send({ name: action, url, headers, body })
  }

  const server = await openTwinServer({
    troubles,
    routes: (app) => mount(app, account, token, clock.now),
    answers: {
      limits: () => ({ status: 429, body: tooMany }),
      errors: () => ({ status: 500, body: broken }),
      expired: () => ({ status: 401, body: unauthorised }),
    },
  })
  return {
    account,
    signed,
    settings: {
      url: server.url,
      token,
      publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      returnGroup: settings.returnGroup ?? botGroup,
      agent: settings.agent ?? account.agents[0]!.id,
    },
    misbehave: troubles.misbehave,
    get misbehaved() {
      return troubles.misbehaved
    },
    calls: server.calls,
    delivered: delivery.delivered,
    view: () => viewOf(account),
    async act(act) {
      play(account, act, String(settings.returnGroup ?? botGroup))
    },
    async close() {
      await delivery.close()
      await server.close()
    },
  }
}

function mount(app: FastifyInstance, account: Account, token: string, now: () => number): void {
  let window = { minute: 0, used: 0 }
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    if (error instanceof Refusal) return reply.code(error.code).send(error.body)
    const code = error.statusCode ?? 500
    return reply.code(code).send(code === 500 ? broken : { code, status: 'INVALID_VALUE', message: 'invalid request' })
  })
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ code: 404, status: 'NOT_FOUND', message: 'not found' }),
  )
  app.addHook('preHandler', async (request, reply) => {
    const minute = Math.floor(now() / 60_000)
    window = minute === window.minute ? { minute, used: window.used + 1 } : { minute, used: 1 }
    reply.headers({
      'x-ratelimit-limit': String(account.habits.total),
      'x-ratelimit-remaining': String(Math.max(0, account.habits.total - window.used)),
      'x-ratelimit-reset': String((minute + 1) * 60),
    })
    if (window.used > account.habits.total) return reply.code(429).send(tooMany)
    if (request.headers.authorization !== `Bearer ${token}`) return reply.code(401).send(unauthorised)
  })
  app.register(async (api) => routes(api, account), { prefix: '/v2' })
}
