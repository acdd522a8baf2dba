import { Button, Group, Table, Text, TextInput, Title } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { AuditAnswer } from '../../../../src/http/api/audit.ts'
import type { AuditEntry } from '../../../../src/staff/audit.ts'
import { get } from '../../api.ts'
import { Rows } from '../../parts/DataState.tsx'
import { Empty } from '../../parts/Empty.tsx'
import { When } from '../../parts/Time.tsx'
import { Trouble } from '../../parts/Trouble.tsx'
import { query as toQuery, useUrl } from '../../url.ts'

/** Who did what, newest first. */
export function Audit() {
  const [url, setUrl] = useUrl()
  const { who, action } = url
  const answer = useInfiniteQuery({
    queryKey: ['/audit', who, action],
    queryFn: ({ pageParam, signal }) =>
      get<AuditAnswer>(`/audit${toQuery({ who, action, before: pageParam })}`, signal),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  const entries = answer.data?.pages.flatMap((page) => page.entries) ?? []
  return (
    <section aria-label="Audit">
      <div className="settings-head">
        <Title order={2} size="h3">
          Audit
        </Title>
        <Filter key={`${who}${action}`} who={who} action={action} choose={setUrl} />
      </div>
      {answer.error && (
        <Trouble what="The audit could not be read" error={answer.error} retry={() => void answer.refetch()} />
      )}
      {answer.isPending && <Rows count={10} />}
      {answer.data && entries.length === 0 && (
        <Empty
          action={
            (who || action) && (
              <Button variant="default" onClick={() => setUrl({ who: undefined, action: undefined })}>
                Show all
              </Button>
            )
          }
        >
          Nothing like this was done.
        </Empty>
      )}
      {entries.length > 0 && <List entries={entries} choose={setUrl} />}
      {answer.hasNextPage && (
        <Button
          mt="md"
          variant="default"
          loading={answer.isFetchingNextPage}
          onClick={() => void answer.fetchNextPage()}
        >
          Show older
        </Button>
      )}
    </section>
  )
}

type Choose = (change: { who?: string; action?: string }) => void

function Filter({ who, action, choose }: { who?: string; action?: string; choose: Choose }) {
  const [typed, setTyped] = useState(action ?? '')
  return (
    <Group gap="sm">
      {who && (
        <Button variant="default" onClick={() => choose({ who: undefined })}>
          Only {who}: show everybody
        </Button>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault()
          choose({ action: typed.trim() || undefined })
        }}
      >
        <Group gap="xs">
          <TextInput
            size="xs"
            aria-label="What was done"
            placeholder="As users.invite"
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Button type="submit" variant="default">
            Filter
          </Button>
        </Group>
      </form>
    </Group>
  )
}

const List = ({ entries, choose }: { entries: readonly AuditEntry[]; choose: Choose }) => (
  <div className="settings-table">
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>When</Table.Th>
          <Table.Th>Who</Table.Th>
          <Table.Th>What</Table.Th>
          <Table.Th>To what</Table.Th>
          <Table.Th>Details</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {entries.map((entry) => (
          <Table.Tr key={entry.id}>
            <Table.Td>
              <When at={entry.at} />
            </Table.Td>
            <Table.Td>
              <Button variant="subtle" onClick={() => choose({ who: entry.who })} aria-label={`Only ${nameOf(entry)}`}>
                {nameOf(entry)}
              </Button>
            </Table.Td>
            <Table.Td>{entry.action}</Table.Td>
            <Table.Td>{entry.targetName ?? entry.target}</Table.Td>
            <Table.Td className="wide">
              <Text size="sm" c="dimmed">
                {Object.entries(entry.details)
                  .map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(', ') : String(value)}`)
                  .join(' · ')}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  </div>
)

const nameOf = ({ who, name }: AuditEntry): string => name ?? (who === 'hub' ? 'The hub’s token' : who)
