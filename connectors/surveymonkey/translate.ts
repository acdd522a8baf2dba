/** Between SurveyMonkey's words and the hub's. Pure. */
import type { HubEvent, Invitation, Message } from '#hub/connector.ts'
import { textIn } from '#hub/own-text.ts'
import { scoreOf } from './scoring.ts'
import type { Settings } from './settings.ts'
import type { Chosen, Question } from './structure.ts'

/** The slice we use of a response with its answers (surveymonkey.md 6). */
export interface Response {
  readonly id: string
  readonly survey_id?: string
  readonly response_status?: string
  readonly collection_mode?: string
  readonly custom_variables?: Readonly<Record<string, string>> | null
  readonly date_created?: string
  readonly date_modified?: string
  readonly pages?: readonly {
    readonly questions?: readonly { readonly id: string; readonly answers?: readonly Answer[] }[]
  }[]
}
export interface Answer {
  readonly choice_id?: string
  readonly row_id?: string
  readonly other_id?: string
  readonly text?: string
}

/** One answer of a customer, for one handoff. */
export interface Invited {
  readonly conversation: number
  readonly handoff: number
}

/** The link that the customer opens: what the page knows of us is in the variable. */
export function toLink(collectorUrl: string, variable: string, token: string): string {
  const url = new URL(collectorUrl)
  url.searchParams.set(variable, token)
  return url.href
}

export function toInvitation(url: string, question: string, { handoff, language }: Invitation): Message {
  return { parts: [{ kind: 'survey', url, question, handoff }], ...(language ? { language } : {}) }
}

/** The company's own words in this language, else those of the survey. */
export const toQuestion = ({ question }: Settings, { score }: Chosen, language = 'en'): string =>
  textIn(question, language) ?? textIn(question, 'en') ?? (score.heading || 'How did we do?')

/** Previews are the owner's own clicks. */
export const isCounted = ({ response_status, collection_mode }: Response): boolean =>
  response_status === 'completed' && collection_mode !== 'preview' && collection_mode !== 'survey_preview'

export const tokenIn = ({ custom_variables }: Response, variable: string): string | undefined =>
  custom_variables?.[variable] || undefined

/** Skipped questions are absent, so answers are found by the question's id, never by place. */
export function answersTo(response: Response, question: Question): readonly Answer[] {
  const questions = (response.pages ?? []).flatMap((page) => page.questions ?? [])
  return questions.filter(({ id }) => String(id) === question.id).flatMap(({ answers }) => answers ?? [])
}

/**
 * `none`: the customer gave no score. `unknown`: the survey is not the one we know.
 * The external id is the handoff's: a second answer with the same link is no second feedback, and webhook and poll agree.
 */
export function fromResponse(
  response: Response,
  { conversation, handoff }: Invited,
  chosen: Chosen,
  settings: Settings,
): HubEvent | 'none' | 'unknown' {
  const scored = scoreOf(chosen.score, answersTo(response, chosen.score), settings)
  if (typeof scored === 'string') return scored
  const comment = commentIn(response, chosen)
  const feedback = { handoff, ...scored, ...(comment ? { comment } : {}) }
  return {
    type: 'feedback',
    externalId: `answer:${conversation}-${handoff}`,
    at: timeOf(response),
    conversation,
    feedback,
  }
}

export const maxComment = 2_000

/** The text box, and what was added to the score itself. */
function commentIn(response: Response, { score, comment }: Chosen): string {
  const added = answersTo(response, score).filter(({ other_id }) => other_id)
  const written = comment && comment.id !== score.id ? answersTo(response, comment) : []
  const words = [...written, ...added].flatMap(({ text }) => (text?.trim() ? [text.trim()] : [])).join('\n')
  return words.length > maxComment ? `${words.slice(0, maxComment - 1).replace(/[\uD800-\uDBFF]$/, '')}…` : words
}

export const timeOf = ({ date_modified, date_created }: Response): number => {
  const at = Date.parse(date_modified ?? date_created ?? '')
  return Number.isNaN(at) ? 0 : at
}

/** Filters take a time without an offset. */
export const toVendorTime = (at: number): string => new Date(at).toISOString().slice(0, 19)
