import { useEffect, useRef, useState } from 'react'
import { useMe } from '../../me.tsx'
import { Rows } from '../../parts/DataState.tsx'
import { Empty } from '../../parts/Empty.tsx'
import { Trouble } from '../../parts/Trouble.tsx'
import { useRead } from '../../read.ts'
import { useGo, useId } from '../../url.ts'
import { Conversation } from './Conversation.tsx'
import { Context } from './context/Context.tsx'
import { type OwnBoard, showing, type TicketView, ticketPath, ticketTopic, useDesk } from './desk.ts'
import { heed } from './drafts.ts'
import { Keys } from './Keys.tsx'
import { Lists } from './Lists.tsx'
import { isHeldBy } from './words.ts'
import './inbox.css'

/** What rings and what the agent has, one conversation, and what they must know before the first word. */
export default function Inbox() {
  const { worksAt } = useMe()
  const { board, word } = useDesk()
  useTitle()
  return (
    <section className="inbox-screen" aria-labelledby="inbox-title">
      <h1 id="inbox-title" className="unseen">
        Inbox
      </h1>
      {worksAt.length === 0 && (
        <Empty>
          You have no seat at a desk of Baton’s own. An admin can give you one, in the settings of the team.
        </Empty>
      )}
      {worksAt.length > 0 &&
        (board ? (
          <Inside board={board} />
        ) : word === 'offline' ? (
          <Trouble
            what="The inbox cannot be reached"
            error="Customers wait until it can; nothing they write is lost. The page goes on trying."
          />
        ) : (
          <Rows count={6} height={56} />
        ))}
    </section>
  )
}

function useTitle(): void {
  useEffect(() => {
    document.title = 'Inbox · Baton'
  }, [])
}

function Inside({ board }: { board: OwnBoard }) {
  const id = useId()
  const go = useGo()
  const ticket = useTicket(id)
  const [isContextOpen, setContextOpen] = useState(false)
  useFirstOffer(board, id)
  const box = useFoundFocus()
  // Another conversation begins with its words.
  useEffect(() => setContextOpen(false), [id])
  const close = () => go('/inbox')
  return (
    <div
      ref={box}
      className="inbox"
      data-open={id !== undefined || undefined}
      data-context={isContextOpen || undefined}
    >
      <Lists board={board} selected={id} />
      <div className="inbox-middle">
        {id === undefined ? (
          <Empty>Choose a conversation from the list, or wait: the next one opens here by itself.</Empty>
        ) : ticket.data ? (
          <Conversation
            key={id}
            ticket={ticket.data}
            board={board}
            close={close}
            turnContext={() => setContextOpen(!isContextOpen)}
            isContextOpen={isContextOpen}
          />
        ) : ticket.error ? (
          <Trouble
            what="This conversation could not be read"
            error={ticket.error}
            retry={() => void ticket.refetch()}
          />
        ) : (
          <Rows count={6} height={44} />
        )}
      </div>
      {ticket.data && id !== undefined && (
        <Context ticket={ticket.data} isMine={isHeldBy(ticket.data, board.me.id)} close={() => setContextOpen(false)} />
      )}
      <Keys board={board} selected={id} />
    </div>
  )
}

function useTicket(id: string | undefined) {
  const { name, onItsWay } = useDesk()
  const ticket = useRead<TicketView>(id !== undefined && name !== undefined ? ticketPath(id) : undefined, {
    topics: id === undefined ? [] : [ticketTopic(id)],
  })
  const { data } = ticket
  const words = useRef(onItsWay)
  words.current = onItsWay
  useEffect(() => showing(id), [id])
  useEffect(() => {
    if (data) heed(data, words.current)
  }, [data])
  return ticket
}

/** What had the focus may be gone with what was answered: then the list has it, and keys go on working. */
function useFoundFocus() {
  const box = useRef<HTMLDivElement>(null)
  const last = useRef<Element>(null)
  useEffect(() => {
    const remember = ({ target }: FocusEvent) => {
      last.current = target as Element
    }
    document.addEventListener('focusin', remember)
    return () => document.removeEventListener('focusin', remember)
  }, [])
  useEffect(() => {
    const isLost = document.activeElement === document.body && last.current?.isConnected === false
    if (isLost) box.current?.querySelector<HTMLElement>('.inbox-lists')?.focus()
  })
  return box
}

/** Who has nothing open is shown what rings: the history is read while the phone rings. */
function useFirstOffer({ offers }: OwnBoard, id: string | undefined): void {
  const go = useGo()
  const first = offers[0]?.id
  useEffect(() => {
    if (id === undefined && first !== undefined && !document.hidden && matchMedia('(min-width: 640px)').matches)
      go(`/inbox/${first}`)
  }, [id, first, go])
}
