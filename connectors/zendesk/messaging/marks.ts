/** How our own messages are known again: a mark in their metadata, which only the owner of the secret can make. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { WireMessage } from './wire.ts'

export interface Marks {
  of(key: string): string
}

export const markName = 'baton_mark'
export const pieceName = 'baton_piece'

/** Code in a web page can put metadata on a customer’s message (zendesk.md 4.5), so the key itself would prove nothing. */
export const createMarks = (secret: string): Marks => ({
  of: (key) => createHmac('sha256', secret).update(key).digest('hex').slice(0, 32),
})

export const hasMark = ({ metadata }: WireMessage, mark: string): boolean => metadata?.[markName] === mark

/** In the time that does not tell how much of it fits (zendesk.md 4.1). Pure. */
export function verify(given: unknown, secret: string): boolean {
  if (typeof given !== 'string') return false
  const [one, other] = [digest(given), digest(secret)]
  return timingSafeEqual(one, other)
}

const digest = (text: string): Buffer => createHmac('sha256', 'x-api-key').update(text).digest()
