/** Which days a report is about, in the zone of whoever asks, and as many just before them to compare with. */
import { DateTime } from 'luxon'
import { HubError } from '../errors.ts'

export interface Period {
  readonly zone: string
  /** `2026-11-24`, in order. */
  readonly days: readonly string[]
  /** When each day begins, those before the period first: twice as many as `days`. */
  readonly starts: readonly number[]
  readonly beforeFrom: number
  readonly from: number
  /** Exclusive. */
  readonly to: number
  /** The day that is not over yet, if the period has it. */
  readonly running: string | undefined
}

export interface Dates {
  readonly from?: string
  /** Inclusive. */
  readonly to?: string
  readonly zone?: string
}

const longest = 400
const usual = 14

/** Without dates: the last 14 days, today included. Days to come are left out. */
export function readPeriod({ from, to, zone = 'UTC' }: Dates, now: number): Period {
  const today = DateTime.fromMillis(now, { zone }).startOf('day')
  if (!today.isValid) throw wrong('zone', zone, 'an IANA zone like Europe/Berlin')
  const last = to === undefined ? today : dayIn('to', to, zone)
  const first = from === undefined ? last.minus({ days: usual - 1 }) : dayIn('from', from, zone)
  if (first > last) throw wrong('from', from ?? '', `a day not after ${last.toISODate()}`)
  const until = last > today ? DateTime.max(first, today) : last
  const count = Math.round(until.diff(first, 'days').days) + 1
  if (count > longest) throw wrong('from', from ?? '', `at most ${longest} days before "to"`)
  const begin = first.minus({ days: count })
  const at = (n: number) => begin.plus({ days: n })
  return {
    zone,
    days: Array.from({ length: count }, (_, n) => at(count + n).toISODate()!),
    starts: Array.from({ length: 2 * count }, (_, n) => at(n).toMillis()),
    beforeFrom: begin.toMillis(),
    from: first.toMillis(),
    to: until.plus({ days: 1 }).toMillis(),
    running: until.hasSame(today, 'day') ? (today.toISODate() ?? undefined) : undefined,
  }
}

function dayIn(name: string, written: string, zone: string): DateTime {
  const day = DateTime.fromISO(written, { zone })
  if (!day.isValid) throw wrong(name, written, 'a day like 2026-11-24')
  return day.startOf('day')
}

const wrong = (name: string, found: string, right: string): HubError =>
  new HubError('invalid', `${name}: found "${found}"; right is ${right}`)

/** Every hour of the period, and its place in a week: Monday 0:00 is 0, Sunday 23:00 is 167. A skipped hour has none. */
export function hoursOf({ from, to, zone }: Period): { starts: number[]; cells: number[] } {
  const starts: number[] = []
  const cells: number[] = []
  for (let at = from; at < to; at += 3_600_000) {
    const { weekday, hour } = DateTime.fromMillis(at, { zone })
    starts.push(at)
    cells.push((weekday - 1) * 24 + hour)
  }
  return { starts, cells }
}
