import { type Static, Type } from 'typebox'

const question = Type.String({ minLength: 1, maxLength: 300 })

export const settings = Type.Object(
  {
    question: Type.Optional(
      Type.Union(
        [
          question,
          Type.Object(
            {
              en: Type.Optional(question),
              de: Type.Optional(question),
              fr: Type.Optional(question),
              es: Type.Optional(question),
              pt: Type.Optional(question),
            },
            { additionalProperties: false },
          ),
        ],
        {
          title: 'Question',
          description:
            'What the customer is asked: one text for all, or one for each language. Default: a sentence in the customer’s language.',
          examples: ['How did we do?'],
        },
      ),
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
