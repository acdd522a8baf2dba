import { LineChart } from '@mantine/charts'
import { ReferenceArea } from 'recharts'
import type { Chart } from '../../../../src/reports/answers.ts'
import { useOpening } from './asked.ts'
import { sayDay, sayValue } from './say.ts'

/** By day, the period before as a dashed line. A day without data is a gap, one that is not over is hatched. */
export default function Line({ chart }: { chart: Chart }) {
  const { open } = useOpening()
  const column = chart.columns[0]!
  const isTime = column.unit === 'duration'
  const data = chart.rows.map(({ label, cells }) => ({
    day: sayDay(label),
    now: cells[column.key]?.value ?? null,
    p90: cells[column.key]?.p90 ?? null,
    before: cells[column.key]?.before?.value ?? null,
  }))
  const openDay = (n: number) => {
    const row = chart.rows[n]
    if (row && (row.cells[column.key]?.count ?? 0) > 0)
      open({ number: column.key, title: `${column.title}, ${sayDay(row.label)}`, cut: row.opens })
  }
  const running = chart.rows.findIndex((row) => row.isRunning)
  return (
    <div className="drawing" aria-hidden>
      <LineChart
        h={220}
        data={data}
        dataKey="day"
        curveType="linear"
        connectNulls={false}
        withLegend
        valueFormatter={(value) => sayValue(column.unit, value)}
        series={[
          { name: 'now', label: isTime ? 'Half of them (p50)' : 'This period', color: 'var(--chart-1)' },
          ...(isTime
            ? [{ name: 'p90', label: 'Nine of ten (p90)', color: 'var(--chart-2)', strokeDasharray: '8 3' }]
            : []),
          { name: 'before', label: 'Before', color: 'var(--chart-other)', strokeDasharray: '3 4' },
        ]}
        yAxisProps={{ width: 60 }}
        lineChartProps={{
          accessibilityLayer: false,
          margin: { right: 16, top: 8 },
          onClick: (state) => openDay(Number((state as { activeTooltipIndex?: unknown }).activeTooltipIndex ?? -1)),
        }}
      >
        {running > 0 && (
          <>
            <defs>
              <pattern
                id={`hatch-${chart.key}`}
                width="6"
                height="6"
                patternUnits="userSpaceOnUse"
                patternTransform="rotate(45)"
              >
                <line x1="0" y1="0" x2="0" y2="6" stroke="var(--chart-other)" strokeWidth="1.5" />
              </pattern>
            </defs>
            <ReferenceArea
              x1={data[running - 1]!.day}
              x2={data[running]!.day}
              fill={`url(#hatch-${chart.key})`}
              fillOpacity={0.5}
            />
          </>
        )}
      </LineChart>
    </div>
  )
}
