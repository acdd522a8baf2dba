/** Words of the inbox, and what is read out of a conversation. Pure. */
import { type Message, plainText } from '../../../../src/message.ts'
import type { Failure } from './delivery.ts'
import type { Line, OwnBoard, Said, TicketView } from './desk.ts'

export const firstName = (name: string): string => name.split(/\s+/)[0] ?? name

export const modeWord = { live: 'Live', ticket: 'Ticket', callback: 'Call back' } as const
export const presenceWord = { online: 'Online', away: 'Away', offline: 'Offline' } as const

const endings: Record<string, string> = {
  resolved: 'Resolved.',
  returned: 'Back with the bot.',
  abandoned: 'The customer left.',
  expired: 'It waited too long and was closed.',
  moved: 'It moved to another desk.',
}
export const endingOf = (outcome: string | null): string => endings[outcome ?? ''] ?? 'This conversation has ended.'

export const isHeldBy = ({ status, agent }: Pick<Line, 'status' | 'agent'>, me: string): boolean =>
  status === 'accepted' && agent?.id === me

/** A line of who this is to the company. */
export const factsInShort = ({ segment, facts = {} }: TicketView['customerFacts']): string =>
  [segment, ...Object.entries(facts).map(([name, value]) => `${name}: ${value}`)]
    .filter(Boolean)
    .slice(0, 3)
    .join(' · ')

/** The agent's last words to the customer: what a digest begins with. */
export function lastWords({ messages }: Pick<TicketView, 'messages'>): string {
  const own = messages.findLast(({ by, visibility }) => by === 'agent' && visibility === 'public')
  const part = own?.message.parts.find(({ kind }) => kind === 'text')
  return part?.kind === 'text' ? part.text : ''
}

const roles = { customer: 'Customer', bot: 'Bot', agent: 'Agent', hub: 'Baton' } as const
export const speakerOf = ({ by, name }: { by: keyof typeof roles; name?: string | null }): string => name ?? roles[by]

export const undeliveredWords = (name: string, { why, mayHaveArrived }: Failure): string =>
  `Not delivered to ${name}: ${why}${/[.!?]$/.test(why) ? '' : '.'}${mayHaveArrived ? ' It may have arrived all the same.' : ''}`

export const wordsOf = ({ message }: { message: Message }): string => plainText(message)

export const fileSize = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1_000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`

const typeWords: Record<string, string> = {
  'image/png': 'PNG',
  'image/jpeg': 'JPEG',
  'image/gif': 'GIF',
  'image/webp': 'WebP',
  'application/pdf': 'PDF',
  'text/plain': 'plain text',
}

/** Why a file need not be sent to the hub at all. What it is, the hub sees by its content. */
export function refusalOf(
  { size, type }: Pick<File, 'size' | 'type'>,
  { maxBytes, types }: Pick<OwnBoard['files'], 'maxBytes' | 'types'>,
): string | undefined {
  if (size > maxBytes) return `Too large: at most ${fileSize(maxBytes)} can be sent.`
  if (size === 0) return 'It is empty.'
  const known: readonly string[] = types
  const isKnown = type === '' || known.includes(type) || (type.startsWith('text/') && known.includes('text/plain'))
  if (!isKnown) return `This type cannot be sent. Right is ${types.map((one) => typeWords[one]).join(', ')}.`
}

/** What a canned reply's fields stand for here. */
export function fieldsOf(
  { customer, customerFacts, context }: TicketView,
  agent: string,
): Readonly<Record<string, string | undefined>> {
  const { name, email, phone, id } = customerFacts
  return {
    'customer.name': name ?? customer,
    'customer.first': firstName(name ?? customer),
    'customer.email': email,
    'customer.phone': phone,
    'customer.id': id,
    'agent.name': agent,
    ...context.asked,
  }
}

/** `{{customer.name}}`, `{{order number}}`: words, so that a customer's code in a quotation is none. */
const field = /\{\{\s*(\p{L}[\p{L}\p{N} ._-]*?)\s*\}\}/u
const everyField = new RegExp(field, 'gu')

/** Fields that are known are filled; the others stay for the agent to see. */
export const fillIn = (text: string, fields: Readonly<Record<string, string | undefined>>): string =>
  text.replaceAll(
    everyField,
    (whole, name: string) => (Object.hasOwn(fields, name) ? fields[name] : undefined) ?? whole,
  )

/** The first field nobody has filled. */
export const openField = (text: string): { readonly at: number; readonly words: string } | undefined => {
  const found = field.exec(text)
  return found ? { at: found.index, words: found[0] } : undefined
}

/** What is typed after a slash at the beginning of a word, where the caret is. */
export function slashAt(text: string, caret: number): { readonly from: number; readonly word: string } | undefined {
  const found = /(?:^|\s)\/([\p{L}\p{N}_-]{0,40})$/u.exec(text.slice(0, caret))
  return found ? { from: caret - found[1]!.length - 1, word: found[1]!.toLowerCase() } : undefined
}

/** A reply that begins with a colleague's name was meant for them. */
export function isForColleague(text: string, colleagues: readonly string[]): boolean {
  const called = /^@(\S+)/.exec(text.trim())?.[1]?.replace(/[:,]$/, '').toLowerCase()
  return called !== undefined && colleagues.some((name) => firstName(name).toLowerCase() === called)
}

/** What a colleague said to the customer after this was written: it may not be true any more. */
export const overtakenBy = (messages: readonly Said[], writtenAt: number): Said | undefined =>
  messages.findLast(
    ({ by, visibility, id, at }) => by === 'agent' && visibility === 'public' && id === undefined && at > writtenAt,
  )

/** When the agent came: before their first words, and before anything that was said after. */
export function joinedAt(messages: readonly Said[], acceptedAt: number): number {
  const at = messages.findIndex((said) => said.by === 'agent' || said.at > acceptedAt)
  return at < 0 ? messages.length : at
}
