/** A connection's word in the console: what its gate says, then what its traffic tells. Pure. */
import type { Gate, Health } from './gates.ts'
import type { Figures, Quiet } from './postgres/traffic.ts'

/** Worst first: the order of the list. */
export const healthWords = [
  'credentials refused',
  'failing',
  'paused',
  'limited',
  'silent',
  'slow',
  'healthy',
] as const satisfies readonly Health[]

const minute = 60_000
const day = 86_400_000

/** Slow: of the last quarter of an hour's calls, one in twenty takes as long as this, where there were enough to tell. */
export const slowMs = 3_000
const slowAfterCalls = 10
/** Silent: nothing came for half as long again as ever within seven days, and never before half an hour. */
const silentFactor = 1.5
const silentAfterMs = 30 * minute
/** So much must be known before anything is called unusual: three days hold the nights, and a week its end. */
const knownForMs = 3 * day
/** Nothing ever came, although so much was sent for a day. */
const neverAfterMs = day
const neverAfterCalls = 20

export interface Signs {
  readonly gate: Health
  readonly figures: Figures
  readonly quiet: Quiet | undefined
  /** Whether anything is expected to come by itself. */
  readonly reports: boolean
  readonly now: number
}

export function healthOf({ gate, figures, quiet, reports, now }: Signs): Health {
  if (gate !== 'healthy') return gate
  if (reports && quiet && isSilent(quiet, figures.lastIn, now)) return 'silent'
  if (figures.recentCalls >= slowAfterCalls && (figures.recentP95 ?? 0) >= slowMs) return 'slow'
  return 'healthy'
}

function isSilent({ longestMs, since, calls, cameIn }: Quiet, lastIn: number | null, now: number): boolean {
  if (cameIn === 0) return now - since >= neverAfterMs && calls >= neverAfterCalls
  if (longestMs === null || lastIn === null || now - since < knownForMs) return false
  return now - lastIn >= Math.max(silentAfterMs, longestMs * silentFactor)
}

/** When it is tried again, or goes on by itself. */
export function nextTryAt(health: Health, gate: Gate | undefined): number | null {
  if (health === 'limited') return gate?.limitedUntil ?? null
  if (health === 'failing' || health === 'credentials refused') return gate?.brokenUntil ?? null
  return null
}

/** What whoever runs the hub can do about it. Null when nothing is to be done. */
export const advice: Readonly<Record<Health, string | null>> = {
  'credentials refused':
    'Words wait up to 15 minutes for new credentials. Renew them where the YAML takes them from, restart the hub, then test.',
  failing: 'Wait until it is tried again, or pause it: then new handoffs go on to the next desk at once.',
  paused: 'Resume it when the reason is over: what was held back then goes out in order.',
  limited: 'Nothing: the hub waits as long as it was asked to. If it happens often, ask the vendor for a higher limit.',
  silent:
    'Look whether its webhook still points here and is switched on there; refused deliveries are listed with the reason.',
  slow: 'Look at the vendor’s status page. Customers wait longer for what goes over it.',
  healthy: null,
}
