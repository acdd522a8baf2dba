/**
 * What the agent has begun to write, reply and note apart, for each conversation. It is in this browser with each key, and at the
 * hub soon after: so it outlives a reload and a crash here, and goes on at another machine.
 */
import { useSyncExternalStore } from 'react'
import { send } from '../../api.ts'
import { hubNow } from '../../live.ts'
import { type Kind, kept, type OnItsWay, type TicketView, ticketPath } from './desk.ts'

interface Draft {
  readonly text: string
  /** The hub's time of its last change; 0 when it is not known. */
  readonly at: number
  /** The hub has it. */
  readonly isSaved: boolean
}

const none: Draft = { text: '', at: 0, isSaved: true }
const drafts = new Map<string, Draft>()
const timers = new Map<string, ReturnType<typeof setTimeout>>()
const watchers = new Set<() => void>()
const kinds = ['reply', 'note'] as const
const quietMs = 500
const againMs = 5_000

const keyOf = (ticket: string, kind: Kind): string => `${ticket}:${kind}`
const of = (key: string): Draft => drafts.get(key) ?? none

function put(key: string, draft: Draft): void {
  drafts.set(key, draft)
  for (const watcher of watchers) watcher()
}
function subscribe(watcher: () => void): () => void {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}

export const useDraft = (ticket: string, kind: Kind): string =>
  useSyncExternalStore(subscribe, () => of(keyOf(ticket, kind)).text)

/** The hub's time of the last change of it, by whoever and wherever. */
export const useDraftAt = (ticket: string, kind: Kind): number =>
  useSyncExternalStore(subscribe, () => of(keyOf(ticket, kind)).at)

/** Whether something is begun here, for the list. */
export const useHasDraft = (ticket: string): boolean =>
  useSyncExternalStore(subscribe, () => kinds.some((kind) => textOf(ticket, kind).trim() !== ''))

export const textOf = (ticket: string, kind: Kind): string =>
  (drafts.get(keyOf(ticket, kind))?.text ?? kept().readDraft(keyOf(ticket, kind))) || ''

/** Both, when each has what the other has not. */
export function joinDrafts(theirs: string, ours: string): string {
  if (theirs.includes(ours.trim())) return theirs
  return ours.includes(theirs.trim()) ? ours : `${theirs}\n${ours}`
}

/** What the hub knows of it, as often as the conversation is read. Words that were typed here meanwhile stay. */
export function heed({ id, drafts: theirs, now }: TicketView, onItsWay: readonly OnItsWay[]): void {
  for (const kind of kinds) {
    const key = keyOf(id, kind)
    const { text: began = '', at = now } = theirs[kind] ?? {}
    const isSent = onItsWay.some((one) => one.ticket === id && one.kind === kind && one.text === began.trim())
    const text = isSent ? '' : began
    const before = drafts.get(key)
    if (before) {
      if (before.isSaved && now >= before.at) put(key, { text, at, isSaved: true })
      continue
    }
    const ours = kept().readDraft(key)
    if (ours === undefined) put(key, { text, at, isSaved: true })
    else write(id, kind, joinDrafts(text, ours))
  }
}

export function write(ticket: string, kind: Kind, text: string): void {
  const key = keyOf(ticket, kind)
  kept().writeDraft(key, text)
  put(key, { text, at: hubNow(), isSaved: false })
  later(ticket, kind, quietMs)
}

/** On a line of its own, behind what is written already. */
export function addToReply(ticket: string, words: string): void {
  const before = textOf(ticket, 'reply').trimEnd()
  write(ticket, 'reply', before === '' ? words : `${before}\n${words}`)
}

/** It was sent: the hub forgets it in the same moment in which it takes the words. */
export function useUp(ticket: string, kind: Kind): void {
  const key = keyOf(ticket, kind)
  clearTimeout(timers.get(key))
  kept().writeDraft(key, undefined)
  put(key, { text: '', at: hubNow(), isSaved: true })
}

function later(ticket: string, kind: Kind, ms: number): void {
  const key = keyOf(ticket, kind)
  clearTimeout(timers.get(key))
  timers.set(
    key,
    setTimeout(() => void save(ticket, kind), ms),
  )
}

async function save(ticket: string, kind: Kind): Promise<void> {
  const key = keyOf(ticket, kind)
  const { text } = of(key)
  try {
    await send('PUT', ticketPath(ticket, 'drafts'), { kind, text })
  } catch {
    return later(ticket, kind, againMs)
  }
  const now = of(key)
  // Sent while it was on the way here: what arrived late is forgotten once more.
  if (now.text !== text) return now.isSaved ? later(ticket, kind, 0) : undefined
  kept().writeDraft(key, undefined)
  put(key, { text, at: hubNow(), isSaved: true })
}
