import { Button } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { type Range, useVirtualizer, type VirtualItem } from '@tanstack/react-virtual'
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { QueueRow, QueueTab } from '../../../../src/http/api/queue.ts'
import { formatCount } from '../../format.ts'
import { useShortcuts } from '../../frame/shortcuts.ts'
import { useMe } from '../../me.tsx'
import { useGo, useUrl } from '../../url.ts'
import type { Act } from './Acts.tsx'
import { holdStill } from './order.ts'
import { Row } from './Row.tsx'
import { keyOf } from './rows.ts'

export interface ListProps {
  readonly rows: readonly QueueRow[]
  /** How many pages of the list are in `rows`. */
  readonly pages: number
  readonly tab: QueueTab
  /** What is shown may be no longer true. */
  readonly isOld: boolean
  readonly isMore: boolean
  readonly more: () => void
  readonly act: ((what: Act, row: QueueRow) => void) | undefined
  readonly accept: ((row: QueueRow) => Promise<void>) | undefined
}

const heads = {
  waiting: ['Waiting', 'Limit', 'Customer', 'Why', 'Stage', 'Mapping → desk', 'Last words'],
  agent: ['With agent', 'Answer', 'Customer', 'Why', 'Agent', 'Mapping → desk', 'Last words'],
  ended: ['Ended', 'Outcome', 'Customer', 'Why', 'Agent', 'Mapping → desk', 'Last words'],
} as const

/** Long lists are drawn where one looks. Nothing moves while the pointer or the focus is in it. */
export function List({ rows: now, pages, tab, isOld, isMore, more, act, accept }: ListProps) {
  const { preferences } = useMe()
  const [url, setUrl] = useUrl()
  const go = useGo()
  const box = useRef<HTMLDivElement>(null)
  const { rows, changes, gone, held, apply } = useHeld(now, pages)
  const [current, setCurrent] = useState(() => url.peek)
  const at = useMemo(
    () =>
      Math.max(
        0,
        rows.findIndex((row) => keyOf(row) === current),
      ),
    [rows, current],
  )

  const drawn = useDrawn()
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => (preferences.density === 'comfortable' ? 44 : 36),
    rangeExtractor: drawn.indexes,
    isScrollingResetDelay: 300,
    getItemKey: (i) => keyOf(rows[i]!),
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (isMore && last >= now.length - 20) more()
  }, [isMore, last, now.length, more])

  const move = (to: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, to))]
    if (!row) return
    const key = keyOf(row)
    setCurrent(key)
    if (url.peek) setUrl({ peek: key })
    virtual.scrollToIndex(Math.max(0, Math.min(rows.length - 1, to)))
    // Drawn by then, also when it was out of sight.
    requestAnimationFrame(() => rowElement(box.current, key)?.focus())
  }
  const peek = useCallback((key: string) => setUrl({ peek: url.peek === key ? undefined : key }), [setUrl, url.peek])
  const open = useCallback((row: QueueRow) => go(`/conversations/${row.conversation}`), [go])
  const isIn = () => box.current?.contains(document.activeElement) ?? false
  const here = rows[at]
  useShortcuts([
    { keys: 'j', says: 'Next handoff', run: () => move(isIn() ? at + 1 : at) },
    { keys: 'k', says: 'Handoff before', run: () => move(isIn() ? at - 1 : at) },
    { keys: 'Space', says: 'Peek at the handoff', run: () => (isIn() && here ? peek(keyOf(here)) : false) },
    { keys: 'Enter', says: 'Open the conversation', run: () => (isIn() && here ? open(here) : false) },
    ...(accept ? [{ keys: 'a', says: 'Accept it', run: () => (isIn() && here ? void accept(here) : false) }] : []),
    ...(act
      ? [
          { keys: 's', says: 'Assign it to an agent', run: () => (here?.desk.canAssign ? act('assign', here) : false) },
          { keys: 'm', says: 'Move to the next desk', run: () => here && act('move', here) },
          { keys: 'x', says: 'End the handoff', run: () => here && act('end', here) },
        ]
      : []),
  ])
  const arrows = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -rows.length, End: rows.length }[
      event.key
    ]
    if (step === undefined || event.target === box.current) return
    event.preventDefault()
    move(at + step)
  }
  const choose = useCallback(
    (row: QueueRow) => {
      setCurrent(keyOf(row))
      peek(keyOf(row))
    },
    [peek],
  )

  return (
    <div className="queue-list" {...held}>
      <div className="queue-changes" role="status">
        {changes > 0 && (
          <Button variant="light" leftSection={<IconRefresh size={16} stroke={1.5} />} onClick={apply}>
            {formatCount(changes, 'change')}
          </Button>
        )}
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrows move the focus from row to row */}
      <div ref={box} className="grid" data-old={isOld || undefined} onKeyDown={arrows}>
        <table aria-label="Handoffs" aria-rowcount={rows.length + 1}>
          <thead>
            <tr className="grid-row grid-head" aria-rowindex={1}>
              {heads[tab].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody style={{ height: virtual.getTotalSize() }}>
            {drawn.inPlace(items, virtual.isScrolling).map(({ index, key, start }) => (
              <Row
                // A row that scrolls out gives its elements to the one that comes in; the one with the focus keeps its own.
                key={index === at ? (key as string) : index % drawn.most()}
                row={rows[index]!}
                tab={tab}
                index={index}
                start={start}
                isCurrent={index === at}
                isPeeked={url.peek === keyOf(rows[index]!)}
                isGone={gone.has(keyOf(rows[index]!))}
                choose={choose}
                open={open}
              />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}

const rowElement = (box: HTMLElement | null, key: string): HTMLElement | null =>
  box?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`) ?? null

const overscan = 6

/**
 * Which rows are drawn: always equally many in a row, the most that have been in sight so far. So each place of a list that scrolls
 * is taken over by another row at once, and its elements stay where they are: only at rest they are put into the order in which
 * they are read.
 */
function useDrawn() {
  const most = useRef(1)
  const first = useRef(0)
  return useMemo(() => {
    const indexes = ({ startIndex, endIndex, count }: Range): number[] => {
      most.current = Math.max(most.current, endIndex - startIndex + 1 + 2 * overscan)
      const length = Math.min(most.current, count)
      const from = Math.max(0, Math.min(startIndex - overscan, count - length))
      return Array.from({ length }, (_, i) => from + i)
    }
    const inPlace = (items: readonly VirtualItem[], isScrolling: boolean): VirtualItem[] => {
      if (!isScrolling) first.current = items[0]?.index ?? 0
      const place = ({ index }: VirtualItem) => (((index - first.current) % most.current) + most.current) % most.current
      return items.toSorted((a, b) => place(a) - place(b))
    }
    return { indexes, inPlace, most: () => most.current }
  }, [])
}

const nothing: ReadonlySet<string> = new Set()

/** The order on the screen, and what it would be by now. */
function useHeld(now: readonly QueueRow[], pages: number) {
  const [isPointed, setPointed] = useState(false)
  const [isFocused, setFocused] = useState(false)
  const [base, setBase] = useState(now)
  const [seen, setSeen] = useState({ now, pages })
  const isHeld = isPointed || isFocused
  if (seen.now !== now) {
    setSeen({ now, pages })
    if (!isHeld) setBase(now)
    // A further page is no news: its rows follow those that are there.
    else if (pages > seen.pages) setBase([...base, ...now.slice(seen.now.length)])
  }
  const { rows, changes, gone } = useMemo(
    () => (isHeld ? holdStill(base, now, keyOf) : { rows: now, changes: 0, gone: nothing }),
    [isHeld, base, now],
  )
  return {
    rows,
    changes,
    gone,
    apply: () => setBase(now),
    held: {
      onPointerEnter: () => {
        if (!isHeld) setBase(now)
        setPointed(true)
      },
      onPointerLeave: () => setPointed(false),
      onFocus: () => {
        if (!isHeld) setBase(now)
        setFocused(true)
      },
      onBlur: ({ currentTarget, relatedTarget }: { currentTarget: Element; relatedTarget: unknown }) =>
        relatedTarget instanceof Node && currentTarget.contains(relatedTarget) ? undefined : setFocused(false),
    },
  }
}
