import { UnstyledButton } from '@mantine/core'
import type { Chart } from '../../../../src/reports/answers.ts'
import { useOpening } from './asked.ts'
import { sayValue } from './say.ts'

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const hours = Array.from({ length: 24 }, (_, hour) => hour)

/** Weekday by hour: the darker, the longer nine of ten waited. An empty field is an hour in which nobody was accepted. */
export function Heat({ chart }: { chart: Chart }) {
  const { open } = useOpening()
  const column = chart.columns[0]!
  const cells = new Map(chart.rows.map((row) => [Number(row.key), row]))
  const longest = Math.max(1, ...chart.rows.map((row) => row.cells[column.key]?.p90 ?? 0))
  return (
    <div className="heat">
      <div className="heat-row" aria-hidden>
        <span />
        {hours.map((hour) => (
          <span key={hour} className="heat-hour">
            {hour % 3 === 0 ? hour : ''}
          </span>
        ))}
      </div>
      {weekdays.map((name, weekday) => (
        <div key={name} className="heat-row">
          <span className="heat-day">{name}</span>
          {hours.map((hour) => {
            const row = cells.get(weekday * 24 + hour)
            const cell = row?.cells[column.key]
            if (!row || !cell || cell.p90 === null) return <span key={hour} className="heat-none" />
            const says = `${row.label}: nine of ten within ${sayValue('duration', cell.p90)}, ${cell.count} accepted`
            return (
              <UnstyledButton
                key={hour}
                className="heat-cell"
                aria-label={says}
                title={says}
                style={{ opacity: 0.25 + (0.75 * cell.p90) / longest }}
                onClick={() => open({ number: column.key, title: `${column.title}, ${row.label}`, cut: row.opens })}
              />
            )
          })}
        </div>
      ))}
    </div>
  )
}
