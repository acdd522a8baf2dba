/** What Freshdesk sends, as far as it is read here. */

export interface Ticket {
  readonly id: number
  readonly status: number
  readonly responder_id: number | null
  readonly group_id: number | null
  readonly requester_id: number
  readonly tags?: readonly string[]
  readonly description?: string
  readonly updated_at: string
  readonly created_at: string
  readonly deleted?: boolean
  readonly spam?: boolean
}

/** A reply or a note. What is missing is not known, and then not public. */
export interface Entry {
  readonly id: number
  readonly body?: string
  readonly body_text?: string
  readonly incoming?: boolean
  readonly private?: boolean
  readonly user_id: number | null
  readonly source?: number
  readonly auto_response?: boolean
  readonly has_quoted_text?: boolean
  readonly created_at: string
  readonly attachments?: readonly Attachment[]
}

export interface Attachment {
  readonly id: number
  readonly name: string
  readonly content_type: string
  readonly size: number
  /** Signed, and expires. */
  readonly attachment_url: string
}

export interface Contact {
  readonly id: number
  readonly name?: string | null
  readonly email?: string | null
  readonly phone?: string | null
  readonly mobile?: string | null
  readonly language?: string | null
  readonly job_title?: string | null
  readonly address?: string | null
  readonly description?: string | null
  readonly csat_rating?: number | null
  readonly custom_fields?: Readonly<Record<string, unknown>>
  readonly created_at?: string
  readonly deleted?: boolean
}

export interface Agent {
  readonly id: number
  readonly deactivated?: boolean
  readonly skill_ids?: readonly number[]
  readonly contact?: { readonly name?: string; readonly language?: string; readonly email?: string }
}

/** Of accounts with Omniroute; the shape is not certain (freshdesk.md 2.7). */
export interface Availability {
  readonly id?: number
  readonly agent_ref?: number | string | { readonly id?: number | string }
  readonly channel_availability?: ReadonlyArray<{
    readonly channel?: string
    readonly available?: boolean
    readonly logged_in?: boolean
    readonly assignment_limit?: number | null
    readonly current_assignment_load?: number | null
    readonly pause_assignment?: boolean
  }>
}

export interface Skill {
  readonly id: number
  readonly name: string
  readonly agents?: ReadonlyArray<{ readonly id: number }>
}

export interface VendorArticle {
  readonly id: number
  readonly folder_id: number
  readonly title: string
  readonly description_text?: string
  readonly description?: string
  readonly status: number
  readonly seo_data?: { readonly meta_keywords?: string | readonly string[] }
}
