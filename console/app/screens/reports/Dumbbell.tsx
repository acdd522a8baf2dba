import { UnstyledButton } from '@mantine/core'
import type { Chart } from '../../../../src/reports/answers.ts'
import { useOpening } from './asked.ts'
import { capital, sayRow, sayValue } from './say.ts'

/** From how customers felt before to how they felt after, on a line from −1 to 1. */
export function Dumbbell({ chart }: { chart: Chart }) {
  const { open } = useOpening()
  const place = (score: number) => `${50 + 50 * score}%`
  const rows = chart.rows.filter((row) => (row.cells.feelingBefore?.count ?? 0) > 0)
  return (
    <>
      <ul className="bars">
        {rows.map((row) => {
          const [before, after] = [row.cells.feelingBefore!, row.cells.feelingAfter!]
          const [low, high] = [Math.min(before.value!, after.value!), Math.max(before.value!, after.value!)]
          const moods = (['better', 'same', 'worse'] as const).map((one) => ({
            one,
            count: row.cells[one]?.count ?? 0,
          }))
          return (
            <li key={row.key} className="rating">
              <span className="bar-label">{sayRow(row)}</span>
              <span className="dumbbell" aria-hidden>
                <span
                  className="dumbbell-bar"
                  style={{ insetInlineStart: place(low), width: `${50 * (high - low)}%` }}
                />
                <span className="dumbbell-before" style={{ insetInlineStart: place(before.value!) }} />
                <span className="dumbbell-after" style={{ insetInlineStart: place(after.value!) }} />
              </span>
              <span className="bar-value figures">
                {sayValue('score', before.value)} → {sayValue('score', after.value)}{' '}
                {moods.map(({ one, count }) =>
                  count === 0 ? null : (
                    <UnstyledButton
                      key={one}
                      className="number"
                      onClick={() => open({ number: one, title: `${capital(one)}, ${sayRow(row)}`, cut: row.opens })}
                    >
                      <small>
                        {one} {count}
                      </small>{' '}
                    </UnstyledButton>
                  ),
                )}
              </span>
            </li>
          )
        })}
      </ul>
      <p className="legend" aria-hidden>
        <span className="legend-before" /> before <span className="legend-after" /> after; left is unhappy (−1), right
        is happy (1)
      </p>
    </>
  )
}
