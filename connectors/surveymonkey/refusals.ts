/** SurveyMonkey's errors in the hub's words. Its `error.id` is the code: five meanings share the status 403 (surveymonkey.md 2). */
import { AxiosError, type AxiosResponse } from 'axios'
import { HubError, type HubErrorDetail } from '#hub/errors.ts'
import { toHubError } from '#hub/vendor-errors.ts'
import { adviceIn } from './quota.ts'

interface Meaning {
  readonly code: HubError['code']
  readonly words: string
}

const meanings: Readonly<Record<string, Meaning>> = {
  '1010': { code: 'refused', words: 'was given no access token' },
  '1011': { code: 'refused', words: 'does not accept the access token' },
  '1012': { code: 'refused', words: 'says that the access token has expired' },
  '1013': { code: 'refused', words: 'says that the access token was revoked' },
  '1014': { code: 'refused', words: 'has not granted a scope' },
  '1015': { code: 'refused', words: 'does not offer this in the plan of the account' },
  '1016': { code: 'refused', words: 'does not permit this account to see or change it' },
  '1017': { code: 'busy', words: 'says that a quota of the account is used up' },
  '1018': { code: 'refused', words: 'has this account in another region: set `url` to the API of that region' },
  '1025': { code: 'conflict', words: 'does not allow this in its present state' },
  '1026': { code: 'conflict', words: 'has it already' },
  '1052': { code: 'refused', words: 'says that the account was deleted' },
  '1053': { code: 'refused', words: 'says that the account was deleted' },
}

/** No time is known for a quota of the account. */
const quotaRestMs = 3_600_000

/** `scope` is what the call needs, for whoever has to grant it. */
export function toFailure(thrown: unknown, scope: string, now: number): HubError {
  if (!(thrown instanceof AxiosError) || !thrown.response) return toHubError(thrown, 'SurveyMonkey')
  const { response } = thrown
  if (isRevoked(response.data)) return revoked(thrown)
  const id = idIn(response.data)
  if (response.status === 429 || id === '1040')
    return failure('busy', 'asks us to slow down', response, thrown, { retryAfterMs: adviceIn(response.headers, now) })
  const meaning = id === undefined ? undefined : meanings[id]
  if (!meaning) return toHubError(thrown, 'SurveyMonkey')
  const words = id === '1014' ? `${meaning.words} that this needs: ${scope}` : meaning.words
  return failure(meaning.code, words, response, thrown, id === '1017' ? { retryAfterMs: quotaRestMs } : {})
}

/** An answer with 2xx that is none: cut off, or from something in between. */
export const unreadable = (): HubError =>
  new HubError('unreachable', 'SurveyMonkey gave an answer that cannot be read', { certain: false })

export const revoked = (cause?: unknown): HubError =>
  new HubError('refused', 'SurveyMonkey says that the access was revoked', { cause })

/** Said outside of the usual envelope, with whatever status. */
export function isRevoked(body: unknown): boolean {
  const { status, errmsg } = (body ?? {}) as Record<string, unknown>
  return Number(status) === 1 && typeof errmsg === 'string'
}

/** Documented as text, seen as a number. */
export function idIn(body: unknown): string | undefined {
  const id = (body as { error?: { id?: unknown } } | undefined)?.error?.id
  return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined
}

const failure = (
  code: HubError['code'],
  words: string,
  { status, data }: AxiosResponse,
  cause: AxiosError,
  detail: HubErrorDetail,
) => new HubError(code, `SurveyMonkey ${words} (${status}, error ${idIn(data) ?? 'without id'})`, { cause, ...detail })
