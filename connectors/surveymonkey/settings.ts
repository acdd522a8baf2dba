/** What the YAML of a SurveyMonkey connection says. */

import { type Static, Type } from 'typebox'
import { ownText } from '#hub/own-text.ts'

const id = { pattern: '^[0-9]{1,30}$' }

export const settings = Type.Object(
  {
    token: Type.String({
      title: 'Access token',
      description: 'The access token of a private app: Developer Portal, My Apps, Settings.',
      writeOnly: true,
      minLength: 1,
      examples: ['${env:SURVEYMONKEY_TOKEN}'],
    }),
    clientId: Type.String({
      title: 'Client ID',
      description: 'The client ID on the same page; each webhook names it.',
      minLength: 1,
      examples: ['exAmpleClientId01'],
    }),
    clientSecret: Type.String({
      title: 'Secret',
      description:
        'The secret on the same page: it signs the webhooks, and the links of the invitations are made from it.',
      writeOnly: true,
      minLength: 1,
      examples: ['${env:SURVEYMONKEY_SECRET}'],
    }),
    survey: Type.String({
      ...id,
      title: 'Survey',
      description: 'The id of the survey that customers answer, in quotes.',
      examples: ['400500600'],
    }),
    collector: Type.Optional(
      Type.String({
        ...id,
        title: 'Collector',
        description: 'The id of a web link collector to use. Default: one of our own, made on first use.',
        examples: ['450001777'],
      }),
    ),
    scoreQuestion: Type.Optional(
      Type.String({
        ...id,
        title: 'Score question',
        description:
          'The id of the question whose answer is the score. Default: the first one with stars or other symbols, NPS or a slider.',
        examples: ['702000001'],
      }),
    ),
    commentQuestion: Type.Optional(
      Type.String({
        ...id,
        title: 'Comment question',
        description: 'The id of the question whose answer is the comment. Default: the first text box.',
        examples: ['702000004'],
      }),
    ),
    scores: Type.Optional(
      Type.Record(Type.String(), Type.Number({ minimum: 0 }), {
        title: 'Scores of choices',
        description:
          'For a score question with choices: the score of each, by its text or its id. Default: 1 for the first choice, 2 for the second and so on.',
        examples: [{ Yes: 3, Partly: 2, No: 1 }],
      }),
    ),
    scale: Type.Optional(
      Type.Number({
        title: 'Scale',
        description:
          'The best score where the question does not say it: of a slider (default 100), of choices with scores (default the highest).',
        exclusiveMinimum: 0,
        examples: [100],
      }),
    ),
    question: Type.Optional(
      ownText({
        title: 'Question',
        description:
          'What the customer reads before the link: one text for all, or one for each language. Default: the score question as the survey has it.',
        examples: ['How did we do?'],
      }),
    ),
    thanksUrl: Type.Optional(
      Type.String({
        title: 'Page of thanks',
        description: 'Where our own collector sends the customer afterwards. Default: SurveyMonkey’s page.',
        format: 'uri',
        examples: ['https://shop.example.com/thanks'],
      }),
    ),
    variable: Type.String({
      title: 'Custom variable',
      description: 'The custom variable of the survey that carries the invitation; declared there if it is not yet.',
      default: 'hub_ref',
      pattern: '^[A-Za-z0-9_]{1,50}$',
      examples: ['hub_ref'],
    }),
    url: Type.String({
      title: 'Address of the API',
      description: 'For accounts in the EU https://api.eu.surveymonkey.com, in Canada https://api.surveymonkey.ca.',
      default: 'https://api.surveymonkey.com',
      format: 'uri',
      examples: ['https://api.eu.surveymonkey.com'],
    }),
  },
  { additionalProperties: false },
)

export type Settings = Static<typeof settings>
