import { useClipboard } from '@mantine/hooks'
import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react'
import { formatTime } from '../../format.ts'
import { useDelivery } from './delivery.ts'
import {
  heardFrom,
  type OnItsWay,
  type Said as Stored,
  say,
  sayAgain,
  type TicketView,
  takeBack,
  tellSeen,
  useDesk,
} from './desk.ts'
import { textOf, write } from './drafts.ts'
import { markRead } from './reading.ts'
import { Said, type Trouble } from './Said.tsx'
import { firstName, isHeldBy, joinedAt, undeliveredWords, wordsOf } from './words.ts'

/** What is said now: the record's words, then those of this agent that are still on their way. */
export function Talk({ ticket, me, children }: { ticket: TicketView; me: string; children: ReactNode }) {
  const { onItsWay } = useDesk()
  const { messages, acceptedAt, agent } = ticket
  const { wordOf, failed, ordered } = useDelivery(ticket)
  const clipboard = useClipboard()
  const known = new Set(messages.flatMap(({ id }) => id ?? []))
  const mine = onItsWay.filter(({ id, ticket: of }) => of === ticket.id && !known.has(id))
  const troubles = [...ordered.filter(failed), ...mine.filter(({ failed }) => failed !== undefined)]
  const box = useFollowing(messages.length + mine.length + troubles.length)
  useSeen(ticket, isHeldBy(ticket, me))
  const joined = acceptedAt === null ? -1 : joinedAt(ordered, acceptedAt)
  const line = acceptedAt !== null && (
    <p className="divider">
      {agent?.id === me ? 'You' : (agent?.name ?? 'An agent')} joined {formatTime(acceptedAt)}
    </p>
  )
  const troubleOf = (said: Stored, at: number): Trouble | undefined => {
    const failure = failed(said)
    if (!failure) return undefined
    const words = wordsOf(said)
    const isOnlyWords = said.message.parts.every(({ kind }) => kind === 'text')
    const isSaidAgain = ordered.slice(at + 1).some((later) => later.by === 'agent' && wordsOf(later) === words)
    const again = { label: 'Send again', run: () => say(ticket.id, 'reply', words) }
    const copy = { label: 'Copy', run: () => clipboard.copy(words) }
    const mayRepeat = isHeldBy(ticket, me) && said.id !== undefined && isOnlyWords && !isSaidAgain
    return { says: undeliveredWords(firstName(ticket.customer), failure), acts: mayRepeat ? [again, copy] : [copy] }
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by keys too
    <div ref={box} className="talk" role="log" aria-live="off" aria-label="What was said" tabIndex={0}>
      {children}
      {ordered.map((said, i) => (
        <div key={said.id ?? said.n}>
          {i === joined && line}
          <Said
            said={said.id === undefined ? said : { ...said, name: 'You' }}
            state={wordOf(said)}
            trouble={troubleOf(said, i)}
          />
        </div>
      ))}
      {joined === messages.length && line}
      {mine.map((words) => (
        <div key={words.id}>
          <Said
            said={ownOf(words)}
            state="Sending…"
            trouble={words.failed === undefined ? undefined : refused(words, words.failed)}
          />
        </div>
      ))}
    </div>
  )
}

const refused = ({ id }: OnItsWay, why: string): Trouble => ({
  says: `Not sent: ${why}`,
  acts: [
    { label: 'Send again', run: () => sayAgain(id) },
    { label: 'Back to the box', run: () => backToBox(id) },
  ],
})

const ownOf = ({ kind, text, files, at }: OnItsWay) =>
  ({
    by: 'agent',
    name: 'You',
    visibility: kind === 'note' ? 'internal' : 'public',
    message: {
      parts: [
        ...(text === '' ? [] : [{ kind: 'text' as const, text }]),
        ...files.map((file) => ({ kind: 'file' as const, ...file })),
      ],
    },
    at,
  }) as const

/** Words that were refused return to where they were typed, before what is there now; their files stand there again by themselves. */
function backToBox(id: string): void {
  const words = takeBack(id)
  if (!words?.text) return
  const typed = textOf(words.ticket, words.kind)
  write(words.ticket, words.kind, typed ? `${words.text}\n${typed}` : words.text)
}

/** What is in sight of a person who looks has been read. */
function useSeen({ id, fromCustomer, context, messages }: TicketView, isMine: boolean): void {
  const newest =
    messages.findLast(({ by }) => by === 'customer') ?? context.transcript.findLast(({ by }) => by === 'customer')
  const until = newest?.at
  useEffect(() => {
    heardFrom(id)
    const look = () => {
      if (document.hidden) return
      markRead({ id, fromCustomer })
      if (isMine && until !== undefined) tellSeen(id, until)
    }
    look()
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [id, fromCustomer, isMine, until])
}

/** Follows the newest words unless the reader has gone up; also when the box to write in takes its place. */
function useFollowing(amount: number) {
  const box = useRef<HTMLDivElement>(null)
  const follows = useRef(true)
  useEffect(() => {
    const talk = box.current!
    let top = 0
    const settle = () => {
      if (follows.current) talk.scrollTop = talk.scrollHeight
    }
    const look = () => {
      const isAtEnd = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 80
      // Far from the end without having gone up: the pane has shrunk, and is about to follow.
      if (isAtEnd || talk.scrollTop < top) follows.current = isAtEnd
      top = talk.scrollTop
    }
    const observer = new ResizeObserver(settle)
    observer.observe(talk)
    talk.addEventListener('scroll', look)
    return () => {
      observer.disconnect()
      talk.removeEventListener('scroll', look)
    }
  }, [])
  // With each message, and with each that says what went wrong with it.
  useLayoutEffect(() => {
    const talk = box.current
    if (talk && follows.current) talk.scrollTop = talk.scrollHeight
  }, [amount])
  return box
}
