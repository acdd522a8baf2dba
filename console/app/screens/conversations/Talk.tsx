import { ActionIcon, Badge, Button, Menu, Text } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useState } from 'react'
import type { Attempt } from '../../../../src/conversation.ts'
import { send } from '../../api.ts'
import { useShortcuts } from '../../frame/shortcuts.ts'
import { useMay, useMe } from '../../me.tsx'
import { Confirm } from '../../parts/Confirm.tsx'
import { Control } from '../../parts/Control.tsx'
import { Go } from '../../parts/Go.tsx'
import { Screen } from '../../parts/Screen.tsx'
import { toast } from '../../parts/toast.tsx'
import { refresh } from '../../read.ts'
import { useGo } from '../../url.ts'
import { type Act, Acts } from '../queue/Acts.tsx'
import { Story, useStory } from './Story.tsx'

/** One conversation, from its first word to now. */
export function Talk({ id }: { id: string }) {
  const { data } = useStory(id)
  const go = useGo()
  const conversation = data?.conversation
  const customer = conversation?.customer
  const name = customer?.name ?? `Visitor ${id}`
  const handoff = conversation?.handoff
  useShortcuts([
    {
      keys: 'Escape',
      says: 'Back to the list',
      run: () => (history.length > 1 ? history.back() : go('/conversations')),
    },
  ])
  return (
    <Screen
      title={conversation ? name : `Conversation ${id}`}
      isFull
      tools={
        conversation && (
          <>
            <Text size="sm" c="dimmed">
              {conversation.channel} · {conversation.mapping}
              {customer?.segment ? ` · ${customer.segment}` : ''} · {conversation.language}
            </Text>
            {handoff?.outcome && <Badge color="gray">{handoff.outcome}</Badge>}
            <Control
              control={conversation.control}
              who={conversation.control === 'agent' ? handoff?.agent?.name : undefined}
            />
            <Tools
              id={Number(id)}
              name={name}
              control={conversation.control}
              desk={handoff?.attempts.at(-1)?.desk ?? null}
              isRinging={conversation.control === 'waiting' && isLive(handoff?.attempts.at(-1))}
            />
          </>
        )
      }
    >
      <Story id={id} />
    </Screen>
  )
}

interface ToolsProps {
  readonly id: number
  readonly name: string
  readonly control: string
  readonly desk: string | null
  /** It lies at its desk, for an agent to accept. */
  readonly isRinging: boolean
}

const isLive = (attempt: Attempt | undefined): boolean => attempt?.mode === 'live' && attempt.ticket !== undefined

function Tools({ id, name, control, desk, isRinging }: ToolsProps) {
  const { worksAt } = useMe()
  const mayCommand = useMay('conversations.command') !== undefined
  const mayExport = useMay('conversations.export') !== undefined
  const mayErase = useMay('customers.erase') !== undefined
  // Somebody who may command works at every desk of our own.
  const isOurs = desk !== null && worksAt.includes(desk)
  const [act, setAct] = useState<Act>()
  const [isErasing, setErasing] = useState(false)
  const hasPeople = control === 'waiting' || control === 'agent'
  const erase = async () => {
    await send('POST', '/erasures', { conversation: id })
    toast.done('The customer is erased: words, names and files are gone, figures stay.')
    void refresh('conversations', `conversation.${id}`)
  }
  if (!mayExport) return null
  return (
    <>
      {mayCommand && hasPeople && (
        <>
          {isRinging && isOurs && (
            <Button variant="default" onClick={() => setAct('assign')}>
              Assign…
            </Button>
          )}
          <Button variant="default" onClick={() => setAct('move')}>
            Move to the next desk
          </Button>
          <Button variant="default" onClick={() => setAct('end')}>
            End handoff
          </Button>
        </>
      )}
      {mayCommand && !hasPeople && (
        <Button variant="default" onClick={() => setAct('escalate')}>
          Ask for a person
        </Button>
      )}
      {hasPeople && isOurs && <Go to="/inbox">Open in the inbox</Go>}
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label="More to do with this conversation">
            <IconDots size={18} stroke={1.5} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {mayExport && (
            <Menu.Item component="a" href={`/api/v1/conversations/${id}/transcript`} download>
              Download the transcript
            </Menu.Item>
          )}
          {mayErase && (
            <Menu.Item color="red" onClick={() => setErasing(true)}>
              Erase the customer…
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Acts act={act} target={{ conversation: id, name, desk }} close={() => setAct(undefined)} />
      <Confirm
        opened={isErasing}
        title={`Erase ${name}`}
        confirm="Erase the customer"
        isDangerous
        act={erase}
        close={() => setErasing(false)}
      >
        All conversations of this customer lose their words, names and files, here and at the connections that can do
        it. Figures stay. This cannot be taken back.
      </Confirm>
    </>
  )
}
