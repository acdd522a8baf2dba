/** How words get into the hub from outside: said again until a hub acknowledges them, at another hub each time. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../simulation/random.ts'

export interface Delivery {
  /** Resolves to the answer of the first hub that took it. Rejects when `signal` aborts. */
  call<T = unknown>(method: string, path: string, options?: { token?: string; body?: object }): Promise<T>
  /** The same for a webhook, which may come several times. */
  webhook(path: string, body: object): Promise<void>
  readonly signal: AbortSignal
  /** From now on each webhook comes this often, copies up to so much later. */
  duplicate(copies: number, withinMs: number): void
  /** From now on each webhook is held back for up to so long, so that different conversations overtake each other. */
  delay(upToMs: number): void
  /** From now on webhooks are kept, and say that what they tell happened so long ago. */
  keep(ageMs: number): void
  /** All that were kept come once more. */
  again(): Promise<void>
  readonly refusals: readonly string[]
}

const answersWithinMs = 4_000

/** `urls` are asked in turn; a refusal that would not change (4xx but 401, 408, 429) is kept as a defect and tried again all the same. */
export function openDelivery(urls: readonly string[], random: Random, signal: AbortSignal): Delivery {
  const refusals: string[] = []
  let copies = 1
  let copiesWithinMs = 0
  let delayMs = 0
  let ageMs: number | undefined
  const kept: { path: string; body: object }[] = []
  let turn = 0

  const ask = async (method: string, path: string, options: { token?: string; body?: object }): Promise<unknown> => {
    const headers: Record<string, string> = {}
    if (options.token !== undefined) headers.authorization = `Bearer ${options.token}`
    if (options.body !== undefined) headers['content-type'] = 'application/json'
    const limit = AbortSignal.any([signal, AbortSignal.timeout(answersWithinMs)])
    const url = `${urls[turn++ % urls.length]}${path}`
    const response = await fetch(url, {
      method,
      headers,
      body: options.body && JSON.stringify(options.body),
      signal: limit,
    })
    const text = await response.text()
    if (response.ok) return text === '' ? undefined : JSON.parse(text)
    if (response.status >= 400 && response.status < 500 && response.status !== 429)
      refusals.push(`${method} ${path.split('?')[0]}: ${response.status} ${text.slice(0, 200)}`)
    throw new Error(`answered with ${response.status}`)
  }

  const call = async <T>(method: string, path: string, options: { token?: string; body?: object } = {}): Promise<T> => {
    for (;;) {
      signal.throwIfAborted()
      try {
        return (await ask(method, path, options)) as T
      } catch {
        await sleep(random.whole(50, 400), undefined, { signal })
      }
    }
  }

  return {
    call,
    signal,
    refusals,
    async webhook(path, told) {
      const { at } = told as { at?: number }
      const body = ageMs !== undefined && at !== undefined ? { ...told, at: at - ageMs } : told
      if (ageMs !== undefined) kept.push({ path, body })
      if (delayMs > 0) await sleep(random.whole(0, delayMs), undefined, { signal })
      for (let copy = 1; copy < copies; copy++) {
        void sleep(random.whole(0, copiesWithinMs), undefined, { signal })
          .then(() => ask('POST', path, { body }))
          .catch(() => {})
      }
      await call('POST', path, { body })
    },
    duplicate(count, withinMs) {
      copies = count
      copiesWithinMs = withinMs
    },
    delay(upToMs) {
      delayMs = upToMs
    },
    keep(age) {
      ageMs = age
    },
    async again() {
      for (const { path, body } of kept.splice(0)) await call('POST', path, { body })
    },
  }
}
