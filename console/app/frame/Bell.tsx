import { ActionIcon, Indicator, Menu } from '@mantine/core'
import { IconBell, IconClock, IconMailX, IconPlug } from '@tabler/icons-react'
import { formatCount } from '../format.ts'
import { useCounts } from '../live.ts'
import { useMe } from '../me.tsx'
import { useGo } from '../url.ts'

/** What needs somebody now. Each line opens what is behind it. */
export function Bell() {
  const counts = useCounts()
  const { rights } = useMe()
  const go = useGo()
  const lines = [
    rights['queue.read'] &&
      counts?.over && {
        says: `${formatCount(counts.over, 'handoff')} over the limit`,
        icon: IconClock,
        open: () => go('/queue', { search: { risk: 'over' } }),
      },
    rights['connections.read'] &&
      counts?.failing && {
        says: `${formatCount(counts.failing, 'connection')} in trouble: ${counts.unwell}`,
        icon: IconPlug,
        open: () => go('/connections'),
      },
    rights['dead-letters.read'] &&
      counts?.deadLetters && {
        says: formatCount(counts.deadLetters, 'dead letter'),
        icon: IconMailX,
        open: () => go('/dead-letters'),
      },
  ].filter((line) => typeof line === 'object')
  const name = lines.length > 0 ? `Alerts: ${lines.map(({ says }) => says).join(', ')}` : 'Alerts: none'
  return (
    <Menu position="bottom-end" withArrow>
      <Indicator disabled={lines.length === 0} color="red" size={8} offset={4}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={name} title={name}>
            <IconBell size={18} stroke={1.5} />
          </ActionIcon>
        </Menu.Target>
      </Indicator>
      <Menu.Dropdown>
        {lines.length === 0 && <Menu.Label>Nothing needs you right now.</Menu.Label>}
        {lines.map(({ says, icon: Icon, open }) => (
          <Menu.Item key={says} leftSection={<Icon size={18} stroke={1.5} />} onClick={open}>
            {says}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
