import {
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconClockPause,
  IconHourglass,
  IconPlayerPause,
  IconVolumeOff,
} from '@tabler/icons-react'
import { type HealthWord, toneOf } from './words.ts'

const icons: Readonly<Record<HealthWord, typeof IconBan>> = {
  healthy: IconCircleCheck,
  slow: IconHourglass,
  silent: IconVolumeOff,
  limited: IconClockPause,
  paused: IconPlayerPause,
  failing: IconAlertTriangle,
  'credentials refused': IconBan,
}

export function Health({ health }: { health: HealthWord }) {
  const Icon = icons[health]
  return (
    <span className="health" data-tone={toneOf[health]}>
      <Icon size={18} stroke={1.5} aria-hidden />
      {health}
    </span>
  )
}
