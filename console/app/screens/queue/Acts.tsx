import { Select, Text } from '@mantine/core'
import { useState } from 'react'
import { send } from '../../api.ts'
import { Confirm } from '../../parts/Confirm.tsx'
import { toast } from '../../parts/toast.tsx'
import { refresh } from '../../read.ts'
import { Assign } from './Assign.tsx'

export type Act = 'assign' | 'move' | 'end' | 'escalate'

/** What a command is given to: a row of the queue, or a conversation. */
export interface Target {
  readonly conversation: number
  readonly name: string
  readonly desk: string | null
}

const outcomes = [
  { value: 'resolved', label: 'Resolved: closes the conversation' },
  { value: 'abandoned', label: 'Abandoned: the customer left' },
  { value: 'expired', label: 'Expired: nobody took it' },
]

const orders = {
  move: {
    title: 'Move to the next desk',
    confirm: 'Move handoff',
    done: 'The next desk is being asked.',
    means:
      'The ticket at this desk is ended, and the next desk of the mapping is asked. The customer is told when nobody can be reached, or when another person joins. This cannot be taken back.',
  },
  end: {
    title: 'End the handoff',
    confirm: 'End handoff',
    done: 'The handoff is ended.',
    means:
      'The customer is told that the conversation with people has ended, and every desk that holds it is told too. This cannot be taken back.',
  },
  escalate: {
    title: 'Ask for a person',
    confirm: 'Ask for a person',
    done: 'A person is being asked for.',
    means: 'Control leaves the bot, and the customer is told that they are being connected with a person.',
  },
} as const

/** Asks once more before a command. Only an assignment can be taken back: a desk that was told of an end or a move has acted on it. */
export function Acts({ act, target, close }: { act: Act | undefined; target: Target | undefined; close: () => void }) {
  if (act === 'assign') return target && <Assign target={target} close={close} />
  return <Order act={act} target={target} close={close} />
}

interface OrderProps {
  readonly act: Exclude<Act, 'assign'> | undefined
  readonly target: Target | undefined
  readonly close: () => void
}

function Order({ act, target, close }: OrderProps) {
  const [outcome, setOutcome] = useState('resolved')
  const order = orders[act ?? 'move']
  const go = async () => {
    await send('POST', `/conversations/${target!.conversation}/commands`, {
      do: act,
      ...(act === 'end' ? { outcome } : {}),
    })
    toast.done(order.done)
    void refresh('queue', 'conversations', `conversation.${target!.conversation}`)
  }
  return (
    <Confirm
      opened={act !== undefined && target !== undefined}
      title={target ? `${order.title}: ${target.name}` : order.title}
      confirm={order.confirm}
      isDangerous={act === 'end'}
      act={go}
      close={close}
    >
      <Text size="sm">{order.means}</Text>
      {act === 'end' && (
        <Select
          mt="md"
          label="Outcome"
          data={outcomes}
          allowDeselect={false}
          value={outcome}
          onChange={(value) => setOutcome(value ?? 'resolved')}
        />
      )}
    </Confirm>
  )
}
