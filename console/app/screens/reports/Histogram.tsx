import { BarChart } from '@mantine/charts'
import type { Chart } from '../../../../src/reports/answers.ts'
import { formatDuration } from '../../format.ts'
import { useOpening } from './asked.ts'
import { sayValue } from './say.ts'

/** How many fell into each span of time; the limit as a line where all had the same one. */
export default function Histogram({ chart }: { chart: Chart }) {
  const { open } = useOpening()
  const column = chart.columns[0]!
  const data = chart.rows.map(({ label, cells }) => ({
    label,
    count: cells[column.key]?.count ?? 0,
    before: cells[column.key]?.before?.count ?? 0,
  }))
  const limit = chart.rows.find(({ opens }) => opens.waitFrom === chart.limitMs)
  const openSpan = (n: number) => {
    const row = chart.rows[n]
    if (row && (row.cells[column.key]?.count ?? 0) > 0)
      open({ number: column.key, title: `${column.title}, ${row.label}`, cut: row.opens })
  }
  return (
    <div className="drawing" aria-hidden>
      <BarChart
        h={220}
        data={data}
        dataKey="label"
        withLegend
        valueFormatter={(value) => sayValue('count', value)}
        series={[
          { name: 'count', label: 'Handoffs', color: 'var(--chart-1)' },
          { name: 'before', label: 'Before', color: 'var(--chart-other)' },
        ]}
        yAxisProps={{ width: 40, allowDecimals: false }}
        xAxisProps={{ interval: 0, fontSize: 10, tickFormatter: (label: string) => label.replace(/[–o].*/, '').trim() }}
        referenceLines={
          limit && chart.limitMs
            ? [
                {
                  x: limit.label,
                  label: `limit ${formatDuration(chart.limitMs)}`,
                  color: 'var(--chart-2)',
                  strokeDasharray: '4 3',
                  position: 'start',
                  labelPosition: 'insideTopLeft',
                },
              ]
            : []
        }
        barChartProps={{
          accessibilityLayer: false,
          onClick: (state) => openSpan(Number((state as { activeTooltipIndex?: unknown }).activeTooltipIndex ?? -1)),
        }}
      />
    </div>
  )
}
