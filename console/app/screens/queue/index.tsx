import { Tabs } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { QueueAnswer, QueueRow, QueueTab } from '../../../../src/http/api/queue.ts'
import { get } from '../../api.ts'
import { formatAgo, formatNumber } from '../../format.ts'
import { useLiveWord } from '../../live.ts'
import { useMay } from '../../me.tsx'
import { Rows } from '../../parts/DataState.tsx'
import { Empty } from '../../parts/Empty.tsx'
import { Go } from '../../parts/Go.tsx'
import { Screen } from '../../parts/Screen.tsx'
import { Trouble } from '../../parts/Trouble.tsx'
import { query as toQuery, useUrl } from '../../url.ts'
import { type Act, Acts } from './Acts.tsx'
import { useAccept } from './accepting.ts'
import { Filters } from './Filters.tsx'
import { List } from './List.tsx'
import { Peek } from './Peek.tsx'
import { keyOf, nameOf } from './rows.ts'
import { Summary } from './Summary.tsx'
import './queue.css'

const tabs: readonly QueueTab[] = ['waiting', 'agent', 'ended']
const tabTitle = { waiting: 'Waiting', agent: 'With agent', ended: 'Ended today' } as const

export default function Queue() {
  const [url, setUrl] = useUrl()
  const tab = tabs.find((one) => one === url.tab) ?? 'waiting'
  const answer = useQueue(tab, url)
  const word = useLiveWord()
  const mayCommand = useMay('conversations.command') !== undefined
  const acceptor = useAccept()
  const [act, setAct] = useState<{ what: Act; row: QueueRow }>()
  const first = answer.data?.pages[0]
  const rows = useMemo(() => joined(answer.data?.pages ?? []), [answer.data])
  const peeked = rows.find((row) => keyOf(row) === url.peek)
  // What is on the screen may be long untrue: nobody is taken by it.
  const accept = tab === 'waiting' && !answer.error ? acceptor : undefined
  const commands = mayCommand && tab !== 'ended' ? (what: Act, row: QueueRow) => setAct({ what, row }) : undefined

  return (
    <Screen title="Queue" isFull summary={<Summary summary={first?.summary} now={first?.now} />}>
      <div className="queue">
        <Tabs
          value={tab}
          onChange={(next) => setUrl({ tab: next === 'waiting' ? undefined : (next ?? undefined), peek: undefined })}
        >
          <Tabs.List aria-label="Which handoffs">
            {tabs.map((one) => (
              <Tabs.Tab key={one} value={one}>
                {tabTitle[one]}{' '}
                <span className="live-figure figures">{first ? formatNumber(countOf(first, one)) : ''}</span>
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </Tabs>
        <Filters choices={first?.choices} tab={tab} />
        {answer.error && (
          <Trouble
            what={`The queue could not be read${acceptor ? ': accepting is off until it can be' : ''}`}
            error={answer.error}
            since={answer.errorUpdatedAt}
            asOf={first && answer.dataUpdatedAt}
            retry={() => void answer.refetch()}
          />
        )}
        {!first && !answer.error && <Rows count={10} />}
        {first && rows.length === 0 && (
          <Nobody tab={tab} first={first} isFiltered={first.matching === 0 && countOf(first, tab) > 0} />
        )}
        {rows.length > 0 && (
          <List
            // Another tab or filter is another list: it begins anew.
            key={pathOf(tab, url)}
            rows={rows}
            pages={answer.data?.pages.length ?? 0}
            tab={tab}
            isOld={word !== 'Live' || answer.error !== null}
            isMore={answer.hasNextPage}
            more={() => void (answer.isFetchingNextPage || answer.fetchNextPage())}
            act={commands}
            accept={accept}
          />
        )}
      </div>
      {peeked && <Peek row={peeked} act={commands} accept={accept} />}
      <Acts
        act={act?.what}
        target={act && { conversation: act.row.conversation, name: nameOf(act.row), desk: act.row.desk.name }}
        close={() => setAct(undefined)}
      />
    </Screen>
  )
}

const pathOf = (
  tab: QueueTab,
  { mapping, desk, reason, language, risk, order }: Readonly<Record<string, string | undefined>>,
) => `/queue${toQuery({ tab, mapping, desk, reason, language, risk, order, today: new Date().setHours(0, 0, 0, 0) })}`

function useQueue(tab: QueueTab, url: Readonly<Record<string, string | undefined>>) {
  const path = pathOf(tab, url)
  return useInfiniteQuery({
    queryKey: [path],
    queryFn: ({ pageParam, signal }) => get<QueueAnswer>(pageParam ? `${path}&cursor=${pageParam}` : path, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    meta: { topics: ['queue'] },
  })
}

/** The order may have changed between two pages: a row that is on both is shown once. */
function joined(pages: readonly QueueAnswer[]): QueueRow[] {
  const rows = new Map<string, QueueRow>()
  for (const { handoffs } of pages) for (const row of handoffs) if (!rows.has(keyOf(row))) rows.set(keyOf(row), row)
  return [...rows.values()]
}

const countOf = ({ summary }: QueueAnswer, tab: QueueTab): number =>
  ({ waiting: summary.waiting, agent: summary.withAgent, ended: summary.ended })[tab]

function Nobody({ tab, first, isFiltered }: { tab: QueueTab; first: QueueAnswer; isFiltered: boolean }) {
  const { lastEndedAt } = first.summary
  if (isFiltered)
    return (
      <Empty
        action={
          <Go to="/queue" search={{ tab }}>
            Show all
          </Go>
        }
      >
        No handoff matches these filters.
      </Empty>
    )
  if (tab === 'agent') return <Empty>No agent has a conversation right now.</Empty>
  if (tab === 'ended') return <Empty>No handoff has ended today.</Empty>
  return (
    <Empty action={<Go to="/conversations">See all conversations</Go>}>
      Nobody is waiting.{lastEndedAt === null ? '' : ` The last handoff ended ${formatAgo(lastEndedAt, first.now)}.`}
    </Empty>
  )
}
