/**
 * The live link of widget and console to the hub: transport only, no framework, no words of either.
 *
 * Frames are JSON objects `{t, …}`. We say `hello {…, after}` first, `sync {after}` to be told everything anew, `ping`, and
 * what is in the outbox. The hub says `state` (the whole picture; ready from then on), `ack {id}`,
 * `error {id?, code, message, retryAfterMs?}`, `pong`, and events. An event is a frame that says what it continues:
 * `{t, after, seq, …}` follows `after` and leads up to `seq`. One that continues something we have not seen is a gap: a new
 * snapshot is asked for. A `state` with `after` says that it holds everything up to there.
 */

import type { Frame, Link, LinkOptions, LinkWord, Outbox, Outgoing, Problem, Socket, Timing } from './link-types.ts'

export type * from './link-types.ts'

export const shippedTiming: Timing = {
  pingMs: 20_000,
  deadMs: 40_000,
  silentMs: 30_000,
  wakeAnswerMs: 5000,
  openMs: 12_000,
  ackMs: 15_000,
  backoffMinMs: 500,
  backoffMaxMs: 30_000,
  pollSeconds: 25,
}
const failuresBeforePolling = 3
/** Close codes of the hub: begin again, go slower. */
export const closeCodes = { begin: 4401, slower: 4429 } as const

/** Doubles with each failure. Jitter: after an outage not everybody comes back in the same moment. */
export function backoffMs(failures: number, { backoffMinMs, backoffMaxMs }: Timing, chance = Math.random()): number {
  return Math.min(backoffMaxMs, backoffMinMs * 2 ** Math.min(Math.max(failures, 1) - 1, 10)) * (0.5 + chance / 2)
}

/** What to do with an event, by what it continues and where we are. */
export function placeOf({ after, seq }: { after: number; seq: number }, cursor: number): 'next' | 'known' | 'gap' {
  if (seq <= cursor) return 'known'
  return after > cursor ? 'gap' : 'next'
}

/** Works on plain http too, where `crypto.randomUUID` is missing. */
export const newId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')

export function outboxInMemory(): Outbox {
  let items: Outgoing[] = []
  return {
    list: () => items,
    put(item) {
      items = [...items.filter(({ id }) => id !== item.id), item].sort((a, b) => a.at - b.at)
    },
    drop(id) {
      items = items.filter((item) => item.id !== id)
    },
  }
}

function browserWakers(): (readonly [EventTarget, string])[] {
  if (typeof window === 'undefined') return []
  return [
    [window, 'online'],
    [window, 'focus'],
    [window, 'pageshow'],
    [document, 'visibilitychange'],
    [document, 'resume'],
  ]
}

const isHidden = () => typeof document !== 'undefined' && document.visibilityState === 'hidden'
const isUnplugged = () => typeof navigator !== 'undefined' && navigator.onLine === false
/** Of no use to try again: the request itself, or who makes it, is not right. */
const isFinal = ({ status }: Problem) => status === 400 || status === 401 || status === 403

export function createLink(options: LinkOptions): Link {
  const { hear, outbox = outboxInMemory(), wakers = browserWakers() } = options
  const timing = { ...shippedTiming, ...options.timing }
  let cursor = options.after ?? 0
  let socket: Socket | undefined
  let isReady = false
  let isClosed = false
  let isConnecting = false
  let isPolling = false
  let failures = 0
  let heardAt = 0
  let skewMs = 0
  let notBefore = 0
  let inFlight: string | undefined
  let word: LinkWord | undefined
  let pollAbort = new AbortController()
  let retryTimer: ReturnType<typeof setTimeout> | undefined
  let ackTimer: ReturnType<typeof setTimeout> | undefined
  let flushTimer: ReturnType<typeof setTimeout> | undefined

  function tell(next: LinkWord): void {
    if (word === next) return
    word = next
    hear.status?.(next, heardAt)
  }

  function connect(): void {
    if (isClosed || isConnecting || socket) return
    clearTimeout(retryTimer)
    void reach()
  }

  async function reach(): Promise<void> {
    isConnecting = true
    try {
      const said = await options.hello()
      if (isClosed) return
      openSocket(said)
      if (failures >= failuresBeforePolling) void pollOn()
    } catch (problem) {
      lost(problem as Problem)
    } finally {
      isConnecting = false
    }
  }

  function openSocket(said: object): void {
    const mine = options.open()
    socket = mine
    const giveUp = setTimeout(drop, timing.openMs)
    mine.onopen = () => mine.send(JSON.stringify({ ...said, t: 'hello', after: cursor }))
    mine.onmessage = ({ data }: { data: string }) => {
      if (socket !== mine) return
      clearTimeout(giveUp)
      heardAt = Date.now()
      if (isReady) tell('live')
      receive(JSON.parse(data), true)
    }
    mine.onclose = ({ code }: { code: number }) => {
      clearTimeout(giveUp)
      if (socket !== mine) return
      socket = undefined
      if (code === closeCodes.begin) return expired()
      lost(code === closeCodes.slower ? { retryAfterMs: 10_000 } : undefined)
    }
  }

  /** Does not wait for the other side to agree: on a dead network that takes minutes. */
  function drop(): void {
    const dead = socket
    socket = undefined
    dead?.close()
    if (dead) lost()
  }

  function expired(): void {
    if (!(hear.expired?.() ?? false)) return refuse({ status: 401 })
    // Whoever we are now, what is heard from here on does not continue what was heard before.
    cursor = 0
    lost()
  }

  function refuse(problem: Problem): void {
    isClosed = true
    isReady = false
    pollAbort.abort()
    tell('offline')
    hear.refused?.(problem)
  }

  function lost(problem?: Problem): void {
    isReady = false
    inFlight = undefined
    clearTimeout(ackTimer)
    failures++
    if (isClosed) return
    if (problem && isFinal(problem)) return refuse(problem)
    if (!isPolling) tell(isUnplugged() ? 'offline' : 'reconnecting')
    clearTimeout(retryTimer)
    retryTimer = setTimeout(connect, problem?.retryAfterMs ?? backoffMs(failures, timing))
  }

  function receive(frame: Frame, isBySocket: boolean): void {
    if (frame.t === 'state') takeState(frame, isBySocket)
    else if (frame.t === 'ack') acknowledged(frame.id)
    else if (frame.t === 'error' && frame.id) rejected(frame.id, frame as Problem)
    else if (typeof frame.after === 'number') takeEvent(frame)
    else if (frame.t !== 'pong') hear.other?.(frame)
  }

  /** A socket is ready with its first snapshot; one that was polled says nothing of the socket that is being opened. */
  function takeState(frame: Frame, isBySocket: boolean): void {
    if (typeof frame.now === 'number') skewMs = frame.now - Date.now()
    if (typeof frame.after === 'number') cursor = frame.after
    hear.state(frame)
    if (!isBySocket || isReady) return
    isReady = true
    failures = 0
    pollAbort.abort()
    tell('live')
    flush()
  }

  function takeEvent(frame: Frame): void {
    const place = placeOf(frame as never, cursor)
    if (place === 'gap') return void signal({ t: 'sync', after: cursor })
    if (place === 'known') return
    cursor = frame.seq
    hear.event(frame)
  }

  /** One at a time, oldest first: what was said later must not arrive earlier. */
  function flush(): void {
    if (inFlight || isClosed || !(isReady || isPolling)) return
    const next = outbox.list().find(({ failed }) => !failed)
    if (!next) return
    clearTimeout(flushTimer)
    const waitMs = notBefore - Date.now()
    if (waitMs > 0) {
      flushTimer = setTimeout(flush, waitMs)
      return
    }
    inFlight = next.id
    if (isReady && socket) {
      const { at: _, failed: __, ...said } = next
      socket.send(JSON.stringify(said))
      ackTimer = setTimeout(drop, timing.ackMs)
    } else if (options.post) {
      options.post(next, AbortSignal.timeout(timing.ackMs)).then(
        () => acknowledged(next.id),
        (problem: Problem) => rejected(next.id, { code: codeOf(problem), ...problem }),
      )
    }
  }

  function acknowledged(id: string): void {
    outbox.drop(id)
    landed(id)
    hear.sent?.(id)
    flush()
  }

  function landed(id: string): void {
    if (inFlight !== id) return
    inFlight = undefined
    clearTimeout(ackTimer)
  }

  /** What may work later stays in the outbox; what cannot is shown with the reason. */
  function rejected(id: string, { code, message, retryAfterMs }: Problem): void {
    landed(id)
    const item = outbox.list().find((other) => other.id === id)
    if (item && (code === 'busy' || code === 'unreachable')) notBefore = Date.now() + (retryAfterMs ?? 3000)
    else if (item) {
      const failed = { ...item, failed: message || code || 'refused' }
      outbox.put(failed)
      hear.failed?.(failed)
    }
    flush()
  }

  async function pollOn(): Promise<void> {
    if (!options.poll || isPolling || isReady) return
    pollAbort = new AbortController()
    const { signal: stop } = pollAbort
    try {
      let seconds = 0
      while (!stop.aborted && !isClosed) {
        const signal = AbortSignal.any([stop, AbortSignal.timeout(timing.deadMs)])
        const frames = await options.poll(cursor, seconds, signal)
        if (stop.aborted) break
        heardAt = Date.now()
        isPolling = true
        tell('live')
        for (const frame of frames) receive(frame, false)
        flush()
        seconds = timing.pollSeconds
      }
    } catch (problem) {
      if ((problem as Problem).status === 401) expired()
      // Else the socket's own retries go on and start the polling again.
    } finally {
      if (isPolling && !isReady && !isClosed) tell(isUnplugged() ? 'offline' : 'reconnecting')
      isPolling = false
    }
  }

  const beat = setInterval(() => {
    if (!isReady || !socket) return
    if (Date.now() - heardAt > timing.deadMs) drop()
    else signal({ t: 'ping' })
  }, timing.pingMs)

  /** The page came back: from sleep, from another tab, from a place without a network. What it shows may be long untrue. */
  function wake(event: Event): void {
    if (isClosed || isHidden() || word === undefined) return
    if (!socket) {
      failures = Math.min(failures, failuresBeforePolling)
      return connect()
    }
    if (!isReady || (event.type !== 'online' && Date.now() - heardAt < timing.silentMs)) return
    const asked = Date.now()
    signal({ t: 'sync', after: cursor })
    setTimeout(() => heardAt < asked && drop(), timing.wakeAnswerMs)
  }
  const onOffline = () => tell('offline')
  for (const [target, name] of wakers) target.addEventListener(name, wake)
  if (typeof window !== 'undefined') window.addEventListener('offline', onOffline)

  function signal(frame: Frame): boolean {
    if (!isReady || !socket) return false
    socket.send(JSON.stringify(frame))
    return true
  }

  const goOn = () => (isReady || isPolling ? flush() : connect())

  return {
    connect,
    signal,
    send(item) {
      outbox.put(item)
      goOn()
    },
    retry(id) {
      const item = outbox.list().find((other) => other.id === id)
      if (!item) return
      const { failed: _, ...again } = item
      outbox.put(again as Outgoing)
      goOn()
    },
    restart(after = 0) {
      cursor = after
      failures = 0
      isClosed = false
      isReady = false
      inFlight = undefined
      clearTimeout(ackTimer)
      pollAbort.abort()
      const old = socket
      socket = undefined
      old?.close()
      connect()
    },
    isLive: () => isReady || isPolling,
    now: () => Date.now() + skewMs,
    close() {
      isClosed = true
      clearInterval(beat)
      for (const timer of [retryTimer, ackTimer, flushTimer]) clearTimeout(timer)
      pollAbort.abort()
      for (const [target, name] of wakers) target.removeEventListener(name, wake)
      if (typeof window !== 'undefined') window.removeEventListener('offline', onOffline)
      socket?.close()
    },
  }
}

/** Statuses of HTTP that mean: never, as opposed to: not now. */
const codeOf = ({ status = 0 }: Problem) => (status >= 400 && status < 500 && status !== 429 ? 'invalid' : 'busy')
