import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { QueueSummary } from '../../../../src/http/api/queue.ts'
import { formatCount, formatNumber } from '../../format.ts'
import { useMay } from '../../me.tsx'
import { Go } from '../../parts/Go.tsx'
import { Duration } from '../../parts/Time.tsx'
import { useUrl } from '../../url.ts'
import { dayAgo } from '../reports/say.ts'
import { everyFilter, noFilters } from './filtering.ts'

/** How it stands, in one line. Each of them chooses what the list shows, or opens what it counts; pressed again, it lets go. */
export function Summary({ summary, now }: { summary: QueueSummary | undefined; now: number | undefined }) {
  const [url, setUrl] = useUrl()
  const mayReadReports = useMay('reports.read') === 'all'
  if (!summary || now === undefined) return <div className="tiles" aria-busy="true" />
  const { waiting, over, longestSince, slots, waitNow, leftToday, requestedToday, troubled } = summary
  const isWaiting = url.tab === undefined
  const [isOver, isLongest, isHeld] = [
    isWaiting && url.risk === 'over',
    isWaiting && url.order === 'longest',
    url.tab === 'agent',
  ]
  const isAll = isWaiting && everyFilter.every((name) => url[name] === undefined)
  const free =
    slots?.agents === 0 ? 'nobody online' : slots && `${formatNumber(slots.free)} of ${formatNumber(slots.of)}`
  return (
    <div className="tiles">
      <Tile>
        {/* Pressed: everybody who waits is listed. There is nothing to let go of. */}
        <Act isOn={isAll} act={() => setUrl({ ...noFilters, tab: undefined, peek: undefined }, { push: true })}>
          <Figure name="Waiting">{formatNumber(waiting)}</Figure>
        </Act>
        {(over > 0 || isOver) && (
          <Act
            isOn={isOver}
            risk
            act={() => setUrl({ tab: undefined, risk: isOver ? undefined : 'over', peek: undefined })}
          >
            {formatNumber(over)} over
          </Act>
        )}
      </Tile>
      <Tile title="Lists who waits longest first">
        <Act
          isOn={isLongest}
          act={() => setUrl({ tab: undefined, order: isLongest ? undefined : 'longest', peek: undefined })}
        >
          <Figure name="Longest">{longestSince === null ? '–' : <Duration since={longestSince} />}</Figure>
        </Act>
      </Tile>
      {slots && (
        <Tile title={`${formatCount(slots.agents, 'agent')} online at desks of our own. Lists what agents have`}>
          <Act isOn={isHeld} act={() => setUrl({ tab: isHeld ? undefined : 'agent', peek: undefined })}>
            <Figure name="Free slots">{free}</Figure>
          </Act>
        </Tile>
      )}
      <Tile title="Of those accepted in the last hour. Opens the report of today">
        {mayReadReports ? (
          <Go to="/reports/waiting" search={{ from: dayAgo(0), to: dayAgo(0) }}>
            <Figure name="Wait now">{waitNow ? spanOf(waitNow) : 'too few to say'}</Figure>
          </Go>
        ) : (
          <Figure name="Wait now">{waitNow ? spanOf(waitNow) : 'too few to say'}</Figure>
        )}
      </Tile>
      <Tile>
        <Go to="/conversations" search={{ outcome: 'abandoned', period: 'today' }}>
          <Figure name="Left today">
            {formatNumber(leftToday)} of {formatNumber(requestedToday)}
          </Figure>
        </Go>
      </Tile>
      {troubled.map(({ name, health }) => (
        <Tile key={name}>
          <IconAlertTriangle size={16} stroke={1.5} aria-hidden color="var(--risk-over)" />
          <Go to={`/connections/${name}`}>
            {name} {health}
          </Go>
        </Tile>
      ))}
    </div>
  )
}

const Tile = ({ title, children }: { title?: string; children: ReactNode }) => (
  <span className="tile" title={title}>
    {children}
  </span>
)

const Figure = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <span className="tile-name">{name}</span> <span className="tile-value live-figure">{children}</span>
  </>
)

interface ActProps {
  readonly isOn: boolean
  /** It counts a danger. */
  readonly risk?: boolean
  readonly act: () => void
  readonly children: ReactNode
}

const Act = ({ isOn, risk, act, children }: ActProps) => (
  <button type="button" className="tile-button" data-risk={risk || undefined} aria-pressed={isOn} onClick={act}>
    {children}
  </button>
)

/** An interval, since a single number is never true. */
function spanOf({ medianMs, slowMs }: { medianMs: number; slowMs: number }): string {
  const [from, to] = [Math.floor(medianMs / 60_000), Math.max(1, Math.ceil(slowMs / 60_000))]
  return from === to || from === 0 ? `up to ${to} min` : `${from}–${to} min`
}
