/** The survey's questions, as far as scores and comments need them. Cached: asking for each answer would use up the day. */
import { type Host, HubError } from '#hub/connector.ts'
import type { Client } from './client.ts'
import { kindOf, suggestedComment, suggestedScore } from './scoring.ts'
import type { Settings } from './settings.ts'

/** The slice we use of what SurveyMonkey calls the details of a survey (surveymonkey.md 3). */
export interface SurveyDetails {
  readonly id: string
  readonly title?: string
  readonly custom_variables?: Readonly<Record<string, string>> | null
  readonly pages?: readonly { readonly questions?: readonly VendorQuestion[] }[]
}
export interface VendorQuestion {
  readonly id: string
  readonly family?: string
  readonly subtype?: string
  readonly headings?: readonly { readonly heading?: string }[]
  readonly display_options?: { readonly display_type?: string; readonly display_subtype?: string } | null
  readonly answers?: {
    readonly rows?: readonly { readonly id: string; readonly position?: number }[]
    readonly choices?: readonly {
      readonly id: string
      readonly text?: string
      readonly position?: number
      readonly weight?: number | string | null
      readonly is_na?: boolean
    }[]
    readonly other?: { readonly id: string; readonly text?: string } | null
  } | null
}

export interface Structure {
  readonly variables: Readonly<Record<string, string>>
  /** In the order in which they are asked. */
  readonly questions: readonly Question[]
}
export interface Question {
  readonly id: string
  /** Plain text. */
  readonly heading: string
  readonly family: string
  readonly subtype: string
  readonly display?: string
  readonly rows: number
  /** By position. */
  readonly choices: readonly Choice[]
  readonly other?: string
}
export interface Choice {
  readonly id: string
  readonly text: string
  readonly weight?: number
  /** "Not applicable": no score. */
  readonly isNone?: boolean
}

export function fromDetails({ pages, custom_variables }: SurveyDetails): Structure {
  const questions = (pages ?? []).flatMap((page) => page.questions ?? []).map(fromQuestion)
  return { variables: custom_variables ?? {}, questions }
}

function fromQuestion(question: VendorQuestion): Question {
  const { id, family = '', subtype = '', headings, display_options, answers } = question
  const choices = [...(answers?.choices ?? [])].sort((one, two) => (one.position ?? 0) - (two.position ?? 0))
  return {
    id: String(id),
    heading: plain(headings?.[0]?.heading ?? ''),
    family,
    subtype,
    ...(display_options?.display_type ? { display: display_options.display_type } : {}),
    rows: answers?.rows?.length ?? 0,
    choices: choices.map(({ id, text, weight, is_na }) => ({
      id: String(id),
      text: plain(text ?? ''),
      ...(weight === undefined || weight === null || weight === '' ? {} : { weight: Number(weight) }),
      ...(is_na ? { isNone: true } : {}),
    })),
    ...(answers?.other ? { other: String(answers.other.id) } : {}),
  }
}

const signs: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', '#39': "'" }
/** Headings may hold HTML. */
export const plain = (html: string): string =>
  html
    .replace(/<(br|\/?(p|div|li|ul|ol|h\d|tr))\b[^>]*>/gi, ' ')
    .replace(/<[^>]*>/g, '')
    .replace(/&(amp|lt|gt|quot|nbsp|#39);/g, (_, name: string) => signs[name]!)
    .replace(/\s+/g, ' ')
    .trim()

export interface Chosen {
  readonly score: Question
  readonly comment?: Question
}

/** The two questions that count. Throws `invalid` with what there is to choose from. */
export function chooseQuestions({ questions }: Structure, { scoreQuestion, commentQuestion }: Settings): Chosen {
  const named = (id: string) => questions.find((question) => question.id === id)
  const score = scoreQuestion ? named(scoreQuestion) : suggestedScore(questions)
  if (!score || kindOf(score) === undefined || kindOf(score) === 'text')
    throw new HubError('invalid', `${sayScoreQuestion(scoreQuestion)} Questions with a score: ${listScored(questions)}`)
  const comment = commentQuestion ? named(commentQuestion) : suggestedComment(questions)
  if (commentQuestion && !comment)
    throw new HubError('invalid', `The survey has no question ${commentQuestion}, which commentQuestion names`)
  return { score, ...(comment ? { comment } : {}) }
}

const sayScoreQuestion = (named: string | undefined): string =>
  named
    ? `The survey has no question ${named} that gives a score, which scoreQuestion names.`
    : 'The survey has no question with stars, NPS or a slider, and scoreQuestion names no other.'

const listScored = (questions: readonly Question[]): string => {
  const scored = questions.filter((one) => kindOf(one) !== undefined && kindOf(one) !== 'text')
  return scored.map(({ id, heading }) => `${id} (${heading.slice(0, 60)})`).join(', ') || 'none'
}

/** The owner may edit the survey; then its webhook says so, or an answer names what we do not know. */
const freshMs = 7 * 24 * 60 * 60_000
/** Answers to a deleted question must not use up the day. */
const oftenMs = 10 * 60_000

export type Structures = ReturnType<typeof openStructures>

export function openStructures({ survey }: Settings, client: Client, { memory, clock }: Host) {
  const key = `survey:${survey}`
  type Kept = { readonly structure: Structure; readonly at: number }
  let reading: Promise<Structure> | undefined

  const read = async (): Promise<Structure> => {
    const structure = fromDetails(await client.details())
    await memory.set(key, { structure, at: clock.now() } satisfies Kept, freshMs)
    return structure
  }
  const readOnce = (): Promise<Structure> => {
    reading ??= read().finally(() => {
      reading = undefined
    })
    return reading
  }

  return {
    async get(): Promise<Structure> {
      return (await memory.get<Kept>(key))?.structure ?? readOnce()
    },
    /** After something unknown was met; what was read a moment ago is not read again. */
    async renew(): Promise<Structure> {
      const kept = await memory.get<Kept>(key)
      return kept && clock.now() - kept.at < oftenMs ? kept.structure : readOnce()
    },
    /** What is known now may be wrong. */
    forget: () => memory.delete(key),
  }
}
