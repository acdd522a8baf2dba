import { Button, Tabs, Text, Textarea } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { formatTime } from '../../format.ts'
import { useShortcuts } from '../../frame/shortcuts.ts'
import { Confirm } from '../../parts/Confirm.tsx'
import { Keys } from '../../parts/Keys.tsx'
import { attach, useFiles } from './attaching.ts'
import { Canned } from './Canned.tsx'
import { takeFocus } from './commands.ts'
import { type Kind, type OwnBoard, say, type TicketView, tellWriting } from './desk.ts'
import { useDraft, useDraftAt, useUp, write } from './drafts.ts'
import { Clip, Files, pastedFiles, useDrop } from './Files.tsx'
import { stopHereWriting, tellHereWriting } from './here.ts'
import { Replies } from './Replies.tsx'
import { firstName, isForColleague, openField, overtakenBy, speakerOf } from './words.ts'

export interface ComposerProps {
  readonly ticket: TicketView
  readonly board: OwnBoard
  /** False: a colleague has it, and only a note may be left. */
  readonly canReply: boolean
  readonly resolve: () => void
}

const noteBearsNone = 'A note carries no files.'

/** Two boxes with two drafts: words for the customer, and notes for colleagues. They never mix. */
export function Composer({ ticket, board, canReply, resolve }: ComposerProps) {
  const [chosen, setKind] = useState<Kind>('reply')
  const kind = canReply ? chosen : 'note'
  const name = firstName(ticket.customer)
  const text = useDraft(ticket.id, kind)
  const writtenAt = useDraftAt(ticket.id, kind)
  const answer = kind === 'reply' && text.trim() !== '' ? overtakenBy(ticket.messages, writtenAt) : undefined
  const box = useRef<HTMLTextAreaElement>(null)
  const form = useRef<HTMLFormElement>(null)
  const { uploads, attached } = useFiles(ticket, canReply)
  const files = kind === 'reply' ? attached : []
  const isEmpty = text.trim() === '' && files.length === 0
  const isChoosing = useRef(false)
  const [isKeeping, setKeeping] = useState(false)
  const [caret, setCaret] = useState(0)
  const [problem, setProblem] = useState('')
  const [asks, setAsks] = useState<(() => void) | undefined>()
  const typing = useTyping(ticket.id)
  const focus = () => requestAnimationFrame(() => box.current?.focus())
  useLayoutEffect(() => {
    if (takeFocus(ticket.id)) box.current?.focus()
  }, [ticket.id])
  const show = (next: Kind) => {
    setKind(next)
    setProblem('')
    focus()
  }
  useShortcuts([
    ...(canReply ? [{ keys: 'i', says: 'Write to the customer', run: () => show('reply') }] : []),
    { keys: 'n', says: 'Write a note', run: () => show('note') },
  ])

  const take = (chosen: readonly File[]) => {
    if (board.files.types.length === 0) return
    setProblem(kind === 'note' ? noteBearsNone : '')
    if (kind === 'reply') attach(ticket.id, chosen, board.files)
    focus()
  }
  useDrop(form, take)

  const send = (): boolean => {
    const words = text.trim()
    if (isEmpty) return false
    const missing = kind === 'reply' && uploads.find(({ problem, canRetry }) => problem === undefined || canRetry)
    if (missing) {
      setProblem(`${missing.file.name} has not arrived yet. Wait for it, or take it out.`)
      return false
    }
    const open = openField(text)
    if (open && kind === 'reply') {
      setProblem(`Fill in ${open.words} first, or take it out.`)
      box.current?.focus()
      box.current?.setSelectionRange(open.at, open.at + open.words.length)
      return false
    }
    const colleagues = board.agents.map((agent) => agent.name)
    if (kind === 'reply' && isForColleague(words, colleagues)) {
      setAsks(() => () => deliver(words))
      return false
    }
    deliver(words)
    return true
  }
  const deliver = (words: string) => {
    say(ticket.id, kind, words, files)
    useUp(ticket.id, kind)
    typing.stop()
    stopHereWriting()
    setProblem('')
    focus()
  }
  const press = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.nativeEvent.isComposing) return
    if (isChoosing.current) return
    if (event.key === 'Escape') box.current?.closest('.conversation')?.querySelector<HTMLElement>('.talk')?.focus()
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    const isSent = (isEmpty && uploads.length === 0) || send()
    if (event.shiftKey && canReply && isSent) resolve()
  }
  const label = kind === 'reply' ? `Write to ${name}` : 'Note for colleagues; the customer never sees it'
  const change = (next: string) => {
    setProblem('')
    write(ticket.id, kind, next)
    tellHereWriting()
    if (kind === 'reply') typing.go()
  }
  return (
    <>
      <form
        ref={form}
        className="composer"
        data-kind={kind}
        aria-label="Composer"
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        <Tabs value={kind} onChange={(next) => show(next as Kind)} variant="pills">
          <Tabs.List aria-label="Who reads it">
            {canReply && <Tabs.Tab value="reply">Reply to {name}</Tabs.Tab>}
            <Tabs.Tab value="note" leftSection={<IconLock size={14} stroke={1.5} aria-hidden />}>
              Note
            </Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value={kind}>
            {answer && (
              <p className="inbox-warn" role="status">
                Written before {speakerOf(answer)}’s answer of {formatTime(answer.at)}.
              </p>
            )}
            <Canned
              ticket={ticket}
              agent={board.me.name}
              box={box}
              text={text}
              caret={caret}
              change={change}
              isOn={kind === 'reply'}
              isChoosing={isChoosing}
            >
              <Textarea
                ref={box}
                aria-label={label}
                placeholder={label}
                autosize
                minRows={2}
                maxRows={8}
                maxLength={10_000}
                value={text}
                dir="auto"
                error={problem || undefined}
                onChange={(event) => {
                  setCaret(event.currentTarget.selectionStart)
                  change(event.currentTarget.value)
                }}
                onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
                onKeyDown={press}
                onPaste={(event) => {
                  const pasted = pastedFiles(event.clipboardData)
                  if (pasted.length === 0) return
                  event.preventDefault()
                  take(pasted)
                }}
              />
            </Canned>
            {kind === 'reply' && <Files ticket={ticket.id} attached={attached} uploads={uploads} focus={focus} />}
          </Tabs.Panel>
        </Tabs>
        <div className="composer-below">
          <Text span size="xs" c="dimmed" className="composer-hint">
            {kind === 'reply' ? '/ for a canned reply · ' : ''}
            <Keys keys="$mod+Enter" /> {kind === 'reply' ? 'sends' : 'adds it'}
          </Text>
          <span className="composer-gap" />
          {canReply && board.files.types.length > 0 && (
            <Clip types={board.files.types} off={kind === 'note' ? noteBearsNone : undefined} take={take} />
          )}
          {kind === 'reply' && (
            <Button variant="subtle" color="gray" onClick={() => setKeeping(true)}>
              Canned replies
            </Button>
          )}
          <Button type="submit" size="sm" disabled={isEmpty}>
            {kind === 'reply' ? `Send to ${name}` : 'Add note'}
          </Button>
        </div>
      </form>
      {isKeeping && <Replies words={text} close={() => setKeeping(false)} />}
      <Confirm
        opened={asks !== undefined}
        title={`Send this to ${name}?`}
        confirm={`Send to ${name}`}
        act={async () => asks?.()}
        close={() => setAsks(undefined)}
      >
        It begins with the name of a colleague. The customer reads it. Colleagues alone read a note.
      </Confirm>
    </>
  )
}

/** Told while one types, at most every three seconds, and when one stops. */
function useTyping(ticket: string) {
  const state = useRef({ at: 0, quiet: 0 })
  const stop = () => {
    clearTimeout(state.current.quiet)
    if (state.current.at > 0) tellWriting(ticket, false)
    state.current.at = 0
  }
  const last = useRef(stop)
  last.current = stop
  useEffect(() => () => last.current(), [])
  const go = () => {
    if (Date.now() - state.current.at > 3_000) {
      state.current.at = Date.now()
      tellWriting(ticket, true)
    }
    clearTimeout(state.current.quiet)
    state.current.quiet = window.setTimeout(stop, 4_000)
  }
  return { go, stop }
}
