/** Counts measures, as a whole or by something, for the period and for the one before, in one look at the rows. */
import type pg from 'pg'
import type { Measure } from './measure.ts'
import { among, counts, type MeasureName, measureOf } from './measures.ts'
import { conditions, newValues, type Question, type SetName, sets, type Values } from './sets.ts'

/** A pool, or the one client that holds a snapshot. */
export type Queryable = Pick<pg.ClientBase, 'query'>

/** What a measure came to. */
export interface Tally {
  /** Milliseconds (median), a share of 1, a score, or the count; null where there is nothing to say it of. */
  readonly value: number | null
  /** Durations only. */
  readonly p90: number | null
  /** Numerator, and denominator. */
  readonly count: number
  readonly of: number
  /** Shares: where the true one lies in 95 of 100 cases. */
  readonly low: number | null
  readonly high: number | null
}

/** In the period, and in the one before; null where that is only known as it stands. */
export interface Both {
  readonly now: Tally
  readonly before: Tally | null
}

export interface Counted {
  readonly isNow: boolean
  readonly by: string | number | null
  readonly tallies: Readonly<Partial<Record<MeasureName, Tally>>>
}

export interface By {
  /** An expression over the rows `x`, or over what `join` adds. */
  expression(values: Values, question: Question): string
  readonly join?: string
}

export interface Order {
  readonly names: readonly MeasureName[]
  readonly by?: By
  readonly withBefore?: boolean
}

/** All measures must be of one set. */
export async function tally(pool: Queryable, question: Question, { names, by, withBefore }: Order): Promise<Counted[]> {
  const set = measureOf(names[0]!).set
  const { at, from } = sets[set]
  const values = newValues()
  const isNow = withBefore && at ? `${at} >= ${values.add(question.period.from, 'bigint')}` : 'true'
  const columns = names.map((name, i) => columnsOf(name, i, values, question))
  const group = by ? by.expression(values, question) : 'NULL::text'
  const where = conditions(values, set, question, withBefore)
  const { rows } = await pool.query<Record<string, unknown>>({
    text: `SELECT ${isNow} AS is_now, ${group} AS by, ${columns.join(', ')} FROM ${from} ${by?.join ?? ''} WHERE ${where} GROUP BY 1, 2`,
    values: values.list,
  })
  return rows.map((row) => ({
    isNow: row.is_now as boolean,
    by: row.by as string | number | null,
    tallies: Object.fromEntries(names.map((name, i) => [name, toTally(measureOf(name), row, i)])),
  }))
}

/** Measures of any sets, as a whole. */
export async function tallyAll(
  pool: Queryable,
  question: Question,
  names: readonly MeasureName[],
): Promise<Map<MeasureName, Both>> {
  const bySet = new Map<SetName, MeasureName[]>()
  for (const name of names) bySet.set(measureOf(name).set, [...(bySet.get(measureOf(name).set) ?? []), name])
  const found = new Map<MeasureName, Both>()
  for (const [set, group] of bySet) {
    const rows = await tally(pool, question, { names: group, withBefore: true })
    for (const name of group) {
      const now = rows.find((row) => row.isNow)?.tallies[name] ?? nothing(measureOf(name))
      const before = rows.find((row) => !row.isNow)?.tallies[name] ?? nothing(measureOf(name))
      found.set(name, { now, before: sets[set].at ? before : null })
    }
  }
  return found
}

/** Shares and counts of days add up to that of them all. */
export const summed = (name: MeasureName, days: readonly Tally[]): Tally => {
  const sum = (of: (day: Tally) => number) => days.reduce((all, day) => all + of(day), 0)
  return toTally(measureOf(name), { n0: sum(({ count }) => count), d0: sum(({ of }) => of) }, 0)
}

function columnsOf(name: MeasureName, i: number, values: Values, question: Question): string {
  const { unit, of } = measureOf(name)
  const counted = counts(name, values, question)
  const parts = [`count(*) FILTER (WHERE ${counted}) AS n${i}`, `count(*) FILTER (WHERE ${among(name)}) AS d${i}`]
  if (unit === 'duration')
    parts.push(
      `percentile_cont('{0.5,0.9}'::float8[]) WITHIN GROUP (ORDER BY ${of}) FILTER (WHERE ${counted}) AS v${i}`,
    )
  if (unit === 'total') parts.push(`sum(${of}) FILTER (WHERE ${counted})::float8 AS v${i}`)
  if (unit === 'score') parts.push(`avg(${of}) FILTER (WHERE ${counted})::float8 AS v${i}`)
  return parts.join(', ')
}

function toTally({ unit }: Measure, row: Record<string, unknown>, i: number): Tally {
  const count = row[`n${i}`] as number
  const of = row[`d${i}`] as number
  const measured = row[`v${i}`] as number | number[] | null | undefined
  const [low, high] = unit === 'share' ? interval(count, of) : [null, null]
  if (unit === 'share') return { value: of > 0 ? count / of : null, p90: null, count, of, low, high }
  if (unit === 'count') return { value: count, p90: null, count, of, low, high }
  const [value, p90] = Array.isArray(measured) ? measured.map(Math.round) : [measured ?? null, null]
  return { value: value ?? null, p90: p90 ?? null, count, of, low, high }
}

export const nothing = ({ unit }: Measure): Tally => ({
  value: unit === 'count' ? 0 : null,
  p90: null,
  count: 0,
  of: 0,
  low: null,
  high: null,
})

const z = 1.959964

/** Wilson's, which is right for few answers and near 0 and 1 too. */
export function interval(count: number, of: number): [number | null, number | null] {
  if (of === 0) return [null, null]
  const share = count / of
  const middle = share + z ** 2 / (2 * of)
  const reach = z * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2))
  const whole = 1 + z ** 2 / of
  return [Math.max(0, (middle - reach) / whole), Math.min(1, (middle + reach) / whole)]
}
