/** What is counted, where it lies, and how a filter narrows it. One WHERE serves a number and the conversations behind it. */
import { hoursOf, type Period } from './period.ts'

export type SetName = 'conversations' | 'offers' | 'handoffs' | 'accepted' | 'rated' | 'stops' | 'letters'

export interface Filter {
  readonly mapping?: string
  readonly channel?: string
  readonly desk?: string
  readonly language?: string
  /** The criterion that fired first. */
  readonly reason?: string
}

/** One bar, cell or line of a chart: what it adds to the filter. An empty text stands for "none". */
export interface Cut {
  readonly outcome?: string
  /** How far it came: 0 requested, 1 opened, 2 assigned, 3 accepted. */
  readonly level?: number
  /** At least so far. */
  readonly levelFrom?: number
  readonly isEnded?: number
  readonly intent?: string
  readonly agent?: string
  readonly bot?: string
  readonly also?: string
  readonly answer?: string
  readonly mood?: 'better' | 'same' | 'worse'
  readonly waitFrom?: number
  readonly waitTo?: number
  /** Hour of the week, Monday 0:00 is 0. */
  readonly cell?: number
}

/** Only what this agent accepted. */
export interface Own {
  readonly id: string
  readonly name: string
  readonly desks: readonly string[]
}

export interface Question {
  readonly period: Period
  readonly filter: Filter
  readonly cut?: Cut
  readonly own?: Own
  /** Only what lies at these desks. */
  readonly desks?: readonly string[]
}

interface SetOf {
  readonly from: string
  /** Missing: as it stands now, whatever the period. */
  readonly at?: string
  readonly number: string
  readonly isHandoff: boolean
}

const handoffSet = (at: string): SetOf => ({ from: 'report_handoffs x', at, number: 'x.number', isHandoff: true })

export const sets: Record<SetName, SetOf> = {
  conversations: { from: 'report_conversations x', at: 'x.first_at', number: 'x.conversation', isHandoff: false },
  offers: handoffSet('x.offered_at'),
  handoffs: handoffSet('x.requested_at'),
  accepted: handoffSet('x.accepted_at'),
  rated: handoffSet('x.began_at'),
  stops: {
    from: `(SELECT s.conversation, s.seq * 1000 + s.n % 1000 AS place, s.at, r.mapping, r.channel, r.language
      FROM report_stops s JOIN report_conversations r USING (conversation)) x`,
    at: 'x.at',
    number: 'x.place',
    isHandoff: false,
  },
  letters: {
    from: `(SELECT e.conversation, e.n AS place, (extract(epoch FROM e.dead_at) * 1000)::bigint AS at, c.mapping, c.connection AS channel,
        r.language
      FROM effects e JOIN conversations c ON c.id = e.conversation LEFT JOIN report_conversations r ON r.conversation = e.conversation
      WHERE e.dead_at IS NOT NULL) x`,
    number: 'x.place',
    isHandoff: false,
  },
}

/** Values of a statement, numbered as they are named. */
export interface Values {
  readonly list: unknown[]
  add(value: unknown, type?: string): string
}

export function newValues(): Values {
  const list: unknown[] = []
  return { list, add: (value, type) => `$${list.push(value)}${type ? `::${type}` : ''}` }
}

export const levelOf = `CASE WHEN x.accepted_at IS NOT NULL THEN 3 WHEN x.assigned_at IS NOT NULL THEN 2
  WHEN x.opened_at IS NOT NULL THEN 1 ELSE 0 END`
export const waitOf = '(x.accepted_at - x.requested_at)'
export const moodOf = `CASE WHEN x.feeling_after - x.feeling_before > 0.1 THEN 'better'
  WHEN x.feeling_after - x.feeling_before < -0.1 THEN 'worse' WHEN x.feeling_after - x.feeling_before IS NOT NULL THEN 'same' END`

export const dayOf = (values: Values, at: string, { starts }: Period): string =>
  `width_bucket(${at}, ${values.add(starts, 'bigint[]')}) - 1`

export function cellOf(values: Values, at: string, period: Period): string {
  const { starts, cells } = hoursOf(period)
  return `(${values.add(cells, 'integer[]')})[width_bucket(${at}, ${values.add(starts, 'bigint[]')})]`
}

/** `withBefore` takes in the days before the period as well. */
export function conditions(values: Values, name: SetName, question: Question, withBefore = false): string {
  const { at, isHandoff } = sets[name]
  const { period, filter, cut, own, desks } = question
  const parts: string[] = []
  const is = (column: string, value: string | undefined) => {
    if (value === '') parts.push(`${column} IS NULL`)
    else if (value !== undefined) parts.push(`${column} = ${values.add(value)}`)
  }
  if (at) {
    parts.push(`${at} >= ${values.add(withBefore ? period.beforeFrom : period.from, 'bigint')}`)
    parts.push(`${at} < ${values.add(period.to, 'bigint')}`)
  }
  is('x.mapping', filter.mapping)
  is('x.channel', filter.channel)
  is('x.language', filter.language)
  if (isHandoff) {
    is('x.desk', filter.desk)
    is('x.criterion', filter.reason)
    if (desks) parts.push(`x.desk = ANY(${values.add(desks, 'text[]')})`)
    if (own) {
      const whose = `(x.agent_ref = ${values.add(own.id)} OR x.agent = ${values.add(own.name)})`
      parts.push(`x.desk = ANY(${values.add(own.desks, 'text[]')}) AND ${whose}`)
    }
    if (cut) parts.push(...cutConditions(values, cut, at!, period))
  }
  return parts.length > 0 ? parts.join(' AND ') : 'true'
}

function cutConditions(values: Values, cut: Cut, at: string, period: Period): string[] {
  const { outcome, level, levelFrom, isEnded, intent, agent, bot, also, answer, mood, waitFrom, waitTo, cell } = cut
  const named = { outcome, intent, agent, bot, offer_answer: answer }
  const parts = Object.entries(named).flatMap(([column, value]) => {
    if (value === undefined) return []
    return value === '' ? [`x.${column} IS NULL`] : [`x.${column} = ${values.add(value)}`]
  })
  if (level !== undefined) parts.push(`${levelOf} = ${values.add(level, 'integer')}`)
  if (levelFrom !== undefined) parts.push(`${levelOf} >= ${values.add(levelFrom, 'integer')}`)
  if (isEnded !== undefined) parts.push(isEnded ? 'x.outcome IS NOT NULL' : 'x.outcome IS NULL')
  if (also !== undefined) parts.push(`${values.add(also, 'text')} = ANY(x.also)`)
  if (mood !== undefined) parts.push(`${moodOf} = ${values.add(mood)}`)
  if (waitFrom !== undefined) parts.push(`${waitOf} >= ${values.add(waitFrom, 'bigint')}`)
  if (waitTo !== undefined) parts.push(`${waitOf} < ${values.add(waitTo, 'bigint')}`)
  if (cell !== undefined) parts.push(`${cellOf(values, at, period)} = ${values.add(cell, 'integer')}`)
  return parts
}

/** A conversation counts as escalated by a desk or a reason when one of its handoffs has that desk and that reason. */
export function askedFor(values: Values, { filter: { desk, reason } }: Question): string {
  if (desk === undefined && reason === undefined) return 'x.asked'
  const parts = ['h.requested_at IS NOT NULL']
  if (desk !== undefined) parts.push(desk === '' ? 'h.desk IS NULL' : `h.desk = ${values.add(desk)}`)
  if (reason !== undefined) parts.push(`h.criterion = ${values.add(reason)}`)
  // First what the row itself tells; the others are looked up in one list, made once.
  return `x.asked AND x.conversation IN (SELECT h.conversation FROM report_handoffs h WHERE ${parts.join(' AND ')})`
}
