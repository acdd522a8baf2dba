import { Button, Group, Modal, Select, Stack, Text, Textarea, type TextareaProps, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useShortcuts } from '../../frame/shortcuts.ts'
import { Trouble } from '../../parts/Trouble.tsx'
import { toast } from '../../parts/toast.tsx'
import { give } from './commands.ts'
import type { OwnBoard, TicketView } from './desk.ts'
import { textOf } from './drafts.ts'
import { firstName, lastWords, presenceWord } from './words.ts'

export type Dialog = 'transfer' | 'return' | 'resolve'

export interface HandoverProps {
  readonly dialog: Dialog | undefined
  readonly ticket: TicketView
  readonly board: OwnBoard
  readonly close: () => void
  /** It is out of the agent's hands. */
  readonly done: () => void
}

/** Asked before a conversation leaves the agent's hands. */
export function Handover({ dialog, ticket, board, close, done }: HandoverProps) {
  const run = async (body: object) => {
    await give(ticket.id, dialog!, body)
    close()
    done()
    toast.done(`${ticket.customer} is off your hands.`)
  }
  const titles: Record<Dialog, string> = {
    transfer: `Transfer ${ticket.customer}`,
    return: `Give ${ticket.customer} back to the bot`,
    resolve: `Resolve ${ticket.customer}`,
  }
  return (
    <Modal
      opened={dialog !== undefined}
      onClose={close}
      title={dialog && titles[dialog]}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {dialog === 'transfer' && <Transfer ticket={ticket} board={board} run={run} close={close} />}
      {dialog === 'return' && <Return ticket={ticket} run={run} close={close} />}
      {dialog === 'resolve' && <Resolve ticket={ticket} run={run} close={close} />}
    </Modal>
  )
}

interface AskProps {
  readonly intro: string
  readonly button: string
  readonly isReady?: boolean
  readonly body: () => object
  readonly run: (body: object) => Promise<void>
  readonly close: () => void
  readonly children: ReactNode
}

/** What keeps it from being done is said here, and the dialog stays. */
function Ask({ intro, button, isReady = true, body, run, close, children }: AskProps) {
  const [error, setError] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  const submit = async (event?: FormEvent) => {
    event?.preventDefault()
    if (!isReady || isBusy) return
    setBusy(true)
    setError(undefined)
    try {
      await run(body())
    } catch (failed) {
      setError(failed)
      setBusy(false)
    }
  }
  useShortcuts([{ keys: '$mod+Enter', says: button, run: () => void submit() }])
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="md">
        <Text size="sm">{intro}</Text>
        {children}
        {error !== undefined && <Trouble what="This was not done" error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={isBusy} disabled={!isReady}>
            {button}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

const filled = (text: string): string | undefined => text.trim() || undefined

interface GivingProps {
  readonly ticket: TicketView
  readonly run: (body: object) => Promise<void>
  readonly close: () => void
}

/** A few lines that somebody else will read. */
const Words = (props: TextareaProps) => <Textarea autosize minRows={3} maxRows={8} maxLength={10_000} {...props} />

function Resolve({ ticket, run, close }: GivingProps) {
  const [digest, setDigest] = useState(lastWords(ticket))
  const [topic, setTopic] = useState(ticket.context.intent ?? '')
  const unsent = textOf(ticket.id, 'reply').trim() === '' ? '' : ' The reply you began is not sent.'
  return (
    <Ask
      intro={`${firstName(ticket.customer)} is told that the conversation is over and may be asked how it went.${unsent}`}
      button="Resolve"
      body={() => ({ digest: filled(digest), topic: filled(topic) })}
      run={run}
      close={close}
    >
      <Words
        data-autofocus
        label="Outcome"
        description="What was done: for reports, the CRM, and the bot next time"
        value={digest}
        onChange={(event) => setDigest(event.currentTarget.value)}
      />
      <TextInput
        label="Topic"
        maxLength={200}
        value={topic}
        onChange={(event) => setTopic(event.currentTarget.value)}
      />
    </Ask>
  )
}

function Return({ ticket, run, close }: GivingProps) {
  const [digest, setDigest] = useState(lastWords(ticket))
  const [intent, setIntent] = useState('')
  return (
    <Ask
      intro="The bot goes on without a new greeting, from what you tell it here."
      button="Back to the bot"
      body={() => ({ digest: filled(digest), intent: filled(intent) })}
      run={run}
      close={close}
    >
      <Words
        data-autofocus
        label="What the bot is told"
        value={digest}
        onChange={(event) => setDigest(event.currentTarget.value)}
      />
      <TextInput
        label="Go on with"
        description="An intent of the bot, or empty"
        maxLength={200}
        value={intent}
        onChange={(event) => setIntent(event.currentTarget.value)}
      />
    </Ask>
  )
}

function Transfer({ ticket, board, run, close }: GivingProps & { board: OwnBoard }) {
  const [to, setTo] = useState<string | null>(null)
  const [note, setNote] = useState('')
  const colleagues = board.agents.filter(({ id }) => id !== board.me.id)
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
  ].filter(({ items }) => items.length > 0)
  const target = () => {
    const name = to!.slice(to!.indexOf(':') + 1)
    return to!.startsWith('agent:') ? { agent: name } : { skills: [name] }
  }
  return (
    <Ask
      intro={`${firstName(ticket.customer)} is told once that somebody else takes over.`}
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
        nothingFoundMessage="There is nobody else at this desk."
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
