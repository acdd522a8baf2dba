/** The YAML of this connector. */
import { type Static, Type } from 'typebox'

export const settings = Type.Object(
  {
    folder: Type.Optional(
      Type.String({
        title: 'Folder',
        description:
          'Folder with intents.yaml and articles/*.md, relative to this file. Without it, only what is in the database counts.',
        examples: ['./faq'],
        format: 'path',
      }),
    ),
    language: Type.String({
      title: 'Language',
      description: 'Language of answers when the customer’s own is not known or has no answer.',
      default: 'en',
      pattern: '^[a-z]{2,3}(-[A-Za-z0-9]+)*$',
    }),
    threshold: Type.Number({
      title: 'Threshold',
      description:
        'Least confidence for answering by an intent, 0 to 1. Lower: fewer "I don’t know", more wrong answers.',
      default: 0.4,
      minimum: 0,
      maximum: 1,
    }),
    articleThreshold: Type.Number({
      title: 'Article threshold',
      description: 'Least relevance for showing an article, 0 to 1.',
      default: 0.6,
      minimum: 0,
      maximum: 1,
    }),
    articles: Type.Integer({
      title: 'Articles',
      description: 'Most articles shown in one answer.',
      default: 3,
      minimum: 0,
      maximum: 10,
    }),
    smallTalk: Type.Boolean({
      title: 'Small talk',
      description:
        'Answer hello, thanks and goodbye, and notice when a person is asked for, in English, German, French, Spanish and Portuguese.',
      default: true,
    }),
    unknown: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        title: 'When the bot does not know',
        description: 'Language to text, in place of the built-in "I don’t know".',
        examples: [{ en: 'Sorry, I do not know that yet.' }],
      }),
    ),
  },
  { additionalProperties: false },
)

export type Settings = Static<typeof settings>
