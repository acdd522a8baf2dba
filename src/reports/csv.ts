/** Reports as CSV that a spreadsheet opens without running anything in it. */
import type { Behind, Report } from './answers.ts'

type Value = string | number | null | undefined

/**
 * A spreadsheet takes a cell that begins so for a formula: some of them also in full width, or after spaces, quotes and signs that
 * nobody sees. Numbers of ours are no text of anybody's.
 */
const formula = /^[\t\r\n]|^[\s"'\u200B-\u200F\u2060-\u2069\uFEFF]*[=+\-@＝＋－＠]/

export function toCsv(rows: readonly (readonly Value[])[]): string {
  return rows.map((row) => `${row.map(toCell).join(',')}\r\n`).join('')
}

function toCell(value: Value): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const safe = formula.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const head = ['value', 'p90', 'count', 'of']

export const figuresCsv = ({ figures }: Report): string =>
  toCsv([
    ['figure', 'unit', ...head, 'before', 'before_count', 'before_of', 'counts', 'among'],
    ...figures.map((one) => [
      one.title,
      one.unit,
      ...numbers(one),
      one.before?.value,
      one.before?.count,
      one.before?.of,
      one.counts,
      one.among,
    ]),
  ])

/** One line for each row, and for each of its columns the numbers behind it. */
export function chartCsv({ charts }: Report, key: string): string | undefined {
  const chart = charts.find((one) => one.key === key)
  if (!chart) return undefined
  return toCsv([
    ['key', 'label', ...chart.columns.flatMap(({ key }) => head.map((name) => `${key}_${name}`))],
    ...chart.rows.map(({ key, label, cells }) => [
      key,
      label,
      ...chart.columns.flatMap((column) => numbers(cells[column.key])),
    ]),
  ])
}

const numbers = (one: { value: Value; p90: Value; count: number; of: number } | undefined): Value[] =>
  one ? [one.value, one.p90, one.count, one.of] : ['', '', '', '']

const fields = [
  'conversation',
  'handoff',
  'at',
  'mapping',
  'channel',
  'language',
  'desk',
  'agent',
  'reason',
  'intent',
  'outcome',
  'waitedMs',
  'score',
] as const

export const behindCsv = (rows: Behind['rows'], withHead: boolean): string =>
  toCsv([
    ...(withHead ? [[...fields]] : []),
    ...rows.map((row) => fields.map((field) => (field === 'at' ? new Date(row.at).toISOString() : row[field]))),
  ])
