/** What the twin's account holds: a survey, collectors, responses, webhooks. */
import type { Clock } from '#hub/clock.ts'
import type { Sample, TwinQuestion, TwinSurvey } from './sample.ts'
import { sampleSurvey } from './sample.ts'

export interface TwinCollector {
  readonly id: string
  readonly code: string
  status: 'open' | 'closed'
  readonly body: Readonly<Record<string, unknown>>
  readonly createdAt: number
}
export interface TwinAnswer {
  readonly choice_id?: string
  readonly row_id?: string
  readonly other_id?: string
  readonly text?: string
}
export interface TwinResponse {
  readonly id: string
  readonly collector: TwinCollector
  status: 'partial' | 'completed' | 'disqualified' | 'overquota'
  mode: 'default' | 'preview' | 'data_entry' | 'survey_preview' | 'edit'
  readonly variables: Readonly<Record<string, string>>
  /** Question id to answers. */
  readonly answers: Map<string, TwinAnswer[]>
  readonly createdAt: number
  modifiedAt: number
  /** How often it was asked for; a slow store does not have it at first. */
  reads: number
}
export interface TwinWebhook {
  readonly id: string
  body: Readonly<Record<string, unknown>>
}

/** Where sources differ or say nothing, the twin can do both. */
export interface Quirks {
  minuteLimit: number
  dayLimit: number
  /** Lists of webhooks with id, name and href only. */
  shortLists: boolean
  /** The status for a URL that is used already. */
  usedUrlStatus: 400 | 409
  /** Reads of a response for which the store does not have it yet. */
  storeLag: number
  /** What the store says meanwhile. */
  lagsAs: 'missing' | 'partial'
  numericErrorIds: boolean
  /** Says "revoked" outside of the usual envelope, with 200. */
  revokedOddly: boolean
  scopes: string[]
}

export const allScopes = [
  'surveys_read',
  'surveys_write',
  'collectors_read',
  'collectors_write',
  'responses_read',
  'responses_read_detail',
  'webhooks_read',
  'webhooks_write',
  'users_read',
]

export type Account = ReturnType<typeof openAccount>

export function openAccount(sample: Sample, clock: Clock) {
  let lastId = 0
  let generation = 1
  /** Beyond what a number can hold. */
  const nextId = (prefix: string) => `${prefix}${String(++lastId).padStart(8, '0')}`
  const quirks: Quirks = {
    minuteLimit: 120,
    dayLimit: 500,
    shortLists: false,
    usedUrlStatus: 409,
    storeLag: 0,
    lagsAs: 'missing',
    numericErrorIds: false,
    revokedOddly: false,
    scopes: [...allScopes],
  }
  const survey: TwinSurvey = sampleSurvey(sample, clock.now())
  const collectors = new Map<string, TwinCollector>()
  const responses = new Map<string, TwinResponse>()
  const webhooks = new Map<string, TwinWebhook>()

  return {
    quirks,
    survey,
    collectors,
    responses,
    webhooks,
    nextId,
    questions: (): TwinQuestion[] => survey.pages.flatMap((page) => page.questions),

    addCollector(body: Readonly<Record<string, unknown>>, id = nextId('45')): TwinCollector {
      const collector: TwinCollector = { id, code: `T${id.slice(-6)}`, status: 'open', body, createdAt: clock.now() }
      collectors.set(id, collector)
      return collector
    },
    /** Parameters that the survey does not declare are dropped. */
    begin(collector: TwinCollector, parameters: Readonly<Record<string, unknown>>): TwinResponse {
      const declared = Object.keys(survey.custom_variables).filter((name) => typeof parameters[name] === 'string')
      const response: TwinResponse = {
        id: nextId('11880011223300'),
        collector,
        status: 'partial',
        mode: 'default',
        variables: Object.fromEntries(declared.map((name) => [name, parameters[name] as string])),
        answers: new Map(),
        createdAt: clock.now(),
        modifiedAt: clock.now(),
        reads: 0,
      }
      responses.set(response.id, response)
      return response
    },
    answer(response: TwinResponse, question: string, answers: TwinAnswer[]): void {
      if (answers.length > 0) response.answers.set(question, answers)
      response.modifiedAt = clock.now()
    },
    complete(response: TwinResponse): void {
      response.status = 'completed'
      response.modifiedAt = clock.now()
    },
    /** The owner edits the questions: choices get new ids. */
    edit(): void {
      survey.pages = sampleSurvey(sample, clock.now(), ++generation).pages
      survey.date_modified = clock.now()
    },
  }
}
