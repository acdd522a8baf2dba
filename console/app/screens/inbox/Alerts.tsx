import { useEffect, useRef, useState } from 'react'
import { hubNow } from '../../live.ts'
import { toast } from '../../parts/toast.tsx'
import { useGo, useId } from '../../url.ts'
import { keepCount, notify, ring, showCount } from './alerts.ts'
import { type OwnBoard, useDesk } from './desk.ts'
import { given } from './giving.ts'
import { newsOf } from './news.ts'
import { useUnread } from './reading.ts'

const againMs = 30_000

/** What comes is said once to a screen reader, heard, counted in the title, and rings again until somebody looks. */
export function Alerts() {
  const { board } = useDesk()
  const shown = useId()
  const go = useGo()
  const unread = useUnread()
  const before = useRef<OwnBoard>(undefined)
  const [words, setWords] = useState('')
  const open = useRef((_id: string) => {})
  open.current = (id) => go(`/inbox/${id}`)
  const look = useRef({ shown })
  look.current = { shown }

  useEffect(() => keepCount(), [])
  useEffect(() => {
    if (!board) return
    const { offers, messages, lost } = newsOf(before.current, board, given)
    before.current = board
    for (const { id, customer, wants } of offers) {
      ring('offer')
      notify(`${customer} waits for you`, wants, id, () => open.current(id))
    }
    const unseen = messages.filter(({ id }) => document.hidden || id !== look.current.shown)
    for (const { id, customer, last } of unseen) {
      ring('message')
      notify(`New message from ${customer}`, last?.text ?? '', id, () => open.current(id))
    }
    const said = [
      ...offers.map(({ customer, wants }) => `${customer} waits for you: ${wants}`),
      ...messages.map(({ id, customer, last }) =>
        id === look.current.shown ? `${customer}: ${last?.text ?? ''}` : `New message from ${customer}`,
      ),
    ]
    if (said.length > 0) setWords(said.join('. '))
    for (const { id, customer } of lost) {
      const holder = board.others.find((line) => line.id === id)?.agent
      if (holder) toast.done(`${holder.name} has taken over ${customer}.`)
      else
        toast.problem(
          `${customer} is back in the queue`,
          'This page was not seen for a while, so the conversation waits for somebody. Take it again if you can go on.',
        )
    }
  }, [board])

  const waiting = board ? board.offers.length + board.mine.filter((line) => unread(line) > 0).length : 0
  useEffect(() => showCount(waiting), [waiting])
  useEffect(() => {
    if (waiting === 0) return
    const timer = setInterval(() => {
      const isSeen = !document.hidden && document.hasFocus()
      if (!isSeen && (board?.offers.some(({ ringUntil }) => (ringUntil ?? 0) > hubNow()) ?? false)) ring('offer')
      else if (!isSeen) ring('message')
    }, againMs)
    return () => clearInterval(timer)
  }, [waiting, board])

  return (
    <span className="unseen" role="status" aria-live="polite">
      {words}
    </span>
  )
}
