/** The Authorization header: a bearer token that is fetched and renewed, or the old API token. */
import { AxiosError } from 'axios'
import { type Host, HubError, toHubError } from '#hub/connector.ts'
import { baseUrl, type Settings } from './settings.ts'

export interface Auth {
  header(): Promise<string>
  /** The credentials that were just sent were not accepted: true when others can be had. */
  renew(refused: string): Promise<boolean>
}

/** Throws `invalid` unless exactly one way to sign in is configured. */
export function openAuth(given: Settings, host: Host): Auth {
  if (given.oauth && given.apiToken)
    throw new HubError('invalid', 'Zendesk takes either oauth or apiToken, and both are set')
  if (given.oauth) return bearer(given, given.oauth, host)
  if (!given.apiToken)
    throw new HubError('invalid', 'Zendesk needs credentials: set oauth (or, until 2027-04-30, apiToken)')
  const { email, token } = given.apiToken
  host.log.warn({ connection: host.name }, 'Zendesk API tokens stop on 2027-04-30: make an OAuth client before')
  const header = `Basic ${Buffer.from(`${email}/token:${token}`).toString('base64')}`
  return { header: async () => header, renew: async () => false }
}

interface Token {
  readonly value: string
  /** Epoch milliseconds from which it is not used any more. */
  readonly until: number
}

/** Renewed a little before its end. */
const marginMs = 60_000
/** Asked for; clients may allow less (zendesk.md 7.1: 300 to 172,800 s). */
const lifeSeconds = 86_400

/** Tokens of client credentials have no refresh token: a new one is asked for (zendesk.md 7.1). All hubs share one. */
function bearer(given: Settings, client: NonNullable<Settings['oauth']>, host: Host): Auth {
  const memoryKey = 'oauth-token'
  let held: Token | undefined
  let fetching: Promise<Token> | undefined

  const isGood = (token: Token | undefined): token is Token => token !== undefined && token.until > host.clock.now()
  const fetchToken = async (): Promise<Token> => {
    const asked = {
      grant_type: 'client_credentials',
      client_id: client.clientId,
      client_secret: client.clientSecret,
      scope: client.scope ?? defaultScope(given),
      expires_in: lifeSeconds,
    }
    const token = await askForToken(`${baseUrl(given)}/oauth/tokens`, asked, host)
    await host.memory.set(memoryKey, token, Math.max(1_000, token.until - host.clock.now()))
    return token
  }
  const fetchOnce = (): Promise<Token> => {
    fetching ??= fetchToken().finally(() => {
      fetching = undefined
    })
    return fetching
  }
  const current = async (): Promise<Token> => {
    if (isGood(held)) return held
    const known = await host.memory.get<Token>(memoryKey)
    held = isGood(known) ? known : await fetchOnce()
    return held
  }
  return {
    header: async () => `Bearer ${(await current()).value}`,
    async renew(refused) {
      const known = await host.memory.get<Token>(memoryKey)
      // Another call or another hub may have renewed it already.
      held = isGood(known) && `Bearer ${known.value}` !== refused ? known : await fetchOnce()
      return true
    },
  }
}

const ticketScope = 'tickets:read tickets:write users:read users:write webhooks:read webhooks:write'

/** Which scope surveys are read with is not documented; they lie beside the Help Center. */
export const defaultScope = ({ knowledge, survey }: Settings): string =>
  [ticketScope, ...(knowledge ? ['hc:read hc:write'] : survey ? ['hc:read'] : [])].join(' ')

async function askForToken(url: string, asked: object, host: Host): Promise<Token> {
  try {
    const { data } = await host.http.post<{ access_token?: unknown; expires_in?: unknown }>(url, asked)
    if (typeof data?.access_token !== 'string')
      throw new HubError('unreachable', 'Zendesk answered without a token', { certain: false })
    const seconds = typeof data.expires_in === 'number' ? data.expires_in : 1_800
    return { value: data.access_token, until: host.clock.now() + seconds * 1_000 - Math.min(marginMs, seconds * 500) }
  } catch (thrown) {
    const status = thrown instanceof AxiosError ? thrown.response?.status : undefined
    if (status === 400 || status === 401 || status === 403)
      throw new HubError(
        'refused',
        `Zendesk gives no token to this OAuth client: check its secret and scope (${status})`,
        {
          cause: thrown,
        },
      )
    // Asking for a token changes nothing there.
    const failure = toHubError(thrown, 'Zendesk')
    throw new HubError(failure.code, failure.message, { retryAfterMs: failure.retryAfterMs, cause: thrown })
  }
}
