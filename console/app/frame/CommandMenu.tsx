import { useDebouncedValue } from '@mantine/hooks'
import { Spotlight, spotlight } from '@mantine/spotlight'
import { IconMessage, IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useMe } from '../me.tsx'
import { useRead } from '../read.ts'
import { query as toQuery, useGo } from '../url.ts'
import { screens } from './screens.ts'
import { useShortcuts } from './shortcuts.ts'

interface Found {
  readonly conversations: readonly {
    readonly id: number
    readonly customer: { readonly name?: string }
    readonly mapping: string
  }[]
}

/** `Ctrl K`: any screen, and any conversation by its customer. */
export function CommandMenu() {
  const { rights } = useMe()
  const go = useGo()
  const [words, setWords] = useState('')
  const [settled] = useDebouncedValue(words.trim(), 250)
  const maySearch = rights['conversations.read'] !== undefined && settled.length >= 2
  const { data } = useRead<Found>(maySearch ? `/conversations${toQuery({ search: settled, limit: 6 })}` : undefined)
  useShortcuts([{ keys: '$mod+k', says: 'Search or go to', run: spotlight.open }])
  const low = words.trim().toLowerCase()
  const places = screens.filter(({ needs, title }) => rights[needs] && title.toLowerCase().includes(low))
  const found = maySearch ? (data?.conversations ?? []) : []
  return (
    <Spotlight.Root shortcut={null} query={words} onQueryChange={setWords} clearQueryOnClose>
      <Spotlight.Search
        placeholder="A screen, or a customer’s name, e-mail or phone"
        aria-label="Search"
        leftSection={<IconSearch size={18} stroke={1.5} />}
      />
      <Spotlight.ActionsList>
        {places.map(({ name, title, icon: Icon }) => (
          <Spotlight.Action
            key={name}
            label={title}
            leftSection={<Icon size={18} stroke={1.5} />}
            onClick={() => go(`/${name}`)}
          />
        ))}
        {found.map(({ id, customer, mapping }) => (
          <Spotlight.Action
            key={id}
            label={customer.name ?? `Visitor ${id}`}
            description={`Conversation ${id}, ${mapping}`}
            leftSection={<IconMessage size={18} stroke={1.5} />}
            onClick={() => go(`/conversations/${id}`)}
          />
        ))}
        {places.length + found.length === 0 && <Spotlight.Empty>Nothing is called that.</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}
