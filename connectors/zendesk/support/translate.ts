/** A handoff as a ticket, words as a comment. Pure. */
import type { DeskMessage, EndReason, Handoff, Mode } from '#hub/connector.ts'
import { type Message, plainText } from '#hub/message.ts'
import { toHtml } from '../html.ts'
import type { TicketSettings } from '../settings.ts'
import { type NoteFacts, toNote } from './note.ts'

/** Characters of one comment; Zendesk’s own limit is not published, 64 kB are assumed (zendesk.md 15). */
export const commentLength = 60_000

/** Where a key is kept on what it made: `audit.metadata.custom` (zendesk.md 8.1). */
export const keyName = 'baton_key'

/** A ticket’s `external_id`: which connection made it, and by which key. */
export const externalIdOf = (connection: string, key: string): string => `baton:${connection}:${key}`
export const isMadeBy = (connection: string, externalId: unknown): boolean =>
  typeof externalId === 'string' && externalId.startsWith(`baton:${connection}:`)

export type Requester = { readonly requester_id: number } | { readonly requester: { name: string; email: string } }

export interface TicketNeeds extends NoteFacts {
  readonly handoff: Handoff
  readonly settings: TicketSettings
  readonly requester: Requester
  readonly connection: string
  readonly key: string
}

export function toZendeskTicket(needs: TicketNeeds): Record<string, unknown> {
  const { handoff, settings, requester, connection, key } = needs
  const fields = readFields(handoff.fields ?? {}, settings)
  const group = fields.group ?? groupOf(handoff, settings)
  return {
    subject: fields.subject ?? subjectOf(handoff),
    external_id: externalIdOf(connection, key),
    ...requester,
    priority: fields.priority ?? handoff.priority,
    ...(fields.type && { type: fields.type }),
    ...(group !== undefined && { group_id: group }),
    ...(settings.brand !== undefined && { brand_id: settings.brand }),
    ...(settings.form !== undefined && { ticket_form_id: settings.form }),
    tags: tagsOf(handoff, [...(settings.tags ?? []), ...fields.tags]),
    ...(fields.custom.length > 0 && { custom_fields: fields.custom }),
    // The visibility of the first comment sticks for those that do not say, so every comment says it (zendesk.md 8.1).
    comment: {
      html_body: toNote(handoff, { unverified: needs.unverified, unknownFields: fields.unknown }),
      public: false,
    },
    metadata: { [keyName]: key, baton_handoff: handoff.id },
  }
}

export interface CommentNeeds {
  readonly said: DeskMessage
  readonly key: string
  readonly requester?: number
  readonly uploads?: readonly string[]
}

/** Only a customer’s public words are public; whatever else we write is for agents. */
export function toZendeskComment({ said, key, requester, uploads = [] }: CommentNeeds): Record<string, unknown> {
  const isPublic = said.by === 'customer' && said.visibility === 'public' && requester !== undefined
  const words = wordsOf(said.message, uploads.length > 0)
  const text = said.by === 'customer' && !isPublic ? `Customer: ${words}` : words
  return {
    comment: {
      html_body: toHtml(text.slice(0, commentLength)) || '(no text)',
      public: isPublic,
      ...(isPublic && { author_id: requester }),
      ...(uploads.length > 0 && { uploads }),
    },
    metadata: { [keyName]: key },
  }
}

/** Files that were uploaded hang at the comment; their names are enough. */
function wordsOf(message: Message, hasUploads: boolean): string {
  if (!hasUploads) return plainText(message)
  const named = message.parts.map((part) => (part.kind === 'file' ? `[${part.name}]` : plainText({ parts: [part] })))
  return named.filter(Boolean).join('\n')
}

const endNotes: Record<EndReason, string> = {
  resolved: 'The conversation is over: resolved.',
  returned: 'The conversation went back to the bot.',
  abandoned: 'The customer left before anybody came.',
  expired: 'The time to take this conversation is over.',
  moved: 'This conversation went to another desk.',
  ended: 'The conversation is over.',
}

export const toZendeskEnd = (why: EndReason, key: string, assignee?: number): Record<string, unknown> => ({
  status: 'solved',
  ...(assignee !== undefined && { assignee_id: assignee }),
  comment: { html_body: toHtml(endNotes[why]), public: false },
  metadata: { [keyName]: key },
})

/** A tag has neither spaces nor commas. */
export const toTag = (words: string): string =>
  words
    .toLowerCase()
    .replaceAll(/[\s,;]+/g, '_')
    .replaceAll(/[^\p{L}\p{N}_\-./:]/gu, '')
    .slice(0, 80)

const modeTags: Record<Mode, string> = { live: 'baton_live', ticket: 'baton_ticket', callback: 'baton_callback' }

function tagsOf(handoff: Handoff, more: readonly string[]): string[] {
  const language = handoff.need.language ?? handoff.context.language
  const tags = ['baton', modeTags[handoff.mode], ...handoff.need.skills.map(toTag), ...more]
  if (language) tags.push(toTag(`language_${language}`))
  return [...new Set(tags.filter((tag) => tag !== ''))]
}

const subjectOf = ({ context, mode }: Handoff): string => {
  const wish = context.wants.replaceAll(/\s+/g, ' ').trim()
  const short = wish.length > 120 ? `${wish.slice(0, 119).replace(/[\uD800-\uDBFF]$/, '')}…` : wish
  return `${mode === 'callback' ? 'Callback' : 'Handoff'}: ${short || context.reason.text}`.slice(0, 150)
}

const groupOf = ({ need }: Handoff, { groups = {}, group }: TicketSettings): number | undefined =>
  need.skills.map((skill) => groups[skill]).find((found) => found !== undefined) ?? group

interface Fields {
  subject?: string
  priority?: string
  type?: string
  group?: number
  tags: string[]
  custom: { id: number; value: string | boolean }[]
  /** What Zendesk has no place for; the note shows it. */
  unknown: [string, string][]
}

/** The mapping’s fields: Zendesk’s own by their names, custom ones by their numbers or the names of the settings. */
function readFields(given: Readonly<Record<string, string>>, settings: TicketSettings): Fields {
  const fields: Fields = { tags: [], custom: [], unknown: [] }
  for (const [name, value] of Object.entries(given)) {
    const custom = settings.fields?.[name] ?? (/^\d+$/.test(name) ? Number(name) : undefined)
    if (custom !== undefined) fields.custom.push({ id: custom, value: toFieldValue(value) })
    else if (name === 'subject') fields.subject = value.replaceAll(/\s+/g, ' ').slice(0, 150)
    else if (name === 'priority' && ['low', 'normal', 'high', 'urgent'].includes(value)) fields.priority = value
    else if (name === 'type' && ['problem', 'incident', 'question', 'task'].includes(value)) fields.type = value
    else if (name === 'group' && /^\d+$/.test(value)) fields.group = Number(value)
    else if (name === 'tags') fields.tags.push(...value.split(/[\s,]+/).map(toTag))
    else fields.unknown.push([name, value])
  }
  return fields
}

/** A checkbox takes booleans, everything else text (zendesk.md 8.1). */
const toFieldValue = (value: string): string | boolean => (value === 'true' ? true : value === 'false' ? false : value)
