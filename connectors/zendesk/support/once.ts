/** One effect for one key: in this process by waiting for the first call, afterwards by what is remembered of it. */
import type { Ref } from '#hub/connector.ts'
import type { Records, Trace } from './records.ts'

export type Once = (key: string, look: () => Promise<Trace | undefined>, act: () => Promise<Trace>) => Promise<Trace>

/** `look` asks Zendesk; only when an earlier call with this key began and nobody knows how it ended. */
export function createOnce(records: Records): Once {
  const underWay = new Map<string, Promise<Trace>>()
  const run: Once = async (key, look, act) => {
    const known = await records.trace(key)
    if (isDone(known)) return known
    if (known) {
      const found = await look()
      if (found) return found
    } else await records.keepTrace(key, {})
    const done = await act()
    await records.keepTrace(key, done)
    return done
  }
  return (key, look, act) => {
    const running = underWay.get(key) ?? run(key, look, act).finally(() => underWay.delete(key))
    underWay.set(key, running)
    return running
  }
}

const isDone = (trace: Trace | undefined): trace is Trace & { ticket: Ref } => trace?.ticket !== undefined
