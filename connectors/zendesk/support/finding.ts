/** What a key made at Zendesk, asked after an unclear failure. Never by search, which lags behind (zendesk.md 7.5). */
import { HubError, type Ref } from '#hub/connector.ts'
import type { Client } from '../client.ts'
import { externalIdOf, keyName } from './translate.ts'
import type { Audit, Ticket } from './wire.ts'

/** `external_id` is not unique; should there be two, the first one counts (zendesk.md 7.4). */
export async function findTicket(client: Client, connection: string, key: string): Promise<Ref | undefined> {
  const externalId = externalIdOf(connection, key)
  const { tickets } = await client.get<{ tickets: readonly Ticket[] }>('/tickets', 'tickets', {
    query: { external_id: externalId },
  })
  const made = tickets.filter((ticket) => ticket.external_id === externalId).map(({ id }) => id)
  return made.length === 0 ? undefined : String(Math.min(...made))
}

const pageSize = 100
const mostPages = 5

interface AuditPage {
  readonly audits: readonly Audit[]
  readonly meta?: { readonly has_more?: boolean; readonly after_cursor?: string | null }
}

/** The newest come first: what is asked for was tried a moment ago. */
export async function findComment(client: Client, ticket: Ref, key: string): Promise<Ref | undefined> {
  let after: string | undefined
  for (let page = 0; page < mostPages; page++) {
    const { audits, meta } = await auditsOf(client, ticket, after)
    const audit = audits.find(({ metadata }) => metadata?.custom?.[keyName] === key)
    if (audit) return String(audit.events?.find((event) => event.type === 'Comment')?.id ?? audit.id)
    if (!meta?.has_more || !meta.after_cursor) return undefined
    after = meta.after_cursor
  }
  return undefined
}

export async function auditsOf(client: Client, ticket: Ref, after?: string): Promise<AuditPage> {
  try {
    return await client.get<AuditPage>(`/tickets/${ticket}/audits`, 'audits', {
      query: { 'page[size]': pageSize, 'page[after]': after, sort: '-created_at' },
    })
  } catch (error) {
    if (error instanceof HubError && error.code === 'unknown') return { audits: [] }
    throw error
  }
}
