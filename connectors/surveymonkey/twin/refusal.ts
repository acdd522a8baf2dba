/** The twin's errors, in the vendor's envelope. */
import type { VendorAnswer } from '#hub/twin.ts'

export const known = {
  badRequest: [400, 1000, 'Bad Request', 'Unable to process the request provided.'],
  notJson: [400, 1001, 'Bad Request', 'Invalid JSON provided in the request body.'],
  schema: [400, 1002, 'Bad Request', 'Invalid schema in the body provided.'],
  parameters: [400, 1003, 'Bad Request', 'Invalid URL parameters.'],
  headers: [400, 1004, 'Bad Request', 'Invalid request headers.'],
  noToken: [401, 1010, 'Authorization Error', 'The authorization token was not provided.'],
  badToken: [401, 1011, 'Authorization Error', 'The authorization token provided was invalid.'],
  expired: [401, 1012, 'Authorization Error', 'The authorization token provided is expired.'],
  scope: [403, 1014, 'Permission Error', 'Permission has not been granted by the user to make this request.'],
  plan: [403, 1015, 'Permission Error', 'The user does not have permission to make this request with their plan.'],
  missing: [404, 1020, 'Resource Not Found', 'There was an error retrieving the requested resource.'],
  exists: [409, 1026, 'Resource Conflict', 'Unable to complete the request: the resource exists already.'],
  tooMany: [429, 1040, 'Rate limit reached', 'Too many requests were made, try again later.'],
  internal: [500, 1050, 'Internal Server Error', 'The request could not be processed.'],
} as const
export type Reason = keyof typeof known

/** Thrown in a route; the server answers with it. */
export class Refusal extends Error {
  readonly reason: Reason
  readonly status: number | undefined
  constructor(reason: Reason, message?: string, status?: number) {
    super(message ?? known[reason][3])
    this.reason = reason
    this.status = status
  }
}

export function toAnswer({ reason, message, status: other }: Refusal, isNumeric: boolean): VendorAnswer {
  const [usual, id, name] = known[reason]
  const status = other ?? usual
  const error = {
    docs: 'https://developer.surveymonkey.com/api/v3/#error-codes',
    message,
    id: isNumeric ? id : String(id),
    name,
    http_status_code: status,
  }
  return { status, body: { error } }
}
