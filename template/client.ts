/** The few calls we make. Failures become HubError here, with whether the vendor may have done it all the same. */
import type { AxiosRequestConfig } from 'axios'
import { type Host, HubError, toHubError } from '#hub/connector.ts'
import type { Settings } from './settings.ts'

export interface Client {
  whoAmI(): Promise<{ name: string }>
  openTicket(body: object, key: string): Promise<{ id: string }>
  addMessage(ticket: string, body: object, key: string): Promise<{ id: string }>
  closeTicket(ticket: string, reason: string): Promise<void>
}

export function createClient({ url, token }: Settings, host: Host): Client {
  const call = async <T>(request: AxiosRequestConfig): Promise<T> => {
    try {
      const headers = { authorization: `Bearer ${token}`, ...request.headers }
      const { data } = await host.http.request({ baseURL: url, ...request, headers })
      // A proxy's page, for example: whether the desk did it, nobody knows.
      if (typeof data !== 'object')
        throw new HubError('unreachable', 'Sample Desk gave an answer that cannot be read', { certain: false })
      return data as T
    } catch (error) {
      throw toHubError(error, 'Sample Desk')
    }
  }
  /** The desk answers a second call with the same key as it did the first. */
  const once = (key: string) => ({ 'idempotency-key': key })
  const of = (ticket: string) => `/tickets/${encodeURIComponent(ticket)}`
  return {
    whoAmI: () => call({ url: '/me' }),
    openTicket: (data, key) => call({ method: 'POST', url: '/tickets', data, headers: once(key) }),
    addMessage: (ticket, data, key) =>
      call({ method: 'POST', url: `${of(ticket)}/messages`, data, headers: once(key) }),
    async closeTicket(ticket, reason) {
      await call({ method: 'POST', url: `${of(ticket)}/close`, data: { reason } })
    },
  }
}
