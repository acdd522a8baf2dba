import { Button, Group } from '@mantine/core'
import type { QueueRow } from '../../../../src/http/api/queue.ts'
import { useMe } from '../../me.tsx'
import { Control } from '../../parts/Control.tsx'
import { Go } from '../../parts/Go.tsx'
import { SidePeek } from '../../parts/SidePeek.tsx'
import { useUrl } from '../../url.ts'
import { Story } from '../conversations/Story.tsx'
import type { Act } from './Acts.tsx'
import { nameOf } from './rows.ts'

export interface PeekProps {
  readonly row: QueueRow
  readonly act: ((what: Act, row: QueueRow) => void) | undefined
  readonly accept: ((row: QueueRow) => Promise<void>) | undefined
}

export function Peek({ row, act, accept }: PeekProps) {
  const [, setUrl] = useUrl()
  const { worksAt } = useMe()
  const isMine = row.desk.name !== null && worksAt.includes(row.desk.name)
  const name = nameOf(row)
  return (
    <SidePeek
      label={`Peek at the conversation with ${name}`}
      title={name}
      close={() => setUrl({ peek: undefined })}
      tools={<Control control={row.control} who={row.agent ?? undefined} />}
    >
      <Group mb="md" gap="sm">
        <Go to={`/conversations/${row.conversation}`}>Open the conversation</Go>
        {isMine && accept && row.desk.ticket && <Button onClick={() => void accept(row)}>Accept</Button>}
        {isMine && <Go to={row.desk.ticket ? `/inbox/${row.desk.ticket}` : '/inbox'}>Open in the inbox</Go>}
        {act && (
          <>
            {row.desk.canAssign && (
              <Button variant="default" onClick={() => act('assign', row)}>
                Assign…
              </Button>
            )}
            <Button variant="default" onClick={() => act('move', row)}>
              Move to the next desk
            </Button>
            <Button variant="default" onClick={() => act('end', row)}>
              End handoff
            </Button>
          </>
        )}
      </Group>
      <Story id={row.conversation} isNarrow />
    </SidePeek>
  )
}
