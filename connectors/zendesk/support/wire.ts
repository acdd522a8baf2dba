/** The slices of Zendesk’s objects that are read here. Everything may be missing or null (zendesk.md 8.1, 10.4). */

export interface Ticket {
  readonly id: number
  readonly external_id?: string | null
  readonly status?: string
  readonly requester_id?: number | null
  readonly assignee_id?: number | null
  readonly tags?: readonly string[]
  readonly updated_at?: string
}

export interface AuditEvent {
  readonly id?: number
  readonly type?: string
  readonly field_name?: string
  readonly value?: unknown
  readonly previous_value?: unknown
  readonly [more: string]: unknown
}

export interface Audit {
  readonly id?: number
  readonly author_id?: number | null
  readonly created_at?: string
  readonly events?: readonly AuditEvent[]
  readonly metadata?: { readonly custom?: Readonly<Record<string, unknown>> | null } | null
}

export interface Comment {
  readonly id: number
  readonly author_id?: number | null
  readonly body?: string | null
  readonly html_body?: string | null
  readonly plain_body?: string | null
  readonly public?: boolean | null
  readonly created_at?: string
  readonly attachments?: readonly Attachment[] | null
}

export interface Attachment {
  readonly file_name?: string
  readonly content_type?: string
  readonly content_url?: string
  readonly size?: number
  readonly inline?: boolean
}

export interface User {
  readonly id: number
  readonly name?: string
  readonly role?: string
}

/** Ids are numbers in the API and strings in webhooks: compared as strings (zendesk.md 0). */
export const idText = (id: unknown): string | undefined =>
  typeof id === 'number' || (typeof id === 'string' && id !== '') ? String(id) : undefined

export const isStaffRole = (role: string | undefined): boolean => role === 'agent' || role === 'admin'
