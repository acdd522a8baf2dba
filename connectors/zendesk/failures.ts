/** Zendesk’s failures in the hub’s words. Its texts may quote a customer, so only names of fields are taken over. */
import { AxiosError, type AxiosResponse } from 'axios'
import { HubError, retryAfterMs, toHubError } from '#hub/connector.ts'

export function toZendeskError(thrown: unknown): HubError {
  const response = thrown instanceof AxiosError ? thrown.response : undefined
  if (response?.status === 422) return fromRejection(response, thrown)
  return toHubError(thrown, 'Zendesk')
}

/** zendesk.md 7.3: `details` names each field that is wrong, and a closed ticket takes no update. */
function fromRejection(response: AxiosResponse, cause: unknown): HubError {
  const details = detailsOf(response.data)
  if (/closed prevents/i.test(textsOf(details.status).join(' ')))
    return new HubError('conflict', 'The ticket is closed at Zendesk (422)', { cause })
  const fields = Object.keys(details).filter((name) => /^[\w.]{1,40}$/.test(name))
  const named = fields.length > 0 ? `: ${fields.join(', ')}` : ''
  return new HubError('invalid', `Zendesk rejected the request (422)${named}`, { cause })
}

export const answerOf = (error: unknown): AxiosResponse | undefined => {
  const cause = error instanceof HubError ? error.cause : error
  return cause instanceof AxiosError ? cause.response : undefined
}

/** The key was used before with another body: what it made is there (zendesk.md 7.4). */
export const isOtherBody = (error: unknown): boolean => {
  const answer = answerOf(error)
  return answer?.status === 400 && record(answer.data).error === 'IdempotentRequestError'
}

/** zendesk.md 7.4 is unsure: two calls with one key at once may be answered like this. */
export const isAtOnce = (error: unknown): boolean => answerOf(error)?.status === 409

/** Solving may ask for somebody to be named; not documented for the API, so only coped with. */
export const wantsAssignee = (error: unknown): boolean => {
  const answer = answerOf(error)
  if (answer?.status !== 422) return false
  const details = detailsOf(answer.data)
  return (
    'assignee' in details || 'assignee_id' in details || textsOf(details.base).some((text) => /assignee/i.test(text))
  )
}

/** 30 updates in 10 minutes for a ticket and user (zendesk.md 7.2): only such a limit asks for more than a minute. */
export const isTicketLimit = (error: unknown): boolean => {
  const answer = answerOf(error)
  return answer?.status === 429 && (retryAfterMs(answer.headers) ?? 0) > 60_000
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
const detailsOf = (body: unknown): Record<string, unknown> => record(record(body).details)
const textsOf = (faults: unknown): string[] =>
  Array.isArray(faults) ? faults.map((fault) => String(record(fault).description ?? '')) : []
