/** A Zendesk account: its people, groups, tickets with their audits, articles and ratings. Knows no HTTP. */
import type { Clock } from '#hub/clock.ts'
import type {
  Comment,
  Rating,
  StoredTicket,
  SurveyResponse,
  TwinArticle,
  TwinAudit,
  TwinUser,
  Upload,
} from './objects.ts'
import type { Quirks } from './quirks.ts'
import { seedArticles, seedUsers } from './seed.ts'

export interface Account {
  readonly clock: Clock
  readonly quirks: Quirks
  readonly subdomain: string
  readonly users: Map<number, TwinUser>
  readonly groups: Map<number, string>
  /** Skills: value id to name. */
  readonly skills: Map<string, string>
  readonly tickets: Map<number, StoredTicket>
  readonly articles: Map<number, TwinArticle>
  readonly ratings: Rating[]
  readonly surveys: Map<string, SurveyResponse>
  readonly uploads: Map<string, Upload>
  /** Skills asked for by ticket. */
  readonly needs: Map<number, readonly string[]>
  /** Told of every audit, as webhooks are. */
  audited?(ticket: StoredTicket, audit: TwinAudit): void
  now(): string
  nextId(): number
}

export const meId = 21870040000017
export const anaId = 398471203311
export const benId = 398471203312
export const groupId = 20455931

/** What a configuration names by number must be there. */
export function createAccount(settings: Readonly<Record<string, unknown>>, clock: Clock, quirks: Quirks): Account {
  let id = 31877001200000
  const { group, groups = {} } = (settings.tickets ?? {}) as { group?: number; groups?: Record<string, number> }
  const named = Object.entries(groups).map(([name, number]) => [number, name] as const)
  const account: Account = {
    clock,
    quirks,
    subdomain: String(settings.subdomain ?? 'acme'),
    users: new Map(),
    groups: new Map([[groupId, 'Support'], ...(group ? [[group, 'Support'] as const] : []), ...named]),
    skills: new Map([
      ['5f6e2b90-8a1c-4d3e-9b77-0c1d2e3f4a5b', 'billing'],
      ['7a0c1d22-3b4e-4f5a-8c6d-1e2f3a4b5c6d', 'returns'],
    ]),
    tickets: new Map(),
    articles: new Map(),
    ratings: [],
    surveys: new Map(),
    uploads: new Map(),
    needs: new Map(),
    now: () => isoSeconds(clock.now()),
    nextId: () => ++id,
  }
  seedUsers(account)
  seedArticles(account, (settings.knowledge ?? {}) as { locale?: string; section?: number })
  return account
}

export const isoSeconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`

export interface Change {
  readonly status?: string
  readonly assignee_id?: number | null
  readonly group_id?: number | null
  readonly tags?: readonly string[]
  readonly comment?: Pick<Comment, 'author_id' | 'html_body' | 'body' | 'public' | 'attachments'>
  readonly custom?: Readonly<Record<string, unknown>>
}

/** One update by somebody: an audit of its comment and changes. A customer’s public words open what was pending or solved. */
export function change(account: Account, ticket: StoredTicket, actor: number, how: Change, channel: string): TwinAudit {
  const audit: TwinAudit = {
    id: account.nextId(),
    ticket_id: ticket.id,
    created_at: account.now(),
    author_id: actor,
    metadata: { system: {}, custom: { ...how.custom } },
    events: [],
    via: { channel, source: { from: {}, to: {}, rel: null } },
  }
  if (how.comment) audit.events.push(addComment(account, ticket, audit, how.comment))
  const isReply = how.comment?.public === true && how.comment.author_id === ticket.requester_id
  const reopens = how.status === undefined && isReply && ['pending', 'hold', 'solved'].includes(ticket.status)
  const wanted = { status: reopens ? 'open' : how.status, assignee_id: how.assignee_id, group_id: how.group_id }
  for (const [name, value] of Object.entries(wanted) as [keyof typeof wanted, string | number | null | undefined][]) {
    const previous = ticket[name]
    if (value === undefined || value === previous) continue
    audit.events.push({
      id: account.nextId(),
      type: 'Change',
      field_name: name,
      value: textOf(value),
      previous_value: textOf(previous),
    })
    Object.assign(ticket, { [name]: value })
  }
  if (how.tags) ticket.tags = [...new Set(how.tags)].sort()
  ticket.changedMs = account.clock.now()
  ticket.updated_at = audit.created_at
  ticket.audits.push(audit)
  account.audited?.(ticket, audit)
  return audit
}

/** Audits hold ids as text. */
const textOf = (value: string | number | null): string | null => (value === null ? null : String(value))

function addComment(account: Account, ticket: StoredTicket, audit: TwinAudit, given: NonNullable<Change['comment']>) {
  const comment: Comment = { ...given, id: account.nextId(), audit_id: audit.id, created_at: audit.created_at }
  ticket.comments.push(comment)
  if (comment.public) ticket.is_public = true
  return {
    id: comment.id,
    type: 'Comment',
    author_id: comment.author_id,
    body: comment.body,
    html_body: comment.html_body,
    public: comment.public,
  }
}
