/** Who the visitor is, in the words of the company's own backend: a JWT it signed. What a visitor types is never this. */
import { errors, importSPKI, type JWTPayload, jwtVerify } from 'jose'
import { type Customer, HubError } from '#hub/connector.ts'
import { clean } from './checks.ts'
import { Refusal } from './refusal.ts'
import type { Settings } from './settings.ts'

export interface Vouched {
  readonly subject: string
  readonly customer: Customer
}

/** Resolves to whom the token names; throws a 401 Refusal that says what is wrong with it, without repeating it. */
export type ReadIdentity = (token: string) => Promise<Vouched>

/** Clocks of two servers differ a little. */
const toleranceSeconds = 60

/** Undefined where no identity is configured. Throws `invalid` for settings that cannot work. */
export async function openIdentity(
  settings: Settings['identity'],
  now: () => number,
): Promise<ReadIdentity | undefined> {
  if (settings === undefined) return undefined
  const { key, algorithm } = await keyOf(settings)
  return async (token) => {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [algorithm],
      requiredClaims: ['sub', 'exp'],
      currentDate: new Date(now()),
      clockTolerance: toleranceSeconds,
    }).catch((error) => {
      throw new Refusal(401, 'refused', `identity: ${whatIsWrong(error, algorithm)}`)
    })
    return toVouched(payload)
  }
}

async function keyOf({ secret, publicKey }: NonNullable<Settings['identity']>) {
  if ((secret === undefined) === (publicKey === undefined))
    throw new HubError('invalid', 'identity: needs either secret (HS256) or publicKey (RS256), and only one of them')
  if (secret !== undefined) {
    if (Buffer.byteLength(secret) < 32)
      throw new HubError('invalid', `identity.secret: found ${Buffer.byteLength(secret)} bytes; right is 32 or more`)
    return { key: new TextEncoder().encode(secret), algorithm: 'HS256' }
  }
  const key = await importSPKI(publicKey!, 'RS256').catch(() => {
    throw new HubError('invalid', 'identity.publicKey: is no RSA public key in PEM form (-----BEGIN PUBLIC KEY-----)')
  })
  return { key, algorithm: 'RS256' }
}

function whatIsWrong(error: unknown, algorithm: string): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired; sign a new one'
  if (error instanceof errors.JWTClaimValidationFailed) return `the claim "${error.claim}" is missing or not right`
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'the signature does not fit the configured key'
  if (error instanceof errors.JOSEAlgNotAllowed) return `the token is not signed with ${algorithm}`
  return 'this is no signed token (JWT)'
}

function toVouched(payload: JWTPayload): Vouched {
  const claim = (name: string): string | undefined => {
    const value = payload[name]
    if (value === undefined || value === null) return undefined
    if (typeof value === 'string' && value.length > 0 && value.length <= 320) return clean(value)
    throw new Refusal(401, 'refused', `identity: the claim "${name}" must be a text of 1 to 320 characters`)
  }
  const subject = claim('sub')!
  const known = {
    id: subject,
    name: claim('name'),
    email: claim('email'),
    phone: claim('phone'),
    language: claim('locale'),
  }
  const customer = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined))
  return { subject, customer: { ...customer, verified: true } }
}
