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
        'Where such a payload, or the metadata of a live agent handoff, names the skills or the queue that is needed.',
        [['queue']],
        ['skills', 'skill', 'queue'],
      ),
    ),
    parameters: Type.Optional(
      strings(
        'Session parameters',
        'Setting one of these session parameters asks for a person.',
        [['handoff']],
        ['handoff'],
      ),
    ),
    places: Type.Optional(
      strings('Pages and flows', 'Arriving at a page or flow of this display name asks for a person.', [['Escalate']]),
    ),
    intents: Type.Optional(
      strings('Intents', 'Intents that ask for a person, by display name or by id.', [['talk.to.human']]),
    ),
  },
  {
    title: 'Asking for a person',
    description:
      'Signs beyond those that always count: a live agent handoff, an escalating playbook, a transfer of a phone call.',
    additionalProperties: false,
  },
)

export const settings = Type.Object(
  {
    project: Type.String({
      title: 'Project',
      description: 'Id of the Google Cloud project the agent is in.',
      examples: ['acme-support'],
      minLength: 1,
    }),
    location: Type.String({
      title: 'Location',
      description: 'Region the agent was created in. The call goes to that region’s own host.',
      examples: ['europe-west3', 'us-central1'],
      default: 'global',
      pattern: '^[a-z][a-z0-9-]*$',
    }),
    agent: Type.String({
      title: 'Agent',
      description: 'Id of the agent: the last piece of its name in the console’s address.',
      examples: ['3a1f0b52-8c43-4a11-9c2e-77a0d3c10001'],
      minLength: 1,
    }),
    environment: Type.Optional(
      Type.String({
        title: 'Environment',
        description: 'Id (not the display name) of the environment that customers talk to. Without it: the draft.',
        examples: ['5c1e1b1a-2f6b-4f0e-9d55-0a1f44c10002'],
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
    sessionMinutes: Type.Integer({
      title: 'Session',
      description:
        'How long Dialogflow keeps a session without a word. After that the hub gives back the parameters and the page it knows.',
      examples: [1440],
      default: 1440,
      minimum: 1,
      maximum: 1440,
    }),
    textLength: Type.Integer({
      title: 'Text length',
      description: 'Longest text that is given to the bot; the rest is cut off for the bot, never for people.',
      examples: [256],
      default: 256,
      minimum: 1,
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
    channel: Type.Optional(
      Type.String({
        title: 'Channel',
        description: 'Only answers for this channel of the agent, and those for all.',
        examples: ['CHAT'],
      }),
    ),
    parameters: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        title: 'Parameters',
        description: 'Session parameters a conversation starts with.',
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
          'Sent when people are done, with the outcome as parameters. Without it the parameters go along with the next message.',
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
    flows: Type.Array(Type.String({ minLength: 1 }), {
      title: 'Flows to train',
      description: 'Ids of the flows whose routes use the intents that learn. Default: the start flow.',
      examples: [['00000000-0000-0000-0000-000000000000']],
      default: ['00000000-0000-0000-0000-000000000000'],
    }),
    callsPerMinute: Type.Optional(
      Type.Integer({
        title: 'Calls per minute',
        description: 'The project’s quota; more is not tried. Without it the hub slows down when Google says so.',
        examples: [1200],
        minimum: 1,
      }),
    ),
  },
  { additionalProperties: false },
)

export type Settings = Static<typeof settings>

const noHandover = { payloads: ['handoff'], skills: ['skills', 'skill', 'queue'], parameters: ['handoff'] }

/** With the defaults of what was left out. */
export const handoverOf = (chosen: Settings): Required<NonNullable<Settings['handover']>> => ({
  places: [],
  intents: [],
  ...noHandover,
  ...chosen.handover,
})
