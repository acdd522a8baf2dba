import { type Static, Type } from 'typebox'

export const settings = Type.Object(
  {
    account: Type.String({
      title: 'Account',
      description:
        'The part before .freshchat.com of the chat URL under API settings; not the name before .myfreshworks.com.',
      pattern: '^[A-Za-z0-9][A-Za-z0-9-]*$',
      examples: ['acme-5b321a95b1dfee217185497'],
    }),
    token: Type.String({
      title: 'API token',
      description: 'Made by an admin under API settings.',
      minLength: 1,
      writeOnly: true,
      examples: ['${env:FRESHCHAT_TOKEN}'],
    }),
    publicKey: Type.String({
      title: 'Public key',
      description:
        'Of the conversation webhooks, as the settings page shows it: with or without its BEGIN and END lines.',
      minLength: 1,
      examples: ['${env:FRESHCHAT_PUBLIC_KEY}'],
    }),
    channel: Type.String({
      title: 'Channel',
      description: 'The topic that conversations begin in, by its name or id.',
      minLength: 1,
      examples: ['Support'],
    }),
    url: Type.Optional(
      Type.String({
        title: 'Address',
        description:
          'Where the API is, without /v2. Default: https://<account>.freshchat.com; older accounts have a regional one.',
        format: 'uri',
        examples: ['https://api.eu.freshchat.com'],
      }),
    ),
    agent: Type.Optional(
      Type.String({
        title: 'Agent',
        description:
          'Id of an agent who is nobody but Baton, the author of private notes. Without one, agents get a shorter context as a marked message of the customer.',
        minLength: 1,
        examples: ['fba1873d-67d6-4d63-be97-0000000000f1'],
      }),
    ),
    group: Type.Optional(
      Type.String({
        title: 'Group',
        description: 'Id of the group that gets the conversations. Default: the account’s own rules decide.',
        minLength: 1,
        examples: ['4cf5d9b8-b782-499f-b93c-000000000091'],
      }),
    ),
    skillGroups: Type.Optional(
      Type.Record(Type.String(), Type.String({ minLength: 1 }), {
        title: 'Groups by skill',
        description: 'Id of the group for conversations that need a skill; the first skill that has one counts.',
        examples: [{ billing: '4cf5d9b8-b782-499f-b93c-000000000092' }],
      }),
    ),
    returnGroup: Type.Optional(
      Type.String({
        title: 'Return group',
        description: 'Id of a group without people: a conversation assigned to it goes back to the bot.',
        minLength: 1,
        examples: ['4cf5d9b8-b782-499f-b93c-000000000099'],
      }),
    ),
    handoffProperty: Type.Optional(
      Type.String({
        title: 'Handoff property',
        description:
          'Name of a conversation property that takes the handoff’s id. It must exist, else Freshchat refuses the conversation.',
        pattern: '^cf_[a-z0-9_]+$',
        examples: ['cf_baton_handoff'],
      }),
    ),
    systemMessages: Type.Boolean({
      title: 'System messages',
      description: 'Send Freshchat’s own words to the customer: a topic’s welcome, automatic replies, prompts.',
      default: false,
      examples: [true],
    }),
    botMessages: Type.Boolean({
      title: 'Bot messages',
      description: 'Send the words of a bot that works inside Freshchat to the customer.',
      default: false,
      examples: [true],
    }),
    pathSecret: Type.Optional(
      Type.String({
        title: 'Path secret',
        description: 'Besides the signature, webhooks must come to an address that ends with this.',
        minLength: 16,
        writeOnly: true,
        pattern: '^[A-Za-z0-9_-]+$',
        examples: ['${env:FRESHCHAT_PATH_SECRET}'],
      }),
    ),
    textLength: Type.Integer({
      title: 'Text length',
      description: 'Characters of one message. Freshchat publishes no limit.',
      default: 4_000,
      examples: [2_000],
      minimum: 200,
    }),
    callsPerMinute: Type.Integer({
      title: 'Calls per minute',
      description: 'Freshchat publishes no number; it tells what is left, and that is obeyed too.',
      default: 120,
      examples: [60],
      minimum: 1,
    }),
    pollSeconds: Type.Integer({
      title: 'Poll every',
      description: 'Seconds between two looks at open conversations for what no webhook told.',
      default: 30,
      examples: [15],
      minimum: 5,
    }),
  },
  { additionalProperties: false },
)
export type Settings = Static<typeof settings>
