/** What travels: messages, their parts and their authors. Nothing here knows a vendor, a database or a clock. */

/** A name that only the connector that made it may read: a visitor, a ticket, a message at a vendor. */
export type Ref = string & { readonly __ref?: never }

export type Author =
  | { readonly role: 'customer'; readonly name?: string }
  | { readonly role: 'bot'; readonly name?: string }
  | { readonly role: 'agent'; readonly name?: string; readonly ref?: Ref }
  /** Baton itself: "connecting you", "you are in line". */
  | { readonly role: 'hub' }

export interface Choice {
  readonly label: string
  /** Comes back in `Message.choice` when the customer picks it. */
  readonly value: string
}

export interface Article {
  readonly ref: Ref
  readonly title: string
  readonly excerpt?: string
  readonly url?: string
  /** Relevance, 0 to 1. */
  readonly score: number
}

/** One piece of a message. A channel that cannot show a kind says so in its limits; the hub downgrades it to text. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'choices'; readonly choices: readonly Choice[] }
  | {
      readonly kind: 'file'
      readonly name: string
      readonly mime: string
      readonly bytes: number
      readonly url: string
    }
  | { readonly kind: 'articles'; readonly articles: readonly Article[] }
  /** A survey inside the conversation: the channel shows the form at `url`, or its own. */
  | { readonly kind: 'survey'; readonly url: string; readonly question: string; readonly handoff: number }

/** Who may read it. What is not known to be public is internal, and internal never reaches a customer. */
export type Visibility = 'public' | 'internal'

export interface Message {
  readonly parts: readonly Part[]
  /** The value of the choice the customer picked, when this message is such a pick. */
  readonly choice?: string
  /** BCP 47, where the sender knows it. */
  readonly language?: string
}

/** What the other side calls the message it now has; `undefined` where it gives no name. */
export interface Sent {
  readonly ref?: Ref
}

export const text = (body: string): Message => ({ parts: [{ kind: 'text', text: body }] })

/** The words of a message, as one string: what is measured, searched and shown where only text fits. */
export function plainText(message: Message): string {
  return message.parts.map(partText).filter(Boolean).join('\n')
}

function partText(part: Part): string {
  switch (part.kind) {
    case 'text':
      return part.text
    case 'choices':
      return part.choices.map((choice) => `[${choice.label}]`).join(' ')
    case 'file':
      return `[${part.name}] ${part.url}`
    case 'articles':
      return part.articles
        .map((article) => (article.url ? `${article.title}: ${article.url}` : article.title))
        .join('\n')
    case 'survey':
      return `${part.question} ${part.url}`
  }
}
