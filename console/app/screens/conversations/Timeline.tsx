import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useShortcuts } from '../../frame/shortcuts.ts'
import { useHash } from '../../url.ts'
import { LineView } from './LineView.tsx'
import type { Evidence, Line } from './lines.ts'

export interface TimelineProps {
  readonly lines: readonly Line[]
  readonly lanes: readonly string[]
  readonly places: ReadonlyMap<number, readonly Evidence[]>
  readonly isNarrow: boolean
  /** A line to go to; another `at` goes there again. */
  readonly aim: { readonly key: string; readonly at: number } | undefined
  readonly raw: (line: Line) => void
}

/** Shorter ones are drawn whole, so that the browser's own search finds everything. */
const drawnWhole = 200
const nearEnd = 80

export function Timeline({ lines, lanes, places, isNarrow, aim, raw }: TimelineProps) {
  const box = useRef<HTMLDivElement>(null)
  const hash = useHash()
  const [current, setCurrent] = useState(() => (isNarrow ? undefined : hash || undefined))
  const isVirtual = lines.length > drawnWhole
  const virtual = useVirtualizer({
    count: isVirtual ? lines.length : 0,
    getScrollElement: () => box.current,
    estimateSize: () => 34,
    overscan: 12,
    getItemKey: (i) => lines[i]!.key,
  })
  const at = lines.findIndex(({ key }) => key === current)

  const goTo = (key: string, hasFocus = true) => {
    const index = lines.findIndex((line) => line.key === key)
    if (index < 0) return
    setCurrent(key)
    if (isVirtual) virtual.scrollToIndex(index, { align: 'center' })
    requestAnimationFrame(() => {
      const line = box.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)
      line?.scrollIntoView({ block: 'nearest' })
      if (hasFocus) line?.focus({ preventScroll: true })
    })
  }
  // Once for each aim, not at every new line.
  useEffect(() => {
    if (aim) goTo(aim.key)
  }, [aim])
  // A link is followed once.
  useEffect(() => {
    if (!isNarrow && hash) goTo(hash, false)
  }, [])
  useFollow(box, lines.length)

  const move = (by: number) => {
    const next = lines[Math.max(0, Math.min(lines.length - 1, at < 0 ? lines.length - 1 : at + by))]
    if (!next) return
    goTo(next.key)
    if (!isNarrow) setHash(next.key)
  }
  useShortcuts(
    isNarrow
      ? []
      : [
          { keys: 'j', says: 'Next line', run: () => move(1) },
          { keys: 'k', says: 'Line before', run: () => move(-1) },
          { keys: 'd', says: 'Show the raw event', run: () => at >= 0 && raw(lines[at]!) },
        ],
  )
  const keys = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (by === undefined || !(event.target instanceof HTMLElement) || !event.target.dataset.key) return
    event.preventDefault()
    move(by)
  }
  const viewOf = (line: Line, i: number) => ({
    line,
    lanes,
    isNarrow,
    evidence: line.by === 'customer' ? places.get(line.seq) : undefined,
    isNewControl: i === 0 || lines[i - 1]!.control !== line.control,
    isCurrent: line.key === current,
    canFocus: at < 0 ? i === lines.length - 1 : i === at,
    raw,
    choose: () => {
      setCurrent(line.key)
      if (!isNarrow) setHash(line.key)
    },
  })

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows move the focus from line to line
    <div
      ref={box}
      className={isNarrow ? 'timeline timeline-narrow' : 'timeline'}
      data-virtual={isVirtual || undefined}
      onKeyDown={keys}
    >
      {!isNarrow && <Head lanes={lanes} />}
      {isVirtual ? (
        <ol className="lines" aria-label="Timeline" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, key, start }) => (
            <li
              key={key as string}
              ref={virtual.measureElement}
              data-index={index}
              aria-setsize={lines.length}
              aria-posinset={index + 1}
              style={{ position: 'absolute', insetInline: 0, top: 0, transform: `translateY(${start}px)` }}
            >
              <LineView {...viewOf(lines[index]!, index)} />
            </li>
          ))}
        </ol>
      ) : (
        <ol className="lines" aria-label="Timeline">
          {lines.map((line, i) => (
            <li key={line.key}>
              <LineView {...viewOf(line, i)} />
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}

const Head = ({ lanes }: { lanes: readonly string[] }) => (
  <div className="line line-head" aria-hidden>
    <span>Control</span>
    <span>Time</span>
    <span>Who</span>
    <span />
    <span className="line-states">
      {lanes.map((lane) => (
        <span key={lane} className="line-state cut" title={lane}>
          {lane.slice(lane.indexOf(':') + 1)}
        </span>
      ))}
    </span>
  </div>
)

const setHash = (key: string): void =>
  history.replaceState(history.state, '', `${location.pathname}${location.search}#${key}`)

/** Grows at the end, and follows only whoever is at the end. */
function useFollow(box: { current: HTMLDivElement | null }, length: number): void {
  const isAtEnd = useRef(false)
  const isFirst = useRef(true)
  useEffect(() => {
    const element = box.current
    if (!element) return
    const look = () => {
      isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < nearEnd
    }
    element.addEventListener('scroll', look, { passive: true })
    return () => element.removeEventListener('scroll', look)
  }, [box])
  useLayoutEffect(() => {
    // What one comes for is the beginning of the story; its end is followed once one is there.
    if (!isFirst.current && isAtEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight
    isFirst.current = false
  }, [length])
}
