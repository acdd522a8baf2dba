/** SurveyMonkey on this machine: its API, its public survey page, its signed webhooks. Written from surveymonkey.md. */
import { createTroubles, openDelivery, openTwinServer, type Twin, type TwinOptions } from '#hub/twin.ts'
import { type Account, openAccount } from './twin/account.ts'
import { apiRoutes } from './twin/api.ts'
import { openCallbacks } from './twin/callbacks.ts'
import { publicRoutes } from './twin/public.ts'
import { Refusal, toAnswer } from './twin/refusal.ts'
import { openCounts } from './twin/rules.ts'
import { sampleFor } from './twin/sample.ts'
import { openStand } from './twin/stand.ts'

export interface SurveyMonkeyTwin extends Twin {
  /** What it holds, and the quirks it can show. */
  readonly account: Account
}

export async function openTwin({
  settings,
  clock = { now: () => Date.now() },
}: TwinOptions): Promise<SurveyMonkeyTwin> {
  const textIn = (name: string, otherwise: string): string =>
    typeof settings[name] === 'string' && settings[name] ? settings[name] : otherwise
  const own = {
    token: textIn('token', 'twin-token'),
    clientId: textIn('clientId', 'twin-client'),
    clientSecret: textIn('clientSecret', 'twin-secret'),
    survey: textIn('survey', '400500600'),
  }
  const troubles = createTroubles()
  const account = openAccount(sampleFor(settings, own.survey), clock)
  if (typeof settings.collector === 'string')
    account.addCollector({ type: 'weblink', name: 'Web Link' }, settings.collector)
  const counts = openCounts(account, clock)
  // Whether the vendor sends again what was not taken is not published: this one never does.
  const delivery = openDelivery({ troubles, retriesMs: [] })
  const callbacks = openCallbacks(account, own, delivery, clock)
  const stand = openStand(account, callbacks)
  const answerOf = (refusal: Refusal) => toAnswer(refusal, account.quirks.numericErrorIds)

  const server = await openTwinServer({
    troubles,
    spared: /^\/r\//,
    answers: {
      // No Retry-After is documented: the reset header says how long to wait.
      limits: () => ({ ...answerOf(new Refusal('tooMany')), headers: restHeaders(troubles.retryAfterSeconds) }),
      errors: () => answerOf(new Refusal('internal')),
      expired: () => answerOf(new Refusal('expired')),
    },
    async routes(app) {
      await app.register(publicRoutes(account, callbacks))
      await app.register(apiRoutes({ account, counts, token: own.token, url: () => server.url }), { prefix: '/v3' })
    },
  })

  return {
    settings: { ...own, url: server.url },
    account,
    misbehave: troubles.misbehave,
    get misbehaved() {
      return troubles.misbehaved
    },
    calls: server.calls,
    delivered: delivery.delivered,
    view: stand.view,
    act: stand.act,
    async close() {
      await delivery.close()
      await server.close()
    },
  }
}

const restHeaders = (seconds: number): Record<string, string> => ({
  'retry-after': '',
  'x-ratelimit-app-global-minute-limit': '120',
  'x-ratelimit-app-global-minute-remaining': '0',
  'x-ratelimit-app-global-minute-reset': String(seconds),
})
