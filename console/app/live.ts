/**
 * The live link of staff: says which topics changed, and whether what is on the screen is true right now. It carries no data but
 * counts; what changed is read again by those who show it.
 */
import { useSyncExternalStore } from 'react'
import type { Counts, LiveFrame } from '../../src/http/live.ts'
import { createLink, type LinkWord } from '../link.ts'

export type { Counts } from '../../src/http/live.ts'
export type LiveWord = 'Live' | 'Reconnecting' | 'Offline'

export interface LiveState {
  readonly word: LiveWord
  /** The hub's time of the last frame: how old the numbers are while not live. */
  readonly asOf: number
  /** Undefined until the first snapshot. */
  readonly counts: Counts | undefined
}

const words: Record<LinkWord, LiveWord> = { live: 'Live', reconnecting: 'Reconnecting', offline: 'Offline' }

let state: LiveState = { word: 'Reconnecting', asOf: Date.now(), counts: undefined }
const watchers = new Set<() => void>()
const set = (next: Partial<LiveState>): void => {
  state = { ...state, ...next }
  for (const watcher of watchers) watcher()
}
const subscribe = (watcher: () => void) => {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}

/** Anew with each frame, for who shows its age. */
export const useLive = (): LiveState => useSyncExternalStore(subscribe, () => state)
/** Anew when it is another word: a whole screen is not drawn again for a sign of life. */
export const useLiveWord = (): LiveWord => useSyncExternalStore(subscribe, () => state.word)
/** Anew when one of them is another. */
export const useCounts = (): Counts | undefined => useSyncExternalStore(subscribe, () => state.counts)

const sameOr = (before: Counts | undefined, counts: Counts): Counts =>
  before !== undefined && JSON.stringify(before) === JSON.stringify(counts) ? before : counts

let aheadMs = 0
/** The hub's clock: what it stored is compared with its own time, not with this computer's. */
export const hubNow = (): number => Date.now() + aheadMs

let now = Date.now()
const tickers = new Set<() => void>()
setInterval(() => {
  now = hubNow()
  for (const ticker of tickers) ticker()
}, 1_000)

// One function for all: a new one at each drawing would be subscribed anew each time, and never come to rest.
function tick(ticker: () => void): () => void {
  tickers.add(ticker)
  return () => tickers.delete(ticker)
}
const readNow = (): number => now

/** The hub's time, anew each second; all who show it share one timer. */
export const useNow = (): number => useSyncExternalStore(tick, readNow)

export interface LiveHandlers {
  /** Topics that changed; undefined after a break, when anything may have. */
  changed(topics: readonly string[] | undefined): void
  refused(): void
}

export interface LiveLink {
  /** Conversations whose every step matters: those on the screen. */
  watch(conversations: readonly number[]): void
  close(): void
}

export function openLive({ changed, refused }: LiveHandlers): LiveLink {
  let watched: readonly number[] = []
  let isFirst = true
  const hear = (frame: LiveFrame) => {
    aheadMs = frame.now - Date.now()
    set({ asOf: frame.now, counts: 'counts' in frame ? sameOr(state.counts, frame.counts) : state.counts })
    if (frame.t === 'changed') changed(frame.topics)
  }
  const link = createLink({
    open: () => new WebSocket(new URL('/api/v1/live', location.href.replace(/^http/, 'ws'))),
    hello: () => ({}),
    hear: {
      state(frame) {
        hear(frame as unknown as LiveFrame)
        if (!isFirst) changed(undefined)
        isFirst = false
        // Said again after each break: the hub forgets with the socket. Ready only after this frame.
        queueMicrotask(() => link.signal({ t: 'watch', conversations: watched }))
      },
      event: () => {},
      other: (frame) => hear(frame as unknown as LiveFrame),
      status: (word) => set({ word: words[word] }),
      refused,
    },
  })
  link.connect()
  return {
    watch(conversations) {
      watched = conversations
      link.signal({ t: 'watch', conversations })
    },
    close: link.close,
  }
}
