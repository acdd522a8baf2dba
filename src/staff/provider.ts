/** The company's identity provider, by OpenID Connect: authorization code with PKCE, state and nonce. Loaded only where one is set up. */
import type * as Library from 'openid-client'
import { type Role, roles } from '../access.ts'
import { HubError } from '../errors.ts'

export interface ProviderSettings {
  readonly issuer: URL
  readonly clientId: string
  readonly clientSecret: string
  /** What the button says. */
  readonly name: string
  /** The claim that says what somebody is, and what each of its values means here. */
  readonly claim?: string
  readonly meanings: ReadonlyMap<string, Role>
  /** Of whom an account is made, as a viewer, although nobody invited them. */
  readonly domains: readonly string[]
}

/** Undefined where nothing is set. Throws `invalid` for half a set-up. */
export function readProvider(env: NodeJS.ProcessEnv): ProviderSettings | undefined {
  const { BATON_OIDC_ISSUER: issuer, BATON_OIDC_CLIENT_ID: clientId, BATON_OIDC_CLIENT_SECRET: clientSecret } = env
  if (!issuer) return undefined
  if (!clientId || !clientSecret)
    throw new HubError(
      'invalid',
      'BATON_OIDC_ISSUER is set, so BATON_OIDC_CLIENT_ID and BATON_OIDC_CLIENT_SECRET must be',
    )
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined
  if (!url || !(url.protocol === 'https:' || isLoopback(url)))
    throw new HubError(
      'invalid',
      `BATON_OIDC_ISSUER is "${issuer}". Right is an https address, like https://login.example.com`,
    )
  return {
    issuer: url,
    clientId,
    clientSecret,
    name: env.BATON_OIDC_NAME || url.hostname,
    claim: env.BATON_OIDC_ROLE_CLAIM || undefined,
    meanings: readMeanings(env.BATON_OIDC_ROLES),
    domains: listOf(env.BATON_OIDC_DOMAINS).map((domain) => domain.toLowerCase()),
  }
}

const isLoopback = ({ protocol, hostname }: URL): boolean =>
  protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname)

const listOf = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)

function readMeanings(text: string | undefined): Map<string, Role> {
  const pairs = listOf(text).map((pair) => {
    const [, value, role] = /^(.+)=(\w+)$/.exec(pair) ?? []
    if (!value || !roles.includes(role as Role))
      throw new HubError(
        'invalid',
        `BATON_OIDC_ROLES has "${pair}". Right are pairs of a value of the claim and ${roles.join(', ')}, like support=agent,leads=admin`,
      )
    return [value.trim(), role as Role] as const
  })
  return new Map(pairs)
}

/** Why somebody did not come in, as a word: the page says it in a sentence, and nobody puts sentences into its address. */
export const troubles = [
  'denied',
  'expired',
  'failed',
  'unreachable',
  'unverified',
  'uninvited',
  'taken',
  'off',
] as const
export class ProviderTrouble extends Error {
  override readonly name = 'ProviderTrouble'
  readonly trouble: (typeof troubles)[number]
  constructor(trouble: (typeof troubles)[number], cause?: unknown) {
    super(`The identity provider’s sign-in ended: ${trouble}`, cause === undefined ? undefined : { cause })
    this.trouble = trouble
  }
}

/** What this browser must bring back. */
export interface Errand {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  /** Where in the console they wanted to go. */
  readonly place: string
}

/** Who the provider says it is. */
export interface Arrival {
  readonly subject: string
  readonly email: string
  readonly name: string
  /** What the claim says they are. */
  readonly role?: Role
}

export interface Provider {
  readonly settings: ProviderSettings
  begin(place: string): Promise<{ url: string; errand: Errand }>
  /** `back` is the address the browser came back to. Throws ProviderTrouble. */
  finish(back: URL, errand: Errand): Promise<Arrival>
}

export function createProvider(settings: ProviderSettings, callback: string): Provider {
  let known: Promise<{ library: typeof Library; config: Library.Configuration }> | undefined
  const discover = async () => {
    known ??= load(settings)
    try {
      return await known
    } catch (error) {
      known = undefined
      throw new ProviderTrouble('unreachable', error)
    }
  }
  return {
    settings,
    async begin(place) {
      const { library, config } = await discover()
      const errand = {
        state: library.randomState(),
        nonce: library.randomNonce(),
        verifier: library.randomPKCECodeVerifier(),
        place,
      }
      const url = library.buildAuthorizationUrl(config, {
        redirect_uri: callback,
        scope: 'openid email profile',
        state: errand.state,
        nonce: errand.nonce,
        code_challenge: await library.calculatePKCECodeChallenge(errand.verifier),
        code_challenge_method: 'S256',
      })
      return { url: url.href, errand }
    },
    async finish(back, { state, nonce, verifier }) {
      const { library, config } = await discover()
      try {
        const tokens = await library.authorizationCodeGrant(config, back, {
          pkceCodeVerifier: verifier,
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
        })
        const claims = tokens.claims()!
        const more = claims.email ? {} : await library.fetchUserInfo(config, tokens.access_token, claims.sub)
        return arrivalOf(settings, { ...more, ...claims })
      } catch (error) {
        throw troubleOf(error)
      }
    },
  }
}

async function load({ issuer, clientId, clientSecret }: ProviderSettings) {
  const library = await import('openid-client')
  const execute = isLoopback(issuer) ? [library.allowInsecureRequests] : []
  const config = await library.discovery(issuer, clientId, clientSecret, undefined, { execute, timeout: 10 })
  return { library, config }
}

function troubleOf(error: unknown): ProviderTrouble {
  if (error instanceof ProviderTrouble) return error
  const isDenied = (error as { error?: unknown }).error === 'access_denied'
  return new ProviderTrouble(isDenied ? 'denied' : 'failed', error)
}

/** An address that nobody verified may be anybody's. */
function arrivalOf({ issuer, claim, meanings }: ProviderSettings, claims: Record<string, unknown>): Arrival {
  const { sub, email, email_verified: verified, name } = claims
  if (typeof email !== 'string' || email.length > 254 || !(verified === true || verified === 'true'))
    throw new ProviderTrouble('unverified')
  const found = claim === undefined ? [] : [claims[claim]].flat().map((value) => meanings.get(String(value)))
  const role = [...roles].reverse().find((one) => found.includes(one))
  return {
    subject: `${issuer.href} ${String(sub)}`,
    email: email.toLowerCase(),
    name: typeof name === 'string' && name.trim() ? name.trim().slice(0, 80) : email.split('@')[0]!.slice(0, 80),
    ...(role ? { role } : {}),
  }
}
