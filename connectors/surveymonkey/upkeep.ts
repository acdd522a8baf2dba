/** What is done from time to time: see that everything is set up, and catch up on answers. */
import type { Connection, Host } from '#hub/connector.ts'
import { HubError } from '#hub/errors.ts'
import type { Answers } from './answers.ts'
import type { Registration } from './registration.ts'

const minuteMs = 60_000
const longestMs = 60 * minuteMs

export function openUpkeep(
  registration: Registration,
  answers: Answers,
  { clock }: Pick<Host, 'clock'>,
): NonNullable<Connection['poll']> {
  const setUp = patiently(registration.ensure, clock)
  const catchUp = patiently(answers.catchUp, clock)
  return {
    everyMs: minuteMs,
    async run() {
      // Answers are read also while the set-up does not get on.
      const outcomes = [await settle(setUp()), await settle(catchUp())]
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
    },
  }
}

/** What fails is tried again after 1, 2, 4… minutes, at most an hour: each try costs calls of the day. */
function patiently(work: () => Promise<void>, clock: Host['clock']): () => Promise<void> {
  let failures = 0
  let nextAt = 0
  return async () => {
    if (clock.now() < nextAt) return
    try {
      await work()
      failures = 0
    } catch (error) {
      const asked = error instanceof HubError ? (error.retryAfterMs ?? 0) : 0
      nextAt = clock.now() + Math.max(asked, Math.min(longestMs, minuteMs * 2 ** failures++))
      throw error
    }
  }
}

const settle = async (work: Promise<void>) => (await Promise.allSettled([work]))[0]
