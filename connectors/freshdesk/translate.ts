/** Between the hub's words and Freshdesk's. Pure. */
import { createHash } from 'node:crypto'
import type { Customer, Handoff, Message, Part, TranscriptEntry } from '#hub/connector.ts'
import { plainText } from '#hub/message.ts'
import { escapeHtml, fromHtml, toHtml } from './html.ts'
import type { Attachment, Entry } from './wire.ts'

/** No hard limit is stated for a body; more than this goes into notes (freshdesk.md 2.1). */
export const bodyLength = 60_000
const subjectLength = 255

export const open = 2
export const resolved = 4

/** Our name of what a key made, for an agent no more than a reference. */
export const markerOf = (key: string, part = 0): string =>
  `baton-${createHash('sha256').update(`${key} ${part}`).digest('hex').slice(0, 16)}`

/** What the requester may read too: their own conversation. */
export function toDescription(handoff: Handoff, key: string): { description: string; overflow: readonly string[] } {
  const { context } = handoff
  const head = section('The customer wants', toHtml(context.wants || '–'))
  const pieces = chunksOf(context.transcript.map(toLine), bodyLength - head.length)
  const [first = '', ...overflow] = pieces
  const more = overflow.length > 0 ? '<p>The rest follows in private notes.</p>' : ''
  return { description: `${head}${section('Conversation', first)}${more}${reference(markerOf(key))}`, overflow }
}

/** For agents only: why they are asked, what the bot tried, what the CRM knows. */
export function toContextNote(handoff: Handoff): string {
  const { context, customer, need } = handoff
  const rows: [string, string | undefined][] = [
    ['Reason', context.reason.text],
    ['Summary', context.summary],
    ['Customer', customerLine(customer)],
    ['Intent', context.intent && withPercent(context.intent, context.confidence)],
    ['Tried', context.tried.join('\n')],
    ['Told the bot', pairs(context.asked)],
    ['Mood', context.sentiment.join(', ')],
    ['Signals', context.signals.filter((signal) => signal !== context.reason.text).join('\n')],
    ['Needs', [...need.skills, need.language].filter(Boolean).join(', ')],
    ['Facts', pairs(customer.facts ?? {})],
    ['In the CRM', customer.url],
  ]
  return rows.map(([title, text]) => (text ? section(title, toHtml(text)) : '')).join('')
}

export const toNoteBody = (html: string, marker: string): string => `${html}${reference(marker)}`

const section = (title: string, html: string): string => `<p><b>${title}</b><br>${html}</p>`
const reference = (marker: string): string => `<p>Reference: ${marker}</p>`
const pairs = (map: Readonly<Record<string, string>>): string =>
  Object.entries(map)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')
const withPercent = (intent: string, confidence: number | undefined): string =>
  confidence === undefined ? intent : `${intent} (${Math.round(confidence * 100)} %)`

function customerLine({ name, email, phone, id, verified }: Customer): string {
  const known = [name, email, phone, id].filter(Boolean).join(', ')
  return known && `${known}${verified ? '' : ' (not verified)'}`
}

function toLine({ at, by, name, message }: TranscriptEntry): string {
  const time = new Date(at).toISOString().slice(11, 16)
  const who = by === 'customer' ? 'Customer' : by === 'bot' ? 'Bot' : by === 'agent' ? 'Agent' : 'Baton'
  return `${time} <b>${who}${name ? ` (${escapeHtml(name)})` : ''}</b>: ${toHtml(plainText(message))}<br>`
}

/** Whole lines where possible; one that is too long by itself is cut. */
function chunksOf(lines: readonly string[], length: number): string[] {
  const chunks: string[] = []
  let chunk = ''
  for (const line of lines.flatMap((one) =>
    one.length > length ? [`${one.slice(0, length - 100).replace(/(&[^;]*|<[^>]*)$/, '')} […]<br>`] : [one],
  )) {
    if (chunk && chunk.length + line.length > length) {
      chunks.push(chunk)
      chunk = ''
    }
    chunk += line
  }
  return chunk ? [...chunks, chunk] : chunks
}

export function toSubject(handoff: Handoff): string {
  const given = handoff.fields?.subject?.trim()
  const wants = handoff.context.wants.replace(/\s+/g, ' ').trim()
  const subject = given || wants || `Conversation ${handoff.conversation}`
  return subject.length > subjectLength
    ? `${subject.slice(0, subjectLength - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
    : subject
}

export const toPriority = ({ priority, fields }: Pick<Handoff, 'priority' | 'fields'>): number =>
  ({ low: 1, normal: 1, medium: 2, high: 3, urgent: 4 })[fields?.priority?.toLowerCase() ?? priority] ??
  { normal: 1, high: 3, urgent: 4 }[priority]

/** A customer's e-mail as contacts are matched by it. */
export const toEmail = (email: string | undefined): string | undefined => email?.trim().toLowerCase() || undefined

/** The literal texts a number may be stored as: matching is exact (freshdesk.md 2.6). */
export function phoneVariants(phone: string): string[] {
  const digits = phone.replace(/\D/g, '').replace(/^00/, '')
  if (digits.length < 6) return []
  return [...new Set([`+${digits}`, digits, phone.trim()])]
}

/** Words of the customer; files that could not be attached come as links. */
export function toBody(message: Message, attached: ReadonlySet<Part>): string {
  const parts = message.parts.filter((part) => !attached.has(part))
  return toHtml(plainText({ ...message, parts }))
}

/** Who an entry is from, and who may read it. All that is not surely an agent's public word is internal or the customer's. */
export function kindOf(
  entry: Entry,
  me: number,
  publicNotes: boolean,
): 'customer' | 'own' | 'public' | 'internal' | 'other' {
  if (entry.incoming === true) return 'customer'
  if (entry.user_id === me) return 'own'
  if (entry.auto_response === true) return 'other'
  if (entry.private !== false || entry.incoming !== false) return 'internal'
  return entry.source === 0 || (entry.source === 2 && publicNotes) ? 'public' : 'internal'
}

/** `linkTo` names the address of a file; without it there are no files, since Freshdesk's own addresses expire. */
export function fromEntry(entry: Entry, linkTo?: (attachment: number) => string): Message {
  const words = fromHtml(entry.body ?? '', entry.has_quoted_text) || (entry.body_text ?? '').trim()
  const text: Part[] = words ? [{ kind: 'text', text: words }] : []
  const files = linkTo ? (entry.attachments ?? []).map((one) => fromAttachment(one, linkTo(one.id))) : []
  return { parts: [...text, ...files] }
}

const fromAttachment = ({ name, content_type, size }: Attachment, url: string): Part => ({
  kind: 'file',
  name,
  mime: content_type || 'application/octet-stream',
  bytes: size,
  url,
})

/** To tell whether two bodies say the same: tags and spaces are the vendor's. */
export const wordsOf = (html: string): string => fromHtml(html).replace(/\s+/g, ' ').trim()
