import { List, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { ConnectionDetail } from '../../../../src/http/api/connections.ts'
import { send } from '../../api.ts'
import { formatCount } from '../../format.ts'
import { Confirm } from '../../parts/Confirm.tsx'
import { toast } from '../../parts/toast.tsx'
import { refresh } from '../../read.ts'

export interface PauseProps {
  readonly detail: ConnectionDetail
  readonly opened: boolean
  readonly close: () => void
}

/** Says what is held up before anything is. */
export function Pause({ detail, opened, close }: PauseProps) {
  const [reason, setReason] = useState('')
  const { name, heldUp, pauseMeans } = detail
  const act = async () => {
    await send('POST', `/connections/${name}/pause`, reason.trim() ? { reason: reason.trim() } : {})
    await refresh('connections')
    toast.done(`${name} is paused`)
  }
  return (
    <Confirm opened={opened} close={close} title={`Pause ${name}`} confirm={`Pause ${name}`} isDangerous act={act}>
      <Text size="sm" fw={600}>
        {heldUp.conversations === 0
          ? 'No conversation uses it right now.'
          : `It holds up ${formatCount(heldUp.conversations, 'conversation')}, ${heldUp.withPeople} of them with an agent or waiting for one.`}
      </Text>
      <List size="sm" my="sm">
        {pauseMeans.map((sentence) => (
          <List.Item key={sentence}>{sentence}</List.Item>
        ))}
      </List>
      <TextInput
        label="Reason (optional)"
        description="For whoever finds it paused."
        maxLength={300}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </Confirm>
  )
}
