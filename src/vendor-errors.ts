/** A failed vendor call in the hub's few words: what happened, may we try again, and did the vendor surely do nothing? */
import { AxiosError, type AxiosResponse } from 'axios'
import { asHubError, HubError, type HubErrorDetail } from './errors.ts'

/** What we know of our side of a failed call; `request` of its AxiosError. */
export interface CallRecord {
  readonly method: string
  /** Without the query, and without what looks like a person or a secret. */
  readonly path: string
  /** True when the vendor may have seen any of it. */
  readonly sent: boolean
}

/** `vendor` is its name as an operator knows it. Says nothing of bodies: they may hold a customer's words. */
export function toHubError(thrown: unknown, vendor: string): HubError {
  if (!(thrown instanceof AxiosError)) return asHubError(thrown)
  return thrown.response ? fromAnswer(thrown, thrown.response, vendor) : fromSilence(thrown, vendor)
}

/** Milliseconds to wait by a Retry-After header, in seconds or as a date; undefined when there is none to understand. */
export function retryAfterMs(headers: AxiosResponse['headers'], now = Date.now()): number | undefined {
  const asked = headers['retry-after']
  if (typeof asked !== 'string' || asked.trim() === '') return undefined
  if (/^\s*\d+(\.\d+)?\s*$/.test(asked)) return Math.ceil(Number(asked) * 1000)
  const until = Date.parse(asked)
  if (Number.isNaN(until)) return undefined
  // Measured on the vendor's own clock where it is told.
  const said = Date.parse(String(headers.date ?? ''))
  return Math.max(0, until - (Number.isNaN(said) ? now : said))
}

function fromAnswer(cause: AxiosError, response: AxiosResponse, vendor: string): HubError {
  const { status } = response
  const call = callOf(cause)
  const wait = retryAfterMs(response.headers)
  const say = (code: HubError['code'], words: string, detail: HubErrorDetail = {}) =>
    new HubError(code, `${vendor} ${words} (${status}${call})`, { cause, ...detail })

  if (status === 429 || (status === 503 && wait !== undefined)) {
    return say('busy', 'asks us to slow down', wait === undefined ? {} : { retryAfterMs: wait })
  }
  if (status === 401 || status === 407) return say('refused', 'does not accept our credentials')
  if (status === 403) return say('refused', 'does not permit this')
  if (status === 404 || status === 410) return say('unknown', 'does not know what was named')
  if (status === 409) return say('conflict', 'does not allow this in its present state')
  if (status === 408 || status >= 500) return say('unreachable', 'had an error of its own', { certain: false })
  if (status >= 400) return say('invalid', 'rejected the request')
  if (status >= 300) return say('invalid', 'sent us elsewhere, and calls are not redirected: check the address')
  return say('unreachable', 'gave an answer that cannot be read', { certain: false })
}

function fromSilence(cause: AxiosError, vendor: string): HubError {
  const code = cause.code ?? ''
  const call = callOf(cause)
  if (code === 'ERR_BAD_OPTION' || code === 'ERR_INVALID_URL') {
    return new HubError('invalid', `The call to ${vendor} could not be made (${cause.message}${call})`, { cause })
  }
  const certain = surelyUnsent(cause)
  const words = silences[code] ?? (certain ? `No connection to ${vendor}` : `No usable answer from ${vendor}`)
  return new HubError('unreachable', `${words.replace('VENDOR', vendor)} (${code || 'no code'}${call})`, {
    certain,
    cause,
  })
}

const silences: Record<string, string> = {
  ECONNREFUSED: 'Nobody listens at the address of VENDOR',
  ENOTFOUND: 'The host name of VENDOR does not exist',
  EAI_AGAIN: 'The host name of VENDOR could not be looked up',
  ECONNRESET: 'VENDOR closed the connection without an answer',
  ETIMEDOUT: 'No answer from VENDOR in time',
  ERR_CANCELED: 'The call to VENDOR was canceled',
}

/** Ours says so itself; of another adapter only those failures count that come before anything is written. */
function surelyUnsent(error: AxiosError): boolean {
  const record = error.request as Partial<CallRecord> | undefined
  if (typeof record?.sent === 'boolean') return !record.sent
  return ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'].includes(error.code ?? '')
}

function callOf(error: AxiosError): string {
  const record = error.request as Partial<CallRecord> | undefined
  return record?.path === undefined ? '' : `, ${record.method} ${record.path}`
}
