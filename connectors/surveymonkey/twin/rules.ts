/** What holds for every call of the twin's API: token, scopes, and the limits of a private app. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '#hub/clock.ts'
import { type Account, allScopes } from './account.ts'
import { Refusal } from './refusal.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

export type Counts = ReturnType<typeof openCounts>

/** Calls of this minute and of this day, which begins at 00:00 GMT. */
export function openCounts({ quirks }: Account, clock: Clock) {
  const counted = { minute: { at: 0, calls: 0 }, day: { at: 0, calls: 0 } }
  const windowOf = (name: 'minute' | 'day', lengthMs: number, limit: number) => {
    const at = Math.floor(clock.now() / lengthMs)
    if (counted[name].at !== at) counted[name] = { at, calls: 0 }
    const reset = Math.max(1, Math.ceil(((at + 1) * lengthMs - clock.now()) / 1000))
    return { count: counted[name], limit, reset }
  }
  const windows = () => ({
    minute: windowOf('minute', minuteMs, quirks.minuteLimit),
    day: windowOf('day', dayMs, quirks.dayLimit),
  })
  return {
    /** False when the call is one too many. */
    count(): boolean {
      const all = Object.values(windows())
      for (const { count } of all) count.calls++
      return all.every(({ count, limit }) => count.calls <= limit)
    },
    headers(): Record<string, string> {
      const entries = Object.entries(windows()).flatMap(([name, { count, limit, reset }]) => {
        const prefix = `X-Ratelimit-App-Global-${name === 'minute' ? 'Minute' : 'Day'}`
        const left = Math.max(0, limit - count.calls)
        return [
          [`${prefix}-Limit`, String(limit)],
          [`${prefix}-Remaining`, String(left)],
          [`${prefix}-Reset`, String(reset)],
        ]
      })
      return Object.fromEntries(entries)
    },
  }
}

export interface RouteRules {
  readonly scope?: string
}

export function applyRules({ quirks }: Account, counts: Counts, token: string) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const isInTime = counts.count()
    reply.headers({
      ...counts.headers(),
      'X-OAuth-Scopes-Available': allScopes.join(','),
      'X-OAuth-Scopes-Granted': quirks.scopes.join(','),
    })
    checkToken(request, token)
    if (!isInTime) throw new Refusal('tooMany')
    const { scope } = (request.routeOptions.config ?? {}) as RouteRules
    if (scope && !quirks.scopes.includes(scope)) throw new Refusal('scope')
    const isWrite = request.method === 'POST' || request.method === 'PATCH'
    if (isWrite && !/^application\/json\b/.test(request.headers['content-type'] ?? '')) throw new Refusal('headers')
  }
}

function checkToken({ headers }: FastifyRequest, token: string): void {
  const [, given] = /^bearer (\S+)$/i.exec(headers.authorization ?? '') ?? []
  if (!given) throw new Refusal('noToken')
  if (given !== token) throw new Refusal('badToken')
}
