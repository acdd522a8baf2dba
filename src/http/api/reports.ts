/** Reports: figures with the words for them, the conversations behind each, and both as files. */
import { Readable } from 'node:stream'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { type Static, type TSchema, Type } from 'typebox'
import type { Clock } from '../../clock.ts'
import { HubError } from '../../errors.ts'
import type { Hub } from '../../hub.ts'
import { behind, choices, report } from '../../reports/answers.ts'
import { conversationsBehind } from '../../reports/behind.ts'
import { reportNames } from '../../reports/catalogue.ts'
import { behindCsv, chartCsv, figuresCsv } from '../../reports/csv.ts'
import { type MeasureName, measureNames, measureOf } from '../../reports/measures.ts'
import { readPeriod } from '../../reports/period.ts'
import { openReports, type Reports } from '../../reports/reports.ts'
import type { Own, Question } from '../../reports/sets.ts'
import { audit } from '../../staff/audit.ts'
import { Forbidden, reach } from '../guard.ts'

const day = (description: string) =>
  Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description, examples: ['2026-11-24'] }))
/** An empty value asks for those that have none. */
const value = (description: string) =>
  Type.Optional(Type.String({ maxLength: 200, pattern: '^[^\\u0000]*$', description }))
const whole = (maximum: number, description: string) =>
  Type.Optional(Type.Integer({ minimum: 0, maximum, description }))

const filter = {
  from: day('First day. Default: 13 days before the last'),
  to: day('Last day. Default: today'),
  zone: Type.Optional(Type.String({ maxLength: 64, description: 'IANA zone in which days begin. Default: UTC' })),
  mapping: value('Only this mapping'),
  channel: value('Only this channel'),
  desk: value('Only handoffs at this desk'),
  language: value('Only conversations in this language'),
  reason: value('Only handoffs for which this criterion fired first'),
}
const cut = {
  outcome: value('Only this outcome; empty: under way'),
  level: whole(3, 'How far it came: 0 requested, 1 opened, 2 assigned, 3 accepted'),
  levelFrom: whole(3, 'At least so far'),
  isEnded: whole(1, '1: ended, 0: not'),
  intent: value('Only this intent; empty: unknown'),
  agent: value('Only this agent; empty: unnamed'),
  bot: value('Only this bot'),
  also: value('Only where this criterion fired beside the first'),
  answer: value('Only offers answered so; empty: open'),
  mood: Type.Optional(Type.Union([Type.Literal('better'), Type.Literal('same'), Type.Literal('worse')])),
  waitFrom: whole(1e12, 'Accepted after at least so many ms'),
  waitTo: whole(1e12, 'Accepted after less than so many ms'),
  cell: whole(167, 'Requested in this hour of the week; Monday 0:00 is 0'),
}
const number = Type.Union(
  measureNames.map((name) => Type.Literal(name)),
  { description: 'The `key` of a figure or a column' },
)
const side = Type.Union([Type.Literal('counts'), Type.Literal('among')], {
  default: 'counts',
  description: 'The numerator, or the denominator',
})
const strict = { additionalProperties: false } as const
const name = Type.Object({ name: Type.Union(reportNames.map((one) => Type.Literal(one))) })
const reading = Type.Object(filter, strict)
const listing = Type.Object(
  {
    ...filter,
    ...cut,
    number,
    side,
    limit: Type.Integer({ minimum: 1, maximum: 500, default: 50 }),
    after: Type.Optional(
      Type.String({ pattern: '^\\d{1,18}\\.\\d{1,18}\\.\\d{1,18}$', description: '`next` of the page before' }),
    ),
  },
  strict,
)
const exporting = Type.Object(
  {
    ...filter,
    ...cut,
    format: Type.Union([Type.Literal('csv'), Type.Literal('json')], { default: 'csv' }),
    chart: Type.Optional(Type.String({ maxLength: 40, description: 'The rows of this chart' })),
    number: Type.Optional(number),
    side,
  },
  strict,
)

type Filter = Static<typeof reading>

export const reports =
  (hub: Hub, clock: Clock): FastifyPluginAsync =>
  async (app) => {
    const open = openReports({ pool: hub.pool, mappingOf: hub.mappingOf, clock, log: app.log })
    app.addHook('onClose', () => open.stop())
    const ok = (schema: TSchema) => ({ response: { 200: schema } })

    const filters = { summary: 'What the filters of reports can be set to', ...ok(choices) }
    app.get('/reports/choices', { schema: filters, config: { may: 'reports.read' } }, () => open.choices())

    const one = { params: name, querystring: reading, summary: 'A report', ...ok(report) }
    app.get('/reports/:name', { schema: one, config: { may: 'reports.read' } }, (request) =>
      readReport(open, request, clock),
    )

    const list = { params: name, querystring: listing, summary: 'The conversations behind a number', ...ok(behind) }
    app.get('/reports/:name/conversations', { schema: list, config: { may: 'reports.read' } }, async (request) => {
      const { limit, after, number, side } = request.query as Static<typeof listing>
      await open.catchUp()
      return conversationsBehind(hub.pool, questionOf(request, clock, number), { number, side, limit, after })
    })

    const file = {
      params: name,
      querystring: exporting,
      summary: 'A report, a chart or the conversations behind a number, as a file',
    }
    app.get('/reports/:name/export', { schema: file, config: { may: 'reports.export' } }, async (request, reply) => {
      const { format, chart, number, side } = request.query as Static<typeof exporting>
      const { name } = request.params as Static<typeof reportName>
      const part = number ?? chart ?? 'figures'
      await audit(hub.pool, request.staff!, 'reports.export', `${name}/${part}`, { format })
      void reply.header(
        'content-disposition',
        `attachment; filename="baton-${name}-${part.replaceAll(/[^\w-]/g, '')}.${format}"`,
      )
      void reply.type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json')
      if (number)
        return reply.send(Readable.from(pages(hub, questionOf(request, clock, number), { number, side, format })))
      const found = await readReport(open, request, clock)
      if (chart !== undefined && !found.charts.some(({ key }) => key === chart)) throw noChart(chart, found.charts)
      if (format === 'csv') return chart === undefined ? figuresCsv(found) : chartCsv(found, chart)
      return chart === undefined ? found : found.charts.find(({ key }) => key === chart)
    })

    const again = { summary: 'Counts all reports again from the record; the old figures stand until they are replaced' }
    app.post('/reports/rebuild', { schema: again, config: { may: 'settings.change' } }, async (request, reply) => {
      await open.rebuild()
      await audit(hub.pool, request.staff!, 'reports.rebuild', 'all')
      return reply.code(202).send({ begun: true })
    })
  }

const reportName = name

function readReport(open: Reports, request: FastifyRequest, clock: Clock) {
  const { name } = request.params as Static<typeof reportName>
  if (reach(request) === 'own' && name !== 'people')
    throw new Forbidden(request.staff!, request.routeOptions.config.may!)
  return open.read(name, questionOf(request, clock))
}

/** An agent sees what they accepted themselves, and nothing of what was never theirs. */
function questionOf(request: FastifyRequest, clock: Clock, number?: MeasureName): Question {
  const { from, to, zone, mapping, channel, desk, language, reason, ...rest } = request.query as Filter &
    Record<string, unknown>
  const { limit: _l, after: _a, number: _n, side: _s, format: _f, chart: _c, ...cut } = rest
  const own = ownOf(request)
  if (own && number !== undefined && measureOf(number).set !== 'accepted')
    throw new Forbidden(request.staff!, request.routeOptions.config.may!)
  return {
    period: readPeriod({ from, to, zone }, clock.now()),
    filter: { mapping, channel, desk, language, reason },
    ...(Object.keys(cut).length > 0 ? { cut } : {}),
    ...(own ? { own } : {}),
  }
}

function ownOf(request: FastifyRequest): Own | undefined {
  if (reach(request) !== 'own') return undefined
  const { id, name, desks } = request.staff!
  return { id, name, desks }
}

const page = 1_000

/** One page after another, so that a long list is never in memory as a whole. */
async function* pages(
  hub: Hub,
  question: Question,
  { number, side, format }: { number: MeasureName; side: 'counts' | 'among'; format: 'csv' | 'json' },
): AsyncGenerator<string> {
  let after: string | undefined
  let isFirst = true
  if (format === 'json') yield '['
  do {
    const { rows, next } = await conversationsBehind(hub.pool, question, { number, side, limit: page, after })
    if (format === 'csv') yield behindCsv(rows, isFirst)
    else yield rows.map((row, n) => `${isFirst && n === 0 ? '' : ','}${JSON.stringify(row)}`).join('')
    isFirst = false
    after = next ?? undefined
  } while (after !== undefined)
  if (format === 'json') yield ']'
}

const noChart = (found: string, charts: readonly { key: string }[]): HubError =>
  new HubError('invalid', `chart: found "${found}"; right is one of ${charts.map(({ key }) => key).join(', ')}`)
