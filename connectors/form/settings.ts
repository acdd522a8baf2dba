import { type Static, Type } from 'typebox'
import { ownText } from '#hub/own-text.ts'

export const settings = Type.Object(
  {
    question: Type.Optional(
      ownText({
        title: 'Question',
        description:
          'What the customer is asked: one text for all, or one for each language. Default: a sentence in the customer’s language.',
        examples: ['How did we do?'],
      }),
    ),
    scale: Type.Integer({
      title: 'Scale',
      description: 'The best score; the worst is 1.',
      default: 5,
      minimum: 2,
      maximum: 10,
    }),
  },
  { additionalProperties: false },
)
export type Settings = Static<typeof settings>
