/** The charts, each a table of measures by something; the console draws them, CSV writes them. */
import type { Cell, Chart, ChartRow } from './answers.ts'
import { type MeasureName, measureOf } from './measures.ts'
import { cellOf, dayOf, levelOf, type Question, waitOf } from './sets.ts'
import { type Both, type By, type Counted, nothing, type Queryable, summed, type Tally, tally } from './tally.ts'

export type MakeChart = (pool: Queryable, question: Question) => Promise<Chart>

interface Plan {
  readonly key: string
  readonly title: string
  readonly kind: Chart['kind']
  readonly names: readonly MeasureName[]
}

export const words = (name: MeasureName) => {
  const { title, words: said, source, better, unit } = measureOf(name)
  return { key: name, title, ...said, source, better, unit }
}

const columns = (names: readonly MeasureName[]): Chart['columns'] => names.map(words)

const cell = (now: Tally, before: Tally | null = null): Cell => ({ ...now, before })

export const byDay =
  (plan: Omit<Plan, 'kind'>): MakeChart =>
  async (pool, question) => {
    const { period } = question
    const set = measureOf(plan.names[0]!).set
    const at = {
      conversations: 'x.first_at',
      stops: 'x.at',
      offers: 'x.offered_at',
      accepted: 'x.accepted_at',
      rated: 'x.began_at',
      handoffs: 'x.requested_at',
      letters: 'x.at',
    }[set]
    const by: By = { expression: (values, { period }) => dayOf(values, at, period) }
    const rows = await tally(pool, question, { names: plan.names, by, withBefore: true })
    const days = new Map(rows.map((row) => [row.by as number, row]))
    const of = (n: number, name: MeasureName) => days.get(n)?.tallies[name] ?? nothing(measureOf(name))
    return {
      ...plan,
      kind: 'line',
      columns: columns(plan.names),
      rows: period.days.map((day, n) => ({
        key: day,
        label: day,
        opens: { from: day, to: day },
        ...(day === period.running ? { isRunning: true } : {}),
        cells: Object.fromEntries(
          plan.names.map((name) => [name, cell(of(period.days.length + n, name), of(n, name))]),
        ),
      })),
    }
  }

/** The measure as a whole, where the chart has it day by day and days of it add up. */
export function totalIn({ kind, rows }: Chart, name: MeasureName): Both | undefined {
  const { unit } = measureOf(name)
  const cells = rows.flatMap((row) => row.cells[name] ?? [])
  if (kind !== 'line' || cells.length === 0 || (unit !== 'share' && unit !== 'count')) return undefined
  return {
    now: summed(name, cells),
    before: summed(
      name,
      cells.map(({ before }) => before!),
    ),
  }
}

interface Group extends Plan {
  readonly by: By
  /** The parameter that a row adds to the filter. */
  readonly opens: string
  readonly label?: (key: string | null) => string
  /** In this order, all of them; otherwise the most first. */
  readonly keys?: readonly string[]
  /** Its column says each row's share of all rows. */
  readonly ofAll?: boolean
}

export const byGroup =
  (group: Group): MakeChart =>
  async (pool, question) => {
    const rows = await tally(pool, question, { names: group.names, by: group.by, withBefore: true })
    return {
      key: group.key,
      title: group.title,
      kind: group.kind,
      columns: columns(group.names),
      rows: grouped(rows, group),
    }
  }

export function grouped(rows: readonly Counted[], { names, opens, label, keys, ofAll }: Group): ChartRow[] {
  const find = (key: string | null, isNow: boolean) => rows.find((row) => row.by === key && row.isNow === isNow)
  const first = names[0]!
  const total = (isNow: boolean) =>
    rows.filter((row) => row.isNow === isNow).reduce((sum, row) => sum + row.tallies[first]!.count, 0)
  const totals = { now: total(true), before: total(false) }
  const whole = (one: Tally, of: number): Tally => (ofAll ? { ...one, of } : one)
  const counted = (key: string | null) => find(key, true)?.tallies[first]?.count ?? 0
  const found = [...new Set(rows.map((row) => row.by as string | null))]
  const order = keys ?? found.sort((a, b) => counted(b) - counted(a) || ((a ?? '') < (b ?? '') ? -1 : 1))
  const all = order.map((key) => ({
    key: key ?? '',
    label: label?.(key) ?? key ?? 'unknown',
    opens: { [opens]: key ?? '' },
    cells: Object.fromEntries(
      names.map((name) => {
        const now = find(key, true)?.tallies[name] ?? nothing(measureOf(name))
        const before = find(key, false)?.tallies[name] ?? nothing(measureOf(name))
        return [name, cell(whole(now, totals.now), whole(before, totals.before))]
      }),
    ),
  }))
  // A reason that only ever had other numbers is no row of these.
  return keys ? all : all.filter(({ cells }) => Object.values(cells).some(isSomething))
}

const isSomething = ({ of, before }: Cell): boolean => of > 0 || (before?.of ?? 0) > 0

const column = (name: string): By => ({ expression: () => `x.${name}` })
export const sentence = (key: string | null): string => {
  const spaced = (key ?? 'unknown').replaceAll('_', ' ')
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}

/** By the criterion that fired first; beside it, how often it fired together with another one. */
export const reasons: MakeChart = async (pool, question) => {
  const plan = {
    key: 'reasons',
    title: 'Why people were needed',
    kind: 'bars',
    opens: 'reason',
    label: sentence,
    ofAll: true,
  } as const
  const first = await byGroup({ ...plan, names: ['requested'], by: column('criterion') })(pool, question)
  const join = 'CROSS JOIN LATERAL unnest(x.also) AS beside(criterion)'
  const rows = await tally(pool, question, {
    names: ['alsoFired'],
    by: { expression: () => 'beside.criterion', join },
    withBefore: true,
  })
  const also = grouped(rows, { ...plan, names: ['alsoFired'], by: column('criterion'), opens: 'also', ofAll: false })
  const whole = first.rows[0]?.cells.requested?.of ?? 0
  const keys = [...new Set([...first.rows, ...also].map(({ key }) => key))]
  const none = cell(nothing(measureOf('requested')), nothing(measureOf('requested')))
  return {
    ...first,
    columns: columns(['requested', 'alsoFired']),
    rows: keys.map((key) => {
      const beside = also.find((row) => row.key === key)
      return {
        key,
        label: sentence(key),
        opens: { reason: key },
        cells: {
          requested: first.rows.find((row) => row.key === key)?.cells.requested ?? { ...none, of: whole },
          // A filter by the reason is one by the criterion that fired first, so this column opens by a word of its own.
          alsoFired: { ...(beside?.cells.alsoFired ?? none), of: whole, opens: { also: key } },
        },
      }
    }),
  }
}

const edges = [0, 15, 30, 60, 120, 180, 300, 600, 1200].map((seconds) => seconds * 1000)

export const waits: MakeChart = async (pool, question) => {
  const by: By = { expression: (values) => `width_bucket(${waitOf}, ${values.add(edges, 'bigint[]')})` }
  const rows = await tally(pool, question, { names: ['toAgent'], by, withBefore: true })
  const { rows: limits } = await pool.query<{ limit: number | null }>(
    'SELECT max(limit_ms) AS limit FROM report_handoffs WHERE requested_at >= $1 AND requested_at < $2 HAVING max(limit_ms) = min(limit_ms)',
    [question.period.from, question.period.to],
  )
  const limitMs = limits[0]?.limit
  return {
    key: 'waits',
    title: 'How long until an agent accepted',
    kind: 'histogram',
    columns: columns(['toAgent']),
    ...(limitMs ? { limitMs } : {}),
    rows: edges.map((edge, n) => {
      const of = (isNow: boolean) =>
        rows.find((row) => row.by === n + 1 && row.isNow === isNow)?.tallies.toAgent ?? nothing(measureOf('toAgent'))
      const next = edges[n + 1]
      return {
        key: String(edge),
        label: next === undefined ? `${clock(edge)} or more` : `${clock(edge)}–${clock(next)}`,
        opens: { waitFrom: edge, ...(next === undefined ? {} : { waitTo: next }) },
        cells: { toAgent: cell(of(true), of(false)) },
      }
    }),
  }
}

const clock = (ms: number): string => `${Math.floor(ms / 60_000)}:${String((ms / 1000) % 60).padStart(2, '0')}`

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** Only hours in which somebody waited. */
export const heat: MakeChart = async (pool, question) => {
  const by: By = { expression: (values, { period }) => cellOf(values, 'x.requested_at', period) }
  const rows = await tally(pool, question, { names: ['toAgent'], by })
  return {
    key: 'heat',
    title: 'Wait by weekday and hour (p90)',
    kind: 'heat',
    columns: columns(['toAgent']),
    rows: rows
      .filter((row) => row.by !== null)
      .sort((a, b) => Number(a.by) - Number(b.by))
      .map(({ by, tallies }) => {
        const hour = Number(by) % 24
        return {
          key: String(by),
          label: `${weekdays[Math.floor(Number(by) / 24)]} ${String(hour).padStart(2, '0')}:00`,
          opens: { cell: Number(by) },
          cells: { toAgent: cell(tallies.toAgent!) },
        }
      }),
  }
}

const levels = ['Requested', 'Opened', 'Assigned', 'Accepted'] as const

/** How far handoffs came. What is lost between two steps is named by its outcome, and opens what it counts. */
export const steps: MakeChart = async (pool, question) => {
  const by: By = { expression: () => `${levelOf} || ' ' || coalesce(x.outcome, '')` }
  const rows = await tally(pool, question, { names: ['reached'], by })
  const found = rows.map((row) => {
    const [level, outcome] = String(row.by).split(' ')
    return { level: Number(level), outcome: outcome ?? '', count: row.tallies.reached!.count }
  })
  const total = found.reduce((sum, one) => sum + one.count, 0)
  const sum = (which: (one: (typeof found)[number]) => boolean) =>
    found.filter(which).reduce((all, one) => all + one.count, 0)
  const counted = (count: number) => cell({ ...nothing(measureOf('reached')), value: count, count, of: total })
  const kept = levels.map((label, level) => ({
    key: label.toLowerCase(),
    label,
    opens: { levelFrom: level },
    cells: { reached: counted(sum((one) => one.level >= level)) },
  }))
  const ended = {
    key: 'ended',
    label: 'Ended with an agent',
    opens: { levelFrom: 3, isEnded: 1 },
    cells: { reached: counted(sum((one) => one.level === 3 && one.outcome !== '')) },
  }
  const losses = (level: number): ChartRow[] =>
    found
      .filter((one) => one.level === level && (level < 3 || one.outcome === ''))
      .sort((a, b) => b.count - a.count)
      .map(({ outcome, count }) => ({
        key: `${levels[level]!.toLowerCase()}:${outcome}`,
        label: `${outcome === '' ? 'under way' : outcome}`,
        opens: { level, outcome },
        cells: { reached: counted(count) },
      }))
  return {
    key: 'steps',
    title: 'From requested to ended',
    kind: 'steps',
    columns: columns(['reached']),
    rows: [...kept, ended].flatMap((row, n) => (n < 4 ? [row, ...losses(n)] : [row])),
  }
}

export const outcomes = byGroup({
  key: 'outcomes',
  title: 'How handoffs ended',
  kind: 'whole',
  names: ['ended'],
  by: { expression: () => 'x.outcome' },
  opens: 'outcome',
  label: sentence,
  ofAll: true,
  keys: ['resolved', 'returned', 'deferred', 'abandoned', 'expired', 'failed'],
})
export const offerAnswers = byGroup({
  key: 'offers',
  title: 'What became of offers',
  kind: 'whole',
  names: ['offered'],
  by: column('offer_answer'),
  opens: 'answer',
  label: (key) => (key === null ? 'Open' : sentence(key)),
  ofAll: true,
})
export const topics = byGroup({
  key: 'topics',
  title: 'What it was about',
  kind: 'bars',
  names: ['requested'],
  by: column('intent'),
  opens: 'intent',
  label: (key) => key ?? 'unknown',
  ofAll: true,
})

const ratingsBy = (
  key: string,
  title: string,
  name: string,
  opens: string,
  label: (key: string | null) => string,
): MakeChart => byGroup({ key, title, kind: 'ratings', names: ['csat', 'response'], by: column(name), opens, label })
const named = (key: string | null) => key ?? 'unknown'
export const ratingsByReason = ratingsBy('csat-reason', 'Satisfaction by reason', 'criterion', 'reason', sentence)
export const ratingsByDesk = ratingsBy('csat-desk', 'Satisfaction by desk', 'desk', 'desk', named)
export const ratingsByBot = ratingsBy('csat-bot', 'Satisfaction by bot', 'bot', 'bot', named)

const patience = [0, 60, 180, 600].map((seconds) => seconds * 1000)

export const ratingsByWait: MakeChart = async (pool, question) => {
  const by: By = { expression: (values) => `width_bucket(${waitOf}, ${values.add(patience, 'bigint[]')})::text` }
  const rows = await tally(pool, question, { names: ['csat', 'response'], by, withBefore: true })
  const plan = {
    key: 'csat-wait',
    title: 'Satisfaction by waiting',
    kind: 'ratings',
    names: ['csat', 'response'],
    by,
    opens: 'wait',
    keys: ['1', '2', '3', '4'],
  } as const
  return {
    key: plan.key,
    title: plan.title,
    kind: plan.kind,
    columns: columns(plan.names),
    rows: grouped(rows, plan).map((row, n) => {
      const [from, to] = [patience[n]!, patience[n + 1]]
      return {
        ...row,
        label: to === undefined ? `${clock(from)} or more` : `${clock(from)}–${clock(to)}`,
        opens: { waitFrom: from, ...(to === undefined ? {} : { waitTo: to }) },
      }
    }),
  }
}

export const feelings = byGroup({
  key: 'feelings',
  title: 'Sentiment before and after, by reason',
  kind: 'dumbbell',
  names: ['feelingBefore', 'feelingAfter', 'better', 'same', 'worse'],
  by: column('criterion'),
  opens: 'reason',
  label: sentence,
})
