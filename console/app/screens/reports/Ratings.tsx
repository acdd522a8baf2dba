import { UnstyledButton } from '@mantine/core'
import type { Cell, Chart } from '../../../../src/reports/answers.ts'
import { useOpening } from './asked.ts'
import { isFew, sayRow, sayValue } from './say.ts'

/** Good answers to the right, the others to the left, with the interval in which the true share lies in 95 of 100 cases. */
export function Ratings({ chart }: { chart: Chart }) {
  const { open } = useOpening()
  const [first, response] = chart.columns
  return (
    <ul className="bars">
      {chart.rows.map((row) => {
        const cell = row.cells[first!.key]!
        const few = isFew('share', cell)
        const answered = response && row.cells[response.key]
        const title = `${first!.title}, ${sayRow(row)}`
        return (
          <li key={row.key}>
            <div className="rating" data-few={few || undefined}>
              <span className="bar-label">{sayRow(row)}</span>
              {cell.value === null ? <span className="card-none">No answers</span> : <Share cell={cell} />}
              <span className="bar-value figures">
                {cell.of > 0 && (
                  <UnstyledButton
                    className="number"
                    aria-label={`${title}: ${sayValue('share', cell.value)} of ${cell.of} answers${few ? ', too few' : ''}`}
                    onClick={() => open({ number: 'answers', title: `Answers, ${sayRow(row)}`, cut: row.opens })}
                  >
                    {sayValue('share', cell.value)} <small>n {cell.of}</small> {few && <small>too few</small>}
                  </UnstyledButton>
                )}
                {answered && answered.of > 0 && <small> response {sayValue('share', answered.value)}</small>}
              </span>
            </div>
          </li>
        )
      })}
    </ul>
  )
}

const Share = ({ cell }: { cell: Cell }) => (
  <span className="rating-track" aria-hidden>
    <span className="rating-bad" style={{ width: `${50 * (1 - cell.value!)}%` }} />
    <span className="rating-good" style={{ width: `${50 * cell.value!}%` }} />
    <span
      className="rating-interval"
      style={{
        insetInlineStart: `${50 + 50 * (cell.low ?? 0)}%`,
        width: `${50 * ((cell.high ?? 0) - (cell.low ?? 0))}%`,
      }}
    />
  </span>
)
