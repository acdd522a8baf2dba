import { vendorWords } from './vendor-words.ts'

/**
 * What went wrong, said for the queue first: may we try again, and are we sure the other side did nothing?
 *
 * - `invalid`      the input is wrong; trying again changes nothing
 * - `refused`      credentials or permission; a person must act
 * - `unknown`      the thing named does not exist (any more)
 * - `conflict`     the thing exists, in a state that does not allow this
 * - `busy`         try again after a while (`retryAfterMs` when the other side said how long)
 * - `unreachable`  no usable answer; `certain: false` means the other side may have done it all the same
 */
export type ErrorCode = 'invalid' | 'refused' | 'unknown' | 'conflict' | 'busy' | 'unreachable'

export const httpStatus: Record<ErrorCode, number> = {
  invalid: 400,
  refused: 403,
  unknown: 404,
  conflict: 409,
  busy: 503,
  unreachable: 503,
}

export interface HubErrorDetail {
  /** False when the other side may have acted before the failure: look (`find`) before trying again. Default true. */
  certain?: boolean
  /** Milliseconds the other side asked us to wait. */
  retryAfterMs?: number
  cause?: unknown
}

/** The only error whose message may be shown to an operator. Anything else is shown as "Internal error" and logged whole. */
export class HubError extends Error {
  override readonly name = 'HubError'
  readonly code: ErrorCode
  readonly certain: boolean
  readonly retryAfterMs: number | undefined
  /** No field of its own: what writes down all fields of an error must not find it. */
  readonly #vendor: string | undefined

  constructor(code: ErrorCode, message: string, detail: HubErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause })
    this.code = code
    this.certain = detail.certain ?? true
    this.retryAfterMs = detail.retryAfterMs
    this.#vendor = vendorWords(detail.cause)
  }

  /** The vendor's own words, read from the cause; for the record alone, since they may repeat a customer's. */
  get vendor(): string | undefined {
    return this.#vendor
  }
}

/** A failure as the record keeps it with its effect. */
export interface KeptError {
  /** `stopped`: it came too late to be done. */
  readonly code: ErrorCode | 'stopped'
  readonly text: string
  readonly vendor?: string
}

export const toKept = ({ code, message, vendor }: HubError): KeptError => ({
  code,
  text: message,
  ...(vendor === undefined ? {} : { vendor }),
})

/** Any thrown value as a HubError; what is not one already was unforeseen, so it is uncertain and not worth repeating blindly. */
export function asHubError(thrown: unknown): HubError {
  if (thrown instanceof HubError) return thrown
  return new HubError('unreachable', 'Internal error', { certain: false, cause: thrown })
}

/** May the same call be made again later? */
export const isTransient = (error: HubError): boolean => error.code === 'busy' || error.code === 'unreachable'
