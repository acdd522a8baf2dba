/** Suggestions in words, and the difference between what is and what is proposed. */
import { diffWordsWithSpace } from 'diff'
import type { Suggestion } from '../../../../src/suggestions/suggestion.ts'

export type Piece = { readonly is: 'same' | 'added' | 'removed'; readonly text: string }

/** Word by word; what is only in the old text comes before what replaces it. */
export const wordDiff = (before: string, after: string): Piece[] =>
  diffWordsWithSpace(before, after).map(({ added, removed, value }) => ({
    is: added ? 'added' : removed ? 'removed' : 'same',
    text: value,
  }))

export interface PhraseRow {
  readonly text: string
  readonly isNew: boolean
  /** How often a customer's words stand behind it. */
  readonly times: number
}

export function phraseRows(one: Extract<Suggestion, { kind: 'phrase-set' }>): PhraseRow[] {
  const row = (text: string, isNew: boolean) => ({
    text,
    isNew,
    times: one.sources.filter((source) => source.of === text).length,
  })
  return [
    ...one.present.phrases.map((text) => row(text, false)),
    ...one.proposed.phrases.map((text) => row(text, true)),
  ]
}

export const titleOf = (one: Suggestion): string =>
  one.kind === 'article' && !one.present ? `New article: ${one.title}` : one.title

export const handoffsOf = ({ sources }: Pick<Suggestion, 'sources'>): number =>
  new Set(sources.map(({ conversation, handoff }) => `${conversation} ${handoff ?? ''}`)).size

/** Phrases as a person edits them: one a line. */
export const toLines = (phrases: readonly string[]): string => phrases.join('\n')
export const fromLines = (text: string): string[] => [
  ...new Set(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
  ),
]
