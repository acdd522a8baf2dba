import { Tabs } from '@mantine/core'
import type { Action } from '../../../../src/access.ts'
import { useMe } from '../../me.tsx'
import { Screen } from '../../parts/Screen.tsx'
import { useGo, useId } from '../../url.ts'
import { Audit } from './Audit.tsx'
import { Me } from './Me.tsx'
import { Team } from './Team.tsx'
import { Tokens } from './Tokens.tsx'
import { Widget } from './Widget.tsx'
import './settings.css'

const parts = [
  { id: 'me', title: 'You', needs: 'me.change', Part: Me },
  { id: 'team', title: 'Team', needs: 'settings.change', Part: Team },
  { id: 'tokens', title: 'API tokens', needs: 'settings.change', Part: Tokens },
  { id: 'widget', title: 'Widget', needs: 'settings.change', Part: Widget },
  { id: 'audit', title: 'Audit', needs: 'audit.read', Part: Audit },
] as const satisfies readonly { id: string; title: string; needs: Action; Part: () => unknown }[]

export default function Settings() {
  const { rights } = useMe()
  const id = useId()
  const go = useGo()
  const open = parts.filter(({ needs }) => rights[needs])
  const shown = open.find((part) => part.id === id) ?? open[0]!
  return (
    <Screen title="Settings">
      <Tabs value={shown.id} onChange={(next) => next && go(`/settings/${next}`)}>
        <Tabs.List aria-label="Settings">
          {open.map(({ id, title }) => (
            <Tabs.Tab key={id} value={id}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={shown.id} pt="lg">
          <shown.Part />
        </Tabs.Panel>
      </Tabs>
    </Screen>
  )
}
