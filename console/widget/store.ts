/** What one browser keeps of one chat: the token, what is not acknowledged yet, surveys done; and for one tab the draft. */
import type { Outbox } from '../link.ts'
import type { Item } from './types.ts'

export interface Kept {
  token?: string
  outbox: Item[]
  /** Surveys answered or waved away. */
  surveys: string[]
}

export interface Store extends Outbox {
  list(): Item[]
  load(): Kept
  change(edit: (kept: Kept) => void): void
  forget(): void
  /** Words of this tab under a name: a draft, or whether the window is open. */
  word(name: Word): string
  keep(name: Word, text: string): void
}
type Word = 'draft' | 'comment' | 'open'

/** @param base the chat's address: two chats on one page's origin do not mix */
export function createStore(base: string): Store {
  const key = `baton:${base}`
  const fresh = (): Kept => ({ outbox: [], surveys: [] })
  let memory = fresh()

  /** Always from the disk: another tab may have written since. Where storage is forbidden, this tab remembers for itself. */
  const load = (): Kept => {
    attempt(() => {
      const kept = JSON.parse(localStorage.getItem(key) ?? 'null')
      if (kept) memory = { ...fresh(), ...kept }
    })
    return memory
  }
  const change = (edit: (kept: Kept) => void) => {
    edit(load())
    attempt(() => localStorage.setItem(key, JSON.stringify(memory)))
  }
  const keep = (name: Word, text: string) =>
    attempt(() => (text ? sessionStorage.setItem(`${key}:${name}`, text) : sessionStorage.removeItem(`${key}:${name}`)))

  return {
    load,
    change,
    keep,
    word: (name) => attempt(() => sessionStorage.getItem(`${key}:${name}`)) ?? '',
    list: () => load().outbox,
    put: (item) =>
      change((kept) => {
        kept.outbox = [...kept.outbox.filter(({ id }) => id !== item.id), item].sort((a, b) => a.at - b.at)
      }),
    drop: (id) =>
      change((kept) => {
        kept.outbox = kept.outbox.filter((item) => item.id !== id)
      }),
    forget() {
      memory = fresh()
      attempt(() => localStorage.removeItem(key))
      for (const name of ['draft', 'comment', 'open'] as const) keep(name, '')
    },
  }
}

/** Undefined where the browser forbids it. */
function attempt<T>(act: () => T): T | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}
