/** A failed call to Google in the hub's words (dialogflow.md 3). Says nothing of what the call carried. */
import { HubError, type HubErrorDetail } from '#hub/errors.ts'

const vendor = 'Dialogflow'

interface GrpcError {
  readonly code?: number | string
  readonly details?: string
  readonly message?: string
  readonly statusDetails?: readonly { readonly retryDelay?: { readonly seconds?: unknown; readonly nanos?: unknown } }[]
}

export function toFailure(thrown: unknown): HubError {
  if (thrown instanceof HubError) return thrown
  const error = (thrown ?? {}) as GrpcError
  const said = error.details || error.message || ''
  const say = (code: HubError['code'], words: string, detail: HubErrorDetail = {}) =>
    new HubError(code, `${vendor} ${words}`, { cause: thrown, ...detail })
  switch (error.code) {
    case 3:
      return say('invalid', `rejected the request${reasonOf(said)} (INVALID_ARGUMENT)`)
    case 4:
      return say('unreachable', 'did not answer in time (DEADLINE_EXCEEDED)', { certain: false })
    case 5:
      return say(
        'unknown',
        'does not know this agent, or a part of it that was named, in this project and region (NOT_FOUND)',
      )
    case 7:
      return say('refused', `does not permit this to our account${reasonOf(said)} (PERMISSION_DENIED)`)
    case 8:
      return say('busy', 'asks us to slow down (RESOURCE_EXHAUSTED)', { retryAfterMs: waitOf(error) })
    // Just after training the model is not there for a moment; a flow that a person locked stays so.
    case 9:
      return /lock/i.test(said)
        ? say('conflict', 'has this locked (FAILED_PRECONDITION)')
        : say('busy', 'is not ready for this yet (FAILED_PRECONDITION)', { retryAfterMs: 1_000 })
    case 10:
      return say('busy', 'had another change at the same time (ABORTED)', { retryAfterMs: 1_000 })
    case 12:
      return say('invalid', 'does not have this call (UNIMPLEMENTED): check the address')
    case 14:
      return isUnsent(said)
        ? say('unreachable', 'cannot be reached: no connection (UNAVAILABLE)')
        : say('unreachable', 'broke off (UNAVAILABLE)', { certain: false })
    case 16:
      return say('refused', 'does not accept our credentials (UNAUTHENTICATED)')
  }
  if (isOfCredentials(said)) return say('refused', 'cannot be asked: there are no usable Google credentials')
  if (/has already been closed/.test(said)) return say('unreachable', 'was closed on our side')
  return say('unreachable', 'had an error of its own', { certain: false })
}

/** Only these failures come before anything is sent (dialogflow.md 3, proven). */
const isUnsent = (said: string): boolean =>
  /No connection established|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|Name resolution failed/.test(said)

const isOfCredentials = (said: string): boolean =>
  /default credentials|client_email|private_key|private key|PEM|DECODER|invalid_grant|Getting metadata from plugin/i.test(
    said,
  )

const reasons: [RegExp, string][] = [
  [/correct endpoint/i, ': the agent is in another region, check `location`'],
  [/exceeds \d+ (characters|bytes)/i, ': the text is too long, check `textLength`'],
  [/language/i, ': check `language`'],
  [/session/i, ': the session has a wrong name, check `project`, `location`, `environment` and the agent'],
  [/has not been used in project|is disabled/i, ': the Dialogflow API is not enabled in the project'],
]
const reasonOf = (said: string): string => reasons.find(([pattern]) => pattern.test(said))?.[1] ?? ''

function waitOf({ statusDetails }: GrpcError): number | undefined {
  const delay = statusDetails?.find((detail) => detail.retryDelay)?.retryDelay
  if (!delay) return undefined
  return Math.ceil(Number(delay.seconds ?? 0) * 1_000 + Number(delay.nanos ?? 0) / 1e6)
}
