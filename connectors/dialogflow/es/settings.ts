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
      'Where such a payload, a context or the parameters of a transfer name the skills or the queue that is needed.',
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
    intents: intentsSetting,
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
    project: projectSetting('Id of the Google Cloud project; it has one agent for each location.'),
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
    environment: environmentSetting(
      'Name of the environment that customers talk to. Without it: the draft.',
      'production',
    ),
    ...accessSettings,
    textLength: textLengthSetting(256),
    ...hearingSettings,
    parameters: parametersSetting('What a conversation starts with: parameters of the context `hub`.'),
    welcomeEvent: welcomeEventSetting,
    returnEvent: returnEventSetting(
      'Sent when people are done, with outcome, digest and intent as parameters. With or without it they are in the context `handoff_result`.',
    ),
    handover: Type.Optional(handover),
    webhookFailure: webhookFailureSetting,
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
