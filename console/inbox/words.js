/** Times, counts and names as people say them. */

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' })
const seconds = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })

export const timeOf = (at) => (Date.now() - at < 20 * 3_600_000 ? clock.format(at) : day.format(at))
export const fullTime = (at) => full.format(at)
export const exactTime = (at) => seconds.format(at)

/** `mm:ss` until an hour, then `h:mm h`. */
export function duration(ms) {
  const total = Math.max(0, Math.floor(ms / 1000))
  const two = (n) => String(n).padStart(2, '0')
  if (total < 3600) return `${Math.floor(total / 60)}:${two(total % 60)}`
  return total < 86_400
    ? `${Math.floor(total / 3600)}:${two(Math.floor((total % 3600) / 60))} h`
    : `${Math.floor(total / 86_400)} d`
}

export const counted = (n, one, many = `${one}s`) => `${n} ${n === 1 ? one : many}`

export const firstName = (name) => name.split(/\s+/)[0]

const languages = new Intl.DisplayNames(undefined, { type: 'language', fallback: 'code' })
export function languageName(code) {
  try {
    return languages.of(code)
  } catch {
    return code
  }
}

export const modes = { live: 'Live', ticket: 'Ticket', callback: 'Call back' }
export const presences = { online: 'Online', away: 'Away', offline: 'Offline' }

export const endings = {
  resolved: 'Resolved.',
  returned: 'Back with the bot.',
  abandoned: 'The customer left.',
  expired: 'It waited too long and was closed.',
  moved: 'It moved to another desk.',
}
export const endingOf = (outcome) => endings[outcome] ?? 'This conversation has ended.'
