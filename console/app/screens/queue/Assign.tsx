import { Radio, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { DeskAgent } from '../../../../src/connector.ts'
import type { AgentsAnswer } from '../../../../src/http/api/conversations.ts'
import { send } from '../../api.ts'
import { formatLanguage } from '../../format.ts'
import { Confirm } from '../../parts/Confirm.tsx'
import { DataState } from '../../parts/DataState.tsx'
import { Empty } from '../../parts/Empty.tsx'
import { toast } from '../../parts/toast.tsx'
import { refresh, useRead } from '../../read.ts'
import type { Target } from './Acts.tsx'

/** Chooses who gets it: those who are online, with what they have in hand and what they speak. */
export function Assign({ target, close }: { target: Target; close: () => void }) {
  const path = `/conversations/${target.conversation}`
  const found = useRead<AgentsAnswer>(`${path}/agents`, { everyMs: 5_000 })
  const [chosen, setChosen] = useState<string>()
  const agents = found.data?.agents ?? []
  const agent = agents.find(({ id, ...rest }) => id === chosen && freeOf(rest) > 0)
  const command = async (what: 'assign' | 'unassign', to: DeskAgent) => {
    await send('POST', `${path}/commands`, { do: what, agent: to.id })
    void refresh('queue', 'conversations', `conversation.${target.conversation}`)
  }
  const undo = async (to: DeskAgent) => {
    try {
      await command('unassign', to)
      toast.done(`${target.name} is back in the line.`)
    } catch (error) {
      toast.problem('It was not taken back', error)
    }
  }
  const go = async () => {
    await command('assign', agent!)
    toast.done(`It rings at ${agent!.name}.`, () => void undo(agent!))
  }
  return (
    <Confirm
      opened
      title={`Assign to an agent: ${target.name}`}
      confirm={agent ? `Assign to ${agent.name}` : 'Assign'}
      isBlocked={!agent}
      act={go}
      close={close}
    >
      <DataState query={found} what="The agents could not be read" rows={3} rowHeight={48}>
        {() => (agents.length > 0 ? <Agents agents={agents} chosen={chosen} choose={setChosen} /> : <NoOne />)}
      </DataState>
      <Text size="sm" c="dimmed" mt="md">
        It rings at the agent, who accepts it as any other; if they do not, it goes on to the next. The customer is told
        when somebody joins, and nothing before.
      </Text>
    </Confirm>
  )
}

const NoOne = () => <Empty>No agent is online at this desk. It rings as soon as one is.</Empty>

interface AgentsProps {
  readonly agents: readonly DeskAgent[]
  readonly chosen: string | undefined
  readonly choose: (id: string) => void
}

const Agents = ({ agents, chosen, choose }: AgentsProps) => (
  <Radio.Group label="Who gets it" value={chosen ?? null} onChange={choose}>
    <Stack gap="xs" mt="xs">
      {agents.map((agent) => (
        <Radio
          key={agent.id}
          value={agent.id}
          label={agent.name}
          description={saidOf(agent)}
          disabled={freeOf(agent) === 0}
        />
      ))}
    </Stack>
  </Radio.Group>
)

const freeOf = ({ load, capacity }: Pick<DeskAgent, 'load' | 'capacity'>): number => Math.max(0, capacity - load)

function saidOf({ load, capacity, languages, lacks, speaks }: DeskAgent): string {
  const spoken = languages.map(formatLanguage).join(', ')
  return [
    load >= capacity ? `no free place: ${load} of ${capacity}` : `${load} of ${capacity} in hand`,
    spoken ? `speaks ${spoken}` : 'any language',
    speaks ? '' : 'not the customer’s language',
    lacks.length > 0 ? `without ${lacks.join(', ')}` : '',
  ]
    .filter(Boolean)
    .join(' · ')
}
