/**
 * Who else looks at a conversation, and who of them is writing there. Told while it lasts; who is not heard of any more is gone.
 * It may be a moment old, and nothing depends on it.
 */
import { useEffect, useSyncExternalStore } from 'react'
import type { Frame } from '../../../link.ts'
import { listedOthers, type Other, withNews } from './others.ts'

const againMs = 20_000
/** A page that crashed says no goodbye. */
const goneAfterMs = 45_000
const writingMs = 5_000

let others: readonly Other[] = []
let own: { ticket: string | null; writing: boolean } = { ticket: null, writing: false }
let tell: (frame: Frame) => void = () => {}
let again: ReturnType<typeof setInterval> | undefined
let quiet: ReturnType<typeof setTimeout> | undefined
const watchers = new Set<() => void>()
function subscribe(watcher: () => void): () => void {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}
function set(next: readonly Other[]): void {
  if (next === others) return
  others = next
  for (const watcher of watchers) watcher()
}

/** With the desk's link; returns how to leave. */
export function openHere(signal: (frame: Frame) => void): () => void {
  tell = signal
  again = setInterval(() => {
    if (own.ticket) say()
    set(others.filter(({ at }) => at > Date.now() - goneAfterMs))
  }, againMs)
  return () => {
    clearInterval(again)
    clearTimeout(quiet)
    tell = () => {}
    others = []
  }
}

const say = (): void => tell({ t: 'here', ...own })

/** Also after the link was away. */
export const sayWhereOneIs = (): void => {
  if (own.ticket) say()
}

export function hearHere(frame: Frame): void {
  const { agent, name, ticket, writing } = frame as unknown as Omit<Other, 'at'> & { ticket: string | null }
  const isNew = ticket !== null && !others.some((one) => one.agent === agent && one.ticket === ticket)
  set(withNews(others, { agent, name, ticket, writing, at: Date.now() }))
  // Who has just come does not know who was here before.
  if (isNew && ticket === own.ticket) say()
}

/** Colleagues who look at this conversation too. */
export const useOthers = (ticket: string): readonly Other[] =>
  listedOthers(
    useSyncExternalStore(subscribe, () => others),
    ticket,
  )

/** This page shows it, as long as it does. */
export function useHere(ticket: string): void {
  useEffect(() => {
    own = { ticket, writing: false }
    say()
    return () => {
      own = { ticket: null, writing: false }
      say()
    }
  }, [ticket])
}

/** With each key, of a reply or a note. */
export function tellHereWriting(): void {
  clearTimeout(quiet)
  quiet = setTimeout(stopHereWriting, writingMs)
  if (own.writing || !own.ticket) return
  own = { ...own, writing: true }
  say()
}

export function stopHereWriting(): void {
  clearTimeout(quiet)
  if (!own.writing) return
  own = { ...own, writing: false }
  say()
}
