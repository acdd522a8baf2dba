/** What the agents get with a handoff: metadata that their ticket is made with, and a note before the story. Pure. */
import type { Handoff, Message, TranscriptEntry } from '#hub/connector.ts'
import { plainText, text } from '#hub/message.ts'
import type { MessagingSettings } from '../settings.ts'
import type { Metadata } from './client.ts'

/** As many messages as reach a ticket without further ado (zendesk.md 5). */
const toldOneByOne = 10
const noteLength = 12_000
/** All metadata of a call hold 4 kB (zendesk.md 2.4). */
const metadataBytes = 3_800
const valueLength = 500

export interface Circumstances {
  /** The first message that belongs into the ticket. */
  readonly first?: string
  readonly isNative: boolean
}

export function toMetadata(handoff: Handoff, settings: MessagingSettings, about: Circumstances): Metadata {
  const { customer, fields = {}, need, priority, context } = handoff
  const language = need.language ?? context.language
  const tags = [
    'baton',
    ...(language ? [`language_${language}`] : []),
    ...need.skills,
    ...(settings.tags ?? []),
    ...(fields.tags ?? '').split(/[\s,]+/),
  ]
  const wanted: [string, string | undefined][] = [
    ['baton_handoff', handoff.id],
    ['first_message_id', about.first],
    ['dataCapture.systemField.tags', [...new Set(tags.map(toTag).filter(Boolean))].join(',')],
    ['dataCapture.systemField.priority', fields.priority ?? (priority === 'normal' ? undefined : priority)],
    ['dataCapture.systemField.group_id', groupOf(handoff, settings)],
    // In their own conversation Zendesk knows the customer itself.
    ['dataCapture.systemField.requester.name', about.isNative ? undefined : customer.name],
    ['dataCapture.systemField.requester.email', about.isNative ? undefined : customer.email],
    ...Object.entries(fields).flatMap(([name, value]): [string, string][] => {
      const number = settings.fields?.[name] ?? (/^\d+$/.test(name) ? name : undefined)
      return number === undefined ? [] : [[`dataCapture.ticketField.${number}`, value]]
    }),
  ]
  return fitting(wanted)
}

const toTag = (word: string): string =>
  word
    .trim()
    .replaceAll(/[\s,]+/g, '_')
    .toLowerCase()

function groupOf({ need }: Handoff, { groups = {} }: MessagingSettings): string | undefined {
  const skill = need.skills.find((one) => groups[one] !== undefined)
  return skill === undefined ? undefined : String(groups[skill])
}

/** What came first counts most. */
function fitting(wanted: readonly (readonly [string, string | undefined])[]): Metadata {
  const kept: Record<string, string> = {}
  let room = metadataBytes
  for (const [name, value] of wanted) {
    if (!value) continue
    const short = value.slice(0, valueLength).replace(/[\uD800-\uDBFF]$/, '')
    room -= Buffer.byteLength(name) + Buffer.byteLength(short) + 6
    if (room < 0) break
    kept[name] = short
  }
  return kept
}

export const lastEntries = (transcript: readonly TranscriptEntry[]): readonly TranscriptEntry[] =>
  transcript.slice(-toldOneByOne)

/** Why a person, what is wanted, who it is, and what was said before the last messages. */
export function toNoteText({ context, customer }: Handoff): string {
  const facts: [string, string | undefined][] = [
    ['Customer', [customer.name, customer.email, customer.phone].filter(Boolean).join(', ')],
    ['Customer number', customer.id && (customer.verified ? customer.id : `${customer.id} (not verified)`)],
    ['Segment', customer.segment],
    ...Object.entries(customer.facts ?? {}),
    ['Profile', customer.url],
    ['Channel', context.channel],
    ['Language', context.language],
    ['Intent', context.intent],
    ...Object.entries(context.asked),
  ]
  const earlier = context.transcript.slice(0, -toldOneByOne).map(toLine)
  return [
    context.summary.includes(context.reason.text) ? undefined : `Why a person: ${context.reason.text}`,
    context.summary,
    context.summary.includes(context.wants) ? undefined : `Wants: ${context.wants}`,
    ...facts.flatMap(([label, value]) => (value ? [`${label}: ${value}`] : [])),
    ...(earlier.length > 0 ? ['', 'Earlier:', ...earlier] : []),
  ]
    .filter((line) => line !== undefined)
    .join('\n')
}

const speakers = { customer: 'Customer', bot: 'Bot', agent: 'Agent', hub: 'Baton' } as const
const toLine = ({ by, name, message }: TranscriptEntry): string => `${name ?? speakers[by]}: ${plainText(message)}`

export const cutNote = (note: string): Message => text(note.slice(0, noteLength).replace(/[\uD800-\uDBFF]$/, ''))
