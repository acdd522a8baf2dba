/** What is looked at on the way in: each check throws `invalid`, with the place, what was found and what is right. Pure. */
import { HubError } from '#hub/connector.ts'

export const isId = (value: unknown): value is string => typeof value === 'string' && idPattern.test(value)
const idPattern = /^[A-Za-z0-9_-]{8,64}$/

export function invalid(place: string, was: string, right: string): HubError {
  return new HubError('invalid', `${place}: found ${was}; right is ${right}`)
}

/** Says the kind of a wrong value, never the value: it may be a customer's text or a secret. */
export function found(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (typeof value === 'string') return `a string of ${value.length} characters`
  if (typeof value === 'number') return `the number ${value}`
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`
}

export function parseObject(data: string): Record<string, unknown> {
  try {
    return anObject(JSON.parse(data))
  } catch (error) {
    if (error instanceof HubError) throw error
    throw invalid('frame', 'no JSON', 'a JSON object like {"t":"ping"}')
  }
}

export function anObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid('body', found(value), 'a JSON object')
  return value as Record<string, unknown>
}

export function aToken(value: unknown): string {
  if (typeof value === 'string' && /^[A-Za-z0-9_-]{43}$/.test(value)) return value
  throw invalid('token', found(value), 'the token that POST /sessions returned')
}

export function anId(value: unknown, place: string): string {
  if (isId(value)) return value
  throw invalid(place, found(value), '8 to 64 of A–Z a–z 0–9 _ -')
}

export function aCount(value: unknown, place: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw invalid(place, found(value), 'a whole number from 0')
}

export function aBoolean(value: unknown, place: string): boolean {
  if (typeof value === 'boolean') return value
  throw invalid(place, found(value), 'true or false')
}

export function aText(value: unknown, place: string, length: number): string {
  if (typeof value !== 'string') throw invalid(place, found(value), `a string of 1 to ${length} characters`)
  const words = clean(value)
  if (words.trim() === '') throw invalid(place, 'an empty text', `1 to ${length} characters`)
  if (words.length > length) throw invalid(place, `${words.length} characters`, `at most ${length}`)
  return words
}

/** PostgreSQL stores neither NUL nor half a surrogate pair in JSON; other control characters only confuse screens. */
export function clean(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return value.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '')
}

export function aLanguage(value: unknown): string {
  if (typeof value === 'string' && /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(value)) return value
  throw invalid('language', found(value), 'a language tag like "de" or "pt-BR"')
}
