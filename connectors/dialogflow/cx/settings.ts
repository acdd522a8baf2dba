/** The YAML of this connector. */
import { type Static, Type } from 'typebox'
import {
  accessSettings,
  environmentSetting,
  hearingSettings,
  intentsSetting,
  parametersSetting,
  payloadsSetting,
  projectSetting,
  returnEventSetting,
  skillsSetting,
  strings,
  textLengthSetting,
  webhookFailureSetting,
  welcomeEventSetting,
} from '../settings.ts'

const handover = Type.Object(
  {
    payloads: payloadsSetting,
    skills: skillsSetting(
      'Where such a payload, or the metadata of a live agent handoff, names the skills or the queue that is needed.',
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
    intents: intentsSetting,
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
    project: projectSetting('Id of the Google Cloud project the agent is in.'),
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
    environment: environmentSetting(
      'Id (not the display name) of the environment that customers talk to. Without it: the draft.',
      '5c1e1b1a-2f6b-4f0e-9d55-0a1f44c10002',
    ),
    ...accessSettings,
    sessionMinutes: Type.Integer({
      title: 'Session',
      description:
        'How long Dialogflow keeps a session without a word. After that the hub gives back the parameters and the page it knows.',
      examples: [1440],
      default: 1440,
      minimum: 1,
      maximum: 1440,
    }),
    textLength: textLengthSetting(),
    ...hearingSettings,
    channel: Type.Optional(
      Type.String({
        title: 'Channel',
        description: 'Only answers for this channel of the agent, and those for all.',
        examples: ['CHAT'],
      }),
    ),
    parameters: parametersSetting('Session parameters a conversation starts with.'),
    welcomeEvent: welcomeEventSetting,
    returnEvent: returnEventSetting(
      'Sent when people are done, with the outcome as parameters. Without it the parameters go along with the next message.',
    ),
    handover: Type.Optional(handover),
    webhookFailure: webhookFailureSetting,
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
