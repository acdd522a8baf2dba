/** At which of our own desks the agent sits, where they may sit at several: one at a time, in all tabs of this browser. */
import { useSyncExternalStore } from 'react'
import { useMe } from '../../me.tsx'

const name = 'baton-inbox-desk'
const watchers = new Set<() => void>()
const tell = () => {
  for (const watcher of watchers) watcher()
}
window.addEventListener('storage', ({ key }) => key === name && tell())

export function chooseDesk(desk: string): void {
  localStorage.setItem(name, desk)
  tell()
}

/** Undefined for those who may sit at none. */
export function useChosenDesk(): string | undefined {
  const { worksAt } = useMe()
  const chosen = useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    () => localStorage.getItem(name),
  )
  return worksAt.find((desk) => desk === chosen) ?? worksAt[0]
}
