/** Numbers, times and durations in the reader's own language. */
const locale = navigator.language

// Twenty-four hours in every language: columns are as wide as that, and nobody confuses morning and evening.
const ofDay = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
const clock = new Intl.DateTimeFormat(locale, { ...ofDay, second: '2-digit' })
const minuteOfDay = new Intl.DateTimeFormat(locale, ofDay)
const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' })
const dayOfYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' })
const whole = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' })
const figure = new Intl.NumberFormat(locale)
const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
const ago = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' })
const listed = new Intl.ListFormat(locale, { type: 'conjunction' })

/** `10:42:07` */
export const formatClock = (at: number): string => clock.format(at)
/** `10:42` */
export const formatTime = (at: number): string => minuteOfDay.format(at)
/** With its zone, for a tooltip. */
export const formatWhole = (at: number): string => whole.format(at)
export const formatNumber = (value: number): string => figure.format(value)
/** 0.184 → `18.4 %` */
export const formatShare = (value: number): string => share.format(value)
export const formatList = (words: readonly string[]): string => listed.format(words)

/** `10:42` today, `3 Nov 10:42` this year, else with its year. */
export function formatMoment(at: number, now = Date.now()): string {
  const [then, today] = [new Date(at), new Date(now)]
  if (then.toDateString() === today.toDateString()) return minuteOfDay.format(at)
  const date = then.getFullYear() === today.getFullYear() ? day : dayOfYear
  return `${date.format(at)}, ${minuteOfDay.format(at)}`
}

/** `06:12` until an hour, then `2 h 5 min`, then `3 d 4 h`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${two(minutes)}:${two(seconds % 60)}`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return `${hours} h ${minutes % 60} min`
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

const two = (value: number): string => String(value).padStart(2, '0')

/** `3 min ago`, `in 20 sec.` */
export function formatAgo(at: number, now = Date.now()): string {
  const seconds = Math.round((at - now) / 1_000)
  const size = Math.abs(seconds)
  if (size < 60) return ago.format(seconds, 'second')
  if (size < 3_600) return ago.format(Math.round(seconds / 60), 'minute')
  if (size < 86_400) return ago.format(Math.round(seconds / 3_600), 'hour')
  return ago.format(Math.round(seconds / 86_400), 'day')
}

const languages = new Intl.DisplayNames(locale, { type: 'language', fallback: 'code' })
/** `de` → `German`; what is no language tag stays as it is. */
export function formatLanguage(tag: string): string {
  try {
    return languages.of(tag) ?? tag
  } catch {
    return tag
  }
}

/** `1 handoff`, `2 handoffs`. */
export const formatCount = (amount: number, one: string, many = `${one}s`): string =>
  `${formatNumber(amount)} ${amount === 1 ? one : many}`
