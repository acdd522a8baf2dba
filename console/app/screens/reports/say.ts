/** How numbers of reports are said: one place for tiles, charts and tables. */
import type { Cell, ChartRow, Figure } from '../../../../src/reports/answers.ts'
import { formatDuration, formatNumber, formatShare } from '../../format.ts'
import { reasonWord } from '../../words.ts'

export type Unit = Figure['unit']
type Numbers = Pick<Cell, 'value' | 'p90' | 'count' | 'of'>

const score = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2, signDisplay: 'exceptZero' })
const points = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 })

/** Shares of fewer say little. */
export const few = 10

export function sayValue(unit: Unit, value: number | null): string {
  if (value === null) return '–'
  if (unit === 'share') return formatShare(value)
  if (unit === 'duration' || unit === 'total') return formatDuration(value)
  return unit === 'score' ? score.format(value) : formatNumber(value)
}

/** `26 of 42`; a count needs no denominator. */
export const sayShare = ({ count, of }: Numbers, unit: Unit): string =>
  unit === 'count' && count === of ? '' : `${formatNumber(count)} of ${formatNumber(of)}`

export interface Change {
  readonly sign: '▲' | '▼' | '='
  readonly amount: string
  /** For those who do not see the sign. */
  readonly words: string
}

/** Against the period before; undefined where one of them says nothing. */
export function changeOf(unit: Unit, value: number | null, before: number | null | undefined): Change | undefined {
  if (value === null || before === null || before === undefined) return undefined
  const moved = value - before
  const size = Math.abs(moved)
  const amount =
    unit === 'share'
      ? `${points.format(size * 100)}`
      : unit === 'duration' || unit === 'total'
        ? formatDuration(size)
        : unit === 'score'
          ? points.format(size)
          : formatNumber(size)
  const named = unit === 'share' ? `${amount} points` : amount
  if (size < (unit === 'share' ? 0.0005 : unit === 'duration' ? 500 : 1e-9))
    return { sign: '=', amount: '', words: 'as before' }
  return moved > 0
    ? { sign: '▲', amount, words: `${named} more than before` }
    : { sign: '▼', amount, words: `${named} less than before` }
}

export const isFew = (unit: Unit, { of }: Pick<Numbers, 'of'>): boolean => unit === 'share' && of > 0 && of < few

/** `2026-11-24` in the reader's own zone, so many days ago. */
export function dayAgo(days: number, now = new Date()): string {
  const then = new Date(now.getFullYear(), now.getMonth(), now.getDate() - days)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${then.getFullYear()}-${two(then.getMonth() + 1)}-${two(then.getDate())}`
}

const short = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' })
/** `2026-11-24` → `24 Nov`; other labels stay. */
export const sayDay = (label: string): string =>
  /^\d{4}-\d\d-\d\d$/.test(label) ? short.format(Date.parse(`${label}T12:00Z`)) : label

/** A row's name: criteria have words of their own, days a shorter form. */
export function sayRow({ key, label, opens }: Pick<ChartRow, 'key' | 'label' | 'opens'>): string {
  if (opens.reason !== undefined && opens.reason === key) return capital(reasonWord(key))
  return sayDay(label)
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
