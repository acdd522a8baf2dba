/** Between the hub's words and Freshchat's. Pure. */
import { createHash } from 'node:crypto'
import type { Customer, Handoff, Message, Part, TranscriptEntry } from '#hub/connector.ts'
import { plainText } from '#hub/message.ts'
import type { Settings } from './settings.ts'
import { split, toPlain } from './text.ts'
import type { VendorMessage, VendorPart } from './wire.ts'

export const markerOf = (key: string): string => `baton-${createHash('sha256').update(key).digest('hex').slice(0, 16)}`

/** What was said so far, as one or more messages; the last ends with our mark. */
export function toTranscript({ context }: Handoff, key: string, length: number): string[] {
  const lines = context.transcript.map(toLine)
  const text = ['Conversation so far', ...(lines.length > 0 ? lines : [context.wants || '–'])].join('\n')
  return split(`${text}\nReference: ${markerOf(key)}`, length)
}

/** For agents only. Without a private note it may be seen by the customer: then nothing of what is known about them. */
export function toContextNote(handoff: Handoff, isPrivate: boolean): string {
  const { context, customer, need } = handoff
  const always: [string, string | undefined][] = [
    ['Reason', context.reason.text],
    ['Wants', context.wants],
    ['Needs', [...need.skills, need.language].filter(Boolean).join(', ')],
  ]
  const discreet: [string, string | undefined][] = [
    ['Summary', context.summary],
    ['Customer', customerLine(customer)],
    ['Intent', context.intent && withPercent(context.intent, context.confidence)],
    ['Tried', context.tried.join(' | ')],
    ['Told the bot', pairs(context.asked)],
    ['Mood', context.sentiment.join(', ')],
    ['Signals', context.signals.filter((signal) => signal !== context.reason.text).join(' | ')],
    ['Facts', pairs(customer.facts ?? {})],
    ['In the CRM', customer.url],
  ]
  const rows = isPrivate ? [...always, ...discreet] : always
  const lines = rows.flatMap(([title, text]) => (text ? [`${title}: ${text}`] : []))
  return ['Handoff from the bot', ...lines].join('\n')
}

const pairs = (map: Readonly<Record<string, string>>): string =>
  Object.entries(map)
    .map(([name, value]) => `${name}: ${value}`)
    .join(' | ')
const withPercent = (intent: string, confidence: number | undefined): string =>
  confidence === undefined ? intent : `${intent} (${Math.round(confidence * 100)} %)`

function customerLine({ name, email, phone, id, verified }: Customer): string {
  const known = [name, email, phone, id].filter(Boolean).join(', ')
  return known && `${known}${verified ? '' : ' (not verified)'}`
}

function toLine({ at, by, name, message }: TranscriptEntry): string {
  const who = by === 'customer' ? 'Customer' : by === 'bot' ? 'Bot' : by === 'agent' ? 'Agent' : 'Baton'
  return `${new Date(at).toISOString().slice(11, 16)} ${who}${name ? ` (${name})` : ''}: ${plainText(message)}`
}

/** Of a conversation; those of a user are a list (freshchat.md 2.1). */
export function toProperties(handoff: Handoff, property: string | undefined): Record<string, string> {
  const priority = { normal: 'Medium', high: 'High', urgent: 'Urgent' }[handoff.priority]
  return { priority, ...(property ? { [property]: handoff.id } : {}) }
}

export function toUser({ customer, conversation }: Handoff): object {
  const [first = `Visitor ${conversation}`, ...rest] = (customer.name ?? '').trim().split(/\s+/).filter(Boolean)
  return {
    reference_id: referenceOf(customer, conversation),
    first_name: first,
    ...(rest.length > 0 ? { last_name: rest.join(' ') } : {}),
    ...(customer.email ? { email: customer.email.trim().toLowerCase() } : {}),
    ...(customer.phone ? { phone: customer.phone } : {}),
  }
}

/** An e-mail address that somebody typed must not lead into another's conversation. */
export const referenceOf = ({ id, verified }: Customer, conversation: number): string =>
  id && verified ? id : `baton-${conversation}`

export function toParts(message: Message): object[] {
  return message.parts.map((part) => {
    if (part.kind !== 'file') return { text: { content: plainText({ parts: [part] }) } }
    if (part.mime.startsWith('image/')) return { image: { url: part.url } }
    const extension = /\.([A-Za-z0-9]{1,8})$/.exec(part.name)?.[1]
    // Read back as content_type (freshchat.md 2.3).
    const file = { name: part.name, url: part.url, file_size_in_bytes: part.bytes, contentType: part.mime }
    return { file: extension ? { ...file, file_extension: extension } : file }
  })
}

/** Whose words they are, and who may read them. All that is not surely for the customer is not. */
export function kindOf(
  message: VendorMessage,
  { agent, systemMessages, botMessages }: Pick<Settings, 'agent' | 'systemMessages' | 'botMessages'>,
): 'public' | 'internal' | 'other' {
  const { actor_type: actor, message_type: type, actor_id } = message
  const speaks = actor === 'agent' || (actor === 'system' && systemMessages) || (actor === 'bot' && botMessages)
  if (!speaks || (agent !== undefined && actor_id === agent)) return 'other'
  if (message.botsPrivateNote === true) return 'internal'
  if (type === undefined) return message.restrictResponse === true ? 'internal' : 'public'
  return type === 'normal' ? 'public' : 'internal'
}

export function fromMessage(message: VendorMessage): Message {
  const old = (message.msg_parts ?? []).map((part): VendorPart => ({ text: { content: part.properties?.text } }))
  return { parts: [...(message.message_parts ?? []), ...old].flatMap(fromPart) }
}

function fromPart(part: VendorPart): Part[] {
  if (part.collection) return (part.collection.sub_parts ?? []).flatMap(fromPart)
  if (part.text) {
    const words = toPlain(part.text.content ?? '')
    return words ? [{ kind: 'text', text: words }] : []
  }
  if (part.url_button?.url)
    return [{ kind: 'text', text: `${part.url_button.label ?? ''} ${part.url_button.url}`.trim() }]
  const file = part.file ?? part.image ?? part.video
  return file?.url ? [toFile(file, part)] : []
}

function toFile(file: NonNullable<VendorPart['file']>, part: VendorPart): Part {
  const name = file.name ?? nameIn(file.url)
  const guess = part.image ? 'image/*' : part.video ? 'video/*' : 'application/octet-stream'
  const mime = file.content_type ?? (part.image ? (imageTypes[name.split('.').at(-1)!.toLowerCase()] ?? guess) : guess)
  return { kind: 'file', name, mime, bytes: file.file_size_in_bytes ?? 0, url: file.url }
}

const imageTypes: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
}

function nameIn(url: string): string {
  const last = URL.canParse(url) ? new URL(url).pathname.split('/').at(-1) : undefined
  return last || 'file'
}

/** To tell whether two messages say the same. */
export function wordsOf(parts: readonly object[]): string {
  const said = (parts as readonly VendorPart[]).map(({ text, image, file }) => text?.content ?? image?.url ?? file?.url)
  return createHash('sha256')
    .update(JSON.stringify(said.map((one) => one?.trim())))
    .digest('hex')
}
