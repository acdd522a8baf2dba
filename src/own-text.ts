/** A text of the YAML that customers read: one for all of them, or one for each language. */
import { type Static, Type } from 'typebox'

const text = Type.String({ minLength: 1, maxLength: 300 })
const inEach = Type.Object(
  {
    en: Type.Optional(text),
    de: Type.Optional(text),
    fr: Type.Optional(text),
    es: Type.Optional(text),
    pt: Type.Optional(text),
    ar: Type.Optional(text),
  },
  { additionalProperties: false },
)

export const ownText = (words: { title: string; description: string; examples: readonly string[] }) =>
  Type.Union([text, inEach], { ...words, examples: [...words.examples] })
export type OwnText = Static<ReturnType<typeof ownText>>

/** Undefined where the company has none for the language; `pt-BR` and `pt_BR` find `pt`. */
export function textIn(own: OwnText | undefined, language: string): string | undefined {
  if (own === undefined || typeof own === 'string') return own
  return own[language.toLowerCase().split(/[-_]/)[0] as keyof typeof own]
}
