/**
 * The agent's own desk, live: its board, who is writing, and the agent's words that are still on their way. Open on every screen of
 * the console, so that an offer is heard and what was sent arrives wherever the agent looks.
 */
import { useSyncExternalStore } from 'react'
import type { OwnBoard } from '../../../../connectors/inbox/board.ts'
import type { Attached } from '../../../../connectors/inbox/files.ts'
import { createLink, type Frame, type Link, type LinkWord, newId, type Outgoing } from '../../../link.ts'
import { refresh } from '../../read.ts'
import { hearHere, openHere, sayWhereOneIs } from './here.ts'
import { inOrder } from './news.ts'
import { keptIn, type Shelf } from './shelf.ts'

export type { Line, OwnBoard, Said, TicketView } from '../../../../connectors/inbox/board.ts'

export type Kind = 'reply' | 'note'

/** Something the agent said that the record may not hold yet. */
export interface OnItsWay {
  readonly id: string
  readonly ticket: string
  readonly kind: Kind
  readonly text: string
  readonly files: readonly Attached[]
  readonly at: number
  /** Why the hub refused it. */
  readonly failed?: string
}

export interface DeskState {
  /** The connection's name; undefined where one is agent nowhere. */
  readonly name: string | undefined
  readonly word: LinkWord
  readonly board: OwnBoard | undefined
  /** Conversations in which the customer is writing. */
  readonly writing: ReadonlySet<string>
  readonly onItsWay: readonly OnItsWay[]
}

const nothing: DeskState = {
  name: undefined,
  word: 'reconnecting',
  board: undefined,
  writing: new Set(),
  onItsWay: [],
}

let state = nothing
let link: Link | undefined
let shelf: Shelf | undefined
const watchers = new Set<() => void>()
function set(next: Partial<DeskState>): void {
  state = { ...state, ...next }
  for (const watcher of watchers) watcher()
}
function subscribe(watcher: () => void): () => void {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}
const read = (): DeskState => state

export const useDesk = (): DeskState => useSyncExternalStore(subscribe, read)

/** Below the desk's own address. */
export const deskPath = (path: string): string => `/hooks/${encodeURIComponent(state.name ?? '')}${path}`
export const ticketPath = (ticket: string, verb = ''): string =>
  deskPath(`/tickets/${encodeURIComponent(ticket)}${verb && `/${verb}`}`)
/** The topic of what is shown of one conversation. */
export const ticketTopic = (ticket: string): string => `ticket.${ticket}`

/** What this browser keeps for the agent at this desk. */
export const kept = (): Shelf => shelf!

export interface Opening {
  readonly name: string
  readonly agent: string
  /** They have just signed in: who was offline is online from now on. */
  readonly arrives: boolean
}

/** Returns how to leave it. */
export function openDesk({ name, agent, arrives }: Opening): () => void {
  const own = keptIn(`${name}:${agent}`)
  let isFirst = true
  shelf = own
  set({ ...nothing, name, onItsWay: own.outbox.list().map(toOwn) })
  const unwatch = own.watchOutbox((items) => set({ onItsWay: items.map(toOwn) }))
  const mine = createLink({
    outbox: own.outbox,
    open: () => new WebSocket(new URL(deskPath('/socket'), location.href.replace(/^http/, 'ws'))),
    hello: () => ({ arrives: arrives && isFirst }),
    hear: {
      state(frame) {
        const board = frame as unknown as OwnBoard
        if (isFirst) own.keepMarks(new Set(inOrder(board).map(({ id }) => id)))
        isFirst = false
        set({ board })
      },
      event: () => {},
      other: hearOther,
      sent: (id) => void land(id),
      status(word) {
        set({ word })
        if (word === 'live') sayWhereOneIs()
        // Anything may have happened meanwhile.
        if (word === 'live' && shownTicket) void refresh(ticketTopic(shownTicket))
      },
    },
  })
  link = mine
  const leave = openHere((frame) => void mine.signal(frame))
  mine.connect()
  return () => {
    unwatch()
    leave()
    mine.close()
    for (const timer of quiet.values()) clearTimeout(timer)
    if (link === mine) {
      link = undefined
      set(nothing)
    }
  }
}

const toOwn = ({ id, ticket, kind, text = '', attached = [], at, failed }: Outgoing): OnItsWay => ({
  id,
  ticket,
  kind,
  text,
  files: attached,
  at,
  failed,
})

let shownTicket: string | undefined
/** What is on the screen is read anew after each break of the link. */
export const showing = (ticket: string | undefined): void => {
  shownTicket = ticket
}

function hearOther(frame: Frame): void {
  if (frame.t === 'touched') void refresh(...(frame.tickets as string[]).map(ticketTopic))
  else if (frame.t === 'draft') void refresh(ticketTopic(frame.ticket))
  else if (frame.t === 'here') hearHere(frame)
  else if (frame.t === 'typing') hearWriting(frame.ticket, frame.on)
}

const quiet = new Map<string, ReturnType<typeof setTimeout>>()
/** A lost "stopped" must not leave the words standing. */
function hearWriting(ticket: string, on: boolean): void {
  clearTimeout(quiet.get(ticket))
  quiet.delete(ticket)
  const writing = new Set(state.writing)
  if (on) {
    writing.add(ticket)
    quiet.set(
      ticket,
      setTimeout(() => hearWriting(ticket, false), 6_000),
    )
  } else writing.delete(ticket)
  set({ writing })
}

/** What they were writing has come. */
export const heardFrom = (ticket: string): void => {
  if (state.writing.has(ticket)) hearWriting(ticket, false)
}

/** Acknowledged words stay on the screen until the record that holds them is there: nothing flickers. */
async function land(id: string): Promise<void> {
  const before = landed.get(id)
  if (!before) return
  set({ onItsWay: [...state.onItsWay.filter((one) => one.id !== id), before] })
  await refresh(ticketTopic(before.ticket))
  landed.delete(id)
  set({ onItsWay: state.onItsWay.filter((one) => one.id !== id) })
}
const landed = new Map<string, OnItsWay>()

/** Kept until the hub has it, and sent as soon as there is a way. */
export function say(ticket: string, kind: Kind, text: string, attached: readonly Attached[] = []): void {
  const item: Outgoing = {
    id: newId(),
    t: 'say',
    ticket,
    kind,
    ...(text === '' ? {} : { text }),
    ...(attached.length === 0 ? {} : { files: attached.map(({ id }) => id), attached }),
    at: Date.now(),
  }
  landed.set(item.id, toOwn(item))
  link?.send(item)
}

export const sayAgain = (id: string): void => link?.retry(id)

export function takeBack(id: string): OnItsWay | undefined {
  const words = state.onItsWay.find((one) => one.id === id)
  shelf?.outbox.drop(id)
  return words
}

/** The customer's words up to this moment, by the hub's clock, are before the agent. */
export const tellSeen = (ticket: string, until: number): void => void link?.signal({ t: 'seen', ticket, until })

export const tellWriting = (ticket: string, on: boolean): void => void link?.signal({ t: 'typing', ticket, on })
