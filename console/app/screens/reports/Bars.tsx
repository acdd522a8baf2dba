import { UnstyledButton } from '@mantine/core'
import type { Chart } from '../../../../src/reports/answers.ts'
import { formatNumber } from '../../format.ts'
import { useOpening } from './asked.ts'
import { changeOf, sayRow, sayShare, sayValue } from './say.ts'

/** Sorted bars; a circle stands where the bar ended in the period before, a thin bar is the second column. */
export function Bars({ chart }: { chart: Chart }) {
  const { open } = useOpening()
  const [first, second] = chart.columns
  const most = Math.max(
    1,
    ...chart.rows.flatMap(({ cells }) => [cells[first!.key]?.count ?? 0, cells[first!.key]?.before?.count ?? 0]),
  )
  const part = (count: number) => `${(100 * count) / most}%`
  return (
    <>
      <ul className="bars">
        {chart.rows.map((row) => {
          const cell = row.cells[first!.key]!
          const also = second && row.cells[second.key]
          const change = changeOf('count', cell.count, cell.before?.count)
          const words = (
            <>
              <span className="bar-label">{sayRow(row)}</span>
              <span className="bar-track" aria-hidden>
                <span className="bar" style={{ width: part(cell.count) }} />
                {also && <span className="bar-thin" style={{ width: part(also.count) }} />}
                {cell.before && <span className="bar-before" style={{ insetInlineStart: part(cell.before.count) }} />}
              </span>
              <span className="bar-value figures">
                {formatNumber(cell.count)} <small>{cell.of > 0 ? sayValue('share', cell.count / cell.of) : ''}</small>
                {change && (
                  <small className="bar-change">
                    <span aria-hidden>
                      {change.sign}
                      {change.amount}
                    </span>
                    <span className="unseen">, {change.words}</span>
                  </small>
                )}
              </span>
            </>
          )
          return (
            <li key={row.key}>
              {cell.count > 0 ? (
                <UnstyledButton
                  className="bar-row"
                  title={sayShare(cell, 'share')}
                  onClick={() =>
                    open({ number: first!.key, title: `${first!.title}, ${sayRow(row)}`, cut: cell.opens ?? row.opens })
                  }
                >
                  {words}
                </UnstyledButton>
              ) : (
                <div className="bar-row">{words}</div>
              )}
            </li>
          )
        })}
      </ul>
      <p className="legend" aria-hidden>
        <span className="legend-bar" /> {first!.title}
        {second && (
          <>
            <span className="legend-thin" /> {second.title}
          </>
        )}
        <span className="legend-before" /> before
      </p>
    </>
  )
}
