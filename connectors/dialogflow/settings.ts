/** What the YAML of both products has alike, in pieces: each puts them in its own order. */
import { Type } from 'typebox'

export const strings = (title: string, description: string, examples: string[][], given: string[] = []) =>
  Type.Array(Type.String({ minLength: 1 }), { title, description, examples, default: given })

export const projectSetting = (description: string) =>
  Type.String({ title: 'Project', description, examples: ['acme-support'], minLength: 1 })

export const environmentSetting = (description: string, example: string) =>
  Type.Optional(Type.String({ title: 'Environment', description, examples: [example], minLength: 1 }))

/** Languages, credentials and where Google is. */
export const accessSettings = {
  language: Type.String({
    title: 'Language',
    description: 'Language of the agent, also of the phrases that are learned.',
    examples: ['en', 'de', 'pt-br'],
    default: 'en',
  }),
  languages: Type.Array(Type.String(), {
    title: 'Further languages',
    description: 'Languages the agent has besides; a customer is answered in theirs when it is among them.',
    examples: [['de', 'fr']],
    default: [],
  }),
  keyFile: Type.Optional(
    Type.String({
      title: 'Key file',
      description:
        'The service account’s key, as Google gives it out (JSON). Without key and key file: the credentials of the machine.',
      examples: ['./dialogflow-key.json'],
      format: 'path',
    }),
  ),
  key: Type.Optional(
    Type.String({
      title: 'Key',
      description: 'The same JSON as text, in place of a file.',
      examples: ['${env:DIALOGFLOW_KEY}'],
      writeOnly: true,
    }),
  ),
  url: Type.Optional(
    Type.String({
      title: 'Address',
      description:
        'Only where Google’s own host is not reached directly: https, or http on this machine, where no key is used.',
      examples: ['https://dialogflow.internal.example.com:8443'],
      format: 'uri',
    }),
  ),
  timeoutSeconds: Type.Number({
    title: 'Time-out',
    description: 'Seconds until a call is given up. Longer than the mapping’s `botSeconds` changes nothing for a turn.',
    examples: [8],
    default: 8,
    minimum: 0.1,
    maximum: 60,
  }),
}

export const textLengthSetting = (maximum?: number) =>
  Type.Integer({
    title: 'Text length',
    description: 'Longest text that is given to the bot; the rest is cut off for the bot, never for people.',
    examples: [256],
    default: 256,
    minimum: 1,
    ...(maximum && { maximum }),
  })

/** What Dialogflow is to make of each message. */
export const hearingSettings = {
  sentiment: Type.Boolean({
    title: 'Sentiment',
    description: 'Let Dialogflow rate how each message feels.',
    examples: [true],
    default: true,
  }),
  timeZone: Type.Optional(
    Type.String({
      title: 'Time zone',
      description: 'For words such as “tomorrow”. Without it: the agent’s own.',
      examples: ['Europe/Berlin'],
    }),
  ),
}

export const parametersSetting = (description: string) =>
  Type.Optional(
    Type.Record(Type.String(), Type.String(), { title: 'Parameters', description, examples: [{ site: 'shop' }] }),
  )

export const welcomeEventSetting = Type.Optional(
  Type.String({
    title: 'Welcome event',
    description: 'Sent before the customer’s first message; its answer is shown before the bot’s first answer.',
    examples: ['WELCOME'],
  }),
)

export const returnEventSetting = (description: string) =>
  Type.Optional(Type.String({ title: 'Return event', description, examples: ['agent_finished'] }))

export const webhookFailureSetting = Type.Union([Type.Literal('miss'), Type.Literal('human'), Type.Literal('ignore')], {
  title: 'When a webhook of the bot fails',
  description: 'miss: counts as not understood; human: a person is asked at once; ignore: the answer stands.',
  examples: ['human'],
  default: 'miss',
})

/** Signs of wanting a person that both can give. */
export const payloadsSetting = Type.Optional(
  strings(
    'Payload keys',
    'A custom payload or webhook payload with one of these keys asks for a person. A dot goes deeper: `actions.handoff`.',
    [['handoff', 'actions.transfer']],
    ['handoff'],
  ),
)

export const skillsSetting = (description: string) =>
  Type.Optional(strings('Skill keys', description, [['queue']], ['skills', 'skill', 'queue']))

export const intentsSetting = Type.Optional(
  strings('Intents', 'Intents that ask for a person, by display name or by id.', [['talk.to.human']]),
)
