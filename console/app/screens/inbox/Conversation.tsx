import { ActionIcon, Avatar, Button, Title, Tooltip } from '@mantine/core'
import { IconArrowLeft, IconArrowsExchange, IconCheck, IconInfoCircle, IconRobot } from '@tabler/icons-react'
import { useState } from 'react'
import { formatCount, formatDuration } from '../../format.ts'
import { useShortcuts } from '../../frame/shortcuts.ts'
import { useNow } from '../../live.ts'
import { Control } from '../../parts/Control.tsx'
import { Duration } from '../../parts/Time.tsx'
import { Composer } from './Composer.tsx'
import { useCommands } from './commands.ts'
import { type OwnBoard, type TicketView, useDesk } from './desk.ts'
import { type Dialog, Handover } from './Handover.tsx'
import { useHere, useOthers } from './here.ts'
import { sayOthers } from './others.ts'
import { Said } from './Said.tsx'
import { Talk } from './Talk.tsx'
import { endingOf, firstName, isHeldBy, modeWord } from './words.ts'

export interface ConversationProps {
  readonly ticket: TicketView
  readonly board: OwnBoard
  readonly isContextOpen: boolean
  readonly close: () => void
  readonly turnContext: () => void
}

/** History first, then what is said now, then the box to write in, or why there is none. */
export function Conversation({ ticket, board, isContextOpen, close, turnContext }: ConversationProps) {
  const { me } = board
  const isMine = isHeldBy(ticket, me.id)
  const [dialog, setDialog] = useState<Dialog>()
  const name = firstName(ticket.customer)
  return (
    <section className="conversation" aria-label={`Conversation with ${ticket.customer}`}>
      <header className="conversation-head">
        <ActionIcon variant="subtle" color="gray" className="inbox-back" aria-label="Back to the list" onClick={close}>
          <IconArrowLeft size={18} stroke={1.5} />
        </ActionIcon>
        <div className="conversation-who">
          <Title order={2} size="h3" dir="auto">
            {ticket.customer}
          </Title>
          <Holder ticket={ticket} me={me.id} />
        </div>
        <Tooltip label="What you must know">
          <ActionIcon
            variant="subtle"
            color="gray"
            className="inbox-details"
            aria-label="Context"
            aria-expanded={isContextOpen}
            onClick={turnContext}
          >
            <IconInfoCircle size={18} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
        {isMine && <Give open={setDialog} />}
      </header>
      <Talk ticket={ticket} me={me.id}>
        <History ticket={ticket} />
      </Talk>
      <div className="conversation-live">
        <Writing ticket={ticket.id} name={name} />
        <Others ticket={ticket.id} />
      </div>
      <footer className="conversation-foot">
        <Foot ticket={ticket} board={board} resolve={() => setDialog('resolve')} />
      </footer>
      <Handover dialog={dialog} ticket={ticket} board={board} close={() => setDialog(undefined)} done={close} />
    </section>
  )
}

function Give({ open }: { open: (dialog: Dialog) => void }) {
  useShortcuts([
    { keys: 't', says: 'Transfer the conversation', run: () => open('transfer') },
    { keys: 'b', says: 'Give it back to the bot', run: () => open('return') },
    { keys: 'r', says: 'Resolve it', run: () => open('resolve') },
  ])
  return (
    <div className="conversation-give">
      <Button
        variant="default"
        leftSection={<IconArrowsExchange size={16} stroke={1.5} />}
        onClick={() => open('transfer')}
      >
        Transfer
      </Button>
      <Button variant="default" leftSection={<IconRobot size={16} stroke={1.5} />} onClick={() => open('return')}>
        Back to bot
      </Button>
      <Button variant="default" leftSection={<IconCheck size={16} stroke={1.5} />} onClick={() => open('resolve')}>
        Resolve
      </Button>
    </div>
  )
}

function Holder({ ticket, me }: { ticket: TicketView; me: string }) {
  const { status, agent, mode, createdAt, outcome } = ticket
  const who = agent?.id === me ? 'you' : agent?.name
  if (status === 'ended') return <span className="inbox-meta">{endingOf(outcome)}</span>
  if (status === 'accepted')
    return (
      <span className="inbox-meta">
        <Control control="agent" who={who} /> · {modeWord[mode]}
      </span>
    )
  return (
    <span className="inbox-meta">
      <Control control="waiting" who={status === 'offered' ? `rings at ${who}` : undefined} /> · {modeWord[mode]} ·
      waits <Duration since={createdAt} />
    </span>
  )
}

/** Never in the way: who else looks at it, and who of them is writing. */
function Others({ ticket }: { ticket: string }) {
  useHere(ticket)
  const others = useOthers(ticket)
  return (
    <span className="conversation-others" role="status">
      {others.length > 0 && (
        <>
          <Avatar.Group spacing={6} aria-hidden>
            {others.slice(0, 3).map(({ agent, name }) => (
              <Avatar key={agent} name={name} size={20} />
            ))}
          </Avatar.Group>
          <span dir="auto">{sayOthers(others)}</span>
        </>
      )}
    </span>
  )
}

/** The bot's part, on the screen before the agent may write a word. */
function History({ ticket: { context } }: { ticket: TicketView }) {
  const before = context.transcript
  const [first, last] = [before[0], before.at(-1)]
  if (!first || !last) return <p className="divider history">Nothing was said before.</p>
  const tookMs = last.at - first.at
  return (
    <details className="history" open>
      <summary>
        Before you: {formatCount(before.length, 'message')}
        {tookMs >= 60_000 ? ` in ${formatDuration(tookMs)}` : ''}
      </summary>
      {before.map((entry) => (
        <Said key={`${entry.seq} ${entry.at} ${entry.by}`} said={entry} />
      ))}
    </details>
  )
}

function Writing({ ticket, name }: { ticket: string; name: string }) {
  const { writing } = useDesk()
  return (
    <p className="writing" role="status">
      {writing.has(ticket) && <span>{name} is writing…</span>}
    </p>
  )
}

function Foot({ ticket, board, resolve }: { ticket: TicketView; board: OwnBoard; resolve: () => void }) {
  const { me } = board
  const { takeOver } = useCommands()
  const holder = ticket.agent?.name
  if (ticket.status === 'ended')
    return (
      <div className="inbox-over">
        <p>{endingOf(ticket.outcome)} Nothing more can be said here.</p>
        {ticket.digest && <p className="inbox-meta">{ticket.digest}</p>}
      </div>
    )
  if (isHeldBy(ticket, me.id)) return <Composer ticket={ticket} board={board} canReply resolve={resolve} />
  if (ticket.status === 'accepted')
    return (
      <>
        <div className="inbox-over">
          <p>{holder} has this conversation: you can read along, and leave a note.</p>
          <Button variant="default" onClick={() => void takeOver(ticket.id)}>
            Take over
          </Button>
        </div>
        <Composer ticket={ticket} board={board} canReply={false} resolve={resolve} />
      </>
    )
  if (ticket.status === 'offered' && ticket.agent?.id !== me.id)
    return <p className="inbox-over">It is ringing at {holder} now.</p>
  return <Answer ticket={ticket} />
}

function Answer({ ticket }: { ticket: TicketView }) {
  const { accept, decline } = useCommands()
  const isOffer = ticket.status === 'offered'
  const leftMs = Math.max(0, (ticket.ringUntil ?? 0) - useNow())
  return (
    <div className="inbox-answer">
      <Button size="sm" onClick={() => void accept(ticket.id)} aria-keyshortcuts="a">
        {isOffer ? `Accept ${firstName(ticket.customer)}` : 'Take it'}
      </Button>
      {isOffer && (
        <>
          <Button size="sm" variant="default" onClick={() => void decline(ticket.id)}>
            Decline
          </Button>
          <span className="inbox-meta figures">{Math.ceil(leftMs / 1_000)} s left</span>
        </>
      )}
    </div>
  )
}
