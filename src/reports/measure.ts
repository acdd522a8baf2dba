/** What a measure is, and the shapes that several of them share. */
import { moodOf, type Question, type SetName, type Values } from './sets.ts'

export type Unit = 'count' | 'share' | 'duration' | 'total' | 'score'

export interface Measure {
  readonly set: SetName
  readonly title: string
  readonly unit: Unit
  /** Which of `among` are counted. */
  readonly counts: string | ((values: Values, question: Question) => string)
  readonly among: string
  /** Of those counted: what is measured (duration, total, score). */
  readonly of?: string
  readonly words: { readonly counts: string; readonly among: string; readonly note?: string }
  /** What the figure is made from. */
  readonly source: string
  readonly better?: 'more' | 'less'
}

export const requestedWords = 'handoffs requested in the period'
export const endedWords = 'handoffs requested in the period that have ended'
export const ended = 'x.outcome IS NOT NULL'

export const share = (
  set: SetName,
  title: string,
  counts: Measure['counts'],
  among: string,
  words: Measure['words'],
  source: string,
  better?: 'more' | 'less',
): Measure => ({ set, title, unit: 'share', counts, among, words, source, better })
export const ofRequested = (
  title: string,
  counts: string,
  words: string,
  source: string,
  better?: 'more' | 'less',
  note?: string,
): Measure => share('handoffs', title, counts, 'true', { counts: words, among: requestedWords, note }, source, better)
export const ofEnded = (title: string, outcome: string, words: string): Measure =>
  share(
    'handoffs',
    title,
    `x.outcome = '${outcome}'`,
    ended,
    { counts: words, among: endedWords },
    'outcome of the handoff',
  )
export const ofOffers = (title: string, counts: string, words: string): Measure =>
  share(
    'offers',
    title,
    counts,
    'true',
    { counts: words, among: 'offers of a person made in the period' },
    'decisions on the offer, and how its handoff went on',
  )
export const count = (set: SetName, title: string, words: string, source: string, counts = 'true'): Measure => ({
  set,
  title,
  unit: 'count',
  counts,
  among: 'true',
  words: { counts: words, among: words },
  source,
})

export const marks = 'times of the handoff and its attempts'
export const ratings = 'answers to surveys; 4 or 5 of 5, or the same share of another scale'
export const sentiment = 'the customer’s words, measured like those that criteria decide from'

export function mood(which: string, title: string, words: string): Measure {
  return share(
    'handoffs',
    title,
    `${moodOf} = '${which}'`,
    `${moodOf} IS NOT NULL`,
    { counts: words, among: 'handoffs requested in the period with customer messages on both sides' },
    sentiment,
  )
}

export function context(title: string, counts: string, words: string): Measure {
  return share(
    'handoffs',
    title,
    counts,
    'x.opened_at IS NOT NULL',
    { counts: words, among: 'handoffs requested in the period that a desk opened' },
    'what was on record when the handoff was requested',
    'more',
  )
}
