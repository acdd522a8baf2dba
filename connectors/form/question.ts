import type { Settings } from './settings.ts'
import { wordsIn } from './words.ts'

/** The company's own question, else ours, in this language. */
export function questionIn({ question }: Settings, language: string): string {
  if (typeof question === 'string') return question
  return question?.[language as 'en'] ?? wordsIn(language).question
}
