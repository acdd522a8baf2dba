/** The way to a hub that may be killed and started again while we talk to it. */
import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ErrorCode, HubError, isTransient } from '../../errors.ts'

export interface Pace {
  /** Without contact for so long, the replay gives up. */
  readonly lostContactMs: number
  /** So long one side waits for what the other said, time without contact left out. */
  readonly patienceMs: number
  /** So long a customer waits for the bot before writing on. */
  readonly botMs: number
  /** Between two looks of an agent. */
  readonly lookMs: number
  /** After the end: time for what may still come twice. */
  readonly settleMs: number
}

export const usualPace: Pace = {
  lostContactMs: 120_000,
  patienceMs: 30_000,
  botMs: 5_000,
  lookMs: 100,
  settleMs: 500,
}

export interface Contact {
  /** Of the hub, without a trailing slash. */
  readonly url: string
  readonly pace: Pace
  /** Aborts when the replay is over, for whatever reason. */
  readonly signal: AbortSignal
  /** Ends the replay: everything that waits rejects with this. */
  fail(error: unknown): void
  /** Asks until there is an answer; what the hub refuses is thrown in the hub's own words. */
  call<T>(method: 'GET' | 'POST', path: string, options?: { token?: string; body?: object }): Promise<T>
  /** Repeats what fails for want of contact. Throws `unreachable` after `lostContactMs`. */
  keepTrying<T>(attempt: () => Promise<T>): Promise<T>
  /** True once it is so; false after `ms` (default `patienceMs`) in contact. */
  until(isSo: () => boolean | Promise<boolean>, ms?: number): Promise<boolean>
  pause(ms: number): Promise<void>
}

export function openContact(url: string, pace: Pace, tell: (line: string) => void): Contact {
  const over = new AbortController()
  // Each conversation waits for several things at a time.
  setMaxListeners(0, over.signal)
  const failing = new Set<object>()

  const pause = async (ms: number): Promise<void> => {
    await sleep(ms, undefined, { signal: over.signal }).catch(() => {})
    over.signal.throwIfAborted()
  }

  const begin = (mark: object, error: HubError) => {
    if (failing.size === 0) tell(`no contact with the hub (${error.message}); trying again…`)
    failing.add(mark)
  }
  const end = (mark: object) => {
    if (failing.delete(mark) && failing.size === 0) tell('in contact again')
  }

  async function keepTrying<T>(attempt: () => Promise<T>): Promise<T> {
    const mark = {}
    let since: number | undefined
    try {
      for (let delayMs = 100; ; delayMs = Math.min(delayMs * 2, 2_000)) {
        over.signal.throwIfAborted()
        try {
          return await attempt()
        } catch (error) {
          if (!(error instanceof HubError) || !isTransient(error)) throw error
          since ??= performance.now()
          if (performance.now() - since > pace.lostContactMs) throw lost(url, pace.lostContactMs, error)
          // "Busy" is an answer: there is contact, and the other side said how long to wait.
          if (error.code === 'unreachable') begin(mark, error)
          await pause(error.retryAfterMs ?? delayMs)
        }
      }
    } finally {
      end(mark)
    }
  }

  return {
    url,
    pace,
    signal: over.signal,
    keepTrying,
    pause,
    fail: (error) => over.abort(error),
    call: (method, path, options = {}) =>
      keepTrying(() =>
        ask(`${url}${path}`, method, options, AbortSignal.any([over.signal, AbortSignal.timeout(10_000)])),
      ),

    async until(isSo, ms = pace.patienceMs) {
      let waitedMs = 0
      for (let at = performance.now(); !(await isSo()); ) {
        if (waitedMs > ms) return false
        await pause(20)
        const now = performance.now()
        // Nothing can arrive meanwhile, and afterwards the hub has to pick itself up first.
        waitedMs = failing.size > 0 ? 0 : waitedMs + now - at
        at = now
      }
      return true
    },
  }
}

const lost = (url: string, ms: number, cause: HubError): HubError =>
  new HubError(
    'unreachable',
    `No contact with the hub at ${url} for ${Math.round(ms / 1000)} s (${cause.message}). Is it running there?`,
    {
      cause,
    },
  )

async function ask<T>(
  url: string,
  method: string,
  { token, body }: { token?: string; body?: object },
  signal: AbortSignal,
): Promise<T> {
  const headers: Record<string, string> = {}
  if (token !== undefined) headers.authorization = `Bearer ${token}`
  if (body !== undefined) headers['content-type'] = 'application/json'
  let response: Response
  let text: string
  try {
    response = await fetch(url, { method, headers, body: body && JSON.stringify(body), signal })
    text = await response.text()
  } catch (cause) {
    throw new HubError('unreachable', whyNot(cause), { cause })
  }
  if (response.ok) return (text === '' ? undefined : readJson(text, url)) as T
  throw refusal(response, text, `${method} ${new URL(url).pathname}`)
}

function readJson(text: string, url: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new HubError('invalid', `${new URL(url).origin} does not answer as a Baton hub does: found no JSON`)
  }
}

function whyNot(cause: unknown): string {
  const { code, name } = ((cause as Error).cause ?? cause) as { code?: string; name?: string }
  return code ?? (name === 'TimeoutError' ? 'no answer within 10 s' : 'connection broken')
}

/** A failing hub is one without contact: its database may be away. */
function refusal(response: Response, text: string, what: string): HubError {
  const { message, retryAfterMs } = parseRefusal(text)
  const sentence = `${what} was answered with ${response.status}${message ? `: ${message}` : ''}`
  if (response.status >= 500) return new HubError('unreachable', sentence)
  const waitMs = retryAfterMs ?? Number(response.headers.get('retry-after') || 1) * 1000
  if (response.status === 429) return new HubError('busy', sentence, { retryAfterMs: waitMs })
  return new HubError(codes[response.status] ?? 'invalid', sentence)
}

const codes: Record<number, ErrorCode> = { 401: 'refused', 403: 'refused', 404: 'unknown', 409: 'conflict' }

function parseRefusal(text: string): { message?: string; retryAfterMs?: number } {
  try {
    return JSON.parse(text) ?? {}
  } catch {
    return {}
  }
}
