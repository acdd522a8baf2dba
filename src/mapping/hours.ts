/** Opening hours: when people are there, told in the zone where they work. */
import { DateTime } from 'luxon'
import { type Static, Type } from 'typebox'

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
const dayNames = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
}

const spans = (title: string) =>
  Type.Optional(
    Type.Array(
      Type.String({
        pattern: '^([01]\\d|2[0-3]):[0-5]\\d-(([01]\\d|2[0-3]):[0-5]\\d|24:00)$',
        examples: ['09:00-17:00', '22:00-06:00', '00:00-24:00'],
      }),
      { title, description: 'Open from-to; an end before its begin lies on the next day. Missing: closed.' },
    ),
  )

export const calendarSettings = Type.Object(
  {
    timeZone: Type.String({
      title: 'Time zone',
      description: 'IANA name of the zone the hours are told in.',
      format: 'time-zone',
      examples: ['Europe/Berlin', 'America/New_York'],
    }),
    week: Type.Object(
      {
        mon: spans(dayNames.mon),
        tue: spans(dayNames.tue),
        wed: spans(dayNames.wed),
        thu: spans(dayNames.thu),
        fri: spans(dayNames.fri),
        sat: spans(dayNames.sat),
        sun: spans(dayNames.sun),
      },
      { additionalProperties: false, title: 'Week', description: 'The hours of each day.', minProperties: 1 },
    ),
    holidays: Type.Optional(
      Type.Array(Type.String({ format: 'date', examples: ['2026-12-25'] }), {
        title: 'Holidays',
        description: 'Days without hours.',
        default: [],
      }),
    ),
  },
  { additionalProperties: false, title: 'Hours', description: 'When people are there. Default: always.' },
)
export type Calendar = Static<typeof calendarSettings>

/** Minutes after local midnight; an end at or before its begin lies on the next day. */
export interface Span {
  readonly from: number
  readonly to: number
}

export interface Hours {
  readonly timeZone: string
  /** Seven days, Monday first. */
  readonly week: ReadonlyArray<readonly Span[]>
  /** `2026-12-25` */
  readonly holidays: readonly string[]
}

export const readHours = (calendar: Calendar): Hours => ({
  timeZone: calendar.timeZone,
  week: weekdays.map((day) => (calendar.week[day] ?? []).map(readSpan)),
  holidays: calendar.holidays ?? [],
})

function readSpan(written: string): Span {
  const [from, to] = written.split('-').map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3)))
  return { from: from!, to: to! }
}

/** No hours: always open. `at` in epoch milliseconds. */
export function isOpen(hours: Hours | undefined, at: number): boolean {
  if (!hours) return true
  const today = DateTime.fromMillis(at, { zone: hours.timeZone }).startOf('day')
  // Yesterday too: a night shift that began then may still be on.
  return [today.minus({ days: 1 }), today].some((day) =>
    openSpans(hours, day).some(([from, to]) => from <= at && at < to),
  )
}

const furthestDays = 400

/** The first moment from `at` on when it is open, `at` itself if it is open then; undefined when none comes within 400 days. */
export function nextOpen(hours: Hours | undefined, at: number): number | undefined {
  if (isOpen(hours, at) || !hours) return at
  const today = DateTime.fromMillis(at, { zone: hours.timeZone }).startOf('day')
  for (let ahead = 0; ahead <= furthestDays; ahead++) {
    const begins = openSpans(hours, today.plus({ days: ahead })).map(([from]) => from)
    const later = begins.filter((from) => from > at)
    if (later.length) return Math.min(...later)
  }
  return undefined
}

/** The hours that begin on this local day, as moments. A time the clocks skip is taken as much later as they were put forward. */
function openSpans(hours: Hours, day: DateTime): Array<readonly [number, number]> {
  if (hours.holidays.includes(day.toISODate() ?? '')) return []
  return (hours.week[day.weekday - 1] ?? []).map(({ from, to }) => {
    const endDay = to <= from ? day.plus({ days: 1 }) : day
    return [momentOn(day, from), momentOn(endDay, to)] as const
  })
}

const momentOn = (day: DateTime, minutes: number): number =>
  minutes === 1440
    ? day.plus({ days: 1 }).startOf('day').toMillis()
    : day.set({ hour: Math.floor(minutes / 60), minute: minutes % 60 }).toMillis()
