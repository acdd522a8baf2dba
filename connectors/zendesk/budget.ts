/** How much the account still allows, so that Zendesk need not say no (zendesk.md 7.2). */
import type { AxiosResponse } from 'axios'
import { type Clock, HubError } from '#hub/connector.ts'

/** Support and Help Center each have a budget of the same size. */
export type Area = 'support' | 'guide'

export interface Budget {
  /** Throws `busy` while nothing is left. */
  spend(area: Area): void
  learn(area: Area, headers: AxiosResponse['headers']): void
  /** What can wait should leave the rest to people’s words. */
  isTight(area: Area): boolean
}

interface Left {
  readonly limit: number
  readonly remaining: number
  readonly until: number
}

/** Where Zendesk does not say when the minute is over. */
const assumedResetSeconds = 5

export function createBudget(clock: Clock): Budget {
  const left = new Map<Area, Left>()
  const current = (area: Area): Left | undefined => {
    const known = left.get(area)
    return known && known.until > clock.now() ? known : undefined
  }
  return {
    spend(area) {
      const known = current(area)
      if (known && known.remaining <= 0)
        throw new HubError('busy', 'The calls per minute that Zendesk allows are used up', {
          retryAfterMs: known.until - clock.now(),
        })
      if (known) left.set(area, { ...known, remaining: known.remaining - 1 })
    },
    learn(area, headers) {
      const remaining = numberIn(headers, 'ratelimit-remaining') ?? numberIn(headers, 'x-rate-limit-remaining')
      if (remaining === undefined) return
      const limit = numberIn(headers, 'ratelimit-limit') ?? numberIn(headers, 'x-rate-limit') ?? remaining
      const seconds = numberIn(headers, 'ratelimit-reset') ?? assumedResetSeconds
      left.set(area, { limit, remaining, until: clock.now() + seconds * 1_000 })
    },
    isTight(area) {
      const known = current(area)
      return known !== undefined && known.remaining < known.limit / 5
    },
  }
}

function numberIn(headers: AxiosResponse['headers'], name: string): number | undefined {
  const value = headers[name]
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
  return Number.isFinite(number) ? number : undefined
}
