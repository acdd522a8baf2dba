import {
  IconAlertTriangle,
  IconBook2,
  IconClock,
  IconClockExclamation,
  IconHandStop,
  IconMoodSad,
  IconPlugOff,
  IconRefresh,
  IconRobot,
  IconShieldExclamation,
  IconStar,
} from '@tabler/icons-react'
import { memo } from 'react'
import type { QueueRow, QueueTab } from '../../../../src/http/api/queue.ts'
import { formatLanguage } from '../../format.ts'
import { useNow } from '../../live.ts'
import { Age, Duration } from '../../parts/Time.tsx'
import { outcomeWord, reasonWord, riskWord } from '../../words.ts'
import { keyOf, nameOf } from './rows.ts'

export interface RowProps {
  readonly row: QueueRow
  readonly tab: QueueTab
  readonly index: number
  readonly start: number
  readonly isCurrent: boolean
  readonly isPeeked: boolean
  readonly isGone: boolean
  readonly choose: (row: QueueRow) => void
  readonly open: (row: QueueRow) => void
}

export const Row = memo(function Row({ row, tab, index, start, isCurrent, isPeeked, isGone, choose, open }: RowProps) {
  return (
    <tr
      className="grid-row"
      aria-rowindex={index + 2}
      data-peeked={isPeeked || undefined}
      tabIndex={isCurrent ? 0 : -1}
      data-key={keyOf(row)}
      data-gone={isGone || undefined}
      style={{ transform: `translateY(${start}px)` }}
      onClick={() => choose(row)}
      onDoubleClick={() => open(row)}
    >
      <td className="figures live-figure cell-time">
        {tab === 'ended' && row.endedAt !== null ? <Age at={row.endedAt} /> : <Duration since={row.since} />}
      </td>
      <td className="cell-limit">
        <Second row={row} tab={tab} />
      </td>
      <td className="cell-customer">
        <b className="cut">{nameOf(row)}</b>
        {row.language && (
          <span className="language" title={formatLanguage(row.language)}>
            {row.language}
          </span>
        )}
        {row.customer.segment && (
          <span className="segment" title={`Segment: ${row.customer.segment}`}>
            <IconStar size={14} stroke={1.5} aria-hidden /> {row.customer.segment}
          </span>
        )}
      </td>
      <td className="cell-why" title={row.why.text}>
        <Why criterion={row.why.criterion} />
        <span className="cut">{reasonWord(row.why.criterion)}</span>
        {row.priority !== 'normal' && <b>{row.priority}</b>}
      </td>
      <td className="cell-stage cut">
        {isGone ? 'no longer here' : tab === 'waiting' ? stageOf(row) : (row.agent ?? 'no agent')}
        {!isGone && tab === 'waiting' && row.desk.assignedAt !== null && row.stage === 'assigned' && (
          <>
            {' '}
            <Duration since={row.desk.assignedAt} />
          </>
        )}
      </td>
      <td className="cell-desk">
        <span className="cut">
          {row.mapping} → {row.desk.name ?? 'no desk'}
        </span>
        {row.desk.health && row.desk.health !== 'healthy' && (
          <span className="unwell">
            <IconPlugOff size={14} stroke={1.5} aria-hidden /> {row.desk.health}
          </span>
        )}
      </td>
      <td className="cell-last">
        <span className="cut" dir="auto">
          {row.last?.text || '–'}
        </span>
        {tab === 'waiting' && row.fresh > 0 && <span className="fresh">({row.fresh} new)</span>}
      </td>
    </tr>
  )
})

function Second({ row, tab }: { row: QueueRow; tab: QueueTab }) {
  if (tab === 'ended') return <span className="cut">{outcomeWord[row.outcome ?? ''] ?? row.outcome}</span>
  if (tab === 'waiting') return <Limit row={row} />
  if (row.unansweredSince === null) return <span>answered</span>
  return (
    <span>
      owes <Duration since={row.unansweredSince} />
    </span>
  )
}

/** Word, icon, the bar's length and weight; the colour last. It ticks: the word may change before the hub says so. */
function Limit({ row: { since, limitMs, risk } }: { row: QueueRow }) {
  const share = Math.min(1, (useNow() - since) / limitMs)
  const now = share >= 1 ? 'over' : share >= 0.6 && risk === 'fine' ? 'soon' : risk
  const Icon = now === 'over' ? IconClockExclamation : IconClock
  return (
    <span className="limit" data-risk={now}>
      <Icon size={16} stroke={1.5} aria-hidden />
      <span className="limit-word">{riskWord[now]}</span>
      <span className="limit-bar" aria-hidden>
        <span style={{ width: `${Math.max(3, share * 100)}%` }} />
      </span>
    </span>
  )
}

/** The words of the handoff, and which step of the chain it is at. */
function stageOf({ stage, agent, desk }: QueueRow): string {
  const said = stage === 'opened' ? 'opened, no agent' : stage === 'assigned' && agent ? `assigned, ${agent}` : stage
  const step = desk.step !== null && desk.step > 1 ? ` · ${desk.step} of ${desk.steps}` : ''
  return `${said}${step}${desk.mode && desk.mode !== 'live' ? `: ${desk.mode}` : ''}`
}

const icons: Record<string, typeof IconClock> = {
  human_request: IconHandStop,
  frustration: IconMoodSad,
  loop: IconRefresh,
  safety: IconShieldExclamation,
  kb_empty: IconBook2,
  bot_down: IconRobot,
  bot_request: IconRobot,
}

function Why({ criterion }: { criterion: string }) {
  const Icon = icons[criterion] ?? IconAlertTriangle
  return <Icon size={16} stroke={1.5} aria-hidden />
}
