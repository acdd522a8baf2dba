import { HubError } from '#hub/connector.ts'
import { type ErrorCode, httpStatus } from '#hub/errors.ts'
import { FileRefused } from '#hub/files.ts'

/** A HubError with the HTTP status a browser understands best (401, 413, 415, 429), where the code's own is coarser. */
export class Refusal extends HubError {
  readonly status: number

  constructor(status: number, code: ErrorCode, message: string, retryAfterMs?: number) {
    super(code, message, retryAfterMs === undefined ? {} : { retryAfterMs })
    this.status = status
  }
}

export interface Told {
  status: number
  body: { error: ErrorCode; message: string; retryAfterMs?: number }
}

/** What the visitor may read of a failure: our own sentences; anything unforeseen is only "Internal error". */
export function tell(error: unknown): Told {
  if (!(error instanceof HubError)) return { status: 500, body: { error: 'unreachable', message: 'Internal error' } }
  const { code, message, retryAfterMs } = error
  const status = error instanceof Refusal || error instanceof FileRefused ? error.status : httpStatus[code]
  return { status, body: { error: code, message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) } }
}

/** True for what our own code did not foresee: the log should hold it whole. */
export const isUnforeseen = (error: unknown): boolean => !(error instanceof HubError)
