import { Text } from '@mantine/core'
import type { ConnectionRow } from '../../../../src/http/api/connections.ts'
import { formatList, formatNumber } from '../../format.ts'
import { useNow } from '../../live.ts'
import { Go } from '../../parts/Go.tsx'
import { PlainText } from '../../parts/PlainText.tsx'
import { When } from '../../parts/Time.tsx'
import { Health } from './Health.tsx'
import { Sparkline } from './Sparkline.tsx'
import { formatMs, situationOf } from './words.ts'

export interface RowProps {
  readonly row: ConnectionRow
  readonly isOpen: boolean
  readonly canOpen: boolean
}

export function Row({ row, isOpen, canOpen }: RowProps) {
  const now = useNow()
  const { name, use, roles, health, figures } = row
  const situation = situationOf(row, now)
  return (
    <li className="connection" data-open={isOpen || undefined} aria-label={`${name}, ${health}`}>
      <div className="connection-head">
        {canOpen ? (
          <Go to={`/connections/${name}`} className="connection-name" {...{ 'data-row': true }}>
            {name}
          </Go>
        ) : (
          <span className="connection-name">{name}</span>
        )}
        <Text span size="sm" c="dimmed">
          {[use, formatList(roles)].filter(Boolean).join(' · ')}
        </Text>
        <Health health={health} />
        {situation.length > 0 && (
          <Text span size="sm">
            <PlainText text={situation.join(' · ')} />
          </Text>
        )}
      </div>
      {figures && (
        <dl className="connection-figures live-figure">
          <Figure says="calls/h">
            <Sparkline label="Calls in the last hour" values={figures.calls} tone="plain" />
            {formatNumber(figures.callsPerHour)}
          </Figure>
          <Figure says="errors/h">
            <Sparkline label="Errors in the last hour" values={figures.errors} tone="bad" />
            {formatNumber(figures.errorsPerHour)}
          </Figure>
          <Figure says="p95">{formatMs(figures.p95)}</Figure>
          <Figure says="last in">{figures.lastIn ? <When at={figures.lastIn} /> : '–'}</Figure>
          <Figure says="last out">{figures.lastOut ? <When at={figures.lastOut} /> : '–'}</Figure>
          {row.limitPerMinute !== null && (
            <Figure says="limit">
              {formatNumber(figures.callsThisMinute)} of {formatNumber(row.limitPerMinute)}/min
            </Figure>
          )}
        </dl>
      )}
      {row.advice && (
        <Text size="sm" className="connection-advice">
          {row.lastError && health !== 'paused' && health !== 'silent' && health !== 'slow' && (
            <>
              <PlainText text={row.lastError} />{' '}
            </>
          )}
          <span className="connection-next">Next: {row.advice}</span>
        </Text>
      )}
    </li>
  )
}

const Figure = ({ says, children }: { says: string; children: React.ReactNode }) => (
  <div className="figure">
    <dt>{says}</dt>
    <dd className="figures">{children}</dd>
  </div>
)
