/** Doors before which nobody has signed in yet: what they answer is more than a refusal. */
import type { SessionAnswer, WaysIn } from '../../../../src/http/api/session.ts'
import { Problem } from '../../api.ts'

/** Which ways in there are; or who is in already. */
export async function readDoors(signal?: AbortSignal): Promise<{ ways?: WaysIn; me?: SessionAnswer }> {
  const answer = await reach('/session', { signal })
  const body = await bodyOf(answer)
  if (answer.ok) return { me: body as unknown as SessionAnswer }
  if (answer.status === 401) return { ways: body as unknown as WaysIn }
  throw new Problem(
    answer.status,
    String(body.error ?? 'internal'),
    String(body.message ?? `The hub answered ${answer.status}.`),
  )
}

/** What the hub refused, and from when on it may be tried again. */
export class Refused extends Problem {
  /** Epoch milliseconds, where the hub named a time. */
  readonly retryAt: number | undefined
  constructor(status: number, error: string, message: string, retryAt?: number) {
    super(status, error, message)
    this.retryAt = retryAt
  }
}

/** Throws `Refused`. */
export async function knock<T>(path: string, body: object): Promise<T> {
  const answer = await reach(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const said = await bodyOf(answer)
  if (answer.ok) return said as T
  const seconds = Number(answer.headers.get('retry-after'))
  const { error = 'internal', message = `The hub answered ${answer.status}.` } = said as Record<string, string>
  throw new Refused(answer.status, error, message, seconds > 0 ? Date.now() + seconds * 1_000 : undefined)
}

const reach = (path: string, init: RequestInit): Promise<Response> =>
  fetch(`/api/v1${path}`, { ...init, credentials: 'same-origin' }).catch((error: Error) => {
    if (error.name === 'AbortError') throw error
    throw new Refused(0, 'unreachable', 'The hub cannot be reached from this browser.')
  })

const bodyOf = (answer: Response): Promise<Record<string, unknown>> => answer.json().catch(() => ({}))

/** Where somebody wanted to go before they were asked who they are: a place of the console, or its start. */
export const placeOf = (then: string | undefined): string => (then && /^\/(?![/\\])/.test(then) ? then : '/')
