/** What this browser keeps for one agent at one desk: words on their way, drafts the hub has not got yet, and how far they have read. */
import type { Outbox, Outgoing } from '../../../link.ts'
import { filesKeptFor, type KeptFiles } from './kept-files.ts'

export interface Shelf {
  /** In the order in which it was said; other tabs of this browser see the same. */
  readonly outbox: Outbox
  /** Told of each change of the outbox, here or in another tab. Returns how to stop. */
  watchOutbox(changed: (items: readonly Outgoing[]) => void): () => void
  /** Files the hub has not got yet. */
  readonly files: KeptFiles
  readDraft(name: string): string | undefined
  /** Undefined: the hub has it. */
  writeDraft(name: string, text: string | undefined): void
  /** Messages of the customer that were on the screen. */
  readMark(ticket: string): number
  writeMark(ticket: string, count: number): void
  /** Of conversations that are over nothing is kept. */
  keepMarks(open: ReadonlySet<string>): void
}

const prefix = 'baton-inbox:'

export function keptIn(owner: string): Shelf {
  const name = (what: string) => `${prefix}${owner}:${what}`
  const listName = name('outbox')
  const list = (): Outgoing[] => JSON.parse(localStorage.getItem(listName) ?? '[]')
  const watchers = new Set<(items: readonly Outgoing[]) => void>()
  const tell = (items: readonly Outgoing[]) => {
    for (const watcher of watchers) watcher(items)
  }
  const save = (items: readonly Outgoing[]) => {
    const sorted = [...items].sort((a, b) => a.at - b.at)
    localStorage.setItem(listName, JSON.stringify(sorted))
    tell(sorted)
  }
  const draft = name('draft:')
  return {
    outbox: {
      list,
      put: (item) => save([...list().filter(({ id }) => id !== item.id), item]),
      drop: (id) => save(list().filter((item) => item.id !== id)),
    },
    watchOutbox(changed) {
      const fromElsewhere = ({ key }: StorageEvent) => key === listName && changed(list())
      watchers.add(changed)
      window.addEventListener('storage', fromElsewhere)
      return () => {
        watchers.delete(changed)
        window.removeEventListener('storage', fromElsewhere)
      }
    },
    files: filesKeptFor(owner),
    readDraft: (what) => localStorage.getItem(draft + what) ?? undefined,
    writeDraft(what, text) {
      if (text === undefined) localStorage.removeItem(draft + what)
      else localStorage.setItem(draft + what, text)
    },
    readMark: (ticket) => Number(localStorage.getItem(name(`read:${ticket}`)) ?? 0),
    writeMark: (ticket, count) => localStorage.setItem(name(`read:${ticket}`), String(count)),
    keepMarks(open) {
      const mark = name('read:')
      for (const key of Object.keys(localStorage))
        if (key.startsWith(mark) && !open.has(key.slice(mark.length))) localStorage.removeItem(key)
    },
  }
}
