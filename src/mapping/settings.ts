/** The YAML of a mapping. */
import { type Static, Type } from 'typebox'
import { criteriaSettings } from '../escalation/settings.ts'
import { languages, wordKeys } from '../words.ts'
import { calendarSettings } from './hours.ts'

const connectionName = (title: string, description: string) =>
  Type.String({ title, description: `${description} The name of a connection.`, minLength: 1 })

const deskSettings = Type.Object(
  {
    desk: connectionName('Desk', 'Who is asked.'),
    mode: Type.Optional(
      Type.Union([Type.Literal('live'), Type.Literal('ticket'), Type.Literal('callback')], {
        title: 'Mode',
        description: 'live: a person now. ticket: an answer in writing later. callback: a call back.',
        default: 'live',
      }),
    ),
    skills: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        title: 'Skills',
        description: 'What the agent must be able to do, besides what the conversation needs.',
        default: [],
      }),
    ),
    hours: Type.Optional(calendarSettings),
    waitMinutes: Type.Optional(
      Type.Number({
        title: 'Wait (minutes)',
        description:
          'How long the customer stays in line here before the next desk is asked. Default: the limit of the mapping.',
        minimum: 0.1,
        maximum: 1440,
      }),
    ),
    answerSeconds: Type.Optional(
      Type.Number({
        title: 'Answer (seconds)',
        description: 'How long an assigned agent may stay silent before somebody else is asked.',
        default: 90,
        minimum: 5,
        maximum: 3600,
      }),
    ),
  },
  { additionalProperties: false, title: 'Desk of the chain', description: 'One desk, and how it is asked.' },
)
export type DeskSettings = Static<typeof deskSettings>

const desk = Type.Union([connectionName('Desk', 'Asked live, with the limits of the mapping.'), deskSettings], {
  title: 'Desk',
  description: 'The name of a connection, or a map that says how it is asked.',
})

const time = (title: string, description: string, defaultTo: number, minimum: number, maximum: number) =>
  Type.Number({ title, description, default: defaultTo, minimum, maximum })

const limits = Type.Object(
  {
    botSeconds: time('Bot (seconds)', 'The bot’s time for one answer; then a person is asked.', 8, 1, 120),
    offerMinutes: time('Offer (minutes)', 'How long the offer of a person stands.', 5, 0.1, 1440),
    connectSeconds: time(
      'Connect (seconds)',
      'A desk’s time to open a handoff; then the next desk is asked.',
      20,
      1,
      300,
    ),
    waitMinutes: time('Wait (minutes)', 'Time in line at one desk; then the next desk is asked.', 5, 0.1, 1440),
    reassureMinutes: time(
      'Reassure (minutes)',
      'Time in line after which the customer is told that they are not forgotten.',
      2,
      0.1,
      1440,
    ),
    agentSilentMinutes: time(
      'Silent agent (minutes)',
      'How long an agent may leave the customer’s last words unanswered.',
      5,
      0.1,
      1440,
    ),
    idleMinutes: time(
      'Idle (minutes)',
      'The customer’s silence after which they are asked whether they are there.',
      10,
      0.1,
      10_080,
    ),
    parkMinutes: time(
      'Park (minutes)',
      'The customer’s silence after which nobody waits; a late word finds the same agent.',
      30,
      0.1,
      43_200,
    ),
    surveyDelaySeconds: time(
      'Survey after (seconds)',
      'Quiet between the end of a handoff and the survey.',
      30,
      0,
      86_400,
    ),
    surveyEveryDays: time('Survey every (days)', 'One customer is asked at most once in so many days.', 7, 0, 365),
  },
  {
    additionalProperties: false,
    title: 'Limits',
    description: 'Every wait has an end; these are the ends.',
    default: {},
  },
)

const sentences = Type.Object(
  Object.fromEntries(
    wordKeys.map((key) => [
      key,
      Type.Optional(Type.String({ title: key, description: languages.en[key], minLength: 1, maxLength: 1000 })),
    ]),
  ),
  { additionalProperties: false, title: 'Sentences', description: 'Replaces what the customer hears.' },
)

const languageTag = { pattern: '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$', examples: ['en', 'de', 'pt-BR'] }

export const mappingSettings = Type.Object(
  {
    name: Type.Optional(
      Type.String({
        title: 'Name',
        description: 'How reports and the console call it. Default: the name of the channel.',
        pattern: '^[a-z][a-z0-9-]{0,62}$',
        examples: ['support'],
      }),
    ),
    channel: connectionName('Channel', 'Where the customer writes.'),
    bot: connectionName('Bot', 'Who answers first.'),
    desks: Type.Array(desk, {
      title: 'Desks',
      description: 'Who is asked when a person is needed, in this order.',
      minItems: 1,
    }),
    fallback: Type.Optional(
      Type.Array(desk, {
        title: 'Fallback',
        description: 'Who is asked when nobody of the desks took it. Default: a ticket at the first desk.',
      }),
    ),
    survey: Type.Optional(connectionName('Survey', 'Asks how it went after a handoff.')),
    knowledge: Type.Optional(connectionName('Knowledge', 'Where articles are searched and proposed.')),
    crm: Type.Optional(connectionName('CRM', 'Tells who the customer is.')),
    criteria: Type.Optional(criteriaSettings),
    hours: Type.Optional(calendarSettings),
    language: Type.String({
      title: 'Language',
      description: 'Spoken until the customer’s own language is known.',
      default: 'en',
      ...languageTag,
    }),
    languages: Type.Optional(
      Type.Array(Type.String(languageTag), {
        title: 'Languages',
        description: 'The languages that are served. Default: only `language`.',
        examples: [['en', 'de']],
      }),
    ),
    words: Type.Record(Type.String({ pattern: '^[a-z]{2,3}$' }), sentences, {
      additionalProperties: false,
      title: 'Words',
      description: 'Own sentences for the customer, by language ("de") and key ("offer").',
      default: {},
    }),
    limits,
    fields: Type.Record(
      Type.String({ pattern: '^[A-Za-z_][\\w.-]{0,63}$' }),
      Type.String({ minLength: 1, maxLength: 4000 }),
      {
        additionalProperties: false,
        title: 'Fields',
        description:
          'Fields of the ticket at the desk: the field’s name there, and a Liquid template over the context, like "{{ customer.segment }}".',
        default: {},
      },
    ),
  },
  {
    additionalProperties: false,
    title: 'Mapping',
    description: 'Which channel, bot, desks and survey belong together.',
  },
)
export type MappingSettings = Static<typeof mappingSettings>
