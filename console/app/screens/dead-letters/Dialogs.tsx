import { Checkbox, Select, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { Group, Letter } from '../../../../src/http/api/dead-letters.ts'
import { send } from '../../api.ts'
import { formatCount } from '../../format.ts'
import { Confirm } from '../../parts/Confirm.tsx'
import { toast } from '../../parts/toast.tsx'
import { refresh, useRead } from '../../read.ts'
import { nameOf } from './words.ts'

export type Asked =
  | { readonly do: 'replay' | 'note'; readonly letter: Letter }
  | { readonly do: 'replay-all'; readonly group: Group }
  | { readonly do: 'dismiss'; readonly letter: Letter }
  | { readonly do: 'dismiss-all'; readonly group: Group }

export interface DialogsProps {
  readonly asked: Asked | undefined
  readonly reasons: readonly string[]
  readonly close: () => void
}

/** Every command says beforehand what it does. */
export function Dialogs({ asked, reasons, close }: DialogsProps) {
  if (!asked) return null
  switch (asked.do) {
    case 'replay':
      return <Replay letter={asked.letter} close={close} />
    case 'note':
      return <Note letter={asked.letter} close={close} />
    case 'replay-all':
      return <ReplayAll group={asked.group} close={close} />
    case 'dismiss':
      return <Dismiss letter={asked.letter} reasons={reasons} close={close} />
    case 'dismiss-all':
      return <Dismiss group={asked.group} reasons={reasons} close={close} />
  }
}

const done = async (message: string) => {
  await refresh('dead-letters')
  toast.done(message)
}

function Replay({ letter, close }: { letter: Letter; close: () => void }) {
  const [isSure, setSure] = useState(false)
  const { safety, staleness } = letter
  const mayDouble = safety.is === 'may appear twice'
  const act = async () => {
    await send('POST', '/dead-letters/replay', { ...nameOf(letter), ...(mayDouble ? { confirm: true } : {}) })
    await done('It goes out again')
  }
  return (
    <Confirm opened title="Replay 1 letter" confirm="Replay 1" act={act} close={close} isBlocked={mayDouble && !isSure}>
      <Stack gap="sm">
        <Text size="sm">
          {mayDouble ? 'It may appear twice.' : 'It is safe.'} {safety.why}
        </Text>
        {staleness.isStale && <Text size="sm">{staleness.why} It is marked as late.</Text>}
        {mayDouble && (
          <Checkbox
            label="Send it although the other side may get it twice"
            checked={isSure}
            onChange={(event) => setSure(event.currentTarget.checked)}
          />
        )}
      </Stack>
    </Confirm>
  )
}

function Note({ letter, close }: { letter: Letter; close: () => void }) {
  const to = useRead<{ desk: string | null }>(`/dead-letters/note-to?conversation=${letter.conversation}`)
  const act = async () => {
    await send('POST', '/dead-letters/note', nameOf(letter))
    await done('The agent gets a note')
  }
  const desk = to.data?.desk
  return (
    <Confirm opened title="Tell the agent by note" confirm="Add note" act={act} close={close} isBlocked={!desk}>
      <Text size="sm">
        {to.data === undefined
          ? 'Looking who holds the conversation.'
          : desk
            ? `An internal note goes to whoever has it at ${desk}. The customer does not see it, and the letter is dealt with.`
            : 'Nobody holds or waits for this conversation, so there is no agent to tell.'}
      </Text>
    </Confirm>
  )
}

function ReplayAll({ group, close }: { group: Group; close: () => void }) {
  const [leaveOutStale, setLeaveOut] = useState(true)
  const [isSure, setSure] = useState(false)
  const doubles = group.mayAppearTwice
  const act = async () => {
    await send('POST', `/dead-letters/groups/${group.cause}/replay`, {
      leaveOutStale,
      ...(doubles > 0 ? { confirm: true } : {}),
    })
    await done('The replay has begun')
  }
  return (
    <Confirm
      opened
      title={`Replay all ${group.letters}`}
      confirm={`Replay ${group.letters}`}
      act={act}
      close={close}
      isBlocked={doubles > 0 && !isSure}
    >
      <Stack gap="sm">
        <Text size="sm">
          They go out a few at a time, no faster than {group.connection} allows, and stop by themselves when the first
          ones fail again. You can stop them at any time.
        </Text>
        <Checkbox
          label="Leave out those that come too late: older than 30 minutes, or the conversation has moved on"
          checked={leaveOutStale}
          onChange={(event) => setLeaveOut(event.currentTarget.checked)}
        />
        {doubles > 0 && (
          <Checkbox
            label={`Send also the ${formatCount(doubles, 'letter')} that may appear twice`}
            checked={isSure}
            onChange={(event) => setSure(event.currentTarget.checked)}
          />
        )}
      </Stack>
    </Confirm>
  )
}

interface DismissProps {
  readonly letter?: Letter
  readonly group?: Group
  readonly reasons: readonly string[]
  readonly close: () => void
}

function Dismiss({ letter, group, reasons, close }: DismissProps) {
  const [why, setWhy] = useState<string | null>(null)
  const what = group ? formatCount(group.letters, 'letter') : '1 letter'
  const act = async () => {
    if (letter) await send('POST', '/dead-letters/dismiss', { ...nameOf(letter), why })
    else await send('POST', `/dead-letters/groups/${group!.cause}/dismiss`, { why })
    await done(`${what} dismissed`)
  }
  return (
    <Confirm
      opened
      title={`Dismiss ${what}`}
      confirm={`Dismiss ${group ? group.letters : 1}`}
      isDangerous
      act={act}
      close={close}
      isBlocked={why === null}
    >
      <Stack gap="sm">
        <Text size="sm">
          What was not delivered stays undelivered. It can still be found here under “Dismissed”, with the reason.
        </Text>
        <Select
          label="Reason"
          placeholder="Choose a reason"
          data={[...reasons]}
          value={why}
          onChange={setWhy}
          withAsterisk
        />
      </Stack>
    </Confirm>
  )
}
