/** What SurveyMonkey still lets us call today and in this minute, by what it said with its last answer (surveymonkey.md 2). */
import { type Host, HubError } from '#hub/connector.ts'

type Headers = Readonly<Record<string, unknown>>
interface Window {
  limit: number
  remaining: number
  /** Epoch milliseconds. */
  until: number
}

/** `catch-up` can wait: it leaves a tenth of the day to the answers that customers give now. */
export type Use = 'answer' | 'catch-up'

export type Quota = ReturnType<typeof openQuota>

const restKey = 'day-is-used-up'

export function openQuota({ clock, memory }: Pick<Host, 'clock' | 'memory'>) {
  const windows: { minute?: Window; day?: Window } = {}
  let restUntil: Promise<number | undefined> | undefined

  const waitOf = (window: Window | undefined, reserve: number): number => {
    const wait = window ? window.until - clock.now() : 0
    return window && wait > 0 && window.remaining <= reserve ? wait : 0
  }

  /** Milliseconds until such a call may be made; 0: now. */
  async function waitMs(use: Use = 'answer'): Promise<number> {
    restUntil ??= memory.get<number>(restKey)
    const rest = windows.day ? 0 : ((await restUntil) ?? 0) - clock.now()
    const reserve = use === 'catch-up' ? Math.ceil((windows.day?.limit ?? 0) / 10) : 0
    return Math.max(0, rest, waitOf(windows.minute, 0), waitOf(windows.day, reserve))
  }

  return {
    waitMs,

    /** Counts a call that is about to be made; throws `busy` instead of making one that would be refused. */
    async take(use?: Use): Promise<void> {
      const wait = await waitMs(use)
      if (wait > 0)
        throw new HubError('busy', 'SurveyMonkey takes no more calls for now: its limit is reached', {
          retryAfterMs: wait,
        })
      for (const window of [windows.minute, windows.day]) if (window) window.remaining--
    },

    async learn(headers: Headers): Promise<void> {
      windows.minute = windowIn(headers, 'minute', clock.now()) ?? windows.minute
      windows.day = windowIn(headers, 'day', clock.now()) ?? windows.day
      const { day } = windows
      // A restart must not forget that the day is used up: overruns are counted against the app.
      if (day && day.remaining <= 0 && day.until > clock.now())
        await memory.set(restKey, day.until, day.until - clock.now())
    },
  }
}

/** Reset is a duration in seconds, not a time. */
function windowIn(headers: Headers, name: 'minute' | 'day', now: number): Window | undefined {
  const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((what) =>
    numberIn(headers[`x-ratelimit-app-global-${name}-${what}`]),
  )
  if (remaining === undefined || reset === undefined) return undefined
  return { limit: limit ?? 0, remaining, until: now + reset * 1000 }
}

/** After a 429: until the day begins anew when the day is used up, else until the minute does. */
export function adviceIn(headers: Headers, now: number): number {
  const [minute, day] = [windowIn(headers, 'minute', now), windowIn(headers, 'day', now)]
  const window = day && day.remaining <= 0 ? day : minute
  return window && window.until > now ? window.until - now : 60_000
}

function numberIn(value: unknown): number | undefined {
  const text = typeof value === 'string' ? value.trim() : ''
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined
}
