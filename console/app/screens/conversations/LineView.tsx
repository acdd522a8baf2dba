import { ActionIcon, Tooltip } from '@mantine/core'
import {
  IconAlertCircle,
  IconArrowRight,
  IconBan,
  IconBraces,
  IconCheck,
  IconCircleDashed,
  IconClock,
  IconLock,
  IconRotateClockwise,
} from '@tabler/icons-react'
import { memo } from 'react'
import { formatClock } from '../../format.ts'
import { useMay } from '../../me.tsx'
import { Go } from '../../parts/Go.tsx'
import { PlainText } from '../../parts/PlainText.tsx'
import { Moment } from '../../parts/Time.tsx'
import { useId } from '../../url.ts'
import { type Effect, type EffectState, type Evidence, type Line, stateOf, stateWord } from './lines.ts'

export interface LineViewProps {
  readonly line: Line
  readonly lanes: readonly string[]
  readonly isNarrow: boolean
  readonly evidence: readonly Evidence[] | undefined
  /** Control is with somebody else than a line before: its word is shown. */
  readonly isNewControl: boolean
  readonly isCurrent: boolean
  readonly canFocus: boolean
  readonly raw: (line: Line) => void
  readonly choose: () => void
}

export const LineView = memo(
  function LineView(props: LineViewProps) {
    const { line, lanes, isNarrow, evidence, isNewControl, isCurrent, canFocus, raw, choose } = props
    return (
      // biome-ignore lint/a11y/useKeyWithClickEvents: the keys of the timeline do the same
      // biome-ignore lint/a11y/noStaticElementInteractions: a click marks the line for its link
      <div
        className="line"
        data-by={line.by}
        data-key={line.key}
        data-control={line.control}
        data-current={isCurrent || undefined}
        data-stopped={line.stopped !== undefined || undefined}
        // One line at a time is reached by Tab, the others by arrows.
        tabIndex={canFocus ? 0 : -1}
        onClick={choose}
      >
        <span className="line-control" title={`Control: ${line.control}`}>
          <span className="control-band" aria-hidden />
          <span className={isNewControl ? undefined : 'unseen'}>{line.control}</span>
        </span>
        <span className="line-time figures">
          <Moment at={line.at} text={formatClock(line.at)} />
        </span>
        <span className="line-who cut">
          {line.by === 'note' && <IconLock size={14} stroke={1.5} aria-hidden />}
          {line.by === 'decision' && <IconArrowRight size={14} stroke={1.5} aria-hidden />}
          {line.who}
          {line.by === 'note' && <span className="unseen"> (internal note)</span>}
        </span>
        <span className="line-text">
          <PlainText text={line.text} marks={evidence?.map(({ words, note }) => ({ words, note }))} />
          {line.stopped !== undefined && (
            <span className="line-stopped">
              <IconBan size={14} stroke={1.5} aria-hidden /> {line.stopped}
            </span>
          )}
          {isNarrow && <Summary line={line} />}
        </span>
        {!isNarrow && (
          <span className="line-states">
            {lanes.map((lane) => (
              <span key={lane} className="line-state">
                {line.effects
                  .filter((effect) => effect.lane === lane)
                  .map((effect) => (
                    <State key={effect.n} effect={effect} isRead={line.isRead} />
                  ))}
              </span>
            ))}
            <span className="line-sum">
              <Summary line={line} />
            </span>
            <Tooltip label="Raw event (d)">
              <ActionIcon
                className="line-raw"
                variant="subtle"
                color="gray"
                size="sm"
                aria-label={`Raw event ${line.key}`}
                onClick={() => raw(line)}
              >
                <IconBraces size={14} stroke={1.5} />
              </ActionIcon>
            </Tooltip>
          </span>
        )}
      </div>
    )
  },
  (before, after) =>
    before.line === after.line &&
    before.evidence === after.evidence &&
    before.isCurrent === after.isCurrent &&
    before.canFocus === after.canFocus &&
    before.isNewControl === after.isNewControl &&
    before.lanes === after.lanes,
)

const icons: Record<EffectState, typeof IconCheck> = {
  waiting: IconCircleDashed,
  retry: IconRotateClockwise,
  done: IconCheck,
  stopped: IconBan,
  failed: IconAlertCircle,
  undone: IconClock,
}

function State({ effect, isRead }: { effect: Effect; isRead: boolean }) {
  const state = stateOf(effect)
  const Icon = icons[state]
  const connection = effect.lane.slice(effect.lane.indexOf(':') + 1)
  const more = [
    effect.error?.text,
    effect.retryAt !== null && state === 'retry' ? `tried again at ${formatClock(effect.retryAt)}` : undefined,
    effect.doubtful ? 'It may have arrived all the same: the other side could not be asked.' : undefined,
    effect.settledAt !== null ? formatClock(effect.settledAt) : undefined,
  ].filter(Boolean)
  return (
    <Tooltip multiline maw={360} label={[`${connection}: ${stateWord(effect, isRead)}`, ...more].join(' · ')}>
      <span className="state" data-state={state}>
        <Icon size={14} stroke={1.5} aria-hidden />
        {state === 'failed' ? <Failed effect={effect} /> : stateWord(effect, isRead)}
        {effect.doubtful && <b title="in doubt">?</b>}
        {state === 'stopped' && effect.error && <span className="unseen">: {effect.error.text}</span>}
      </span>
    </Tooltip>
  )
}

/** Opens the dead letter, to those who may. */
function Failed({ effect: { lane, n } }: { effect: Effect }) {
  const may = useMay('dead-letters.read')
  const id = useId()
  return may && id ? <Go to={`/dead-letters/${id}.${lane}.${n}`}>failed</Go> : 'failed'
}

/** The worst of it, for where there is no room for columns. */
function Summary({ line }: { line: Line }) {
  const order: readonly EffectState[] = ['failed', 'stopped', 'retry', 'waiting', 'undone', 'done']
  const worst = order.find((state) => line.effects.some((effect) => stateOf(effect) === state))
  if (!worst) return null
  const Icon = icons[worst]
  const effects = line.effects.filter((effect) => stateOf(effect) === worst)
  const says = `${stateWord(effects[0]!, line.isRead)}${effects[0]!.error && worst !== 'done' ? `: ${effects[0]!.error.text}` : ''}`
  return (
    <span className="state" data-state={worst} title={says}>
      <Icon size={14} stroke={1.5} aria-hidden />
      <span className={worst === 'done' ? 'unseen' : undefined}>{says}</span>
    </span>
  )
}
