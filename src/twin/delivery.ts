/** The webhooks of a twin: sent in order as the vendor does, again where it does, and wrongly when told. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Troubles } from './troubles.ts'

export interface DeliveryOptions {
  readonly troubles: Troubles
  /** Waits before the vendor sends again what was not answered with 2xx (sheet: its redelivery). Empty: it never does. */
  readonly retriesMs: readonly number[]
  /** Answers after which the vendor never sends again. Default: none. */
  readonly finalStatuses?: readonly number[]
  /** How long the vendor waits for the answer. Default 5,000. */
  readonly deadlineMs?: number
  /** Told of each failed delivery; a vendor may switch a webhook off. */
  failed?(failure: { readonly name: string; readonly status: number | undefined; readonly isLast: boolean }): void
}

export interface Webhook {
  /** The vendor's name of the event: what `Misbehaviour.only` matches. */
  readonly name: string
  readonly url: string
  readonly method?: 'POST' | 'PUT' | 'HEAD'
  readonly headers: Readonly<Record<string, string>>
  /** As it goes over the wire: signatures are of these bytes. */
  readonly body?: string
}

export interface Delivery {
  /** One after the other, in this order; does not wait for the answer. */
  send(webhook: Webhook): void
  /** Resolves when nothing is on its way or waits to be sent again. */
  delivered(): Promise<void>
  /** Stops sending; what still waits is dropped. */
  close(): Promise<void>
}

export function openDelivery(options: DeliveryOptions): Delivery {
  const { troubles } = options
  const ending = new AbortController()
  let held: { webhook: Webhook; release: () => void } | undefined
  let line: Promise<void> = Promise.resolve()
  const underWay = new Set<Promise<void>>()

  const isFinal = (status: number | undefined): boolean =>
    status !== undefined && (options.finalStatuses ?? []).includes(status)
  const keep = (work: Promise<void>) => {
    underWay.add(work)
    void work.finally(() => underWay.delete(work))
  }
  const pause = (ms: number) => sleep(ms, undefined, { signal: ending.signal, ref: false }).catch(() => {})

  async function post({ url, method = 'POST', headers, body }: Webhook): Promise<number | undefined> {
    const signal = AbortSignal.any([ending.signal, AbortSignal.timeout(options.deadlineMs ?? 5_000)])
    try {
      const response = await fetch(url, { method, headers, body, signal, redirect: 'manual' })
      await response.arrayBuffer()
      return response.status
    } catch {
      return undefined
    }
  }

  /** The first try is what order is about; tries again are on their own. */
  async function deliver(webhook: Webhook): Promise<void> {
    const status = await post(webhook)
    if (isFine(status) || ending.signal.aborted) return
    const isLast = options.retriesMs.length === 0 || isFinal(status)
    options.failed?.({ name: webhook.name, status, isLast })
    if (!isLast) keep(redeliver(webhook))
  }
  async function redeliver(webhook: Webhook): Promise<void> {
    for (const [index, waitMs] of options.retriesMs.entries()) {
      await pause(waitMs)
      if (ending.signal.aborted) return
      const status = await post(webhook)
      if (isFine(status)) return
      const isLast = index === options.retriesMs.length - 1 || isFinal(status)
      options.failed?.({ name: webhook.name, status, isLast })
      if (isLast) return
    }
  }

  const queue = (webhook: Webhook) => {
    line = line.then(() => deliver(webhook))
    keep(line)
  }
  const hold = (webhook: Webhook) => {
    let isReleased = false
    const release = () => {
      if (isReleased) return
      isReleased = true
      if (held?.webhook === webhook) held = undefined
      queue(webhook)
    }
    held = { webhook, release }
    keep(pause(troubles.delayMs).then(release))
  }

  return {
    send(webhook) {
      const trouble = troubles.ofWebhook(webhook.name)
      const before = held
      if (trouble === 'disorder' && !before) hold(webhook)
      else if (trouble === 'late') keep(pause(troubles.delayMs).then(() => queue(webhook)))
      else if (trouble !== 'lost') for (let copy = 0; copy < (trouble === 'duplicates' ? 3 : 1); copy++) queue(webhook)
      before?.release()
    },
    async delivered() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
    async close() {
      ending.abort()
      await Promise.allSettled(underWay)
    },
  }
}

const isFine = (status: number | undefined): boolean => status !== undefined && status >= 200 && status < 300
