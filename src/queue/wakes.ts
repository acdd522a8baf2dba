/** Wake-ups for lanes: a job says "drain these lanes", nothing more. Losing one costs time, never work: the sweeper finds the lanes. */
import type { JobsOptions, Queue, Worker } from 'bullmq'
import type { Logger } from 'pino'
import { connectionOf, type LaneName } from '../postgres/lanes.ts'
import type { QueueEngine } from './engine.ts'

export interface Wakes {
  wake(lanes: readonly LaneName[], inMs?: number): void
  /** Ends taking jobs; waits for those under way. */
  close(): Promise<void>
}

/**
 * What an append makes due at one connection is one job, of at most so many lanes: a job's way through the queue costs more than
 * draining a lane. Several jobs for a lane do no harm, since the first takes its lease and the others find nothing.
 */
const lanesPerJob = 32

/** One queue for each connection, so that a vendor that is down holds back nobody else. */
export async function openWakes(
  engine: QueueEngine,
  connections: readonly { name: string; concurrency: number }[],
  drain: (lanes: readonly LaneName[]) => Promise<void>,
  log: Logger,
): Promise<Wakes> {
  const queues = new Map<string, Queue>()
  const workers: Worker[] = []
  for (const { name, concurrency } of connections) {
    queues.set(name, engine.queue(name))
    workers.push(engine.worker(name, concurrency, (job) => drain((job.data as { lanes: LaneName[] }).lanes)))
  }
  await Promise.all([...queues.values()].map((queue) => queue.waitUntilReady()))
  await Promise.all(workers.map((worker) => worker.waitUntilReady()))

  // One by one: several jobs in one call make temporary tables on PostgreSQL, which costs far more than a few calls.
  const add = (name: string, lanes: readonly LaneName[], opts?: JobsOptions) =>
    queues.get(name)?.add('drain', { lanes: lanes.map(({ conversation, lane }) => ({ conversation, lane })) }, opts)

  const addNow = (name: string, lanes: readonly LaneName[]) =>
    Array.from({ length: Math.ceil(lanes.length / lanesPerJob) }, (_, index) =>
      add(name, lanes.slice(index * lanesPerJob, (index + 1) * lanesPerJob)),
    )

  /** A lane that waits, waits once. */
  const addLater = (name: string, lanes: readonly LaneName[], delay: number) =>
    lanes.map((one) => {
      const deduplication = { id: `${one.conversation} ${one.lane}`, keepLastIfActive: true }
      return add(name, [one], { delay, deduplication })
    })

  return {
    wake(lanes, inMs = 0) {
      for (const [name, group] of Map.groupBy(lanes, (lane) => connectionOf(lane.lane))) {
        const added = inMs > 0 ? addLater(name, group, Math.ceil(inMs)) : addNow(name, group)
        Promise.all(added).catch((error: Error) => log.debug({ error: error.message }, 'a wake-up was not queued'))
      }
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.close()))
      await Promise.all([...queues.values()].map((queue) => queue.close()))
    },
  }
}
