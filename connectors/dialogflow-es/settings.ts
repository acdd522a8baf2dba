/** The YAML of this connector. */
import { type Static, Type } from 'typebox'

const strings = (title: string, description: string, examples: string[][], given: string[] = []) =>
  Type.Array(Type.String({ minLength: 1 }), { title, description, examples, default: given })

const handover = Type.Object(
  {
    payloads: Type.Optional(
      strings(
        'Payload keys',
        'A custom payload or webhook payload with one of these keys asks for a person. A dot goes deeper: `actions.handoff`.',
        [['handoff', 'actions.transfer']],
        ['handoff'],
      ),
    ),
    skills: Type.Optional(
      strings(
        'Skill keys',
        'Where such a payload, a context or the parameters of a transfer name the skills or the queue that is needed.',
        [['queue']],
        ['skills', 'skill', 'queue'],
      ),
    ),
    actions: Type.Optional(
      strings('Actions', 'Intents with one of these actions ask for a person.', [['human.request']], ['TRANSFER']),
    ),
    contexts: Type.Optional(
      strings(
        'Contexts',
        'An output context of this name, in small letters, asks for a person.',
        [['handoff']],
        ['handoff'],
      ),
    ),
    intents: Type.Optional(
      strings('Intents', 'Intents that ask for a person, by display name or by id.', [['talk.to.human']]),
    ),
  },
  {
    title: 'Asking for a person',
    description:
      'Signs beyond those that always count: an intent marked as live agent handoff, a transfer of a phone call.',
    additionalProperties: false,
  },
)

export const settings = Type.Object(
  {
    project: Type.String({
      title: 'Project',
      description: 'Id of the Google Cloud project; it has one agent for each location.',
      examples: ['acme-support'],
      minLength: 1,
    }),
    location: Type.Union(
      [
        Type.Literal('global'),
        Type.Literal('europe-west1'),
        Type.Literal('europe-west2'),
        Type.Literal('australia-southeast1'),
        Type.Literal('asia-northeast1'),
      ],
      {
        title: 'Location',
        description: 'Region the agent was created in. The call goes to that region’s own host.',
        examples: ['europe-west1'],
        default: 'global',
      },
    ),
    environment: Type.Optional(
      Type.String({
        title: 'Environment',
        description: 'Name of the environment that customers talk to. Without it: the draft.',
        examples: ['production'],
        minLength: 1,
      }),
    ),
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
      description:
        'Seconds until a call is given up. Longer than the mapping’s `botSeconds` changes nothing for a turn.',
      examples: [8],
      default: 8,
      minimum: 0.1,
      maximum: 60,
    }),
    textLength: Type.Integer({
      title: 'Text length',
      description: 'Longest text that is given to the bot; the rest is cut off for the bot, never for people.',
      examples: [256],
      default: 256,
      minimum: 1,
      maximum: 256,
    }),
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
    parameters: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        title: 'Parameters',
        description: 'What a conversation starts with: parameters of the context `hub`.',
        examples: [{ site: 'shop' }],
      }),
    ),
    welcomeEvent: Type.Optional(
      Type.String({
        title: 'Welcome event',
        description: 'Sent before the customer’s first message; its answer is shown before the bot’s first answer.',
        examples: ['WELCOME'],
      }),
    ),
    returnEvent: Type.Optional(
      Type.String({
        title: 'Return event',
        description:
          'Sent when people are done, with outcome, digest and intent as parameters. With or without it they are in the context `handoff_result`.',
        examples: ['agent_finished'],
      }),
    ),
    handover: Type.Optional(handover),
    webhookFailure: Type.Union([Type.Literal('miss'), Type.Literal('human'), Type.Literal('ignore')], {
      title: 'When a webhook of the bot fails',
      description: 'miss: counts as not understood; human: a person is asked at once; ignore: the answer stands.',
      examples: ['human'],
      default: 'miss',
    }),
    callsPerMinute: Type.Integer({
      title: 'Turns per minute',
      description:
        'The project’s quota for text: 180 in the Trial edition, 600 in Essentials, or what Google raised it to.',
      examples: [600],
      default: 600,
      minimum: 1,
    }),
    learningCallsPerMinute: Type.Integer({
      title: 'Learning calls per minute',
      description: 'The project’s quota for all that is no conversation; teaching one intent takes five calls.',
      examples: [60],
      default: 60,
      minimum: 5,
    }),
    platform: Type.Optional(
      Type.String({
        title: 'Platform',
        description:
          'Show the answers made for this platform, where there are any. Without it: those for all platforms.',
        examples: ['FACEBOOK'],
        pattern: '^[A-Z_]+$',
      }),
    ),
    knowledgeBases: Type.Array(Type.String({ minLength: 1 }), {
      title: 'Knowledge bases',
      description:
        'Ids of knowledge bases that are searched with every message, and for the role knowledge. Uses v2beta1 of the API.',
      examples: [['MTIzNDU2Nzg5']],
      default: [],
    }),
    drafts: Type.Optional(
      Type.String({
        title: 'Knowledge base for drafts',
        description: 'Id of a knowledge base that nobody is answered from: proposed articles are put there.',
        examples: ['OTg3NjU0MzIx'],
        minLength: 1,
      }),
    ),
  },
  { additionalProperties: false },
)

export type Settings = Static<typeof settings>

const noHandover = {
  payloads: ['handoff'],
  skills: ['skills', 'skill', 'queue'],
  actions: ['TRANSFER'],
  contexts: ['handoff'],
}

/** With the defaults of what was left out. */
export const handoverOf = (chosen: Settings): Required<NonNullable<Settings['handover']>> => ({
  intents: [],
  ...noHandover,
  ...chosen.handover,
})
