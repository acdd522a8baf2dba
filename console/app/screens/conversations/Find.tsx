import { Button, Select, Table, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { ConversationsAnswer } from '../../../../src/http/api/conversations.ts'
import type { FoundConversation } from '../../../../src/postgres/found.ts'
import { get } from '../../api.ts'
import { useShortcuts } from '../../frame/shortcuts.ts'
import { useMay } from '../../me.tsx'
import { Control } from '../../parts/Control.tsx'
import { Rows } from '../../parts/DataState.tsx'
import { Empty } from '../../parts/Empty.tsx'
import { Go } from '../../parts/Go.tsx'
import { Screen } from '../../parts/Screen.tsx'
import { SidePeek } from '../../parts/SidePeek.tsx'
import { When } from '../../parts/Time.tsx'
import { Trouble } from '../../parts/Trouble.tsx'
import { type Search, query as toQuery, useGo, useUrl } from '../../url.ts'
import { outcomeWord, reasonWord } from '../../words.ts'
import { rangeOf } from './period.ts'
import { Story } from './Story.tsx'

const controls = ['bot', 'waiting', 'agent', 'closed']
const periods = [
  { value: 'today', label: 'Today' },
  { value: '7d', label: 'Last 7 days' },
  { value: '30d', label: 'Last 30 days' },
]
const named = ['search', 'control', 'mapping', 'outcome', 'criterion', 'desk', 'from', 'to', 'period'] as const

/** All conversations, newest first, by what they are looked for. */
export function Find() {
  const [url, setUrl] = useUrl()
  const go = useGo()
  const found = useFound(url)
  const rows = found.data?.pages.flatMap(({ conversations }) => conversations) ?? []
  const isFiltered = named.some((name) => url[name])
  const table = useRef<HTMLTableElement>(null)
  const [current, setCurrent] = useState(0)
  const peeked = rows.find(({ id }) => String(id) === url.peek)

  const focus = (i: number) => {
    const to = Math.max(0, Math.min(rows.length - 1, i))
    setCurrent(to)
    if (url.peek && rows[to]) setUrl({ peek: String(rows[to].id) })
    requestAnimationFrame(() => table.current?.querySelectorAll<HTMLElement>('tbody tr')[to]?.focus())
  }
  const isIn = () => table.current?.contains(document.activeElement) ?? false
  const peek = (row: FoundConversation) => setUrl({ peek: url.peek === String(row.id) ? undefined : String(row.id) })
  useShortcuts([
    { keys: 'j', says: 'Next conversation', run: () => focus(isIn() ? current + 1 : current) },
    { keys: 'k', says: 'Conversation before', run: () => focus(isIn() ? current - 1 : current) },
    {
      keys: 'Space',
      says: 'Peek at the conversation',
      run: () => (isIn() && rows[current] ? peek(rows[current]) : false),
    },
    {
      keys: 'Enter',
      says: 'Open the conversation',
      run: () => (isIn() && rows[current] ? go(`/conversations/${rows[current].id}`) : false),
    },
  ])

  return (
    <Screen title="Conversations" summary={<Looking />}>
      {found.error && (
        <Trouble
          what="The conversations could not be read"
          error={found.error}
          since={found.errorUpdatedAt}
          asOf={found.data && found.dataUpdatedAt}
          retry={() => void found.refetch()}
        />
      )}
      {found.isPending && !found.error && <Rows count={10} />}
      {found.data && rows.length === 0 && <Nothing isFiltered={isFiltered} />}
      {rows.length > 0 && (
        <div className="found">
          <Table ref={table} highlightOnHover fz="sm" aria-label="Conversations">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Customer</Table.Th>
                <Table.Th>Control</Table.Th>
                <Table.Th>Handoff</Table.Th>
                <Table.Th>Mapping</Table.Th>
                <Table.Th>Last change</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((row, i) => (
                <Row
                  key={row.id}
                  row={row}
                  isCurrent={i === Math.min(current, rows.length - 1)}
                  isPeeked={row.id === peeked?.id}
                  choose={() => setCurrent(i)}
                />
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      {found.hasNextPage && (
        <Button mt="md" variant="default" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          Show older ones
        </Button>
      )}
      {peeked && (
        <SidePeek
          label="Peek at the conversation"
          title={nameOf(peeked)}
          close={() => setUrl({ peek: undefined })}
          tools={<Go to={`/conversations/${peeked.id}`}>Open</Go>}
        >
          <Story id={peeked.id} isNarrow />
        </SidePeek>
      )}
    </Screen>
  )
}

interface RowProps {
  readonly row: FoundConversation
  readonly isCurrent: boolean
  readonly isPeeked: boolean
  readonly choose: () => void
}

const Row = ({ row, isCurrent, isPeeked, choose }: RowProps) => (
  <Table.Tr tabIndex={isCurrent ? 0 : -1} onFocus={choose} className="found-row" data-peeked={isPeeked || undefined}>
    <Table.Td>
      <Go to={`/conversations/${row.id}`} tabIndex={-1}>
        {nameOf(row)}
      </Go>
    </Table.Td>
    <Table.Td>
      <Control control={row.control} />
    </Table.Td>
    <Table.Td>
      {row.handoff
        ? `${reasonWord(row.handoff.criterion)} → ${row.handoff.outcome ? (outcomeWord[row.handoff.outcome] ?? row.handoff.outcome) : row.handoff.stage}`
        : 'none'}
    </Table.Td>
    <Table.Td>{row.mapping}</Table.Td>
    <Table.Td>
      <When at={row.updatedAt} />
    </Table.Td>
  </Table.Tr>
)

const nameOf = ({ id, customer }: FoundConversation): string => customer.name ?? `Visitor ${id}`

const Nothing = ({ isFiltered }: { isFiltered: boolean }) =>
  isFiltered ? (
    <Empty action={<Go to="/conversations">Show all</Go>}>No conversation matches.</Empty>
  ) : (
    <Empty>No customer has written yet.</Empty>
  )

function useFound(url: Search) {
  const { search, control, mapping, outcome, criterion, desk } = url
  const path = `/conversations${toQuery({ search, control, mapping, outcome, criterion, desk, ...rangeOf(url, Date.now()) })}`
  return useInfiniteQuery({
    queryKey: [path],
    queryFn: ({ pageParam, signal }) =>
      get<ConversationsAnswer>(
        pageParam ? `${path}${path.includes('?') ? '&' : '?'}before=${pageParam}` : path,
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ conversations }) => (conversations.length < 50 ? undefined : conversations.at(-1)!.cursor),
    meta: { topics: ['conversations'] },
  })
}

function Looking() {
  const [url, setUrl] = useUrl()
  const isMasked = useMay('conversations.read') === 'masked'
  const [words, setWords] = useState(url.search ?? '')
  const look = useDebouncedCallback((value: string) => setUrl({ search: value.trim(), peek: undefined }), 300)
  const isFiltered = named.some((name) => url[name])
  const choice = (name: 'control' | 'outcome' | 'period', label: string, data: { value: string; label: string }[]) => (
    <Select
      size="xs"
      className="filter"
      aria-label={label}
      placeholder={label}
      clearable
      clearButtonProps={{ 'aria-label': `Any ${label.toLowerCase()}`, tabIndex: -1 }}
      data={data}
      value={url[name] ?? null}
      onChange={(value) => setUrl({ [name]: value ?? undefined, peek: undefined })}
    />
  )
  return (
    <search className="filters" aria-label="Filter the conversations">
      <TextInput
        type="search"
        size="xs"
        className="find-box"
        aria-label="Customer"
        placeholder={isMasked ? 'Number of a conversation' : 'Name, e-mail, phone, number or ticket'}
        leftSection={<IconSearch size={16} stroke={1.5} />}
        value={words}
        onChange={({ currentTarget }) => {
          setWords(currentTarget.value)
          look(currentTarget.value)
        }}
      />
      {choice(
        'control',
        'Control',
        controls.map((value) => ({ value, label: value })),
      )}
      {choice(
        'outcome',
        'Outcome',
        Object.entries(outcomeWord).map(([value, label]) => ({ value, label })),
      )}
      {choice('period', 'Period', periods)}
      {(['criterion', 'mapping', 'desk'] as const).map(
        (name) =>
          url[name] && (
            <Button
              key={name}
              variant="light"
              aria-label={`Remove the filter ${name}`}
              onClick={() => setUrl({ [name]: undefined })}
            >
              {name === 'criterion' ? reasonWord(url[name]) : url[name]} ✕
            </Button>
          ),
      )}
      {isFiltered && (
        <Button
          variant="subtle"
          onClick={() => {
            setWords('')
            setUrl(Object.fromEntries(named.map((name) => [name, undefined])))
          }}
        >
          Clear filters
        </Button>
      )}
    </search>
  )
}
