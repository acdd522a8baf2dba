/** Reading on from a cursor: history, what is new and what was missed are one and the same. */
import type { Ref, ThreadEntry, ThreadRecord, ThreadState } from '#hub/connector.ts'

export interface Heard {
  /** First of all, and whenever control, agent, language or the handoff changed. */
  state(state: ThreadState | undefined): Promise<void>
  /** In order, none twice; they follow the cursor `after`. The next page is read when this one is taken. */
  entries(entries: readonly ThreadEntry[], after: number): Promise<void>
  failed(error: unknown): void
}

export interface Following {
  /** Looks again; for wake-ups that may have been lost. */
  look(): void
  stop(): void
}

const page = 50

export function follow(record: ThreadRecord, thread: Ref, after: number, heard: Heard): Following {
  let cursor = after
  let shown: string | undefined
  let isRunning = false
  let isDue = false
  let isStopped = false

  const showState = async () => {
    const state = await record.state(thread)
    const seen = JSON.stringify([state?.control ?? 'bot', state?.agent, state?.language, state?.handoff])
    if (isStopped || seen === shown) return
    shown = seen
    await heard.state(state)
  }

  const showEntries = async () => {
    while (!isStopped) {
      const entries = await record.read(thread, cursor, page)
      if (isStopped || entries.length === 0) return
      await heard.entries(entries, cursor)
      cursor = entries.at(-1)!.seq
    }
  }

  const run = async () => {
    isRunning = true
    try {
      while (isDue && !isStopped) {
        isDue = false
        await showState()
        await showEntries()
      }
    } catch (error) {
      if (!isStopped) heard.failed(error)
    } finally {
      isRunning = false
    }
  }

  const look = () => {
    isDue = true
    if (!isRunning && !isStopped) void run()
  }

  // Watch before the first look: what comes in between is then seen by one of the two.
  const unwatch = record.watch(thread, look)
  look()
  return {
    look,
    stop() {
      isStopped = true
      unwatch()
    },
  }
}

/** Resolves when the thread may have changed, after `waitMs`, or when one of the signals aborts. */
export function nextChange(record: ThreadRecord, thread: Ref, waitMs: number, signals: readonly AbortSignal[]) {
  const { promise, resolve } = Promise.withResolvers<void>()
  const stop = () => resolve()
  const timer = setTimeout(stop, waitMs)
  const unwatch = record.watch(thread, stop)
  for (const signal of signals) signal.aborted ? stop() : signal.addEventListener('abort', stop, { once: true })
  return {
    changed: promise,
    /** Must be called in any case: a watch that nobody stops is a leak. */
    stop() {
      clearTimeout(timer)
      unwatch()
      for (const signal of signals) signal.removeEventListener('abort', stop)
      resolve()
    },
  }
}
