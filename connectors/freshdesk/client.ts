/** The calls we make to Freshdesk. Each is made once; failures come out in the hub's words. */
import { AxiosError, type AxiosResponse } from 'axios'
import { type Host, HubError, toHubError } from '#hub/connector.ts'
import type { Settings } from './settings.ts'
import type { Agent } from './wire.ts'

export interface Client {
  get<T>(path: string, params?: Readonly<Record<string, string | number>>): Promise<T>
  /** All pages of a list, at most `maxPages`. */
  list<T>(path: string, params?: Readonly<Record<string, string | number>>, from?: number): Promise<T[]>
  post<T>(path: string, body: object | FormData): Promise<T>
  put<T>(path: string, body: object): Promise<T>
  /** The agent whose key we use. Asked once. */
  me(): Promise<Agent>
  /** True while the account's limit is as good as used up: what can wait, waits. */
  isResting(): boolean
}

/** Page beyond 300 is refused (freshdesk.md 2.2); nothing here needs as many. */
const maxPages = 50
const perPage = 100
/** Calls left at which we stop before Freshdesk has to say no. The end of the minute is not told. */
const reserve = 3
const restMs = 10_000

export function createClient(settings: Settings, host: Host): Client {
  const base = `${(settings.url ?? `https://${settings.domain}.freshdesk.com`).replace(/\/+$/, '')}/api/v2`
  // A key with a line break at its end is refused (freshdesk.md 3).
  const auth = { username: settings.apiKey.trim(), password: 'X' }
  let restUntil = 0
  let self: Promise<Agent> | undefined

  const readLimits = (headers: AxiosResponse['headers']) => {
    // Decimals occur (freshdesk.md 4).
    const left = Number.parseFloat(String(headers['x-ratelimit-remaining'] ?? ''))
    if (left <= reserve) restUntil = host.clock.now() + restMs
  }

  async function call<T>(method: string, path: string, over: { params?: object; data?: unknown } = {}): Promise<T> {
    const waitMs = restUntil - host.clock.now()
    if (waitMs > 0)
      throw new HubError('busy', 'The call limit of the Freshdesk account is used up', { retryAfterMs: waitMs })
    try {
      const response = await host.http.request({ method, url: base + path, auth, ...over })
      readLimits(response.headers)
      return readBody<T>(response)
    } catch (error) {
      if (error instanceof AxiosError && error.response) readLimits(error.response.headers)
      throw toFailure(error)
    }
  }

  return {
    get: (path, params) => call('GET', path, { params }),
    async list<T>(path: string, params = {}, from = 1) {
      const found: T[] = []
      for (let page = from; page < from + maxPages; page++) {
        const some = await call<T[]>('GET', path, { params: { ...params, page, per_page: perPage } })
        if (!Array.isArray(some)) throw unreadable()
        found.push(...some)
        if (some.length < perPage) break
      }
      return found
    },
    post: (path, data) => call('POST', path, { data }),
    put: (path, data) => call('PUT', path, { data }),
    me() {
      self ??= call<Agent>('GET', '/agents/me').catch((error) => {
        self = undefined
        throw error
      })
      return self
    },
    isResting: () => restUntil > host.clock.now(),
  }
}

function readBody<T>({ status, data }: AxiosResponse): T {
  if (status !== 204 && (typeof data !== 'object' || data === null)) throw unreadable()
  return data as T
}

const unreadable = () => new HubError('unreachable', 'Freshdesk gave an answer that cannot be read', { certain: false })

interface VendorError {
  readonly code?: string
  readonly errors?: ReadonlyArray<{ field?: string; code?: string; additional_info?: { user_id?: number } }>
}

/** Names fields and codes, never messages: they may repeat what a customer wrote. */
export function toFailure(thrown: unknown): HubError {
  if (!(thrown instanceof AxiosError) || !thrown.response) return toHubError(thrown, 'Freshdesk')
  const { status } = thrown.response
  const { code, errors } = bodyOf(thrown)
  if (status === 400 || status === 409) {
    const what = errors?.map((one) => `${one.field ?? '?'}: ${one.code ?? '?'}`).join(', ') || code || 'no reason given'
    return new HubError(status === 400 ? 'invalid' : 'conflict', `Freshdesk rejected the request (${what})`, {
      cause: thrown,
    })
  }
  // Of a ticket that is spam or in the trash (freshdesk.md 2.2).
  if (status === 405) return new HubError('conflict', 'Freshdesk does not allow this any more', { cause: thrown })
  if (status === 403 && code)
    return new HubError('refused', `Freshdesk does not permit this (${code})`, { cause: thrown })
  return toHubError(thrown, 'Freshdesk')
}

/** The contact that is there already, by the error that says so. */
export function duplicateOf(error: unknown): number | undefined {
  if (!(error instanceof HubError) || error.code !== 'conflict') return undefined
  return bodyOf(error.cause).errors?.find((one) => one.additional_info?.user_id)?.additional_info?.user_id
}

export const rejectedField = (error: unknown, field: string): boolean =>
  error instanceof HubError && (bodyOf(error.cause).errors ?? []).some((one) => one.field === field)

function bodyOf(thrown: unknown): VendorError {
  const data: unknown = thrown instanceof AxiosError ? thrown.response?.data : undefined
  return typeof data === 'object' && data !== null ? data : {}
}
