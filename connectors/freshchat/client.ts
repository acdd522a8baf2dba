/** The calls we make to Freshchat. Each is made once; failures come out in the hub's words. */
import { AxiosError, type AxiosResponse } from 'axios'
import { type Host, HubError, toHubError } from '#hub/connector.ts'
import type { Settings } from './settings.ts'
import type { VendorMessage } from './wire.ts'

export type Params = Readonly<Record<string, string | number>>

export interface Client {
  get<T>(path: string, params?: Params): Promise<T>
  post<T>(path: string, body: object): Promise<T>
  put<T>(path: string, body: object): Promise<T>
  /** All entries of a paged list, under the name it has in the answer; empty where there is none. */
  list<T>(path: string, name: string, params?: Params): Promise<T[]>
  /** Oldest first: the vendor's own order is not documented (freshchat.md 2.3). */
  messages(conversation: string, since?: string): Promise<VendorMessage[]>
  isResting(): boolean
}

const maxPages = 20
const perPage = 50
/** Calls left at which we stop before Freshchat has to say no. */
const reserve = 2

export function createClient(settings: Settings, host: Host): Client {
  const root = (settings.url ?? `https://${settings.account}.freshchat.com`).replace(/\/+$/, '')
  const headers = { Authorization: `Bearer ${settings.token.trim()}` }
  let restUntil = 0

  const readLimits = (response: AxiosResponse) => {
    const left = Number(response.headers['x-ratelimit-remaining'] ?? Number.NaN)
    const reset = resetMs(response.headers)
    if (left <= reserve && reset !== undefined) restUntil = reset
  }

  async function call<T>(method: string, path: string, over: { params?: object; data?: unknown } = {}): Promise<T> {
    const waitMs = restUntil - host.clock.now()
    if (waitMs > 0)
      throw new HubError('busy', 'The call limit of the Freshchat account is used up', { retryAfterMs: waitMs })
    try {
      const response = await host.http.request({ method, url: `${root}/v2${path}`, headers, ...over })
      readLimits(response)
      if (typeof response.data !== 'object' || response.data === null) throw unreadable()
      return response.data as T
    } catch (error) {
      if (error instanceof AxiosError && error.response) readLimits(error.response)
      throw toFailure(error, host.clock.now())
    }
  }

  async function pages<T>(path: string, name: string, params: Params): Promise<T[]> {
    const found: T[] = []
    for (let page = 1; page <= maxPages; page++) {
      const answer = await call<Record<string, T[] | undefined>>('GET', path, {
        params: { ...params, page, items_per_page: perPage },
      })
      const some = answer[name] ?? []
      found.push(...some)
      if (some.length < perPage) break
    }
    return found
  }

  return {
    get: (path, params) => call('GET', path, { params }),
    post: (path, data) => call('POST', path, { data }),
    put: (path, data) => call('PUT', path, { data }),
    list: <T>(path: string, name: string, params: Params = {}) => pages<T>(path, name, params).catch(emptyWhenUnknown),
    async messages(conversation, since) {
      const path = `/conversations/${encodeURIComponent(conversation)}/messages`
      const found = await pages<VendorMessage>(path, 'messages', since ? { from_time: since } : {})
      const timeAt = (index: number) => Date.parse(found.at(index)?.created_time ?? '')
      // Turned round first, so that those of the same moment stay in the order of the list.
      if (timeAt(0) > timeAt(-1)) found.reverse()
      return found.sort((a, b) => Date.parse(a.created_time) - Date.parse(b.created_time))
    },
    isResting: () => restUntil > host.clock.now(),
  }
}

/** Nothing found is an empty list, or a 404 (freshchat.md 2.1). */
function emptyWhenUnknown(error: unknown): never[] {
  if (error instanceof HubError && error.code === 'unknown') return []
  throw error
}

const unreadable = () => new HubError('unreachable', 'Freshchat gave an answer that cannot be read', { certain: false })

/** Unix time in seconds (freshchat.md 4). */
function resetMs(headers: AxiosResponse['headers']): number | undefined {
  const seconds = Number(headers['x-ratelimit-reset'] ?? Number.NaN)
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : undefined
}

export function toFailure(thrown: unknown, now: number): HubError {
  const failure = toHubError(thrown, 'Freshchat')
  if (!(thrown instanceof AxiosError) || !thrown.response) return failure
  const { status, headers } = thrown.response
  if (status === 429 && failure.retryAfterMs === undefined) {
    const reset = resetMs(headers)
    const detail = reset === undefined ? {} : { retryAfterMs: Math.max(1_000, reset - now) }
    return new HubError('busy', failure.message, { cause: thrown, ...detail })
  }
  if (status !== 400) return failure
  const { status: code, message } = bodyOf(thrown)
  // The message was delivered all the same (freshchat.md 2.3).
  if (/Fragment cannot be cast to/.test(message))
    return new HubError('unreachable', 'Freshchat refused a message that it may have taken', {
      certain: false,
      cause: thrown,
    })
  return new HubError(
    'invalid',
    `Freshchat rejected the request (${/^[A-Z_]+$/.test(code) ? code : 'no reason given'})`,
    {
      cause: thrown,
    },
  )
}

/** After a resolution only a new conversation takes the customer's words (freshchat.md 2.3). */
export const isOldConversation = (error: unknown): boolean =>
  error instanceof HubError && /not the latest conversation/i.test(bodyOf(error.cause).message)

function bodyOf(thrown: unknown): { status: string; message: string } {
  const data = thrown instanceof AxiosError ? thrown.response?.data : undefined
  const { status, message } = (typeof data === 'object' && data !== null ? data : {}) as Record<string, unknown>
  return { status: String(status ?? ''), message: String(message ?? '') }
}
