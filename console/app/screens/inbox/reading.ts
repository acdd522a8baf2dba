/** How far the agent has read each conversation, in this browser: what came since is unread. */
import { useSyncExternalStore } from 'react'
import { kept, type Line } from './desk.ts'

const watchers = new Set<() => void>()
let version = 0
const tell = () => {
  version++
  for (const watcher of watchers) watcher()
}
// Another tab has read it.
window.addEventListener('storage', ({ key }) => key?.includes(':read:') && tell())

export function markRead({ id, fromCustomer }: Pick<Line, 'id' | 'fromCustomer'>): void {
  if (kept().readMark(id) >= fromCustomer) return
  kept().writeMark(id, fromCustomer)
  tell()
}

/** Counts anew whenever something is read. */
export function useUnread(): (line: Line) => number {
  useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    () => version,
  )
  return ({ id, fromCustomer }) => Math.max(0, fromCustomer - kept().readMark(id))
}
