/** Agents beside the median of their team: in order of name, never of a number. */
import type { Cell, Chart, ChartRow } from './answers.ts'
import { words } from './charts.ts'
import { type MeasureName, measureOf } from './measures.ts'
import type { Question } from './sets.ts'
import { type Counted, nothing, type Queryable, type Tally, tally } from './tally.ts'

const names = [
  'accepted',
  'agentHandle',
  'agentWord',
  'agentCsat',
  'agentHeld',
] as const satisfies readonly MeasureName[]
/** Shares of fewer answers say nothing of a team. */
export const few = 10

/** With `own`: only their own row. The median is that of everybody at the same desks. */
export async function people(pool: Queryable, question: Question): Promise<Chart> {
  const { own, ...rest } = question
  const by = { expression: () => 'x.agent' }
  const team = await tally(pool, own ? { ...rest, desks: own.desks } : rest, { names, by, withBefore: true })
  const shown = own ? await tally(pool, question, { names, by, withBefore: true }) : team
  const agents = [...new Set(shown.map((row) => row.by as string | null))].sort((a, b) =>
    (a ?? '').localeCompare(b ?? ''),
  )
  return {
    key: 'agents',
    title: 'Agents and the team median',
    kind: 'table',
    columns: names.map(words),
    rows: [...agents.map((agent) => agentRow(shown, agent)), medianRow(team)],
  }
}

function agentRow(rows: readonly Counted[], agent: string | null): ChartRow {
  const of = (isNow: boolean, name: MeasureName): Tally =>
    rows.find((row) => row.by === agent && row.isNow === isNow)?.tallies[name] ?? nothing(measureOf(name))
  return {
    key: agent ?? '',
    label: agent ?? 'unnamed',
    opens: { agent: agent ?? '' },
    cells: Object.fromEntries(names.map((name) => [name, { ...of(true, name), before: of(false, name) }])),
  }
}

function medianRow(rows: readonly Counted[]): ChartRow {
  const cells = names.map((name): [string, Cell] => [
    name,
    { ...medianOf(rows, name, true), before: medianOf(rows, name, false) },
  ])
  return { key: 'median', label: 'Team median', opens: {}, cells: Object.fromEntries(cells) }
}

/** The median over agents; `count` and `of` are how many agents it is taken over. */
function medianOf(rows: readonly Counted[], name: MeasureName, isNow: boolean): Tally {
  const { unit } = measureOf(name)
  const tallies = rows.filter((row) => row.isNow === isNow).map((row) => row.tallies[name]!)
  const known = tallies.filter((one) => one.value !== null && (unit !== 'share' || one.of >= few))
  const value = median(known.map((one) => one.value!))
  return { value, p90: null, count: known.length, of: tallies.length, low: null, high: null }
}

export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  if (sorted.length === 0) return null
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
