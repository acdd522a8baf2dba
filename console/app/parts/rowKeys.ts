/** `j` and `k` move the focus among the rows of a list: whatever in it is marked `data-row`. `Enter` is the row's own. */
import type { RefObject } from 'react'
import { useShortcuts } from '../frame/shortcuts.ts'

export function useRowKeys(list: RefObject<HTMLElement | null>): void {
  const move = (by: number) => {
    const rows = [...(list.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])]
    const at = rows.findIndex((row) => row === document.activeElement || row.contains(document.activeElement))
    const next = at < 0 ? rows.at(by > 0 ? 0 : -1) : rows[Math.min(rows.length - 1, Math.max(0, at + by))]
    next?.focus()
    next?.scrollIntoView({ block: 'nearest' })
  }
  useShortcuts([
    { keys: 'j', says: 'Next in the list', run: () => move(1) },
    { keys: 'k', says: 'Previous in the list', run: () => move(-1) },
  ])
}
