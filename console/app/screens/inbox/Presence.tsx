import { Button, Menu } from '@mantine/core'
import { IconBell, IconBellOff, IconChevronDown, IconCircleFilled } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { send } from '../../api.ts'
import { beforeLeaving } from '../../frame/leaving.ts'
import { useMe } from '../../me.tsx'
import { Alerts } from './Alerts.tsx'
import { hasSound, mayNotify, ring, switchSound } from './alerts.ts'
import { chooseDesk, useChosenDesk } from './chosen.ts'
import { deskPath, openDesk, useDesk } from './desk.ts'
import { choosePresence, type PresenceWord } from './presence.ts'
import { presenceWord } from './words.ts'
import './presence.css'

const presences = Object.keys(presenceWord) as PresenceWord[]
const meaning: Record<PresenceWord, string> = {
  online: 'New conversations come to you',
  away: 'Finish what you have; nothing new comes',
  offline: 'Nothing comes',
}

/** Online, Away, Offline, with capacity: shown in the top bar of every screen. The link to the desk lives as long as it does. */
export default function Presence() {
  const name = useChosenDesk()
  useLink(name)
  if (name === undefined) return null
  return (
    <>
      <Chooser name={name} />
      <Alerts />
    </>
  )
}

/** Signing in is coming to work, and signing out is leaving; an admin, who only looks in, says it themselves. */
function useLink(name: string | undefined): void {
  const { id, role } = useMe()
  useEffect(() => {
    if (name === undefined) return
    const mark = `baton-inbox-in:${name}`
    const arrives = (role === 'agent' && localStorage.getItem(mark) !== id) || hasCome()
    localStorage.setItem(mark, id)
    const close = openDesk({ name, agent: id, arrives })
    const stay = beforeLeaving(async () => {
      localStorage.removeItem(mark)
      await send('POST', deskPath('/presence'), { presence: 'offline' })
    })
    return () => {
      stay()
      close()
    }
  }, [name, id, role])
}

/** Who opens the inbox to play the agent, as the set-up page does for its admin. */
const hasCome = (): boolean => new URLSearchParams(location.search).get('come') === 'online'

function Chooser({ name }: { name: string }) {
  const { worksAt } = useMe()
  const { board, word } = useDesk()
  const [isLoud, setLoud] = useState(hasSound)
  const me = board?.me
  const chosen = me?.presence
  const says = me && word === 'live' ? `${presenceWord[me.presence]} ${me.load}/${me.capacity}` : 'Connecting'
  const label =
    me && word === 'live'
      ? `Presence: ${presenceWord[me.presence]}, ${me.load} of ${me.capacity} conversations`
      : 'Presence: connecting to the desk'
  const turnSound = () => {
    switchSound(!isLoud)
    setLoud(!isLoud)
    if (!isLoud) ring('offer')
  }
  return (
    <Menu position="bottom-end" withArrow>
      <Menu.Target>
        <Button
          variant="default"
          className="presence"
          data-presence={word === 'live' ? chosen : undefined}
          aria-label={label}
          leftSection={<IconCircleFilled size={10} aria-hidden />}
          rightSection={<IconChevronDown size={14} stroke={1.5} aria-hidden />}
        >
          <span className="figures">{says}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Presence</Menu.Label>
        <Menu.RadioGroup value={chosen} onChange={(one) => void choosePresence(one as PresenceWord)}>
          {presences.map((one) => (
            <Menu.RadioItem key={one} value={one} closeMenuOnClick>
              {presenceWord[one]}
              <div className="presence-meaning">{meaning[one]}</div>
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        {worksAt.length > 1 && (
          <>
            <Menu.Divider />
            <Menu.Label>Desk</Menu.Label>
            <Menu.RadioGroup value={name} onChange={chooseDesk}>
              {worksAt.map((one) => (
                <Menu.RadioItem key={one} value={one} closeMenuOnClick>
                  {one}
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </>
        )}
        <Menu.Divider />
        <Menu.Label>On this computer</Menu.Label>
        <Menu.CheckboxItem checked={isLoud} onChange={turnSound}>
          Sound
        </Menu.CheckboxItem>
        <Notifying />
      </Menu.Dropdown>
    </Menu>
  )
}

function Notifying() {
  const [may, setMay] = useState(mayNotify)
  if (may === 'none') return null
  if (may === 'default')
    return (
      <Menu.Item
        leftSection={<IconBell size={18} stroke={1.5} />}
        onClick={() => void Notification.requestPermission().then(setMay)}
      >
        Notify me when I look elsewhere
      </Menu.Item>
    )
  return (
    <Menu.Item
      leftSection={may === 'granted' ? <IconBell size={18} stroke={1.5} /> : <IconBellOff size={18} stroke={1.5} />}
      disabled
    >
      {may === 'granted' ? 'Notifications are on' : 'The browser forbids notifications'}
    </Menu.Item>
  )
}
