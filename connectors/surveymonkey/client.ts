/** The few calls we make. Each costs one of 500 a day: nothing here is called twice for the same. */
import type { AxiosResponse } from 'axios'
import type { Host } from '#hub/connector.ts'
import { HubError } from '#hub/errors.ts'
import type { Quota, Use } from './quota.ts'
import { isRevoked, revoked, toFailure, unreadable } from './refusals.ts'
import type { Settings } from './settings.ts'
import type { SurveyDetails } from './structure.ts'
import type { Response } from './translate.ts'

export interface Me {
  readonly username?: string
  readonly account_type?: string
}
export interface Collector {
  readonly id: string
  readonly name?: string
  readonly type?: string
  readonly status?: string
  readonly url?: string
}
export interface Webhook {
  readonly id: string
  readonly name?: string
  readonly event_type?: string
  readonly object_ids?: readonly string[]
  /** Lists may leave it out. */
  readonly subscription_url?: string
}
export interface Page<T> {
  readonly data: readonly T[]
  readonly links?: { readonly next?: string }
}

interface Call {
  readonly method?: 'GET' | 'POST' | 'PATCH'
  readonly params?: Readonly<Record<string, string | number>>
  readonly data?: unknown
  /** Named to the operator when it was not granted. */
  readonly scope: string
  readonly use?: Use
  readonly timeout?: number
}

export type Client = ReturnType<typeof createClient>

export function createClient({ url, token, survey }: Settings, host: Host, quota: Quota) {
  const base = `${url.replace(/\/+$/, '')}/v3`

  async function ask(path: string, { use, scope, ...call }: Call): Promise<AxiosResponse> {
    await quota.take(use)
    const headers = {
      Authorization: `bearer ${token}`,
      ...(call.data === undefined ? {} : { 'Content-Type': 'application/json' }),
    }
    try {
      const response = await host.http.request({ url: `${base}${path}`, ...call, headers })
      await quota.learn(response.headers)
      if (isRevoked(response.data)) throw revoked()
      return response
    } catch (error) {
      await quota.learn((error as { response?: AxiosResponse }).response?.headers ?? {})
      throw toFailure(error, scope, host.clock.now())
    }
  }
  async function call<T extends object>(path: string, how: Call): Promise<T> {
    return readable<T>(await ask(path, how))
  }
  async function list<T>(path: string, how: Call): Promise<Page<T>> {
    const page = await call<Page<T>>(path, how)
    if (!Array.isArray(page.data)) throw unreadable()
    return page
  }
  async function all<T>(path: string, how: Call): Promise<T[]> {
    const found: T[] = []
    for (let page = 1; page <= 5; page++) {
      const { data, links } = await list<T>(path, { ...how, params: { per_page: 1000, ...how.params, page } })
      found.push(...data)
      if (!links?.next) break
    }
    return found
  }

  return {
    /** Who we are, and which scopes were granted where the answer says so. */
    async me(timeout?: number): Promise<{ me: Me; granted: readonly string[] | undefined }> {
      const response = await ask('/users/me', { scope: 'users_read', timeout })
      const granted = response.headers['x-oauth-scopes-granted']
      const scopes = typeof granted === 'string' ? granted.split(/[\s,]+/).filter(Boolean) : undefined
      return { me: readable<Me>(response), granted: scopes }
    },
    details: () => call<SurveyDetails>(`/surveys/${survey}/details`, { scope: 'surveys_read' }),
    declare: (variables: Readonly<Record<string, string>>) =>
      call<object>(`/surveys/${survey}`, {
        method: 'PATCH',
        data: { custom_variables: variables },
        scope: 'surveys_write',
      }),
    collectors: () =>
      all<Collector>(`/surveys/${survey}/collectors`, {
        params: { include: 'type,status,url' },
        scope: 'collectors_read',
      }),
    collector: (id: string) => call<Collector>(`/collectors/${id}`, { scope: 'collectors_read' }),
    createCollector: (data: object) =>
      call<Collector>(`/surveys/${survey}/collectors`, { method: 'POST', data, scope: 'collectors_write' }),
    webhooks: () => all<Webhook>('/webhooks', { scope: 'webhooks_read' }),
    webhook: (id: string) => call<Webhook>(`/webhooks/${id}`, { scope: 'webhooks_read' }),
    createWebhook: (data: object) => call<Webhook>('/webhooks', { method: 'POST', data, scope: 'webhooks_write' }),
    changeWebhook: (id: string, data: object) =>
      call<Webhook>(`/webhooks/${id}`, { method: 'PATCH', data, scope: 'webhooks_write' }),
    /** Asked while the vendor waits for our answer to its webhook, so not for long. */
    response: (id: string) =>
      call<Response>(`/surveys/${survey}/responses/${encodeURIComponent(id)}/details`, {
        scope: 'responses_read_detail',
        timeout: 4_000,
      }),
    /** Completed ones that changed since then, the oldest first. */
    responses: (collector: string, since: string, page: number) =>
      list<Response>(`/collectors/${collector}/responses/bulk`, {
        params: {
          start_modified_at: since,
          status: 'completed',
          sort_by: 'date_modified',
          sort_order: 'ASC',
          per_page: 100,
          page,
        },
        scope: 'responses_read_detail',
        use: 'catch-up',
      }),
  }
}

function readable<T extends object>({ data }: AxiosResponse): T {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw unreadable()
  return data as T
}

/** What a connection needs; `surveys_write` only until the variable is declared. */
export const scopes = [
  'surveys_read',
  'collectors_read',
  'collectors_write',
  'responses_read',
  'responses_read_detail',
  'webhooks_read',
  'webhooks_write',
] as const

/** Who we are there and what we may do; throws `refused` when a scope is missing. */
export async function checkAccess(client: Client): Promise<string> {
  const { me, granted } = await client.me()
  const missing = granted ? scopes.filter((scope) => !granted.includes(scope)) : []
  if (missing.length > 0)
    throw new HubError('refused', `SurveyMonkey has not granted scopes that are needed: ${missing.join(', ')}`)
  const who = [me.username ?? 'an account without a name', me.account_type && `plan ${me.account_type}`]
  return `signed in at SurveyMonkey as ${who.filter(Boolean).join(', ')}; may read answers and set up webhooks`
}
