/** Passing signals to sockets, on this hub and on all others: "look again", typing, presence. May drop; what must arrive is read from the record. */
import { EventEmitter } from 'node:events'
import type { Relay } from 'bullmq'
import type { Logger } from 'pino'

export interface Fanout {
  publish(topic: string, data: unknown): void
  subscribe(topic: string, heard: (data: unknown) => void): () => void
  /** Other hubs are told only while there are some. */
  setAlone(isAlone: boolean): void
  close(): Promise<void>
}

const everything = 'hub.signals'

export async function openFanout(relay: Relay, log: Logger): Promise<Fanout> {
  const local = new EventEmitter()
  local.setMaxListeners(0)
  let isAlone = false
  let batch: { topic: string; data: unknown }[] = []
  await relay.waitUntilReady()
  await relay.subscribe<{ from: string; signals: typeof batch }>(everything, ({ data }) => {
    if (data.from !== relay.nodeId) for (const { topic, data: signal } of data.signals) local.emit(topic, signal)
  })
  const send = () => {
    const signals = batch
    batch = []
    relay
      .publish(everything, { from: relay.nodeId, signals })
      .catch((error: Error) => log.debug({ error: error.message }, 'signals dropped'))
  }
  return {
    publish(topic, data) {
      local.emit(topic, data)
      if (isAlone) return
      batch.push({ topic, data })
      if (batch.length === 1) setTimeout(send, 5)
    },
    subscribe(topic, heard) {
      local.on(topic, heard)
      return () => local.off(topic, heard)
    },
    setAlone(alone) {
      isAlone = alone
    },
    close: () => relay.close(),
  }
}
