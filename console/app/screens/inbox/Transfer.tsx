import { Select } from '@mantine/core'
import { useState } from 'react'
import type { DesksAnswer } from '../../../../src/http/api/lookups.ts'
import { useRead } from '../../read.ts'
import { Ask, type GivingProps, Words } from './Ask.tsx'
import type { OwnBoard } from './desk.ts'
import { firstName, modeWord, presenceWord } from './words.ts'

/** To a colleague, to whoever has the skill, or to another desk of the mapping. */
export function Transfer({ ticket, board, run, close }: GivingProps & { board: OwnBoard }) {
  const [to, setTo] = useState<string | null>(null)
  const [note, setNote] = useState('')
  const colleagues = board.agents.filter(({ id }) => id !== board.me.id)
  const others = useRead<DesksAnswer>(`/conversations/${ticket.conversation}/desks`)
  const skills = [...new Set(board.agents.flatMap(({ skills }) => skills))].sort()
  const groups = [
    {
      group: 'A colleague',
      items: colleagues.map(({ id, name, presence, load, capacity }) => ({
        value: `agent:${id}`,
        label: `${name}: ${presence === 'online' ? `online, ${load} of ${capacity}` : presenceWord[presence].toLowerCase()}`,
        disabled: presence !== 'online',
      })),
    },
    { group: 'Whoever has the skill', items: skills.map((skill) => ({ value: `skill:${skill}`, label: skill })) },
    {
      group: 'Another desk',
      items: (others.data?.desks ?? []).map(({ desk, mode, canTake, why }) => ({
        value: `${mode}:${desk}`,
        label: `${desk}: ${why ?? modeWord[mode].toLowerCase()}`,
        disabled: !canTake,
      })),
    },
  ].filter(({ items }) => items.length > 0)
  const target = () => {
    const [kind, name] = [to!.slice(0, to!.indexOf(':')), to!.slice(to!.indexOf(':') + 1)]
    if (kind === 'agent') return { agent: name }
    return kind === 'skill' ? { skills: [name] } : { desk: name, mode: kind }
  }
  return (
    <Ask
      intro={`${firstName(ticket.customer)} is told once what happens next.`}
      button="Transfer"
      isReady={to !== null && note.trim() !== ''}
      body={() => ({ to: target(), note: note.trim() })}
      run={run}
      close={close}
    >
      <Select
        data-autofocus
        label="To"
        placeholder="Choose"
        data={groups}
        value={to}
        onChange={setTo}
        nothingFoundMessage="There is nobody else."
        description={others.error ? 'Other desks could not be read; colleagues can be chosen all the same.' : undefined}
      />
      <Words
        label="Note for them"
        description="What you found out, and what is still open. The customer never sees it"
        required
        withAsterisk={false}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </Ask>
  )
}
