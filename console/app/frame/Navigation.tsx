import { Tooltip } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { formatNumber } from '../format.ts'
import { type Counts, useCounts } from '../live.ts'
import { useMe } from '../me.tsx'
import { type ScreenEntry, screens } from './screens.ts'

/** Where one can go, and how much waits there. Icons only when it is narrow; a bar at the bottom of a phone. */
export function Navigation() {
  const { rights } = useMe()
  const counts = useCounts()
  return (
    <nav className="nav" aria-label="Screens">
      {screens
        .filter(({ needs }) => rights[needs])
        .map((screen) => (
          <Entry key={screen.name} screen={screen} counts={counts} />
        ))}
    </nav>
  )
}

function Entry({ screen, counts }: { screen: ScreenEntry; counts: Counts | undefined }) {
  const { name, title, icon: Icon, isFirst } = screen
  const count = counts && screen.count?.(counts)
  const isTrouble = Boolean(count && counts && screen.isTrouble?.(counts))
  return (
    <Tooltip
      label={title}
      position="right"
      classNames={{ tooltip: 'nav-tip' }}
      events={{ hover: true, focus: true, touch: false }}
    >
      <Link
        to={`/${name}`}
        className="nav-entry"
        data-first={isFirst || undefined}
        activeProps={{ 'aria-current': 'page' }}
      >
        <Icon size={18} stroke={1.5} aria-hidden />
        <span className="nav-title">{title}</span>
        {count ? (
          <span className="nav-count live-figure" data-trouble={isTrouble || undefined}>
            {formatNumber(count)}
            {isTrouble && <span className="unseen">({screen.says?.(counts!) ?? 'need a look'})</span>}
          </span>
        ) : null}
      </Link>
    </Tooltip>
  )
}
