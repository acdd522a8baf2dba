/** A conversation without the person in it: what is not known to be safe is hidden, so that a new field is hidden too. */
import { hiddenWords, initials } from './masking.ts'

/** Words of ours, of the configuration or of vendors' machines: they name no customer and quote nobody. */
const safe = new Set(
  [
    'type kind role stage outcome criterion code connection desk mode lane status by language intent action measured limit',
    'wouldFire priority do mime visibility list channel mapping control why segment timeZone held command what cursor',
  ].flatMap((names) => names.split(' ')),
)

/** `path`: the keys above, outermost first. */
export function maskStory<T>(value: T, path: readonly string[] = []): T {
  if (Array.isArray(value)) return value.map((one) => maskStory(one, path)) as T
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, maskStory(one, [...path, key])])) as T
  return typeof value === 'string' ? (maskString(value, path) as T) : value
}

function maskString(text: string, path: readonly string[]): string {
  const key = path.at(-1)
  if (key === 'name') return initials(text)
  // Facts of a CRM have names of their own, which may be any of ours.
  if (path.includes('facts') || path.includes('slots')) return hiddenWords
  if (safe.has(key!)) return text
  // What the hub decided and what a vendor's machine answered, without what they quote; but never what somebody wrote.
  const isOurs = !path.includes('message') && !path.includes('messages') && !path.includes('parts')
  if (key === 'text' && isOurs) return withoutQuotes(text)
  return hiddenWords
}

export const withoutQuotes = (text: string): string =>
  text.replace(/(["“”„«»])[^"“”„«»]*(["“”„«»])/g, `$1${hiddenWords}$2`)
