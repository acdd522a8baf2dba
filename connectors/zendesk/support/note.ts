/** The first comment of a ticket: all that an agent should read before answering, as an internal note. Pure. */
import type { Customer, Handoff, TranscriptEntry } from '#hub/connector.ts'
import { plainText } from '#hub/message.ts'
import { escapeHtml, toHtml } from '../html.ts'

export interface NoteFacts {
  /** The customer typed name and e-mail, and nobody vouched for them. */
  readonly unverified: boolean
}

export interface NoteExtras extends NoteFacts {
  readonly unknownFields: readonly (readonly [string, string])[]
}

/** Half of what a comment may hold: escaping makes text longer. */
const transcriptLength = 30_000

export function toNote({ context, customer, mode }: Handoff, extras: NoteExtras): string {
  const about = [
    context.summary.includes(context.reason.text) ? undefined : `Why a person: ${context.reason.text}`,
    context.summary,
    context.summary.includes(context.wants) ? undefined : `Wants: ${context.wants}`,
  ]
  const facts: (readonly [string, string | undefined])[] = [
    ['Channel', context.channel],
    ['Asked as', mode === 'live' ? undefined : mode],
    ['Language', context.language],
    [
      'Intent',
      context.intent &&
        `${context.intent}${context.confidence === undefined ? '' : ` (${percent(context.confidence)})`}`,
    ],
    [
      'Sentiment',
      context.sentiment.length > 0 ? context.sentiment.map((score) => score.toFixed(2)).join(', ') : undefined,
    ],
    ...Object.entries(context.asked),
    ...extras.unknownFields,
  ]
  return [
    section(
      'Handoff',
      about
        .filter((line) => line !== undefined)
        .map((line) => `<p>${toHtml(line)}</p>`)
        .join(''),
    ),
    section('Customer', list(customerFacts(customer, extras.unverified))),
    section('Facts', list(facts)),
    section('What the bot tried', bullets(context.tried.map((line) => line.slice(0, 300)))),
    section('Conversation so far', transcript(context.transcript)),
  ].join('')
}

const percent = (share: number): string => `${Math.round(share * 100)} %`

const customerFacts = (customer: Customer, unverified: boolean): [string, string | undefined][] => [
  ['Name', customer.name],
  ['E-mail', customer.email && (unverified ? `${customer.email} (not verified)` : customer.email)],
  ['Phone', customer.phone],
  ['Customer number', customer.id && (customer.verified ? customer.id : `${customer.id} (not verified)`)],
  ['Segment', customer.segment],
  ['Time zone', customer.timeZone],
  ...Object.entries(customer.facts ?? {}),
  ['Profile', customer.url],
]

const section = (title: string, inside: string): string =>
  inside === '' ? '' : `<p><strong>${title}</strong></p>${inside}`

const list = (facts: readonly (readonly [string, string | undefined])[]): string =>
  items(facts.flatMap(([label, value]) => (value ? [`${escapeHtml(label)}: ${toHtml(value)}`] : [])))
const bullets = (lines: readonly string[]): string => items(lines.map(toHtml))
const items = (lines: readonly string[]): string =>
  lines.length === 0 ? '' : `<ul>${lines.map((line) => `<li>${line}</li>`).join('')}</ul>`

const speakers = { customer: 'Customer', bot: 'Bot', agent: 'Agent', hub: 'Baton' } as const

/** The latest words count most: what does not fit is left out at the beginning, and said. */
function transcript(entries: readonly TranscriptEntry[]): string {
  const lines = entries.map(
    ({ by, name, message }) => `${name ? `${name} (${speakers[by]})` : speakers[by]}: ${plainText(message)}`,
  )
  let room = transcriptLength
  const kept: string[] = []
  for (const line of lines.toReversed()) {
    const fitting = line.slice(0, room).replace(/[\uD800-\uDBFF]$/, '')
    if (fitting === '') break
    kept.unshift(`<p>${toHtml(fitting)}</p>`)
    room -= fitting.length
  }
  const missing = lines.length - kept.length
  return (missing > 0 ? `<p>(${missing} earlier messages do not fit here)</p>` : '') + kept.join('')
}
