import { Button, Group as Row, Text, Title } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Group, Letter } from '../../../../src/http/api/dead-letters.ts'
import type { Replay } from '../../../../src/postgres/replays.ts'
import { get } from '../../api.ts'
import { useShortcuts } from '../../frame/shortcuts.ts'
import { Rows } from '../../parts/DataState.tsx'
import { PlainText } from '../../parts/PlainText.tsx'
import { Age } from '../../parts/Time.tsx'
import { Trouble } from '../../parts/Trouble.tsx'
import { query } from '../../url.ts'
import { type Asked, Dialogs } from './Dialogs.tsx'
import { LetterView } from './LetterView.tsx'
import { Progress } from './Progress.tsx'
import { headOf, sizeOf } from './words.ts'

const pageSize = 25

export interface GroupViewProps {
  readonly group: Group
  readonly isDismissed: boolean
  readonly mayCommand: boolean
  readonly replays: readonly Replay[]
  readonly reasons: readonly string[]
}

export function GroupView({ group, isDismissed, mayCommand, replays, reasons }: GroupViewProps) {
  const [asked, setAsked] = useState<Asked>()
  const { cause } = group
  const letters = useInfiniteQuery({
    queryKey: ['dead-letters', cause, isDismissed],
    meta: { topics: ['dead-letters'] },
    queryFn: ({ pageParam, signal }) =>
      get<{ deadLetters: Letter[] }>(
        `/dead-letters${query({ cause, dismissed: isDismissed ? 'true' : undefined, before: pageParam, limit: pageSize })}`,
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ deadLetters }) => (deadLetters.length < pageSize ? undefined : deadLetters.at(-1)!.cursor),
  })
  const shown = letters.data?.pages.flatMap(({ deadLetters }) => deadLetters) ?? []
  const first = shown[0]
  const canAct = mayCommand && !isDismissed
  useShortcuts([
    {
      keys: 'r',
      says: 'Replay the first letter',
      run: () => canAct && first && group.canReplay && setAsked({ do: 'replay', letter: first }),
    },
    {
      keys: 'd',
      says: 'Dismiss the first letter',
      run: () => canAct && first && setAsked({ do: 'dismiss', letter: first }),
    },
  ])
  return (
    <section className="group" aria-label={headOf(group)}>
      <Title order={2} size="h3">
        <PlainText text={headOf(group)} />
      </Title>
      <Text size="sm">
        <PlainText text={[group.text, group.vendor].filter(Boolean).join(': ')} />
      </Text>
      <Text size="sm" c="dimmed">
        {sizeOf(group)}, oldest <Age at={group.oldestAt} />
        {group.mayAppearTwice > 0 && `; ${group.mayAppearTwice} may appear twice`}
      </Text>
      {canAct && (
        <Row gap="sm">
          {group.canReplay && (
            <Button onClick={() => setAsked({ do: 'replay-all', group })}>Replay all {group.letters}</Button>
          )}
          <Button variant="default" onClick={() => setAsked({ do: 'dismiss-all', group })}>
            Dismiss all {group.letters}…
          </Button>
        </Row>
      )}
      {replays.map((replay) => (
        <Progress key={replay.id} replay={replay} mayCommand={mayCommand} />
      ))}
      {letters.error && (
        <Trouble what="The letters could not be read" error={letters.error} retry={() => void letters.refetch()} />
      )}
      {letters.isPending && <Rows count={3} height={120} />}
      {shown.map((letter) => (
        <LetterView
          key={`${letter.conversation} ${letter.lane} ${letter.n}`}
          letter={letter}
          mayCommand={canAct}
          replay={(one) => setAsked({ do: 'replay', letter: one })}
          note={(one) => setAsked({ do: 'note', letter: one })}
          dismiss={(one) => setAsked({ do: 'dismiss', letter: one })}
        />
      ))}
      {letters.hasNextPage && (
        <Button variant="default" loading={letters.isFetchingNextPage} onClick={() => void letters.fetchNextPage()}>
          Show more letters
        </Button>
      )}
      <Dialogs asked={asked} reasons={reasons} close={() => setAsked(undefined)} />
    </section>
  )
}
