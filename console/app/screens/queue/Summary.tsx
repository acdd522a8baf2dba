import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { QueueSummary } from '../../../../src/http/api/queue.ts'
import { formatCount, formatNumber } from '../../format.ts'
import { Go } from '../../parts/Go.tsx'
import { Duration } from '../../parts/Time.tsx'
import { useUrl } from '../../url.ts'

/** How it stands, in one line. What can be opened is a button or a link. */
export function Summary({ summary, now }: { summary: QueueSummary | undefined; now: number | undefined }) {
  const [url, setUrl] = useUrl()
  if (!summary || now === undefined) return <div className="tiles" aria-busy="true" />
  const { waiting, over, longestSince, slots, waitNow, leftToday, requestedToday, troubled } = summary
  const isOver = url.risk === 'over'
  return (
    <div className="tiles">
      <Tile name="Waiting">
        {formatNumber(waiting)}{' '}
        {over > 0 && (
          <button
            type="button"
            className="tile-button"
            data-risk="over"
            aria-pressed={isOver}
            onClick={() => setUrl({ tab: undefined, risk: isOver ? undefined : 'over' })}
          >
            {formatNumber(over)} over
          </button>
        )}
      </Tile>
      <Tile name="Longest">{longestSince === null ? '–' : <Duration since={longestSince} />}</Tile>
      {slots && (
        <Tile name="Free slots" title={`${formatCount(slots.agents, 'agent')} online at desks of our own`}>
          {slots.agents === 0 ? 'nobody online' : `${formatNumber(slots.free)} of ${formatNumber(slots.of)}`}
        </Tile>
      )}
      <Tile name="Wait now">{waitNow ? spanOf(waitNow) : 'too few to say'}</Tile>
      <Tile name="Left today">
        <Go to="/conversations" search={{ outcome: 'abandoned', period: 'today' }}>
          {formatNumber(leftToday)} of {formatNumber(requestedToday)}
        </Go>
      </Tile>
      {troubled.map(({ name, health }) => (
        <span key={name} className="tile">
          <IconAlertTriangle size={16} stroke={1.5} aria-hidden color="var(--risk-over)" />
          <Go to={`/connections/${name}`}>
            {name} {health}
          </Go>
        </span>
      ))}
    </div>
  )
}

const Tile = ({ name, title, children }: { name: string; title?: string; children: ReactNode }) => (
  <span className="tile" title={title}>
    <span className="tile-name">{name}</span>
    <span className="tile-value live-figure">{children}</span>
  </span>
)

/** An interval, since a single number is never true. */
function spanOf({ medianMs, slowMs }: { medianMs: number; slowMs: number }): string {
  const [from, to] = [Math.floor(medianMs / 60_000), Math.max(1, Math.ceil(slowMs / 60_000))]
  return from === to || from === 0 ? `up to ${to} min` : `${from}–${to} min`
}
