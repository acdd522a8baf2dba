import { UnstyledButton } from '@mantine/core'
import type { Chart, ChartRow } from '../../../../src/reports/answers.ts'
import { formatNumber } from '../../format.ts'
import { useOpening } from './asked.ts'
import { sayValue } from './say.ts'

/** How far handoffs came; between two steps, what was lost there, by name. */
export function Steps({ chart }: { chart: Chart }) {
  const { open } = useOpening()
  const column = chart.columns[0]!
  const whole = chart.rows[0]?.cells[column.key]?.count ?? 0
  const openRow = (row: ChartRow, title: string) => open({ number: column.key, title, cut: row.opens })
  return (
    <ol className="steps">
      {chart.rows.map((row, n) => {
        const count = row.cells[column.key]?.count ?? 0
        const step = row.key.split(':')[0]!
        const isLoss = row.key.includes(':')
        if (isLoss)
          return (
            <li key={row.key} className="step-loss">
              <UnstyledButton className="number" onClick={() => openRow(row, `${row.label} after ${step}`)}>
                <span aria-hidden>↳ </span>
                {row.label} <span className="figures">{formatNumber(count)}</span>
              </UnstyledButton>
            </li>
          )
        return (
          <li key={row.key}>
            <UnstyledButton className="step" disabled={count === 0} onClick={() => openRow(row, row.label)}>
              <span className="step-bar" style={{ width: `${whole > 0 ? (100 * count) / whole : 0}%` }} aria-hidden />
              <span className="step-label">{row.label}</span>
              <span className="figures">
                {formatNumber(count)} <small>{n > 0 && whole > 0 ? sayValue('share', count / whole) : ''}</small>
              </span>
            </UnstyledButton>
          </li>
        )
      })}
    </ol>
  )
}
