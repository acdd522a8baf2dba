import { ActionIcon, Menu, Tooltip, UnstyledButton } from '@mantine/core'
import { spotlight } from '@mantine/spotlight'
import { IconKeyboard, IconLogout, IconSearch, IconSettings, IconUser } from '@tabler/icons-react'
import { lazy, Suspense } from 'react'
import { send } from '../api.ts'
import { formatClock } from '../format.ts'
import { useLive } from '../live.ts'
import { useMay, useMe } from '../me.tsx'
import { Keys } from '../parts/Keys.tsx'
import { toast } from '../parts/toast.tsx'
import { queries } from '../read.ts'
import { useGo } from '../url.ts'
import { Bell } from './Bell.tsx'
import { Look } from './Look.tsx'
import { leave } from './leaving.ts'
import { openShortcuts } from './ShortcutsDialog.tsx'

/** Belongs to the inbox, and is there only for those who use it. */
const Presence = lazy(() => import('../screens/inbox/Presence.tsx'))

export function TopBar() {
  const usesInbox = useMay('inbox.use')
  return (
    <header className="top">
      <span className="brand">
        <img src="/console/baton.svg" alt="" width={20} height={20} />
        <span>Baton</span>
      </span>
      <UnstyledButton className="top-search" aria-label="Search or go to" onClick={spotlight.open}>
        <IconSearch size={18} stroke={1.5} aria-hidden />
        <span className="top-search-word">Search or go to</span>
        <Keys keys="$mod+K" />
      </UnstyledButton>
      <span className="top-gap" />
      <LiveDot />
      <Bell />
      {usesInbox && (
        <Suspense fallback={null}>
          <Presence />
        </Suspense>
      )}
      <Account />
    </header>
  )
}

function LiveDot() {
  const { word, asOf } = useLive()
  const text = word === 'Reconnecting' ? `Reconnecting (as of ${formatClock(asOf)})` : word
  const meaning = {
    Live: 'What you see is true right now',
    Reconnecting: `The hub does not answer; what you see is of ${formatClock(asOf)}`,
    Offline: `This computer has no network; what you see is of ${formatClock(asOf)}`,
  }[word]
  return (
    <Tooltip label={meaning}>
      <span className="live" data-word={word} role="status" aria-label={`Link to the hub: ${text}`}>
        <span className="live-dot" aria-hidden />
        <span className="live-word">{text}</span>
      </span>
    </Tooltip>
  )
}

function Account() {
  const { name, role, email } = useMe()
  const go = useGo()
  const signOut = async () => {
    await leave()
    try {
      await send('DELETE', '/session')
      queries.clear()
      go('/login')
    } catch (error) {
      toast.problem('You are still signed in', error)
    }
  }
  return (
    <Menu position="bottom-end" withArrow>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Account of ${name}`}>
          <IconUser size={18} stroke={1.5} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {name}, {role}
          {email ? <br /> : null}
          {email}
        </Menu.Label>
        <Menu.Item leftSection={<IconSettings size={18} stroke={1.5} />} onClick={() => go('/settings')}>
          Settings
        </Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={18} stroke={1.5} />} onClick={openShortcuts}>
          Keyboard shortcuts
        </Menu.Item>
        <Look />
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={18} stroke={1.5} />} onClick={() => void signOut()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
