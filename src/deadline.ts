/** The limit of a whole call to a connection, whatever its connector does to make it: several requests, or another library. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { countdown, systemClock } from './clock.ts'
import { HubError } from './errors.ts'

interface Limit {
  leftMs: () => number
}

const limits = new AsyncLocalStorage<Limit>()
const unlimited = (): number => Number.POSITIVE_INFINITY

/** Milliseconds that are left of the call in which this is asked; infinitely many outside of one. */
export const leftMs = (): number => (limits.getStore()?.leftMs ?? unlimited)()

/**
 * Rejects when it takes longer; nobody knows then what the other side did. `act` cannot be stopped, but a request that it makes
 * with `host.http` afterwards is refused: by then somebody else may be making the call.
 */
export async function within<T>(ms: number, connection: string, act: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new HubError('unreachable', `No answer from ${connection} in time`, { certain: false })),
      ms,
    )
  })
  const limit: Limit = { leftMs: countdown(ms, systemClock) }
  // What it leaves running when it is over, say the renewal of a token, is not of this call any more.
  const call = limits
    .run(limit, async () => act())
    .finally(() => {
      limit.leftMs = unlimited
    })
  try {
    return await Promise.race([call, tooLate])
  } finally {
    clearTimeout(timer)
    call.catch(() => {})
  }
}
