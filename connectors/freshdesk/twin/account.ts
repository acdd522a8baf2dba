/** A Freshdesk account of this machine: what it holds, and what its agents can do with it. */
import type { Clock } from '#hub/clock.ts'

export interface AccountTicket {
  id: number
  subject: string
  description: string
  status: number
  priority: number
  source: number
  type: string | null
  requester_id: number
  responder_id: number | null
  group_id: number | null
  tags: string[]
  custom_fields: Record<string, unknown>
  created_at: string
  updated_at: string
  deleted: boolean
  spam: boolean
}

export interface AccountEntry {
  id: number
  ticket_id: number
  body: string
  body_text: string
  incoming: boolean
  private: boolean
  user_id: number
  source: number
  auto_response: boolean
  has_quoted_text: boolean
  created_at: string
  updated_at: string
  attachments: AccountAttachment[]
}

export interface AccountAttachment {
  id: number
  name: string
  content_type: string
  size: number
  attachment_url: string
}

export interface AccountAgent {
  id: number
  name: string
  language: string
  skills: string[]
  online: boolean
  limit: number
}

export interface AccountContact {
  id: number
  name: string
  email: string | null
  phone: string | null
  mobile: string | null
  unique_external_id: string | null
  job_title: string | null
  language: string
  custom_fields: Record<string, unknown>
  created_at: string
  deleted: boolean
}

export interface AccountArticle {
  id: number
  folder_id: number
  title: string
  description: string
  status: number
  keywords: string
  created_at: string
}

/** What differs between accounts, or is not certain: a test sets it either way. */
export interface Habits {
  /** Calls a minute; Enterprise. */
  total: number
  /** A contact's id as `user_id` of a note is not taken: the note is the key's own agent's (freshdesk.md 2.4). */
  ignoresUserId: boolean
  /** The plan has the availability API. */
  tellsAvailability: boolean
  /** Resolving needs a field that the API does not fill. */
  keepsOpen: boolean
  /** A note by the API opens a resolved ticket again. */
  reopens: boolean
  webhook: 'advanced' | 'simple' | 'broken'
  proof: 'header' | 'basic' | 'path'
}

export interface Account {
  readonly habits: Habits
  readonly me: number
  readonly agents: AccountAgent[]
  readonly groups: Map<number, { name: string; agents: number[] }>
  readonly contacts: AccountContact[]
  readonly tickets: Map<number, AccountTicket>
  readonly entries: AccountEntry[]
  readonly folders: Map<number, { name: string; visibility: number }>
  readonly articles: AccountArticle[]
  readonly fields: ReadonlySet<string>
  nextId(): number
  nextTicket(): number
  now(): string
  /** Called after a change that an automation rule would tell. */
  changed: (ticket: AccountTicket, what: string) => void
  add(
    entry: Pick<AccountEntry, 'ticket_id' | 'body' | 'incoming' | 'private' | 'user_id' | 'source'> &
      Partial<AccountEntry>,
  ): AccountEntry
}

const firstGroup = 501000111222

export function createAccount(settings: Readonly<Record<string, unknown>>, clock: Clock): Account {
  let ids = 501009990000
  let ticketIds = 1000
  const now = () => new Date(clock.now()).toISOString().replace(/\.\d+Z$/, 'Z')
  const group = Number(settings.group ?? firstGroup)
  const skillGroups = (settings.skillGroups ?? {}) as Record<string, number>
  const agents: AccountAgent[] = [
    { id: 501007700001, name: 'Baton', language: 'en', skills: [], online: false, limit: 0 },
    { id: 501007700042, name: 'Grace Agent', language: 'en', skills: ['billing'], online: true, limit: 50 },
    { id: 501007700043, name: 'Ben Agent', language: 'de', skills: ['returns'], online: true, limit: 50 },
  ]
  const people = agents.slice(1).map(({ id }) => id)
  const account: Account = {
    habits: {
      total: 700,
      ignoresUserId: false,
      tellsAvailability: true,
      keepsOpen: false,
      reopens: false,
      webhook: 'advanced',
      proof: 'header',
    },
    me: agents[0]!.id,
    agents,
    groups: new Map([
      [group, { name: 'Support', agents: people }],
      ...Object.entries(skillGroups).map(([name, id]): [number, { name: string; agents: number[] }] => [
        Number(id),
        { name, agents: people },
      ]),
    ]),
    contacts: [],
    tickets: new Map(),
    entries: [],
    folders: new Map([
      [501000080219, { name: 'Refunds', visibility: 1 }],
      [501000080220, { name: 'For agents', visibility: 3 }],
      [Number(settings.draftFolder ?? 501000080221), { name: 'Proposals', visibility: 1 }],
    ]),
    articles: [],
    fields: new Set([settings.conversationField, settings.skillField].filter((name): name is string => !!name)),
    nextId: () => ++ids,
    nextTicket: () => ++ticketIds,
    now,
    changed: () => {},
    add(given) {
      const at = now()
      const entry: AccountEntry = {
        id: ++ids,
        body_text: textOf(given.body),
        auto_response: false,
        has_quoted_text: false,
        created_at: at,
        updated_at: at,
        attachments: [],
        ...given,
      }
      account.entries.push(entry)
      const ticket = account.tickets.get(entry.ticket_id)
      if (ticket) ticket.updated_at = at
      return entry
    },
  }
  seed(account)
  return account
}

/** Enough to try: customers on file, articles for customers and one for agents only. */
function seed(account: Account): void {
  const at = account.now()
  account.contacts.push({
    id: 501008800123,
    name: 'Ada Example',
    email: 'ada@example.org',
    phone: '+4930123456',
    mobile: null,
    unique_external_id: 'customer-7731',
    job_title: 'Buyer',
    language: 'en',
    custom_fields: { plan: 'gold' },
    created_at: at,
    deleted: false,
  })
  const article = (folder_id: number, status: number, title: string, description: string) =>
    account.articles.push({ id: account.nextId(), folder_id, title, description, status, keywords: '', created_at: at })
  article(501000080219, 2, 'How long does a refund take?', '<p>A refund takes 3 to 5 bank days.</p>')
  article(501000080219, 2, 'Sending goods back', '<p>Send them within 30 days; the refund comes after.</p>')
  article(501000080220, 2, 'Refund limits for agents', '<p>A refund above 500 needs a second person.</p>')
}

export const textOf = (html: string): string =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .trim()
