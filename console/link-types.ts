/** What the live link is made of and what it reports; link.ts says how they are used. Types only. */

export interface Frame {
  readonly t: string
  // biome-ignore lint/suspicious/noExplicitAny: the owner of the link knows the words that are spoken over it
  readonly [field: string]: any
}

/** Something said that the hub has not acknowledged yet. `t` and all further fields go over the wire. */
export interface Outgoing {
  /** Ours; a second copy with the same one is dropped by the hub. */
  readonly id: string
  readonly t: string
  /** Epoch milliseconds of this browser: the order in which it was said. */
  readonly at: number
  /** Why the hub refused it for good; it stays until somebody tries again or drops it. */
  failed?: string
  // biome-ignore lint/suspicious/noExplicitAny: as above
  [field: string]: any
}

/** Where what is not acknowledged waits; in the order of `at`. */
export interface Outbox {
  list(): readonly Outgoing[]
  put(item: Outgoing): void
  drop(id: string): void
}

/** What a refused request or a closed socket tells of itself. `hello`, `poll` and `post` throw it. */
export interface Problem {
  readonly status?: number
  readonly code?: string
  readonly message?: string
  readonly retryAfterMs?: number
}

/** The part of a WebSocket that is used. */
export interface Socket {
  send(data: string): void
  close(): void
  onopen: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
}

/** *live*: what is shown is true. *reconnecting*: it was true at `heardAt`. *offline*: there is no network, or no right. */
export type LinkWord = 'live' | 'reconnecting' | 'offline'

export interface Hear {
  /** The whole picture, after each connection and each gap. */
  state(frame: Frame): void
  /** In order, none twice. */
  event(frame: Frame): void
  /** What is neither: typing, read marks, errors without an id. */
  other?(frame: Frame): void
  sent?(id: string): void
  failed?(item: Outgoing): void
  status?(word: LinkWord, heardAt: number): void
  /** Nothing is tried again: the hub said that it would be of no use. */
  refused?(problem: Problem): void
  /** The hub does not know us any more. True: say hello again, and read from the beginning. */
  expired?(): boolean
}

export interface Timing {
  readonly pingMs: number
  readonly deadMs: number
  /** Silent for longer than this, a page that wakes up asks whether anybody is still there. */
  readonly silentMs: number
  readonly wakeAnswerMs: number
  readonly openMs: number
  readonly ackMs: number
  readonly backoffMinMs: number
  readonly backoffMaxMs: number
  readonly pollSeconds: number
}

export interface LinkOptions {
  open(): Socket
  /** What is said in `hello` besides `after`; may fetch a token first. Asked before each connection. */
  hello(): Promise<object> | object
  /** Long polling: the frames that came after `after`; beside the socket after three failures. */
  poll?(after: number, seconds: number, signal: AbortSignal): Promise<readonly Frame[]>
  /** Says one thing without a socket. Resolves when the hub has it. */
  post?(item: Outgoing, signal: AbortSignal): Promise<void>
  outbox?: Outbox
  hear: Hear
  /** Read on from here. */
  after?: number
  timing?: Partial<Timing>
  /** Where the page says that it came back; the browser's own by default. */
  wakers?: readonly (readonly [EventTarget, string])[]
}

export interface Link {
  /** Does nothing where there is a connection. */
  connect(): void
  /** Kept until it is acknowledged, and sent as soon as there is a way. */
  send(item: Outgoing): void
  /** Once more, what the hub refused. */
  retry(id: string): void
  /** What may be lost: only over a connection that is there. False where there is none. */
  signal(frame: Frame): boolean
  /** Everything anew: begins at `after`, with a new hello. */
  restart(after?: number): void
  isLive(): boolean
  /** Epoch milliseconds by the hub's clock, once a snapshot told it. */
  now(): number
  close(): void
}
