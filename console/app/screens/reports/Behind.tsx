import { Button, Table, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { Behind as Answer } from '../../../../src/reports/answers.ts'
import { get } from '../../api.ts'
import { formatCount, formatDuration } from '../../format.ts'
import { Rows } from '../../parts/DataState.tsx'
import { Go } from '../../parts/Go.tsx'
import { SidePeek } from '../../parts/SidePeek.tsx'
import { When } from '../../parts/Time.tsx'
import { Trouble } from '../../parts/Trouble.tsx'
import { useUrl } from '../../url.ts'
import { outcomeWord, reasonWord } from '../../words.ts'
import { behindPath, type Opening } from './asked.ts'

/** The conversations behind a number: as many as it says. */
export function Behind({ tab, opening, close }: { tab: string; opening: Opening; close: () => void }) {
  const [url] = useUrl()
  const path = behindPath(tab, url, opening)
  const answer = useInfiniteQuery({
    queryKey: ['behind', path],
    queryFn: ({ pageParam, signal }) => get<Answer>(behindPath(tab, url, opening, pageParam), signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  const rows = answer.data?.pages.flatMap((page) => page.rows) ?? []
  const total = answer.data?.pages[0]?.total
  return (
    <SidePeek title={opening.title} label={`Behind ${opening.title}`} close={close}>
      {answer.error && (
        <Trouble what="The conversations could not be read" error={answer.error} retry={() => void answer.refetch()} />
      )}
      {total === undefined ? (
        !answer.error && <Rows count={8} />
      ) : (
        <>
          <Text size="sm" c="dimmed" role="status">
            {formatCount(total, 'entry', 'entries')}, newest first.
          </Text>
          <Table.ScrollContainer minWidth={420} scrollAreaProps={{ tabIndex: 0 }}>
            <Table verticalSpacing={6}>
              <Table.Thead>
                <Table.Tr>
                  {['Conversation', 'When', 'Why', 'Outcome', 'Waited', 'Agent'].map((head) => (
                    <Table.Th key={head} scope="col">
                      {head}
                    </Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rows.map((row, n) => (
                  <Table.Tr key={`${row.conversation} ${row.handoff} ${row.at} ${n}`}>
                    <Table.Td>
                      <Go to={`/conversations/${row.conversation}`}>
                        {row.handoff === null ? row.conversation : `${row.conversation}, handoff ${row.handoff}`}
                      </Go>
                    </Table.Td>
                    <Table.Td>
                      <When at={row.at} />
                    </Table.Td>
                    <Table.Td>{row.reason === null ? '' : reasonWord(row.reason)}</Table.Td>
                    <Table.Td>
                      {row.outcome === null
                        ? row.handoff === null
                          ? ''
                          : 'under way'
                        : (outcomeWord[row.outcome] ?? row.outcome)}
                    </Table.Td>
                    <Table.Td className="figures">{row.waitedMs === null ? '' : formatDuration(row.waitedMs)}</Table.Td>
                    <Table.Td>{row.agent ?? ''}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          {answer.hasNextPage && (
            <Button variant="default" loading={answer.isFetchingNextPage} onClick={() => void answer.fetchNextPage()}>
              Show more
            </Button>
          )}
        </>
      )}
    </SidePeek>
  )
}
