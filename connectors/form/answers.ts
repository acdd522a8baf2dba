/** What a browser or a widget may send as an answer. Pure. */
import { HubError } from '#hub/connector.ts'
import type { Answer } from './invitations.ts'

export const maxComment = 2_000

/** From JSON (`{score: 4}`) or a form (`score=4`). Throws `invalid` with what is right. */
export function readAnswer(body: unknown, scale: number): Answer {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new HubError('invalid', `The answer must be a map like {"score": ${scale}, "comment": "…"}.`)
  }
  const { score, comment } = body as Record<string, unknown>
  const number = typeof score === 'string' && /^\d{1,2}$/.test(score) ? Number(score) : score
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 1 || number > scale) {
    throw new HubError('invalid', `"score" must be a whole number from 1 to ${scale}; found ${showScore(score)}.`)
  }
  if (comment !== undefined && comment !== null && typeof comment !== 'string') {
    throw new HubError('invalid', `"comment" must be text of at most ${maxComment} characters, or be left out.`)
  }
  // Forms send a line end as two characters; nobody should be refused for that.
  const words = comment?.replaceAll('\r\n', '\n').trim()
  if (words && words.length > maxComment) {
    throw new HubError('invalid', `"comment" must be at most ${maxComment} characters; found ${words.length}.`)
  }
  return words ? { score: number, comment: words } : { score: number }
}

const showScore = (score: unknown): string =>
  typeof score === 'number' || typeof score === 'string'
    ? JSON.stringify(score).slice(0, 12)
    : score === undefined
      ? 'nothing'
      : typeof score
