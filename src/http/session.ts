/** The session's cookie, and whether a request was sent by a page of ours: a cookie alone comes along from anywhere. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { HubError } from '../errors.ts'
import { longestHours } from '../staff/sessions.ts'

export interface SessionCookie {
  read(request: FastifyRequest): string | undefined
  give(reply: FastifyReply, secret: string): void
  take(reply: FastifyReply): void
}

/**
 * Never read by scripts, never sent with another site's requests. On https its name makes the browser promise that no other host
 * and no http page wrote it; on http the name tells hubs on one machine apart, since cookies do not look at ports.
 */
export const sessionCookie = (url: string): SessionCookie => cookieNamed('baton', url, longestHours * 3_600, 'Strict')

/** What a browser brings back from the identity provider, which is another site. */
export const errandCookie = (url: string): SessionCookie => cookieNamed('baton-errand', url, 600, 'Lax')

function cookieNamed(name: string, url: string, seconds: number, sameSite: 'Strict' | 'Lax'): SessionCookie {
  const { protocol, port } = new URL(url)
  const isSecure = protocol === 'https:'
  const full = isSecure ? `__Host-${name}` : `${name}-${port || 80}`
  const rules = `HttpOnly; SameSite=${sameSite}${isSecure ? '; Secure' : ''}`
  const set = (reply: FastifyReply, value: string, lasts: number) =>
    reply.header('set-cookie', `${full}=${value}; Path=/; Max-Age=${lasts}; ${rules}`)
  const pattern = new RegExp(`(?:^|;\\s*)${full}=([\\w-]{20,4000})(?:;|$)`)
  return {
    read: ({ headers }) => pattern.exec(headers.cookie ?? '')?.[1],
    give: (reply, value) => void set(reply, value, seconds),
    take: (reply) => void set(reply, '', 0),
  }
}

const harmless = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Only a page of ours may change things, or open a socket, by the session of who looks at it. Throws `refused`. */
export function refuseForeign(request: FastifyRequest, url: string): void {
  const changes = !harmless.has(request.method) || request.headers.upgrade !== undefined
  if (changes && originOf(request, url) !== 'ours')
    throw new HubError(
      'refused',
      'This was not sent by a page of this hub, so the session does not count. Programs use an API token',
    )
}

/** For doors that need no session: a page from elsewhere must not sign somebody in as somebody else. */
export function refuseElsewhere(request: FastifyRequest, url: string): void {
  if (originOf(request, url) === 'elsewhere')
    throw new HubError('refused', `This was sent by another site’s page. Sign in at ${url}/console/login`)
}

/** Browsers say it themselves and no script can; with a socket they give the origin alone. */
function originOf(request: FastifyRequest, url: string): 'ours' | 'elsewhere' | 'unsaid' {
  const { 'sec-fetch-site': site, origin, upgrade } = request.headers
  if (site !== undefined && upgrade === undefined) return site === 'same-origin' ? 'ours' : 'elsewhere'
  if (origin === undefined) return 'unsaid'
  if (!URL.canParse(origin)) return 'elsewhere'
  return origin === new URL(url).origin || new URL(origin).host === request.host ? 'ours' : 'elsewhere'
}

const loopback = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/
const loopbackHost = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/
const forwarding = ['x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'forwarded', 'via'] as const

/** Caller and the name it called by: neither a page that points its own name here nor a proxy's visitor is on this machine. */
export const isOnThisMachine = ({ socket, headers }: FastifyRequest): boolean =>
  loopback.test(socket.remoteAddress ?? '') &&
  loopbackHost.test(headers.host ?? '') &&
  !forwarding.some((name) => name in headers)

export const isLoopbackUrl = (url: string): boolean => loopbackHost.test(new URL(url).host)
