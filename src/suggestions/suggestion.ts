/** A better phrase or article, made of what people had to be asked for. Nothing reaches a vendor without a named person's yes. */
import type { Ref } from '../message.ts'
import type { PersonalFinding } from './personal.ts'

/** Where it comes from, and which phrase or sentence of it. */
export interface SuggestionSource {
  readonly conversation: number
  readonly seq: number
  readonly handoff?: number
  readonly of?: string
}

export type SuggestionContent =
  | { readonly kind: 'phrase-set'; readonly present: Phrases; readonly proposed: Phrases }
  | { readonly kind: 'article'; readonly present: Text | null; readonly proposed: Text }

/** `proposed` holds those to add, `present` those that the intent has. */
export interface Phrases {
  readonly phrases: readonly string[]
}
/** Markdown. */
export interface Text {
  readonly title: string
  readonly body: string
}

export type SuggestionDraft = SuggestionContent & {
  readonly connection: string
  /** Of a phrase set. */
  readonly intent?: Ref
  readonly title: string
  readonly sources: readonly SuggestionSource[]
  /** Handoffs fewer in a month, as far as that can be told. */
  readonly estimate?: number
}

export const suggestionStates = ['open', 'approved', 'rejected', 'pushed', 'failed'] as const
export type SuggestionState = (typeof suggestionStates)[number]

export const rejections = [
  'Wrong intent',
  'Too close to another intent',
  'Contains personal data',
  'Not what customers ask',
  'Wrong or outdated',
  'Covered already',
  'Other',
] as const

export type Suggestion = SuggestionContent & {
  readonly id: number
  readonly connection: string
  readonly intent: string | null
  readonly title: string
  readonly sources: readonly SuggestionSource[]
  readonly estimate: number | null
  /** Empty: it may be approved. */
  readonly findings: readonly PersonalFinding[]
  readonly status: SuggestionState
  readonly revision: number
  readonly decidedBy: string | null
  readonly decidedAt: number | null
  readonly reason: string | null
  /** Until then the approval can be taken back. */
  readonly pushAt: number | null
  readonly pushedAt: number | null
  readonly error: { readonly code: string; readonly text: string } | null
  readonly createdAt: number
}

/** What is looked through for personal data, in the order in which findings count. */
export const textsOf = (content: SuggestionContent): readonly string[] =>
  content.kind === 'phrase-set' ? content.proposed.phrases : [content.proposed.title, content.proposed.body]
