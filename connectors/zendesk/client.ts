/** The account at Zendesk: one way to call it, with credentials, the budget of calls, and failures in the hub’s words. */
import { AxiosError, type AxiosResponse } from 'axios'
import { type Host, HubError } from '#hub/connector.ts'
import { openAuth } from './auth.ts'
import { type Area, type Budget, createBudget } from './budget.ts'
import { toZendeskError } from './failures.ts'
import { baseUrl, type Settings } from './settings.ts'

export interface Call {
  readonly query?: Readonly<Record<string, string | number | undefined>>
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface Client {
  readonly budget: Budget
  get<T>(path: string, holds: string, call?: Call): Promise<T>
  post<T>(path: string, holds: string, call?: Call): Promise<T>
  put<T>(path: string, holds: string, call?: Call): Promise<T>
  /** The user these credentials act as, asked once. */
  me(): Promise<Me>
  /** The same, asked now: a trial of the credentials. */
  tryMe(): Promise<Me>
}

export interface Me {
  readonly id: number
  readonly name: string
  readonly role: string
}

/** `holds` names what an answer must have to be one: a page of a proxy is none. */
export function openClient(given: Settings, host: Host): Client {
  const auth = openAuth(given, host)
  const budget = createBudget(host.clock)
  let known: Me | undefined

  const make = async (method: string, path: string, call: Call, isRenewed = false): Promise<AxiosResponse> => {
    const area: Area = path.startsWith('/help_center') || path.startsWith('/guide') ? 'guide' : 'support'
    budget.spend(area)
    const authorization = await auth.header()
    try {
      const answer = await host.http.request({
        method,
        url: `${baseUrl(given)}/api/v2${path}${queryOf(call.query)}`,
        headers: { accept: 'application/json', ...call.headers, authorization },
        data: call.body,
      })
      budget.learn(area, answer.headers)
      return answer
    } catch (thrown) {
      const isRefused = thrown instanceof AxiosError && thrown.response?.status === 401
      // It was refused before anything was done, so this is no repetition.
      if (isRefused && !isRenewed && (await auth.renew(authorization))) return make(method, path, call, true)
      throw toZendeskError(thrown)
    }
  }
  const ask = async <T>(method: string, path: string, holds: string, call: Call = {}): Promise<T> => {
    const { data } = await make(method, path, call)
    if (typeof data === 'object' && data !== null && holds in data) return data as T
    throw new HubError('unreachable', 'Zendesk gave an answer that cannot be read', { certain: method === 'GET' })
  }
  const tryMe = async (): Promise<Me> => {
    const { user } = await ask<{ user: Partial<Me> }>('GET', '/users/me', 'user')
    known = readMe(user)
    return known
  }

  return {
    budget,
    get: (path, holds, call) => ask('GET', path, holds, call),
    post: (path, holds, call) => ask('POST', path, holds, call),
    put: (path, holds, call) => ask('PUT', path, holds, call),
    me: async () => known ?? tryMe(),
    tryMe,
  }
}

/** Where nobody is signed in Zendesk answers with a user without an id. */
function readMe(user: Partial<Me>): Me {
  const { id, name = '', role = '' } = user
  if (typeof id !== 'number' || role === 'end-user')
    throw new HubError('refused', 'Zendesk does not take these credentials for an agent or admin')
  return { id, name, role }
}

function queryOf(query: Call['query'] = {}): string {
  const given = Object.entries(query).filter((entry): entry is [string, string | number] => entry[1] !== undefined)
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`
}
