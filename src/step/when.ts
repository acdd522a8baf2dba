/** A moment in words for a customer: "today at 14:00", "Monday at 09:00", in their language and time zone. */
export function sayWhen(moment: number, now: number, timeZone: string, language: string): string {
  const day = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' })
  const time = new Intl.DateTimeFormat(language, { timeZone, hour: '2-digit', minute: '2-digit' }).format(moment)
  const comma = language.split('-')[0] === 'ar' ? '،' : ','
  const days = Math.round((Date.parse(day.format(moment)) - Date.parse(day.format(now))) / 86_400_000)
  if (days <= 1)
    return `${new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(days, 'day')}${comma} ${time}`
  const style = days < 7 ? ({ weekday: 'long' } as const) : ({ dateStyle: 'medium' } as const)
  return `${new Intl.DateTimeFormat(language, { timeZone, ...style }).format(moment)}${comma} ${time}`
}
