import { NativeSelect, Switch, Text } from '@mantine/core'
import { useRef } from 'react'
import type { Groups } from '../../../../src/http/api/dead-letters.ts'
import { formatCount, formatNumber } from '../../format.ts'
import { hubNow } from '../../live.ts'
import { useMay } from '../../me.tsx'
import { DataState } from '../../parts/DataState.tsx'
import { Empty } from '../../parts/Empty.tsx'
import { Go } from '../../parts/Go.tsx'
import { useRowKeys } from '../../parts/rowKeys.ts'
import { Screen } from '../../parts/Screen.tsx'
import { useRead } from '../../read.ts'
import { query, useId, useUrl } from '../../url.ts'
import { GroupList } from './GroupList.tsx'
import { GroupView } from './GroupView.tsx'
import { Progress } from './Progress.tsx'
import { ages } from './words.ts'
import './dead-letters.css'

/** What failed for good, by cause. */
export default function DeadLetters() {
  const id = useId()
  const [search, change] = useUrl()
  const list = useRef<HTMLUListElement>(null)
  const mayCommand = useMay('dead-letters.command') !== undefined
  const isDismissed = search.dismissed === 'true'
  // Cut to a minute, so that the same question is not a new one each second.
  const since = search.age ? Math.floor((hubNow() - Number(search.age)) / 60_000) * 60_000 : undefined
  const groups = useRead<Groups>(
    `/dead-letters/groups${query({ connection: search.connection, mapping: search.mapping, since, dismissed: isDismissed ? 'true' : undefined })}`,
    { topics: ['dead-letters'], keep: true, everyMs: 5_000 },
  )
  useRowKeys(list)
  const all = groups.data?.groups ?? []
  const connections = [...new Set([search.connection, ...all.map(({ connection }) => connection)])].filter(Boolean)
  const mappings = [...new Set([search.mapping, ...all.flatMap(({ mappings: used }) => used)])].filter(Boolean)
  const isFiltered = Boolean(search.connection || search.mapping || search.age || isDismissed)
  return (
    <Screen
      title="Dead letters"
      isFull
      tools={
        <>
          <NativeSelect
            size="xs"
            aria-label="Mapping"
            data={[{ value: '', label: 'All mappings' }, ...(mappings as string[])]}
            value={search.mapping ?? ''}
            onChange={(event) => change({ mapping: event.currentTarget.value })}
          />
          <NativeSelect
            size="xs"
            aria-label="Connection"
            data={[{ value: '', label: 'All connections' }, ...(connections as string[])]}
            value={search.connection ?? ''}
            onChange={(event) => change({ connection: event.currentTarget.value })}
          />
          <NativeSelect
            size="xs"
            aria-label="Age"
            data={[...ages]}
            value={search.age ?? ''}
            onChange={(event) => change({ age: event.currentTarget.value })}
          />
          <Switch
            size="sm"
            label="Dismissed"
            checked={isDismissed}
            onChange={(event) => change({ dismissed: event.currentTarget.checked ? 'true' : undefined })}
          />
        </>
      }
    >
      <DataState
        query={groups}
        what="The dead letters could not be read"
        rowHeight={72}
        empty={({ groups: found, peace, replays }) =>
          found.length === 0 && (
            <>
              {replays.map((replay) => (
                <Progress key={replay.id} replay={replay} mayCommand={mayCommand} />
              ))}
              {isFiltered ? (
                <Empty action={<Go to="/dead-letters">Show all</Go>}>No dead letter fits these filters.</Empty>
              ) : (
                <Empty action={<Go to="/connections">See the connections</Go>}>{peaceful(peace)}</Empty>
              )}
            </>
          )
        }
      >
        {({ groups: found, replays, dismissals }) => {
          const open = found.find(({ cause }) => cause === id)
          return (
            <div className="dead-letters" data-open={open !== undefined || undefined}>
              <div className="causes-pane">
                <GroupList groups={found} open={id} search={search} list={list} />
              </div>
              <div className="group-pane">
                {open ? (
                  <>
                    <span className="back">
                      <Go to="/dead-letters" search={search}>
                        All causes
                      </Go>
                    </span>
                    <GroupView
                      key={open.cause}
                      group={open}
                      isDismissed={isDismissed}
                      mayCommand={mayCommand}
                      reasons={dismissals}
                      replays={replays.filter(({ cause }) => cause === open.cause)}
                    />
                  </>
                ) : (
                  <Text c="dimmed" size="sm" p="lg">
                    {id ? 'This cause has no open letters any more. ' : ''}Choose a cause to see its letters.
                  </Text>
                )}
              </div>
            </div>
          )
        }}
      </DataState>
    </Screen>
  )
}

function peaceful(peace: Groups['peace']): string {
  if (!peace) return 'Nothing has failed for good.'
  const done = `${formatNumber(peace.done)} effects done`
  if (peace.settled === 0) return `Nothing has failed for good in 30 days (${done}).`
  return `Nothing waits for you. In 30 days ${formatCount(peace.settled, 'letter was', 'letters were')} replayed, noted or dismissed (${done}).`
}
