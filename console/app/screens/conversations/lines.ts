/** A timeline as lines to read: who said what, what was decided, who had control, and what became of each effect. */

import type { Finding } from '../../../../src/escalation/finding.ts'
import type { ConversationAnswer } from '../../../../src/http/api/conversations.ts'
import { type Message, plainText } from '../../../../src/message.ts'
import type { ControlWord } from '../../parts/Control.tsx'

export type Entry = ConversationAnswer['timeline'][number]
export type Effect = Entry['effects'][number]

export type LineKind = 'message' | 'decision' | 'delivery' | 'event'

export interface Line {
  /** `12`, `12.1`: the first line of an event has its number, for links. */
  readonly key: string
  readonly seq: number
  readonly at: number
  readonly kind: LineKind
  readonly by: 'customer' | 'bot' | 'agent' | 'hub' | 'note' | 'decision' | 'event'
  readonly who: string
  readonly text: string
  /** Who had control after it. */
  readonly control: ControlWord
  readonly effects: readonly Effect[]
  /** The customer has read what was said to them here. */
  readonly isRead: boolean
  /** Of a message that was never sent: why. */
  readonly stopped?: string
  readonly decision?: string
  readonly findings?: readonly Finding[]
  readonly entry: Entry
}

const words: ReadonlySet<string> = new Set(['say', 'turn', 'pass'])

/** `read`: the customer has read up to this `seq`; 0 where the channel cannot say. */
export function toLines(timeline: readonly Entry[], customer: string, read = 0): Line[] {
  let control: ControlWord = 'bot'
  return timeline.flatMap((entry) => {
    for (const { kind, text } of entry.decisions) control = (kind === 'control' && controlIn(text)) || control
    const lines = [...messagesOf(entry, customer), ...decisionsOf(entry), ...deliveriesOf(entry)]
    if (lines.length === 0) lines.push(eventLine(entry))
    return lines.map(
      (line, i): Line => ({
        effects: [],
        ...line,
        key: i === 0 ? String(entry.seq) : `${entry.seq}.${i}`,
        seq: entry.seq,
        at: entry.at,
        isRead: entry.seq <= read,
        control,
        entry,
      }),
    )
  })
}

type Draft = Pick<Line, 'kind' | 'by' | 'who' | 'text'> &
  Partial<Pick<Line, 'effects' | 'stopped' | 'decision' | 'findings'>>

/** As `take` writes it. */
const controlIn = (text: string): ControlWord | undefined =>
  /^control \w+ → (bot|waiting|agent|closed)\b/.exec(text)?.[1] as ControlWord | undefined

interface Body {
  readonly message?: Message
  readonly agent?: { readonly name?: string }
  readonly visibility?: string
  readonly turn?: { readonly messages?: readonly Message[] }
  readonly passed?: { readonly agent?: { readonly name?: string }; readonly note?: string }
}

function messagesOf({ type, body: raw, effects, decisions }: Entry, customer: string): Draft[] {
  const body = raw as Body
  const says = effects.filter(({ kind }) => kind === 'say')
  const passes = effects.filter(({ kind }) => words.has(kind) && kind !== 'say')
  const sayBy = (by: string) => says.filter((effect) => (effect.body as { by?: string }).by === by)
  const hub = sayBy('hub').map((effect) => said('hub', 'Baton', (effect.body as Body).message, [effect]))
  if (type === 'customer-message') return [said('customer', customer, body.message, passes), ...hub]
  if (type === 'agent-message') {
    const name = body.agent?.name ?? 'Agent'
    if (body.visibility !== 'public') return [said('note', name, body.message, []), ...hub]
    return [...hub, said('agent', name, body.message, sayBy('agent'))]
  }
  const { passed } = body
  if (passed?.note !== undefined)
    return [{ kind: 'message', by: 'note', who: passed.agent?.name ?? 'Agent', text: passed.note, effects: [] }, ...hub]
  if (type !== 'bot-answered') return hub
  const spoken = sayBy('bot')
  const stopped = decisions.find(({ kind }) => kind === 'stopped')?.text
  const messages = body.turn?.messages ?? []
  if (stopped !== undefined && spoken.length === 0)
    return [...messages.map((message) => ({ ...said('bot', 'Bot', message, []), stopped })), ...hub]
  return [...spoken.map((effect) => said('bot', 'Bot', (effect.body as Body).message, [effect])), ...hub]
}

const said = (by: Draft['by'], who: string, message: Message | undefined, effects: readonly Effect[]): Draft => ({
  kind: 'message',
  by,
  who,
  text: message?.parts ? plainText(message) : '(erased)',
  effects,
})

function decisionsOf({ type, decisions, effects }: Entry): Draft[] {
  const isAnswer = type === 'bot-answered'
  return (
    decisions
      // A bot's answer that was stopped says so in its own line.
      .filter(({ kind }) => !(isAnswer && kind === 'stopped'))
      .map(({ kind, text, data }) => ({
        kind: 'decision',
        by: 'decision',
        who: kind,
        text,
        decision: kind,
        effects:
          kind === 'handoff' ? effects.filter((effect) => effect.kind === 'open' || effect.kind === 'close') : [],
        ...(Array.isArray(data) ? { findings: data as Finding[] } : {}),
      }))
  )
}

/** Effects that are in no other line. */
function deliveriesOf({ effects, decisions }: Entry): Draft[] {
  const hasHandoff = decisions.some(({ kind }) => kind === 'handoff')
  return effects
    .filter(({ kind }) => !words.has(kind) && !(hasHandoff && (kind === 'open' || kind === 'close')))
    .map((effect) => ({
      kind: 'delivery',
      by: 'event',
      who: 'Baton',
      text: deliveryWord[effect.kind] ?? effect.kind,
      effects: [effect],
    }))
}

const deliveryWord: Record<string, string> = {
  inform: 'tells the bot how the handoff stands',
  open: 'asks the desk',
  close: 'tells the desk that it is over',
  brief: 'tells the agent what was said meanwhile',
  invite: 'invites to the survey',
  identify: 'asks the CRM who the customer is',
  log: 'notes the handoff in the CRM',
}

function eventLine({ type, connection, body }: Entry): Draft {
  const name = (body as { name?: unknown }).name
  return {
    kind: 'event',
    by: 'event',
    who: connection,
    text: `${type.replaceAll('-', ' ')}${typeof name === 'string' ? `: ${name}` : ''}`,
  }
}

/** Lanes in the order in which they first had something to do: `channel:site`. */
export const lanesOf = (timeline: readonly Entry[]): string[] =>
  [...new Set(timeline.flatMap(({ effects }) => effects.map(({ lane }) => lane)))].sort((a, b) => rank(a) - rank(b))

const roles = ['channel', 'bot', 'desk', 'survey', 'crm']
const rank = (lane: string): number => roles.indexOf(lane.split(':')[0]!)

export type EffectState = 'waiting' | 'retry' | 'done' | 'stopped' | 'failed' | 'undone'

export function stateOf({ status, attempts }: Pick<Effect, 'status' | 'attempts'>): EffectState {
  if (status === 'pending') return attempts > 0 ? 'retry' : 'waiting'
  if (status === 'dead') return 'failed'
  if (status === 'dismissed') return 'undone'
  return status === 'stopped' ? 'stopped' : 'done'
}

const doneWords: Record<string, string> = {
  say: 'sent',
  turn: 'answered',
  pass: 'in ticket',
  open: 'opened',
  close: 'told',
  inform: 'told',
  brief: 'told',
  invite: 'invited',
  identify: 'asked',
  log: 'noted',
}

/** Never more than is known: "sent" when the other side took it, "read" when it was before the customer's eyes. */
export function stateWord(effect: Effect, isRead = false): string {
  const state = stateOf(effect)
  if (state === 'done' && isRead && effect.kind === 'say') return 'read'
  if (state === 'done') return `${doneWords[effect.kind] ?? 'done'}${effect.late ? ', late' : ''}`
  if (state === 'retry') return `retry ${effect.attempts}`
  return state === 'undone' ? 'left undone' : state
}

export interface Evidence {
  readonly note: number
  readonly words: string
  readonly criterion: string
}

/** The customer's words that counted, numbered over all criteria that fired. */
export const evidenceOf = (findings: readonly Finding[]): Evidence[] =>
  findings
    .filter(({ fired }) => fired)
    .flatMap(({ criterion, evidence }) => evidence.map((words) => ({ criterion, words })))
    .map((one, i) => ({ ...one, note: i + 1 }))

/** Each word is marked where it was said last before the decision: `seq` of the message to what counted in it. */
export function placeEvidence(
  lines: readonly Line[],
  decidedAt: number,
  evidence: readonly Evidence[],
): Map<number, Evidence[]> {
  const said = lines.filter(({ by, seq }) => by === 'customer' && seq <= decidedAt)
  const places = new Map<number, Evidence[]>()
  for (const one of evidence) {
    const low = one.words.toLowerCase()
    const line = said.findLast(({ text }) => text.toLowerCase().includes(low))
    if (line) places.set(line.seq, [...(places.get(line.seq) ?? []), one])
  }
  return places
}
