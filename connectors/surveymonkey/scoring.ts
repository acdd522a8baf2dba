/** From an answer to a score. Pure. Never a weight of NPS: seven of its answers share one (surveymonkey.md 3). */
import type { Settings } from './settings.ts'
import type { Choice, Question } from './structure.ts'
import type { Answer } from './translate.ts'

export type Kind = 'nps' | 'rating' | 'choice' | 'slider' | 'text'

export interface Score {
  readonly score: number
  readonly scale: number
}
/** `none`: not answered, or without a score. `unknown`: it names a choice that the structure does not have. */
export type Scored = Score | 'none' | 'unknown'

/** Undefined: neither a score nor a comment can be had from it. */
export function kindOf(question: Question): Kind | undefined {
  const { family, subtype, display } = question
  if (family === 'matrix' && subtype === 'rating') return isNps(question) ? 'nps' : 'rating'
  if (family === 'single_choice') return 'choice'
  if (family !== 'open_ended' || (subtype !== 'single' && subtype !== 'essay')) return undefined
  return display === 'slider' ? 'slider' : display === 'file_upload' ? undefined : 'text'
}

/** Eleven choices in one row that say 0 to 10, or have the weights of detractors, passives and promoters. */
function isNps(question: Question): boolean {
  const choices = scoredChoices(question)
  if (question.rows > 1 || choices.length !== 11 || question.display === 'emoji') return false
  return labelsOf(choices) !== undefined || choices.every(({ weight }) => [-100, 0, 100].includes(weight ?? Number.NaN))
}

const scoredChoices = ({ choices }: Question): readonly Choice[] => choices.filter(({ isNone }) => !isNone)

/** The numbers in the texts ("Not at all likely - 0"), when they are 0 to 10 once each. */
function labelsOf(choices: readonly Choice[]): readonly number[] | undefined {
  const labels = choices.map(({ text }) => Number(/\d+/.exec(text)?.[0] ?? Number.NaN))
  return [...labels].sort((one, two) => one - two).every((label, index) => label === index) ? labels : undefined
}

const startsWithScore: readonly (Kind | undefined)[] = ['nps', 'slider']
export const suggestedScore = (questions: readonly Question[]): Question | undefined =>
  questions.find((question) => startsWithScore.includes(kindOf(question)) || question.display === 'emoji')

export const suggestedComment = (questions: readonly Question[]): Question | undefined =>
  questions.find((question) => kindOf(question) === 'text')

export function scoreOf(
  question: Question,
  answers: readonly Answer[],
  given: Pick<Settings, 'scores' | 'scale'>,
): Scored {
  const kind = kindOf(question)
  if (kind === 'slider') return sliderScore(answers, given.scale ?? 100)
  const choices = answers.flatMap(({ choice_id }) => (choice_id ? [choice_id] : []))
  const found = choices.map((id) => question.choices.find((choice) => choice.id === id))
  if (found.includes(undefined)) return 'unknown'
  const picked = found.filter((choice) => choice && !choice.isNone) as Choice[]
  if (picked.length === 0) return 'none'
  if (kind === 'nps') return npsScore(question, picked[0]!)
  if (kind === 'rating') return ratingScore(question, picked)
  return kind === 'choice' ? choiceScore(question, picked[0]!, given) : 'none'
}

function sliderScore(answers: readonly Answer[], scale: number): Scored {
  const text = answers.find((answer) => answer.text !== undefined)?.text?.trim() ?? ''
  const score = Number(text)
  return text !== '' && score >= 0 && score <= scale ? { score, scale } : 'none'
}

function npsScore(question: Question, picked: Choice): Scored {
  const choices = scoredChoices(question)
  const index = choices.indexOf(picked)
  return { score: labelsOf(choices)?.[index] ?? index, scale: 10 }
}

/** Several rows: the mean. Weights are the owner's: below zero they are moved up, so that the worst is 0. */
function ratingScore(question: Question, picked: readonly Choice[]): Scored {
  const choices = scoredChoices(question)
  const weightOf = (choice: Choice) => choice.weight ?? choices.indexOf(choice) + 1
  const weights = choices.map(weightOf)
  const shift = Math.min(0, ...weights)
  const scale = Math.max(...weights) - shift
  const sum = picked.reduce((total, choice) => total + weightOf(choice) - shift, 0)
  return scale > 0 ? { score: Math.round((sum / picked.length) * 100) / 100, scale } : 'none'
}

/** Choices have no weight: their place counts, unless the YAML says what they are worth. */
function choiceScore(
  question: Question,
  picked: Choice,
  { scores, scale }: Pick<Settings, 'scores' | 'scale'>,
): Scored {
  if (!scores) return { score: question.choices.indexOf(picked) + 1, scale: scoredChoices(question).length }
  const score = scores[picked.id] ?? scores[picked.text]
  const best = scale ?? Math.max(...Object.values(scores))
  return score === undefined || best <= 0 ? 'none' : { score: Math.min(score, best), scale: best }
}
