import { type Static, Type } from 'typebox'

const id = (title: string, description: string) =>
  Type.Integer({ title, description, minimum: 1, examples: [501000111222] })

export const settings = Type.Object(
  {
    domain: Type.String({
      title: 'Domain',
      description: 'The part before .freshdesk.com. An address of your own does not take API calls reliably.',
      pattern: '^[A-Za-z0-9][A-Za-z0-9-]*$',
      examples: ['acme'],
    }),
    apiKey: Type.String({
      title: 'API key',
      description:
        'Of an agent who is nobody but Baton: what this agent writes by hand is taken for the hub’s own words.',
      minLength: 1,
      writeOnly: true,
      examples: ['${env:FRESHDESK_API_KEY}'],
    }),
    webhookSecret: Type.String({
      title: 'Webhook secret',
      description:
        'At least 16 characters by chance. The automation rules send it as the header X-Webhook-Secret, as a Basic password, or at the end of the URL.',
      minLength: 1,
      writeOnly: true,
      examples: ['${env:FRESHDESK_WEBHOOK_SECRET}'],
    }),
    url: Type.Optional(
      Type.String({
        title: 'Address',
        description: 'Where the account is, without a path. Default: https://<domain>.freshdesk.com',
        format: 'uri',
        examples: ['https://acme.freshdesk.com'],
      }),
    ),
    group: Type.Optional(id('Group', 'The group that gets the tickets. Default: the account’s own rules decide.')),
    skillGroups: Type.Optional(
      Type.Record(Type.String(), Type.Integer({ minimum: 1 }), {
        title: 'Groups by skill',
        description: 'The group for tickets that need a skill; the first skill that has one counts.',
        examples: [{ billing: 501000111222 }],
      }),
    ),
    skillField: Type.Optional(
      Type.String({
        title: 'Skill field',
        description:
          'API name of a ticket field that takes the needed skill. Freshdesk gives a ticket its skill by such a field, since the skill itself cannot be written.',
        pattern: '^(cf_[a-z0-9_]+|type)$',
        examples: ['cf_skill'],
      }),
    ),
    assign: Type.Boolean({
      title: 'Assign',
      description:
        'Give a live ticket at once to the agent of the group who is there, has the skills and the most room. Off: Freshdesk assigns.',
      default: false,
      examples: [true],
    }),
    acceptedWhen: Type.Union([Type.Literal('reply'), Type.Literal('assigned')], {
      title: 'Accepted when',
      description:
        'What tells the customer that an agent has joined: the first reply, or that the ticket has an agent. Choose "assigned" only where agents take tickets by hand.',
      default: 'reply',
      examples: ['assigned'],
    }),
    conversationField: Type.Optional(
      Type.String({
        title: 'Conversation field',
        description: 'API name of a single-line ticket field that takes the handoff’s id, to search for.',
        pattern: '^cf_[a-z0-9_]+$',
        examples: ['cf_baton_handoff'],
      }),
    ),
    tags: Type.Array(Type.String({ minLength: 1, maxLength: 32, pattern: '^[^,]+$' }), {
      title: 'Tags',
      description: 'Of each ticket the hub makes.',
      default: ['baton'],
      examples: [['baton', 'chat']],
    }),
    returnTag: Type.String({
      title: 'Return tag',
      description: 'A ticket that is resolved with this tag goes back to the bot.',
      default: 'back-to-bot',
      examples: ['bot'],
      minLength: 1,
      maxLength: 32,
    }),
    finalStatuses: Type.Array(Type.Integer({ minimum: 2 }), {
      title: 'Final statuses',
      description: 'Ids of the statuses that end a handoff: 4 is Resolved, 5 is Closed, others are the account’s own.',
      default: [4, 5],
      examples: [[4, 5, 8]],
    }),
    publicNotes: Type.Boolean({
      title: 'Public notes',
      description: 'Send an agent’s public note to the customer, as a reply is. A reply is also mailed, a note is not.',
      default: true,
      examples: [false],
    }),
    contacts: Type.Union([Type.Literal('by-email'), Type.Literal('chat-only')], {
      title: 'Contacts',
      description:
        'Who asks: the contact with the customer’s e-mail address, who then also gets replies by mail; or a contact without one.',
      default: 'by-email',
      examples: ['chat-only'],
    }),
    draftFolder: Type.Optional(id('Folder of drafts', 'The Solutions folder that takes proposed articles, as drafts.')),
    folderVisibility: Type.Array(Type.Integer({ minimum: 1 }), {
      title: 'Visibility of folders',
      description:
        'Articles of folders with these visibilities are shown to customers. 1: all users, 2: who is logged in.',
      default: [1],
      examples: [[1, 2]],
    }),
    articleUrl: Type.Optional(
      Type.String({
        title: 'Address of an article',
        description: 'Where customers read an article; {id} becomes its id. Default: articles come without a link.',
        examples: ['https://help.example.com/articles/{id}'],
      }),
    ),
    callsPerMinute: Type.Integer({
      title: 'Calls per minute',
      description:
        'What Baton may use of the account’s limit, which all its apps share: 200 on Growth, 400 on Pro, 700 on Enterprise.',
      default: 120,
      examples: [300],
      minimum: 1,
    }),
    pollSeconds: Type.Integer({
      title: 'Poll every',
      description: 'Seconds between two looks at what no webhook told. Growth permits 20 lists of tickets a minute.',
      default: 15,
      examples: [30],
      minimum: 5,
    }),
  },
  { additionalProperties: false },
)
export type Settings = Static<typeof settings>
