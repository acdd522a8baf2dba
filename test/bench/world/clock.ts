import { setTimeout as sleep } from 'node:timers/promises'

export { sleep }

/** Milliseconds that only grow. Both ends of a message are in this process, so one clock serves both. */
export const now = (): number => performance.now()

/** Lets what has come in be handled. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Waits until `due`. A timer may be a millisecond late, so the last two are spent turning the event loop. */
export async function until(due: number): Promise<void> {
  const waitMs = due - now()
  if (waitMs > 3) await sleep(waitMs - 2)
  while (now() < due) await breathe()
}
