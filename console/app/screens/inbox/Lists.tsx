import { Badge, Button, Progress, Text, UnstyledButton } from '@mantine/core'
import { IconArrowUp, IconClock, IconPencil } from '@tabler/icons-react'
import { type ReactNode, useRef } from 'react'
import { formatCount, formatDuration, formatLanguage } from '../../format.ts'
import { useNow } from '../../live.ts'
import { useRowKeys } from '../../parts/rowKeys.ts'
import { Duration } from '../../parts/Time.tsx'
import { useGo } from '../../url.ts'
import { useCommands } from './commands.ts'
import type { Line, OwnBoard } from './desk.ts'
import { useHasDraft } from './drafts.ts'
import { choosePresence } from './presence.ts'
import { useUnread } from './reading.ts'
import { firstName, modeWord } from './words.ts'

/** What rings, what I have, who waits, and what colleagues have. */
export function Lists({ board, selected }: { board: OwnBoard; selected: string | undefined }) {
  const list = useRef<HTMLElement>(null)
  useRowKeys(list)
  const { offers, mine, queue, tickets, others } = board
  const rows = (lines: readonly Line[], Row: typeof MineRow) =>
    lines.map((line) => (
      <li key={line.id}>
        <Row line={line} isSelected={line.id === selected} me={board.me.name} />
      </li>
    ))
  return (
    <nav ref={list} className="inbox-lists" aria-label="Conversations" tabIndex={-1}>
      {offers.length > 0 && (
        <section aria-label="Ringing at you">
          {offers.map((line) => (
            <Offer key={line.id} line={line} ringMs={board.ringMs} isSelected={line.id === selected} />
          ))}
        </section>
      )}
      <Section title="Mine" count={mine.length} empty={<None board={board} />}>
        {rows(mine, MineRow)}
      </Section>
      <Section title="Queue" count={queue.length} empty="Nobody waits.">
        {rows(queue, WaitingRow)}
      </Section>
      {tickets.length > 0 && (
        <Section title="Tickets" count={tickets.length}>
          {rows(tickets, WaitingRow)}
        </Section>
      )}
      {others.length > 0 && (
        <Section title="Colleagues" count={others.length}>
          {rows(others, ColleagueRow)}
        </Section>
      )}
    </nav>
  )
}

function Section({
  title,
  count,
  empty,
  children,
}: {
  title: string
  count: number
  empty?: ReactNode
  children: ReactNode
}) {
  return (
    <section aria-label={title}>
      <h2 className="inbox-section">
        {title} <span className="live-figure figures">{count}</span>
      </h2>
      {count > 0 ? <ul className="inbox-rows">{children}</ul> : <div className="inbox-none">{empty}</div>}
    </section>
  )
}

/** What to do next, when there is nothing to answer. */
function None({ board: { me, offers } }: { board: OwnBoard }) {
  if (offers.length > 0) return 'Accept the one above, or decline it.'
  if (me.presence === 'online') return 'No conversations. You are online; the next handoff comes here.'
  return (
    <>
      {me.presence === 'away' ? 'You are away: nothing new will come.' : 'You are offline: nothing will come.'}{' '}
      <Button variant="default" mt={4} onClick={() => void choosePresence('online')}>
        Go online
      </Button>
    </>
  )
}

/** Whose it is, what they want and why a person: what one knows before one takes it. */
const Wish = ({ line }: { line: Line }) => (
  <>
    <span className="inbox-row-head">
      <b>{line.customer}</b>
      <Priority line={line} />
    </span>
    <span className="inbox-preview" dir="auto">
      {line.wants}
    </span>
    <span className="inbox-meta">{line.why}</span>
  </>
)

function Offer({ line, ringMs, isSelected }: { line: Line; ringMs: number; isSelected: boolean }) {
  const { accept, decline } = useCommands()
  const leftMs = Math.max(0, (line.ringUntil ?? 0) - useNow())
  return (
    <article className="offer" aria-label={`${line.customer} rings`} data-selected={isSelected || undefined}>
      <Open line={line} isSelected={isSelected}>
        <Wish line={line} />
        {line.otherLanguage && line.language && (
          <span className="inbox-warn">Speaks {formatLanguage(line.language)}; nobody online does</span>
        )}
      </Open>
      <div className="offer-answer">
        <Button onClick={() => void accept(line.id)} aria-keyshortcuts="a">
          Accept
        </Button>
        <Button variant="default" onClick={() => void decline(line.id)}>
          Decline
        </Button>
        <Text span size="xs" c="dimmed" className="figures">
          <IconClock size={14} stroke={1.5} aria-hidden /> {Math.ceil(leftMs / 1_000)} s left
        </Text>
      </div>
      <Progress value={(leftMs / ringMs) * 100} size={4} aria-label="Time left to accept" />
    </article>
  )
}

interface RowProps {
  readonly line: Line
  readonly isSelected: boolean
  /** The agent's own name. */
  readonly me: string
}

const saidLast = ({ by, name, text }: NonNullable<Line['last']>, me: string): string =>
  by === 'agent' ? `${name === me ? 'You' : firstName(name ?? 'Agent')}: ${text}` : text

function MineRow({ line, isSelected, me }: RowProps) {
  const unread = useUnread()(line)
  const hasDraft = useHasDraft(line.id)
  const isWaiting = line.last?.by !== 'agent'
  const { last } = line
  return (
    <Open line={line} isSelected={isSelected}>
      <span className="inbox-row-head">
        <b>{line.customer}</b>
        {unread > 0 ? (
          <Badge variant="filled">{formatCount(unread, 'new', 'new')}</Badge>
        ) : (
          hasDraft && (
            <Badge color="gray" leftSection={<IconPencil size={12} stroke={1.5} aria-hidden />}>
              draft
            </Badge>
          )
        )}
      </span>
      <span className="inbox-preview" dir="auto">
        {last ? saidLast(last, me) : line.wants}
      </span>
      <span className="inbox-meta">
        {line.mode === 'live' ? '' : `${modeWord[line.mode]} · `}
        {isWaiting ? 'waits for you ' : 'idle '}
        <Duration since={last?.at ?? line.acceptedAt ?? line.createdAt} />
      </span>
    </Open>
  )
}

function WaitingRow({ line, isSelected }: RowProps) {
  const rings = line.status === 'offered' && line.agent ? `rings at ${line.agent.name} · ` : ''
  return (
    <Open line={line} isSelected={isSelected}>
      <Wish line={line} />
      <span className="inbox-meta">
        {rings}
        {line.mode === 'live' ? '' : `${modeWord[line.mode]} · `}waits <Duration since={line.createdAt} />
        {line.skills.length > 0 && ` · needs ${line.skills.join(', ')}`}
      </span>
    </Open>
  )
}

function ColleagueRow({ line, isSelected }: RowProps) {
  const age = formatDuration(useNow() - (line.last?.at ?? line.createdAt))
  return (
    <Open line={line} isSelected={isSelected}>
      <span className="inbox-row-head">
        <b>{line.customer}</b>
      </span>
      <span className="inbox-meta">
        with {line.agent?.name} · last word {age} ago
      </span>
    </Open>
  )
}

function Open({ line, isSelected, children }: Omit<RowProps, 'me'> & { children: ReactNode }) {
  const go = useGo()
  return (
    <UnstyledButton
      className="inbox-row"
      aria-current={isSelected ? 'true' : undefined}
      onClick={() => go(`/inbox/${line.id}`)}
      data-row
    >
      {children}
    </UnstyledButton>
  )
}

const Priority = ({ line: { priority } }: { line: Line }) =>
  priority === 'normal' ? null : (
    <Badge
      color={priority === 'urgent' ? 'red' : 'orange'}
      leftSection={<IconArrowUp size={12} stroke={2} aria-hidden />}
    >
      {priority}
    </Badge>
  )
