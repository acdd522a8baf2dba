/** What Freshchat sends, as far as it is read here. What may be missing is optional; ids are never more than text. */

export interface VendorMessage {
  readonly id: string
  readonly conversation_id: string
  /** The numeric id of the same conversation, as text. */
  readonly freshchat_conversation_id?: string
  readonly message_parts?: readonly VendorPart[]
  /** The form of 2018. */
  readonly msg_parts?: ReadonlyArray<{ properties?: { text?: string }; part_type?: string }>
  readonly message_type?: string
  readonly actor_type: string
  readonly actor_id?: string
  readonly created_time: string
  readonly botsPrivateNote?: boolean
  readonly restrictResponse?: boolean
}

/** One key each. */
export interface VendorPart {
  readonly text?: { readonly content?: string }
  readonly image?: { readonly url: string; readonly content_type?: string; readonly name?: string }
  readonly file?: {
    readonly name?: string
    readonly url: string
    readonly file_size_in_bytes?: number
    readonly content_type?: string
  }
  readonly video?: { readonly url: string; readonly content_type?: string }
  readonly url_button?: { readonly label?: string; readonly url?: string }
  readonly collection?: { readonly sub_parts?: readonly VendorPart[] }
}

export interface VendorConversation {
  readonly conversation_id: string
  readonly conversation_internal_id?: number
  readonly status: string
  readonly channel_id?: string
  readonly assigned_agent_id?: string
  readonly assigned_group_id?: string
  readonly updated_time?: string
  readonly messages?: readonly VendorMessage[]
  readonly properties?: Readonly<Record<string, unknown>>
}

export interface VendorAgent {
  readonly id: string
  readonly first_name?: string
  readonly last_name?: string
  readonly groups?: readonly string[]
  readonly availability_status?: string
  readonly login_status?: boolean
  readonly is_deactivated?: boolean
  readonly is_deleted?: boolean
}

export interface VendorUser {
  readonly id: string
  readonly reference_id?: string
}

export interface Webhook {
  readonly action: string
  readonly action_time: string
  readonly data?: {
    readonly message?: VendorMessage
    readonly assignment?: {
      readonly assignor?: string
      readonly assignor_id?: string
      readonly to_agent_id?: string
      readonly to_group_id?: string
      readonly from_agent_id?: string
      readonly conversation: VendorConversation
    }
    readonly resolve?: { readonly conversation: VendorConversation }
    readonly reopen?: { readonly conversation: VendorConversation }
  }
}
