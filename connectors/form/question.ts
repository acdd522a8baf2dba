import { textIn } from '#hub/own-text.ts'
import type { Settings } from './settings.ts'
import { wordsIn } from './words.ts'

/** The company's own question, else ours, in this language. */
export const questionIn = ({ question }: Settings, language: string): string =>
  textIn(question, language) ?? wordsIn(language).question
