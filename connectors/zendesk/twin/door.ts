/** Who may come in and how often: tokens, scopes and limits (zendesk.md 7.1, 7.2). */
import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Account } from './account.ts'
import { forbidden, Refusal } from './refusal.ts'

export interface Credentials {
  readonly oauth?: { readonly clientId: string; readonly clientSecret: string }
  readonly apiToken?: { readonly email: string; readonly token: string }
}

export interface Door {
  routes(app: FastifyInstance): void
  /** Before each call of the API. Throws Refusal. */
  admit(request: FastifyRequest, reply: FastifyReply): void
  /** All tokens given so far end now. */
  expireTokens(): void
}

const resources: [RegExp, string][] = [
  [/^\/api\/v2\/(tickets|uploads)\b/, 'tickets'],
  [/^\/api\/v2\/users\b/, 'users'],
  [/^\/api\/v2\/webhooks\b/, 'webhooks'],
  [/^\/api\/v2\/(help_center|guide)\b/, 'hc'],
]

export function createDoor(account: Account, given: Credentials): Door {
  const { clock, quirks } = account
  const tokens = new Map<string, { readonly until: number; readonly scopes: readonly string[] }>()
  const minutes = new Map<string, { readonly minute: number; count: number }>()

  const giveToken = (body: Record<string, unknown>) => {
    const { grant_type, client_id, client_secret, scope, expires_in } = body
    if (grant_type !== 'client_credentials') throw new Refusal(400, { error: 'unsupported_grant_type' })
    if (!given.oauth || client_id !== given.oauth.clientId || client_secret !== given.oauth.clientSecret)
      throw new Refusal(401, { error: 'invalid_client', error_description: 'Client authentication failed.' })
    const asked = typeof expires_in === 'number' ? expires_in : 1_800
    if (asked < 300 || asked > 172_800)
      throw new Refusal(400, { error: 'invalid_request', error_description: 'expires_in' })
    const seconds = Math.min(asked, quirks.tokenSeconds ?? 1_800)
    const token = randomBytes(24).toString('hex')
    // A list of scopes is taken, and the token is of no use afterwards.
    tokens.set(token, {
      until: clock.now() + seconds * 1_000,
      scopes: typeof scope === 'string' ? scope.split(' ') : [],
    })
    return { access_token: token, token_type: 'bearer', scope: String(scope), expires_in: seconds }
  }
  const authorize = ({ headers, method, url }: FastifyRequest): void => {
    const header = headers.authorization ?? ''
    if (header.startsWith('Basic ') && given.apiToken) {
      const expected = Buffer.from(`${given.apiToken.email}/token:${given.apiToken.token}`).toString('base64')
      if (header === `Basic ${expected}`) return
    }
    if (!header.startsWith('Bearer ')) throw new Refusal(401, { error: "Couldn't authenticate you" })
    const token = tokens.get(header.slice('Bearer '.length))
    if (!token || token.until <= clock.now())
      throw new Refusal(401, {
        error: 'invalid_token',
        error_description: 'The access token provided is expired, revoked, malformed or invalid.',
      })
    const resource = resources.find(([path]) => path.test(url))?.[1]
    const verb = method === 'GET' ? 'read' : 'write'
    if (resource && ![`${resource}:${verb}`, verb].some((scope) => token.scopes.includes(scope))) throw forbidden()
  }
  const count = ({ url }: FastifyRequest, reply: FastifyReply): void => {
    const area = /help_center|guide/.test(url) ? 'guide' : 'support'
    const limit = quirks.perMinute ?? 700
    const minute = Math.floor(clock.now() / 60_000)
    const known = minutes.get(area)
    const now = known?.minute === minute ? known : { minute, count: 0 }
    now.count++
    minutes.set(area, now)
    const reset = 60 - (Math.floor(clock.now() / 1_000) % 60)
    const left = String(Math.max(0, limit - now.count))
    void reply.headers({
      'x-rate-limit': String(limit),
      'x-rate-limit-remaining': left,
      'ratelimit-limit': String(limit),
      'ratelimit-remaining': left,
      'ratelimit-reset': String(reset),
    })
    if (now.count > limit)
      throw new Refusal(
        429,
        { error: 'APIRateLimitExceeded', description: 'Number of allowed API requests per minute exceeded' },
        { 'retry-after': String(reset) },
      )
  }

  return {
    routes(app) {
      app.post('/oauth/tokens', (request, reply) => {
        void reply.code(201)
        return giveToken((request.body ?? {}) as Record<string, unknown>)
      })
    },
    admit(request, reply) {
      if (!request.url.startsWith('/api/')) return
      authorize(request)
      count(request, reply)
    },
    expireTokens: () => tokens.clear(),
  }
}
