import { type MantineColorScheme, Menu, useMantineColorScheme } from '@mantine/core'
import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react'

import { send } from '../api.ts'
import { type Me, useMe } from '../me.tsx'
import { toast } from '../parts/toast.tsx'
import { queries } from '../read.ts'

const looks = [
  { look: 'light', says: 'Light', icon: IconSun },
  { look: 'dark', says: 'Dark', icon: IconMoon },
  { look: 'auto', says: 'As the system', icon: IconDeviceDesktop },
] as const

export function Look() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const { preferences } = useMe()
  /** Here at once, and from now on wherever one signs in. */
  const choose = async (theme: MantineColorScheme) => {
    setColorScheme(theme)
    try {
      const me = await send<Me>('PATCH', '/me', { preferences: { ...preferences, theme } })
      queries.setQueryData(['/session'], me)
    } catch (error) {
      toast.problem('The look is kept in this browser only', error)
    }
  }
  return (
    <>
      <Menu.Divider />
      <Menu.Label>Look</Menu.Label>
      <Menu.RadioGroup value={colorScheme} onChange={(look) => void choose(look as MantineColorScheme)}>
        {looks.map(({ look, says, icon: Icon }) => (
          <Menu.RadioItem
            key={look}
            value={look}
            closeMenuOnClick
            rightSection={<Icon size={18} stroke={1.5} aria-hidden />}
          >
            {says}
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
    </>
  )
}
