/** Who may come in: by the session of the console, or by access token, counted when it is wrong. */
import type { FastifyRequest } from 'fastify'
import { type Agent, agentOfToken, agentOfUser, hashToken } from './agents.ts'
import type { Inbox } from './inbox.ts'

export type SignIn =
  /** `admin`: the id of a user who may change what belongs to everybody. */
  | { readonly agent: Agent; readonly admin?: string }
  | {
      readonly status: 401 | 403 | 429
      readonly error: string
      readonly message: string
      readonly retryAfterS?: number
    }

const failuresAllowed = 10
const windowMs = 60_000

/**
 * By the session of the console, or by an access token. Ten wrong tokens a minute from one address are answered, the next are refused unread. A token that came in from that
 * address before still does: one bad neighbour behind the same router must not lock out the whole office.
 */
export function createSignIn(inbox: Inbox) {
  const failures = new Map<string, { count: number; until: number }>()
  const good = new Set<string>()
  return async (request: FastifyRequest, token: string | undefined): Promise<SignIn> => {
    if (!token) return bySession(inbox, request)
    const address = request.ip
    const now = inbox.host.clock.now()
    forget(failures, now)
    const failed = failures.get(address)
    const known = `${address} ${hashToken(token)}`
    if (failed && failed.count >= failuresAllowed && !good.has(known)) return tooMany(failed.until - now)
    const agent = await agentOfToken(inbox, token)
    if (agent) {
      good.add(known)
      return { agent }
    }
    good.delete(known)
    failures.set(address, { count: (failed?.count ?? 0) + 1, until: failed?.until ?? now + windowMs })
    return wrong('This access token is not known here. Ask the person who runs Baton for yours')
  }
}

async function bySession(inbox: Inbox, request: FastifyRequest): Promise<SignIn> {
  const user = await inbox.host.staff?.(request)
  if (!user)
    return wrong('Sign in first: at the console, or with the header "Authorization: Bearer <your access token>"')
  const agent = await agentOfUser(inbox, user)
  if (agent) return user.role === 'admin' ? { agent, admin: user.id } : { agent }
  return { status: 403, error: 'refused', message: 'You are no agent of this inbox. An admin can give you a seat here' }
}

const wrong = (message: string): SignIn => ({ status: 401, error: 'refused', message })

const tooMany = (leftMs: number): SignIn => {
  const retryAfterS = Math.max(1, Math.ceil(leftMs / 1000))
  return {
    status: 429,
    error: 'busy',
    message: `Too many wrong access tokens from here. Try again in ${retryAfterS} s`,
    retryAfterS,
  }
}

function forget(failures: Map<string, { until: number }>, now: number): void {
  for (const [address, { until }] of failures) if (until <= now) failures.delete(address)
}

export const bearer = (header: string | undefined): string | undefined => /^Bearer +(\S+)$/i.exec(header ?? '')?.[1]

const loopback = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/
const loopbackHost = /^(localhost|127\.0\.0\.1|\[::1\])$/

/** Both the caller and the name it called by: a foreign page that points its own name at this machine is not let in. */
export const isOnThisMachine = (request: FastifyRequest): boolean =>
  loopback.test(request.socket.remoteAddress ?? '') && loopbackHost.test(hostName(request.headers.host))

const hostName = (host: string | undefined): string => (host ?? '').replace(/:\d+$/, '')
