import { ActionIcon, Anchor, Tooltip } from '@mantine/core'
import { IconTable } from '@tabler/icons-react'
import { type ComponentType, lazy, Suspense } from 'react'
import type { Chart } from '../../../../src/reports/answers.ts'
import { useMay } from '../../me.tsx'
import { Rows } from '../../parts/DataState.tsx'
import { query, useUrl } from '../../url.ts'
import { filterOf } from './asked.ts'
import { Bars } from './Bars.tsx'
import { ChartTable } from './ChartTable.tsx'
import { Definition } from './Definition.tsx'
import { Dumbbell } from './Dumbbell.tsx'
import { Heat } from './Heat.tsx'
import { Ratings } from './Ratings.tsx'
import { Steps } from './Steps.tsx'
import { Whole } from './Whole.tsx'

export type ChartView = ComponentType<{ chart: Chart }>

const views: Record<Chart['kind'], ChartView> = {
  line: lazy(() => import('./Line.tsx')),
  histogram: lazy(() => import('./Histogram.tsx')),
  bars: Bars,
  heat: Heat,
  steps: Steps,
  whole: Whole,
  ratings: Ratings,
  dumbbell: Dumbbell,
  table: ChartTable,
}

/** A chart with its words, the same as a table, and as a file. */
export function ChartCard({ chart, tab }: { chart: Chart; tab: string }) {
  const [url, setUrl] = useUrl()
  const mayExport = useMay('reports.export') !== undefined
  const asTables = (url.table ?? '').split(',').filter(Boolean)
  const isTable = asTables.includes(chart.key)
  const View = isTable ? ChartTable : views[chart.kind]
  const toggle = () =>
    setUrl({
      table: (isTable ? asTables.filter((key) => key !== chart.key) : [...asTables, chart.key]).join(',') || undefined,
    })
  const hasRows = chart.rows.some(({ cells }) => Object.values(cells).some(({ of, count }) => of > 0 || count > 0))
  return (
    <section className="card" data-kind={chart.kind} aria-label={chart.title}>
      <header className="card-head">
        <h2 className="card-title">{chart.title}</h2>
        <Definition title={chart.title} of={chart.columns} />
        <span className="card-gap" />
        {chart.kind !== 'table' && (
          <Tooltip label={isTable ? 'As chart' : 'As table'}>
            <ActionIcon
              variant={isTable ? 'light' : 'subtle'}
              color="gray"
              aria-pressed={isTable}
              aria-label={`${chart.title} as table`}
              onClick={toggle}
            >
              <IconTable size={18} stroke={1.5} />
            </ActionIcon>
          </Tooltip>
        )}
        {mayExport && (
          <Anchor
            size="xs"
            href={`/api/v1/reports/${tab}/export${query({ ...filterOf(url), chart: chart.key, format: 'csv' })}`}
            download
            aria-label={`${chart.title} as CSV`}
          >
            CSV
          </Anchor>
        )}
      </header>
      {hasRows ? (
        <Suspense fallback={<Rows count={4} />}>
          <View chart={chart} />
        </Suspense>
      ) : (
        <p className="card-none">No data in this period.</p>
      )}
    </section>
  )
}
