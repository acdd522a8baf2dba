/**
 * Sends a whole group of dead letters again: a few at a time, each few only when the ones before have arrived or failed, and no
 * faster than half of what the connection allows. It waits while the connection does, and ends when the cause is not mended.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { Hub } from '../hub.ts'
import { type LetterName, readLetters } from '../postgres/dead-letter-groups.ts'
import { replayDeadLetter } from '../postgres/dead-letters.ts'
import {
  addReplay,
  endReplay,
  type OwnReplay,
  type Replay,
  reportReplay,
  settledOf,
  takeOverReplays,
} from '../postgres/replays.ts'
import { factsOf } from './facts.ts'
import { stalenessOf } from './meaning.ts'

export interface Replays {
  /** Undefined while this group is being replayed already. */
  start(job: {
    cause: string
    connection: string
    total: number
    leavesStale: boolean
    by: string
  }): Promise<Replay | undefined>
  stop(id: number): Promise<boolean>
  /** Goes on with those whose hub is gone. */
  takeOver(): Promise<void>
  close(): Promise<void>
}

const atOnce = 10
const settleWithinMs = 60_000
/** So many refused again, and none delivered: the cause is still there. */
const failedInVain = 5

export function openReplays(hub: Hub, clock: Clock, log: Pick<Logger, 'warn'>): Replays {
  const me = hub.traffic.id
  const running = new Set<Promise<void>>()
  const closing = new AbortController()

  const carryOn = (job: OwnReplay) => {
    const work = run(hub, clock, job, closing.signal).catch((error: Error) => {
      if (!closing.signal.aborted) log.warn({ replay: job.id, error: error.message }, 'a replay was interrupted')
    })
    running.add(work)
    void work.finally(() => running.delete(work))
  }

  return {
    async start(job) {
      const added = await addReplay(hub.pool, { ...job, hub: me })
      if (added) carryOn(added)
      return added
    },
    stop: (id) => endReplay(hub.pool, id, 'stopped', 'Stopped by hand.'),
    async takeOver() {
      for (const job of await takeOverReplays(hub.pool, me)) carryOn(job)
    },
    async close() {
      closing.abort()
      await Promise.allSettled(running)
    },
  }
}

async function run(hub: Hub, clock: Clock, job: OwnReplay, signal: AbortSignal): Promise<void> {
  const so = { id: job.id, delivered: job.delivered, failed: job.failed, leftOut: 0 }
  let after: string | undefined
  for (;;) {
    if (!(await reportReplay(hub.pool, so, hub.traffic.id))) return
    const waitMs = hub.gates.waitMs(job.connection)
    if (waitMs > 0) {
      await sleep(Math.min(waitMs, 1_000), undefined, { signal })
      continue
    }
    const letters = await readLetters(hub.pool, { cause: job.cause }, { limit: atOnce, until: job.until, after })
    if (letters.length === 0) return void (await endReplay(hub.pool, job.id, 'done', null))
    const sent: LetterName[] = []
    for (const letter of letters) {
      after = letter.cursor
      if (job.leavesStale && stalenessOf(factsOf(letter), clock.now()).isStale) so.leftOut++
      else {
        const { conversation, lane } = letter
        const replayed = await replayDeadLetter(hub.pool, letter, job.by)
        if (replayed) sent.push({ conversation, lane, n: replayed.n })
      }
    }
    hub.wake(sent)
    const pace = sleep(paceMs(hub, job.connection, sent.length), undefined, { signal })
    for (const fate of await whenSettled(hub, sent, signal)) so[fate === 'done' ? 'delivered' : 'failed']++
    await pace
    if (so.delivered === 0 && so.failed >= failedInVain) {
      await reportReplay(hub.pool, so, hub.traffic.id)
      const why = `The first ${so.failed} failed again: mend the cause first.`
      return void (await endReplay(hub.pool, job.id, 'stopped', why))
    }
  }
}

/** Half of what the connection may be asked in a minute: the rest is for conversations that go on. */
function paceMs(hub: Hub, connection: string, letters: number): number {
  const perMinute = hub.connections.get(connection)?.limits?.callsPerMinute
  return perMinute ? (letters * 60_000) / (perMinute / 2) : 0
}

async function whenSettled(hub: Hub, sent: readonly LetterName[], signal: AbortSignal): Promise<('done' | 'failed')[]> {
  let fates: ('done' | 'failed')[] = []
  for (let waitedMs = 0; waitedMs < settleWithinMs; ) {
    fates = await settledOf(hub.pool, sent)
    if (fates.length === sent.length) break
    const waitMs = Math.min(1_000, 50 + waitedMs / 4)
    await sleep(waitMs, undefined, { signal })
    waitedMs += waitMs
  }
  return fates
}
