/** The reports: figures kept up to date from the record, counted when somebody asks. */
import type pg from 'pg'
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { Chart, Choices, Figure, Report } from './answers.ts'
import { catalogue, type ReportName } from './catalogue.ts'
import { totalIn, words } from './charts.ts'
import { type MeasureName, measureOf } from './measures.ts'
import type { MappingOf } from './pass.ts'
import { few } from './people.ts'
import { everyMs, openRollup } from './rollup.ts'
import type { Question } from './sets.ts'
import { openShelf } from './shelf.ts'
import { type Both, type Queryable, tallyAll } from './tally.ts'

export interface Reports {
  read(name: ReportName, question: Question): Promise<Report>
  /** What filters can be set to. */
  choices(): Promise<Choices>
  /** Brings the figures up to date, as far as that goes quickly. */
  catchUp(): Promise<void>
  rebuild(): Promise<void>
  stop(): Promise<void>
}

export interface ReportParts {
  readonly pool: pg.Pool
  readonly mappingOf: MappingOf
  readonly clock: Clock
  readonly log: Pick<Logger, 'warn'>
}

const catchUpMs = 300

type Counted = Omit<Report, 'asOf' | 'isStale'>

/** Room to sort a season's handoffs in memory, and one helper for the long looks: reports are rare, and somebody waits for each. */
const snapshot = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL work_mem = '32MB'; SET LOCAL max_parallel_workers_per_gather = 1`

/** All numbers of a report are of one moment, so that they add up. */
async function inSnapshot<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let failure: Error | undefined
  try {
    await client.query(snapshot)
    return await work(client)
  } finally {
    await client.query('ROLLBACK').catch((lost: Error) => {
      failure = lost
    })
    client.release(failure)
  }
}

export function openReports(parts: ReportParts): Reports {
  const { pool, clock } = parts
  const rollup = openRollup(parts)
  const options = { now: () => clock.now(), freshMs: 2_000, patienceMs: 600, places: 300, atOnce: 3 }
  const reports = openShelf<{ upTo: number; counted: Counted }>(options)
  const choices = openShelf<Choices>({ ...options, freshMs: 30_000, places: 1 })
  return {
    async read(name, question) {
      const { value, asOf, isStale } = await reports(JSON.stringify([name, question]), async () => {
        const upTo = await rollup.catchUp(catchUpMs)
        return { upTo, counted: await countReport(pool, name, question) }
      })
      const isBehind = !(asOf - value.upTo < 2 * everyMs)
      return {
        ...value.counted,
        asOf: Number.isFinite(value.upTo) ? Math.min(asOf, value.upTo) : asOf,
        isStale: isStale || isBehind,
      }
    },
    async choices() {
      const read = async () => {
        await rollup.catchUp(catchUpMs)
        return readChoices(pool)
      }
      return (await choices('', read)).value
    },
    catchUp: async () => void (await rollup.catchUp(catchUpMs)),
    rebuild: () => rollup.rebuild(),
    stop: () => rollup.stop(),
  }
}

export const countReport = (pool: pg.Pool, name: ReportName, question: Question): Promise<Counted> =>
  inSnapshot(pool, (client) => count(client, name, question))

async function count(client: Queryable, name: ReportName, question: Question): Promise<Counted> {
  const { figures, charts, missing = [] } = catalogue[name]
  const { days, zone } = question.period
  const drawn: Chart[] = []
  for (const make of charts) drawn.push(await make(client, question))
  // What a chart counted by day is not counted again: the longest look of a report is at all its conversations.
  const known = new Map<MeasureName, Both>()
  for (const chart of drawn) {
    for (const one of figures) {
      const total = totalIn(chart, one)
      if (total) known.set(one, total)
    }
  }
  const others = await tallyAll(
    client,
    question,
    figures.filter((one) => !known.has(one)),
  )
  return {
    name,
    period: { from: days[0]!, to: days.at(-1)!, zone, days: days.length },
    figures: [...figures.map((one) => figureOf(one, known.get(one) ?? others.get(one)!)), ...missing],
    charts: drawn,
  }
}

function figureOf(name: MeasureName, { now, before }: Both): Figure {
  const tooFew = measureOf(name).unit === 'share' && now.of > 0 && now.of < few
  return { ...words(name), ...now, before, isCounted: true, tooFew }
}

async function readChoices(pool: pg.Pool): Promise<Choices> {
  const some = (column: string, table: string) =>
    pool.query<{ name: string }>(distinct(column, table)).then(({ rows }) => rows.map(({ name }) => name))
  const [mappings, channels, desks, languages, reasons] = await Promise.all([
    some('mapping', 'report_conversations'),
    some('channel', 'report_conversations'),
    some('desk', 'report_handoffs'),
    some('language', 'report_conversations'),
    some('criterion', 'report_handoffs'),
  ])
  return { mappings, channels, desks, languages, reasons }
}

const distinct = (column: string, table: string): string =>
  `SELECT DISTINCT ${column} AS name FROM ${table} WHERE ${column} IS NOT NULL ORDER BY 1 LIMIT 200`
