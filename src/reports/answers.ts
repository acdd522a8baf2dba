/** What a report answers, as the API says it. Every number carries its numerator, its denominator and the words for both. */
import { type Static, Type } from 'typebox'

const nullable = (description: string) => Type.Union([Type.Number(), Type.Null()], { description })

const tally = {
  value: nullable('The share of 1, the median in ms, the score or the count. null: there is nothing to say it of'),
  p90: nullable('Durations: what nine of ten stay below, in ms'),
  count: Type.Integer({ description: 'Numerator: how many were counted, or measured' }),
  of: Type.Integer({ description: 'Denominator: among how many' }),
  low: nullable('Shares: lower end of the 95 % interval'),
  high: nullable('Shares: its upper end'),
}
const oneOf = <const Word extends string>(words: readonly Word[], description?: string) =>
  Type.Unsafe<Word>(
    Type.Union(
      words.map((word) => Type.Literal(word)),
      { description },
    ),
  )

const unit = oneOf(
  ['count', 'share', 'duration', 'total', 'score'],
  'duration and total are milliseconds, score is −1 to 1',
)
const words = {
  key: Type.String({ description: 'Its name in `number` of /reports/{name}/conversations' }),
  title: Type.String(),
  counts: Type.String({ description: 'What the numerator counts' }),
  among: Type.String({ description: 'What the denominator counts' }),
  note: Type.Optional(Type.String()),
  source: Type.String({ description: 'What it is made from' }),
  better: Type.Optional(Type.Union([Type.Literal('more'), Type.Literal('less')])),
}

export const figure = Type.Object({
  ...words,
  unit,
  ...tally,
  before: Type.Union([Type.Object(tally), Type.Null()], {
    description: 'The same in the period before; null where it is only known as it stands',
  }),
  isCounted: Type.Boolean({ description: 'false: the record does not hold it, and `note` says why' }),
  tooFew: Type.Boolean({ description: 'Fewer than 10: a share of it says little' }),
})

export const chartKinds = [
  'line',
  'bars',
  'histogram',
  'heat',
  'steps',
  'whole',
  'ratings',
  'dumbbell',
  'table',
] as const

export const chart = Type.Object({
  key: Type.String(),
  title: Type.String(),
  kind: oneOf(chartKinds),
  rows: Type.Array(
    Type.Object({
      key: Type.String(),
      label: Type.String(),
      opens: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]), {
        description: 'What to add to the filter for the conversations behind this row',
      }),
      isRunning: Type.Optional(Type.Boolean({ description: 'A day that is not over' })),
      cells: Type.Record(
        Type.String(),
        Type.Object({
          ...tally,
          before: Type.Union([Type.Object(tally), Type.Null()]),
          opens: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]))),
        }),
      ),
    }),
  ),
  columns: Type.Array(Type.Object({ ...words, unit })),
  limitMs: Type.Optional(Type.Integer({ description: 'A limit to draw' })),
})

export const report = Type.Object({
  name: Type.String(),
  asOf: Type.Integer({ description: 'When it was counted, in epoch milliseconds' }),
  isStale: Type.Boolean({ description: 'An older result: the new one is being counted, ask again' }),
  period: Type.Object({ from: Type.String(), to: Type.String(), zone: Type.String(), days: Type.Integer() }),
  figures: Type.Array(figure),
  charts: Type.Array(chart),
})

export const choices = Type.Object({
  mappings: Type.Array(Type.String()),
  channels: Type.Array(Type.String()),
  desks: Type.Array(Type.String()),
  languages: Type.Array(Type.String()),
  reasons: Type.Array(Type.String()),
})

export const behind = Type.Object({
  number: Type.String(),
  title: Type.String(),
  total: Type.Integer({ description: 'How many there are: the number itself' }),
  rows: Type.Array(
    Type.Object({
      conversation: Type.Integer(),
      handoff: Type.Union([Type.Integer(), Type.Null()]),
      at: Type.Integer({ description: 'Epoch milliseconds' }),
      mapping: Type.String(),
      channel: Type.String(),
      language: Type.Union([Type.String(), Type.Null()]),
      desk: Type.Union([Type.String(), Type.Null()]),
      agent: Type.Union([Type.String(), Type.Null()]),
      reason: Type.Union([Type.String(), Type.Null()]),
      intent: Type.Union([Type.String(), Type.Null()]),
      outcome: Type.Union([Type.String(), Type.Null()]),
      waitedMs: Type.Union([Type.Integer(), Type.Null()]),
      score: Type.Union([Type.Number(), Type.Null()]),
    }),
  ),
  next: Type.Union([Type.String(), Type.Null()], { description: '`after` of the next page' }),
})

export type Figure = Static<typeof figure>
export type Chart = Static<typeof chart>
export type ChartRow = Chart['rows'][number]
export type Cell = ChartRow['cells'][string]
export type Report = Static<typeof report>
export type Behind = Static<typeof behind>
export type Choices = Static<typeof choices>
