import { Table, UnstyledButton } from '@mantine/core'
import type { Cell, Chart } from '../../../../src/reports/answers.ts'
import { useOpening } from './asked.ts'
import { isFew, sayRow, sayShare, sayValue, type Unit } from './say.ts'

/** A chart as its numbers: each opens the conversations behind it. */
export function ChartTable({ chart }: { chart: Chart }) {
  const hasBefore = chart.rows.some(({ cells }) => Object.values(cells).some(({ before }) => before !== null))
  return (
    <Table.ScrollContainer minWidth={320} scrollAreaProps={{ tabIndex: 0 }}>
      <Table withRowBorders verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">
              <span className="unseen">Row</span>
            </Table.Th>
            {chart.columns.map(({ key, title }) => (
              <Table.Th key={key} scope="col" ta="end">
                {title}
              </Table.Th>
            ))}
            {hasBefore && (
              <Table.Th scope="col" ta="end">
                Before
              </Table.Th>
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {chart.rows.map((row) => (
            <Table.Tr key={row.key} data-median={row.key === 'median' || undefined}>
              <Table.Th scope="row" fw={row.key === 'median' ? 600 : 400}>
                {sayRow(row)}
                {row.isRunning && ' (running)'}
              </Table.Th>
              {chart.columns.map((column) => (
                <Table.Td key={column.key} ta="end">
                  <Value row={row} column={column} isMedian={chart.kind === 'table' && row.key === 'median'} />
                </Table.Td>
              ))}
              {hasBefore && (
                <Table.Td ta="end" c="dimmed" className="figures">
                  {sayValue(chart.columns[0]!.unit, row.cells[chart.columns[0]!.key]?.before?.value ?? null)}
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

interface ValueProps {
  readonly row: Chart['rows'][number]
  readonly column: Chart['columns'][number]
  readonly isMedian: boolean
}

function Value({ row, column, isMedian }: ValueProps) {
  const { open } = useOpening()
  const cell = row.cells[column.key]
  if (!cell) return null
  const words = <Words cell={cell} unit={column.unit} isMedian={isMedian} />
  if (isMedian || cell.count === 0) return words
  const title = `${column.title}, ${sayRow(row)}`
  return (
    <UnstyledButton
      className="number"
      aria-label={`${title}: ${sayValue(column.unit, cell.value)}, ${sayShare(cell, column.unit)}`}
      onClick={() => open({ number: column.key, title, cut: cell.opens ?? row.opens })}
    >
      {words}
    </UnstyledButton>
  )
}

const Words = ({ cell, unit, isMedian }: { cell: Cell; unit: Unit; isMedian: boolean }) => (
  <span className="figures" data-few={isFew(unit, cell) || undefined}>
    {sayValue(unit, cell.value)}
    {cell.p90 !== null && <small> p90 {sayValue(unit, cell.p90)}</small>}
    {!isMedian && sayShare(cell, unit) !== '' && <small className="of"> {sayShare(cell, unit)}</small>}
    {isFew(unit, cell) && !isMedian && <small> too few</small>}
  </span>
)
