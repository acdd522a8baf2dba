import { Anchor } from '@mantine/core'
import { useRef } from 'react'
import type { ConnectionDetail, ConnectionRow } from '../../../../src/http/api/connections.ts'
import { formatCount } from '../../format.ts'
import { useMay } from '../../me.tsx'
import { DataState } from '../../parts/DataState.tsx'
import { Empty } from '../../parts/Empty.tsx'
import { Go } from '../../parts/Go.tsx'
import { useRowKeys } from '../../parts/rowKeys.ts'
import { Screen } from '../../parts/Screen.tsx'
import { SidePeek } from '../../parts/SidePeek.tsx'
import { useRead } from '../../read.ts'
import { useGo, useId } from '../../url.ts'
import { Detail } from './Detail.tsx'
import { Row } from './Row.tsx'
import './connections.css'

const topics = ['connections']

/** Is every vendor well, and what to do if not: worst first. */
export default function Connections() {
  const id = useId()
  const go = useGo()
  const list = useRef<HTMLUListElement>(null)
  const canOpen = useMay('connections.inspect') !== undefined
  const maySeeQueues = useMay('queues.read') !== undefined
  const rows = useRead<{ connections: ConnectionRow[] }>('/connections', { topics, everyMs: 10_000 })
  const detail = useRead<ConnectionDetail>(canOpen && id ? `/connections/${encodeURIComponent(id)}` : undefined, {
    topics,
    everyMs: 10_000,
  })
  useRowKeys(list)
  const troubled = rows.data?.connections.filter(({ health }) => health !== 'healthy').length
  return (
    <Screen
      title="Connections"
      tools={
        <>
          {troubled !== undefined && (
            <span role="status" className="live-figure">
              {troubled === 0 ? 'All are healthy' : `${formatCount(troubled, 'is', 'are')} not healthy`}
            </span>
          )}
          {maySeeQueues && (
            <Anchor href="/console/queues" target="_blank" size="sm">
              Queues
            </Anchor>
          )}
        </>
      }
    >
      <div className="connections" data-peek={id !== undefined || undefined}>
        <DataState
          query={rows}
          what="The connections could not be read"
          rowHeight={84}
          empty={({ connections }) =>
            connections.length === 0 && (
              <Empty action={<Go to="/mappings">See the configuration</Go>}>
                The configuration names no connection.
              </Empty>
            )
          }
        >
          {({ connections }) => (
            <ul ref={list} className="connection-list" aria-label="Connections, worst first">
              {connections.map((row) => (
                <Row key={row.name} row={row} isOpen={row.name === id} canOpen={canOpen} />
              ))}
            </ul>
          )}
        </DataState>
      </div>
      {canOpen && id && (
        <SidePeek title={id} label={`Connection ${id}`} close={() => go('/connections')}>
          <DataState query={detail} what={`${id} could not be read`} rows={6}>
            {(found) => <Detail detail={found} />}
          </DataState>
        </SidePeek>
      )}
    </Screen>
  )
}
