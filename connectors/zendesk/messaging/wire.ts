/** What Sunshine Conversations sends and answers, as far as it is read here (zendesk.md 3, 4). */
export interface Answering {
  readonly id?: string
  readonly name?: string
  readonly integrationId?: string
  readonly integrationType?: string
}

export interface Conversation {
  readonly id: string
  readonly metadata?: Readonly<Record<string, unknown>> | null
  readonly activeSwitchboardIntegration?: Answering | null
  readonly pendingSwitchboardIntegration?: Answering | null
}

export interface Person {
  readonly id?: string
  readonly externalId?: string
  readonly authenticated?: boolean
  readonly profile?: {
    readonly givenName?: string | null
    readonly surname?: string | null
    readonly email?: string | null
    readonly locale?: string | null
  }
}

export interface Author {
  readonly type?: 'business' | 'user'
  readonly userId?: string
  readonly displayName?: string
  readonly subtypes?: readonly string[]
  readonly user?: Person
}

export interface FormField {
  readonly label?: string
  readonly name?: string
  readonly text?: string
  readonly email?: string
  readonly select?: readonly { readonly label?: string; readonly name?: string }[]
}

export interface Content {
  readonly type?: string
  readonly text?: string
  readonly htmlText?: string
  readonly payload?: string
  readonly mediaUrl?: string
  readonly mediaType?: string
  readonly mediaSize?: number
  readonly altText?: string
  readonly coordinates?: { readonly lat?: number; readonly long?: number }
  readonly location?: { readonly name?: string; readonly address?: string }
  readonly fields?: readonly FormField[]
  readonly textFallback?: string
}

export interface WireMessage {
  readonly id: string
  readonly received?: string
  readonly author?: Author
  readonly content?: Content
  readonly source?: { readonly type?: string }
  readonly metadata?: Readonly<Record<string, unknown>> | null
  readonly deleted?: boolean | null
  readonly activity?: { readonly type?: string }
}

/** One entry of a webhook. Types that are not known are passed over. */
export interface WireEvent {
  readonly id: string
  readonly createdAt?: string
  readonly type: string
  readonly payload: {
    readonly conversation?: Conversation
    readonly message?: WireMessage
    readonly postback?: { readonly payload?: string }
    readonly user?: Person
    readonly activity?: { readonly type?: string; readonly author?: Author }
    readonly reason?: string
    readonly error?: { readonly code?: string }
    readonly metadata?: Readonly<Record<string, unknown>> | null
  }
}
