/**
 * Files on their way into a reply. Once the hub has one, it is part of the draft there (`TicketView.attached`); until then this
 * browser keeps it, so that a reload goes on with it. The same id again is the same file: what was uploaded twice is there once.
 */
import { useEffect, useSyncExternalStore } from 'react'
import type { Attached } from '../../../../connectors/inbox/files.ts'
import { newId } from '../../../link.ts'
import { Problem, send, upload } from '../../api.ts'
import { toast } from '../../parts/toast.tsx'
import { refresh } from '../../read.ts'
import { kept, type OwnBoard, type TicketView, ticketPath, ticketTopic, useDesk } from './desk.ts'
import { refusalOf } from './words.ts'

export interface Uploading {
  readonly id: string
  readonly ticket: string
  readonly file: File
  /** 0 to 1. */
  readonly done: number
  /** Why it is not there. */
  readonly problem?: string
  /** It may work another time. Nothing is sent as long as it stands here. */
  readonly canRetry?: boolean
}

let list: readonly Uploading[] = []
/** Taken out here; the hub is about to know. */
let leaving: readonly string[] = []
const aborts = new Map<string, AbortController>()
const watchers = new Set<() => void>()
function set(next: readonly Uploading[], out = leaving): void {
  list = next
  leaving = out
  for (const watcher of watchers) watcher()
}
function subscribe(watcher: () => void): () => void {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}
const note = (id: string, news: Partial<Uploading>) =>
  set(list.map((one) => (one.id === id ? { ...one, ...news } : one)))
const without = (id: string) => list.filter((one) => one.id !== id)

/** What stands in the reply, and what is on its way there. */
export function useFiles({ id, attached }: TicketView, canReply: boolean) {
  const { onItsWay } = useDesk()
  const all = useSyncExternalStore(subscribe, () => list)
  const out = useSyncExternalStore(subscribe, () => leaving)
  useEffect(() => {
    if (canReply) void goOn(id)
  }, [id, canReply])
  useEffect(() => heed(attached), [attached])
  const uploads = all.filter(({ ticket }) => ticket === id)
  const used = new Set([...onItsWay.flatMap(({ files }) => files.map((file) => file.id)), ...out])
  const isOver = ({ id: of }: Attached) => used.has(of) || uploads.some((one) => one.id === of)
  return { uploads, attached: attached.filter((file) => !isOver(file)) }
}

/** Checked before anything leaves; what is refused stands there with the reason. */
export function attach(ticket: string, files: readonly File[], limits: OwnBoard['files']): void {
  for (const file of files) {
    const one: Uploading = { id: newId(), ticket, file, done: 0, problem: refusalOf(file, limits) }
    set([...list, one])
    if (one.problem) continue
    void kept().files.keep({ id: one.id, ticket, file })
    start(one)
  }
}

export function tryAgain(one: Uploading): void {
  note(one.id, { problem: undefined, canRetry: undefined, done: 0 })
  start(one)
}

/** Not wanted any more, wherever it is. */
export function takeOut(ticket: string, id: string): void {
  const one = list.find((other) => other.id === id)
  aborts.get(id)?.abort()
  aborts.delete(id)
  void kept().files.forget(id)
  const isNowhere = one?.problem !== undefined && !one.canRetry
  set(without(id), isNowhere ? leaving : [...leaving, id])
  if (!isNowhere) void detach(ticket, id)
}

/** Also what was cancelled, or seemed not to get through, may be there. */
async function detach(ticket: string, id: string): Promise<void> {
  try {
    await send('DELETE', ticketPath(ticket, `files/${id}`))
    await refresh(ticketTopic(ticket))
  } catch (error) {
    toast.problem('The file was not taken out', error)
  }
  set(
    list,
    leaving.filter((one) => one !== id),
  )
}

let line: Promise<void> = Promise.resolve()

/** One after the other: in the order in which they were chosen they stand in the reply, and the customer gets them in it. */
function start(one: Uploading): void {
  line = line.then(() => carry(one))
}

/** Never throws: what goes wrong stands at the file. */
async function carry({ id, ticket, file }: Uploading): Promise<void> {
  // Taken out while it waited for its turn.
  if (!list.some((one) => one.id === id)) return
  const abort = new AbortController()
  aborts.set(id, abort)
  try {
    await upload(ticketPath(ticket, `files/${id}`), file, (done) => note(id, { done }), abort.signal)
    await kept().files.forget(id)
    // It stays on the screen until the draft that holds it is there: nothing flickers.
    await refresh(ticketTopic(ticket))
    aborts.delete(id)
    set(without(id))
  } catch (error) {
    if (abort.signal.aborted) return
    aborts.delete(id)
    const { status, message } = error as Problem
    const canRetry = !(error instanceof Problem) || status === 0 || status === 429 || status >= 500
    if (!canRetry) void kept().files.forget(id)
    note(id, { problem: canRetry ? 'It did not get through.' : `${message}.`, canRetry })
  }
}

/** Only the answer was lost: it is there. */
function heed(attached: readonly Attached[]): void {
  for (const { id } of attached) {
    if (!list.some((one) => one.id === id && one.problem !== undefined)) continue
    void kept().files.forget(id)
    set(without(id))
  }
}

/** What a reload broke off. */
async function goOn(ticket: string): Promise<void> {
  for (const { id, file } of await kept().files.of(ticket)) {
    if (list.some((one) => one.id === id)) continue
    const one: Uploading = { id, ticket, file, done: 0 }
    set([...list, one])
    start(one)
  }
}
