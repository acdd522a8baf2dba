/** Wake-ups for lanes: a job says "drain this lane", nothing more. Losing one costs time, never work: the sweeper finds the lane. */
import type { Queue, Worker } from 'bullmq'
import type { Logger } from 'pino'
import { connectionOf, type LaneName } from '../postgres/lanes.ts'
import type { QueueEngine } from './engine.ts'

export interface Wakes {
  wake(lanes: readonly LaneName[], inMs?: number): void
  /** Ends taking jobs; waits for those under way. */
  close(): Promise<void>
}

/** One queue for each connection, so that a vendor that is down holds back nobody else. */
export async function openWakes(
  engine: QueueEngine,
  connections: readonly { name: string; concurrency: number }[],
  drain: (lane: LaneName) => Promise<void>,
  log: Logger,
): Promise<Wakes> {
  const queues = new Map<string, Queue>()
  const workers: Worker[] = []
  for (const { name, concurrency } of connections) {
    queues.set(name, engine.queue(name))
    workers.push(engine.worker(name, concurrency, (job) => drain(job.data as LaneName)))
  }
  await Promise.all([...queues.values()].map((queue) => queue.waitUntilReady()))
  await Promise.all(workers.map((worker) => worker.waitUntilReady()))

  const add = (name: string, lanes: readonly LaneName[], inMs: number) => {
    const jobs = lanes.map((lane) => ({
      name: 'drain',
      data: { conversation: lane.conversation, lane: lane.lane },
      opts: {
        ...(inMs > 0 ? { delay: Math.ceil(inMs) } : {}),
        deduplication: { id: `${lane.conversation} ${lane.lane}${inMs > 0 ? ' later' : ''}`, keepLastIfActive: true },
      },
    }))
    return queues.get(name)?.addBulk(jobs)
  }

  return {
    wake(lanes, inMs = 0) {
      for (const [name, group] of Map.groupBy(lanes, (lane) => connectionOf(lane.lane))) {
        add(name, group, inMs)?.catch((error: Error) => log.debug({ error: error.message }, 'a wake-up was not queued'))
      }
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.close()))
      await Promise.all([...queues.values()].map((queue) => queue.close()))
    },
  }
}
