import { Autocomplete, Modal, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { IntentsAnswer } from '../../../../src/http/api/lookups.ts'
import { toast } from '../../parts/toast.tsx'
import { useRead } from '../../read.ts'
import { Ask, filled, type GivingProps, Words } from './Ask.tsx'
import { give } from './commands.ts'
import type { OwnBoard, TicketView } from './desk.ts'
import { textOf } from './drafts.ts'
import { Transfer } from './Transfer.tsx'
import { firstName, lastWords } from './words.ts'

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
  const known = useRead<IntentsAnswer>(`/conversations/${ticket.conversation}/intents`)
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
      <Autocomplete
        label="Go on with"
        description={
          known.error
            ? 'The bot’s intents could not be read: write one, or nothing'
            : 'An intent of the bot, or nothing'
        }
        data={[...(known.data?.intents ?? [])]}
        limit={50}
        maxLength={200}
        value={intent}
        onChange={setIntent}
      />
    </Ask>
  )
}
