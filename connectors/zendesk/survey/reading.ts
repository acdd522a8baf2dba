/** Answers to Zendesk’s own surveys. Two generations of shapes are about, so both are read (zendesk.md 11.2). Pure. */
import type { Feedback } from '#hub/connector.ts'

/** What the events of an audit are called is not documented: any field that names a survey response is one. */
export function surveyResponseIn(event: Readonly<Record<string, unknown>>): string | undefined {
  for (const [name, value] of Object.entries(event)) {
    if (/survey_response_id$/i.test(name)) return idOf(value)
    if (/^survey_response$/i.test(name)) return idOf((value as { id?: unknown } | null)?.id)
  }
  return undefined
}

const idOf = (value: unknown): string | undefined =>
  (typeof value === 'string' || typeof value === 'number') && /^[\w-]{1,64}$/.test(String(value))
    ? String(value)
    : undefined

export interface SurveyResponse {
  readonly id?: string | number
  readonly subject_zrns?: readonly string[]
  readonly answers?: readonly Answer[]
}
interface Answer {
  readonly question?: { readonly type?: string } | null
  readonly rating?: unknown
  readonly value?: unknown
}

/** `zen:ticket:48213` or `zrn:ticket:99`. */
export const ticketOf = ({ subject_zrns = [] }: SurveyResponse): string | undefined =>
  subject_zrns.map((zrn) => /:ticket:(\d+)$/.exec(zrn)?.[1]).find((id) => id !== undefined)

/** Undefined while nothing is rated, or when it was rated beyond the scale. */
export function feedbackIn({ answers = [] }: SurveyResponse, scale: number, handoff: number): Feedback | undefined {
  const score = answers.map(ratingOf).find((rating) => rating !== undefined)
  if (score === undefined || score < 0 || score > scale) return undefined
  const comment = answers.map(wordsOf).find((words) => words !== undefined)
  return { handoff, score, scale, ...(comment && { comment }) }
}

function ratingOf({ rating, value }: Answer): number | undefined {
  const given = rating ?? value
  if (typeof given === 'number') return given
  return typeof given === 'string' && /^\d{1,2}$/.test(given.trim()) ? Number(given) : undefined
}

const wordsOf = (answer: Answer): string | undefined =>
  typeof answer.value === 'string' && answer.value.trim() !== '' && ratingOf(answer) === undefined
    ? answer.value.trim().slice(0, 2_000)
    : undefined

export interface Rating {
  readonly id?: number
  readonly ticket_id?: number
  readonly score?: string
  readonly comment?: string | null
  readonly created_at?: string
  readonly updated_at?: string
}

/** `good` and `bad`, also with `_with_comment`; whatever else is no answer. */
export function feedbackOf({ score = '', comment }: Rating, handoff: number): Feedback | undefined {
  const rated = /^(good|bad)/.exec(score)?.[1]
  if (!rated) return undefined
  return { handoff, score: rated === 'good' ? 1 : 0, scale: 1, ...(comment?.trim() && { comment: comment.trim() }) }
}
