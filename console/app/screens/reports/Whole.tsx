import { UnstyledButton } from '@mantine/core'
import type { Chart } from '../../../../src/reports/answers.ts'
import { formatNumber } from '../../format.ts'
import { useOpening } from './asked.ts'
import { sayValue } from './say.ts'

const named = 4

/** One bar of 100 %; at most four parts have a colour, the rest are grey. Each part is named below, with what it opens. */
export function Whole({ chart }: { chart: Chart }) {
  const { open } = useOpening()
  const column = chart.columns[0]!
  const rows = chart.rows
    .filter((row) => (row.cells[column.key]?.count ?? 0) > 0)
    .toSorted((a, b) => b.cells[column.key]!.count - a.cells[column.key]!.count)
  return (
    <>
      <div className="whole" aria-hidden>
        {rows.map((row, n) => (
          <span
            key={row.key}
            className="whole-part"
            data-part={n < named ? n + 1 : 'other'}
            style={{ flexGrow: row.cells[column.key]!.count }}
          />
        ))}
      </div>
      <ul className="whole-names">
        {rows.map((row, n) => {
          const cell = row.cells[column.key]!
          return (
            <li key={row.key}>
              <UnstyledButton
                className="number"
                onClick={() => open({ number: column.key, title: `${column.title}, ${row.label}`, cut: row.opens })}
              >
                <span className="whole-mark" data-part={n < named ? n + 1 : 'other'} aria-hidden />
                {row.label} <span className="figures">{formatNumber(cell.count)}</span>{' '}
                <small className="figures">{sayValue('share', cell.of > 0 ? cell.count / cell.of : null)}</small>
              </UnstyledButton>
            </li>
          )
        })}
      </ul>
    </>
  )
}
