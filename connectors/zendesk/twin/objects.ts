/** What the account holds, in the shapes of Zendesk’s API (zendesk.md 8, 11). */
export interface TwinUser {
  readonly id: number
  name: string
  email: string | null
  external_id: string | null
  readonly role: 'end-user' | 'agent' | 'admin'
  readonly created_at: string
  updated_at: string
  /** Agents only: of the channels support and messaging. */
  online?: boolean
  readonly skills?: readonly string[]
}

export interface Comment {
  readonly id: number
  readonly audit_id: number
  readonly author_id: number
  readonly body: string
  readonly html_body: string
  readonly public: boolean
  readonly attachments: readonly Attachment[]
  readonly created_at: string
}

export interface Attachment {
  readonly id: number
  readonly file_name: string
  readonly content_type: string
  readonly content_url: string
  readonly size: number
  readonly inline: boolean
}

export interface TwinAudit {
  readonly id: number
  readonly ticket_id: number
  readonly created_at: string
  readonly author_id: number
  readonly metadata: { readonly system: object; readonly custom: Readonly<Record<string, unknown>> }
  readonly events: Record<string, unknown>[]
  readonly via: object
}

export interface StoredTicket {
  readonly id: number
  readonly external_id: string | null
  readonly created_at: string
  updated_at: string
  changedMs: number
  readonly type: string | null
  readonly subject: string
  readonly priority: string | null
  status: string
  readonly requester_id: number
  readonly submitter_id: number
  assignee_id: number | null
  group_id: number | null
  readonly brand_id: number
  readonly ticket_form_id: number
  is_public: boolean
  tags: string[]
  readonly custom_fields: readonly { readonly id: number; readonly value: unknown }[]
  score: string
  readonly comments: Comment[]
  readonly audits: TwinAudit[]
}

export interface TwinArticle {
  readonly id: number
  readonly section_id: number
  readonly locale: string
  readonly title: string
  readonly body: string
  readonly draft: boolean
  readonly user_segment_id: number | null
  readonly permission_group_id: number
  readonly label_names: readonly string[]
  readonly created_at: string
}

export interface Rating {
  readonly id: number
  readonly ticket_id: number
  readonly requester_id: number
  readonly assignee_id: number
  readonly group_id: number
  readonly score: string
  readonly comment: string
  readonly created_at: string
  readonly updated_at: string
}

export interface SurveyResponse {
  readonly id: string
  readonly responder_id: number
  readonly subject_zrns: readonly string[]
  readonly answers: readonly object[]
}

export interface Upload {
  readonly token: string
  readonly attachments: Attachment[]
  readonly untilMs: number
}

/** As Zendesk answers it: what was never set is null, and `fields` repeats `custom_fields`. */
export function showTicket(ticket: StoredTicket, base: string): Record<string, unknown> {
  const { comments, audits: _, score, changedMs, ...shown } = ticket
  return {
    ...shown,
    url: `${base}/api/v2/tickets/${ticket.id}.json`,
    via: { channel: 'api', source: { from: {}, to: {}, rel: null } },
    generated_timestamp: Math.floor(changedMs / 1_000),
    raw_subject: ticket.subject,
    description: comments[0]?.body ?? '',
    organization_id: null,
    collaborator_ids: [],
    follower_ids: [],
    email_cc_ids: [],
    problem_id: null,
    has_incidents: false,
    due_at: null,
    satisfaction_rating: { score },
    sharing_agreement_ids: [],
    fields: ticket.custom_fields,
    followup_ids: [],
    allow_channelback: false,
    allow_attachments: true,
    from_messaging_channel: false,
  }
}

export const showUser = ({ online: _, skills: __, ...user }: TwinUser): Record<string, unknown> => ({
  ...user,
  active: true,
})

export const showComment = (comment: Comment): Record<string, unknown> => ({
  ...comment,
  type: 'Comment',
  plain_body: comment.body,
  via: { channel: 'api', source: { from: {}, to: {}, rel: null } },
  metadata: { system: {}, custom: {} },
})
