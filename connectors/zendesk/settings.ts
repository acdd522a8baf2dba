/** What the YAML of a Zendesk connection says. Each role has a section; the credentials of the account stand above them. */
import { type Static, Type } from 'typebox'

const id = (title: string, description: string, example: number) =>
  Type.Integer({ title, description, minimum: 1, examples: [example] })

const oauth = Type.Object(
  {
    clientId: Type.String({
      title: 'Client identifier',
      description: 'The "unique identifier" of a confidential OAuth client in Admin Center.',
      minLength: 1,
      examples: ['baton'],
    }),
    clientSecret: Type.String({
      title: 'Client secret',
      description: 'Shown once when the client is made.',
      minLength: 1,
      writeOnly: true,
      examples: ['${env:ZENDESK_CLIENT_SECRET}'],
    }),
    scope: Type.Optional(
      Type.String({
        title: 'Scope',
        description:
          'What is asked for, as one string with spaces. Default: tickets, users and webhooks, and the Help Center where the section "knowledge" is there.',
        minLength: 1,
        examples: ['tickets:read tickets:write users:read users:write webhooks:read webhooks:write'],
      }),
    ),
  },
  {
    additionalProperties: false,
    title: 'OAuth client',
    description: 'The way to sign in. Baton fetches its tokens itself and renews them.',
    examples: [{ clientId: 'baton', clientSecret: '${env:ZENDESK_CLIENT_SECRET}' }],
  },
)

const apiToken = Type.Object(
  {
    email: Type.String({
      title: 'E-mail',
      description: 'Of the user the token acts as: best a user of its own, with the role admin.',
      format: 'email',
      examples: ['baton@example.com'],
    }),
    token: Type.String({
      title: 'API token',
      description: 'From Admin Center. Nobody can make a new one since 2026-10-27, and all of them stop on 2027-04-30.',
      minLength: 1,
      writeOnly: true,
      examples: ['${env:ZENDESK_TOKEN}'],
    }),
  },
  {
    additionalProperties: false,
    title: 'API token',
    description: 'The old way to sign in, for accounts without an OAuth client yet. It ends on 2027-04-30.',
    examples: [{ email: 'baton@example.com', token: '${env:ZENDESK_TOKEN}' }],
  },
)

const tickets = Type.Object(
  {
    group: Type.Optional(id('Group', 'The group that gets tickets no skill names another group for.', 20455931)),
    groups: Type.Optional(
      Type.Record(Type.String({ minLength: 1 }), Type.Integer({ minimum: 1 }), {
        title: 'Groups by skill',
        description: 'The first skill of a handoff that stands here decides the group.',
        examples: [{ billing: 20455931 }],
      }),
    ),
    brand: Type.Optional(id('Brand', 'Where the account has several.', 31870042219)),
    form: Type.Optional(id('Ticket form', 'The form that tickets are made with.', 31870042250)),
    fields: Type.Optional(
      Type.Record(Type.String({ minLength: 1 }), Type.Integer({ minimum: 1 }), {
        title: 'Custom fields',
        description: 'Names for ticket fields, so that the fields of a mapping need not use their numbers.',
        examples: [{ order: 360041112233 }],
      }),
    ),
    tags: Type.Optional(
      Type.Array(Type.String({ pattern: '^[^\\s,]+$', minLength: 1, maxLength: 80 }), {
        title: 'Tags',
        description: 'Added to every ticket, besides baton, the mode, the language and the skills.',
        examples: [['web']],
      }),
    ),
    skills: Type.Optional(
      Type.Union([Type.Literal('tags'), Type.Literal('routing')], {
        title: 'Skills',
        description:
          '"tags": skills become tags only. "routing": also the skills of Zendesk’s skills-based routing of the same names; this needs an admin.',
        default: 'tags',
        examples: ['routing'],
      }),
    ),
    availability: Type.Optional(
      Type.Union([Type.Literal('off'), Type.Literal('support'), Type.Literal('messaging')], {
        title: 'Availability',
        description:
          'The channel whose online agents count when Baton asks whether anybody is there. "off": it does not ask. Needs an admin.',
        default: 'off',
        examples: ['support'],
      }),
    ),
    returnTag: Type.Optional(
      Type.String({
        title: 'Return tag',
        description: 'A ticket solved with this tag goes back to the bot. Best set by a macro that solves it as well.',
        pattern: '^[^\\s,]+$',
        default: 'back_to_bot',
        examples: ['back_to_bot'],
      }),
    ),
    webhookSecret: Type.Optional(
      Type.String({
        title: 'Webhook secret',
        description:
          'Signing secret of a webhook made by hand, by event subscription or by triggers. Without it Baton makes its own webhook.',
        minLength: 16,
        writeOnly: true,
        examples: ['${env:ZENDESK_WEBHOOK_SECRET}'],
      }),
    ),
  },
  { additionalProperties: false, title: 'Tickets', description: 'The role desk: each handoff is a ticket of Support.' },
)

const knowledge = Type.Object(
  {
    locale: Type.String({
      title: 'Locale',
      description: 'The language of the Help Center to search and to write drafts in.',
      default: 'en-us',
      minLength: 2,
      examples: ['en-us'],
    }),
    section: Type.Optional(id('Section', 'Where drafts are put. Without it nothing is proposed.', 31870099000044)),
    permissionGroup: Type.Optional(
      id('Permission group', 'Who may edit and publish the drafts. Default of Zendesk: admins.', 31870042410),
    ),
    userSegment: Type.Optional(
      id('User segment', 'Who may read a draft once it is published. Default of Zendesk: everybody.', 123),
    ),
    brand: Type.Optional(id('Brand', 'Search only the Help Center of this brand.', 31870042219)),
  },
  {
    additionalProperties: false,
    title: 'Help Center',
    description: 'The role knowledge: articles of Guide.',
    examples: [{ locale: 'en-us', section: 31870099000044 }],
  },
)

const survey = Type.Object(
  {
    kind: Type.Union([Type.Literal('ratings'), Type.Literal('surveys')], {
      title: 'Kind',
      description:
        'Which of the two the account uses: "ratings", the old good or bad, or "surveys", the new customer satisfaction surveys.',
      default: 'surveys',
      examples: ['surveys'],
    }),
    scale: Type.Integer({
      title: 'Scale',
      description: 'The best score of the survey’s rating question. Good or bad is always 1 or 0 of 1.',
      default: 5,
      minimum: 2,
      maximum: 10,
      examples: [5],
    }),
  },
  {
    additionalProperties: false,
    title: 'Satisfaction',
    description: 'The role survey: Zendesk asks the customer itself, and Baton learns the answer.',
    examples: [{ kind: 'surveys', scale: 5 }],
  },
)

const messaging = Type.Object(
  {
    app: Type.String({
      title: 'App',
      description: 'The App ID that the Conversations API key was made with.',
      pattern: '^[A-Za-z0-9]+$',
      examples: ['64f0c1a2b3d4e5f60718293a'],
    }),
    keyId: Type.String({
      title: 'Key ID',
      description: 'Begins with "app_". A key of an integration ("int_") cannot pass every kind of control.',
      minLength: 1,
      examples: ['app_64f0c1a2b3d4e5f60718293b'],
    }),
    keySecret: Type.String({
      title: 'Key secret',
      description: 'Shown once when the key is made.',
      minLength: 1,
      writeOnly: true,
      examples: ['${env:ZENDESK_MESSAGING_SECRET}'],
    }),
    integration: Type.Optional(
      Type.String({
        title: 'Integration',
        description: 'The id of the custom integration that is Baton. Baton makes its webhook there.',
        pattern: '^[A-Za-z0-9]+$',
        examples: ['64f0d0b2c3d4e5f607182930'],
      }),
    ),
    webhookSecret: Type.Optional(
      Type.String({
        title: 'Webhook secret',
        description: 'Of a webhook made by hand. Without it Baton finds or makes its own at the integration.',
        minLength: 16,
        writeOnly: true,
        examples: ['${env:ZENDESK_MESSAGING_WEBHOOK_SECRET}'],
      }),
    ),
    control: Type.Optional(
      Type.String({
        title: 'Our name at the switchboard',
        description: 'Name or id of Baton’s switchboard integration.',
        minLength: 1,
        default: 'baton',
        examples: ['baton'],
      }),
    ),
    workspace: Type.Optional(
      Type.String({
        title: 'The agents’ name at the switchboard',
        description: 'Name or id of the switchboard integration that handoffs go to.',
        minLength: 1,
        default: 'zd-agentWorkspace',
        examples: ['zd-agentWorkspace'],
      }),
    ),
    listens: Type.Optional(
      Type.Union([Type.Literal('standby'), Type.Literal('pending')], {
        title: 'Listens',
        description:
          'How Baton hears the agents. "standby": its switchboard integration has deliverStandbyEvents. "pending": it offers control to itself after each handoff.',
        default: 'standby',
        examples: ['pending'],
      }),
    ),
    botName: Type.Optional(
      Type.String({
        title: 'Name of the bot',
        description: 'Shown to the customer with what the bot says.',
        minLength: 1,
        maxLength: 100,
        examples: ['Shop assistant'],
      }),
    ),
    tags: Type.Optional(
      Type.Array(Type.String({ pattern: '^[^\\s,]+$', minLength: 1, maxLength: 80 }), {
        title: 'Tags',
        description: 'Of the agents’ ticket, besides baton, the language and the skills.',
        examples: [['web']],
      }),
    ),
    groups: Type.Optional(
      Type.Record(Type.String({ minLength: 1 }), Type.Integer({ minimum: 1 }), {
        title: 'Groups by skill',
        description: 'The first skill of a handoff that stands here decides the group.',
        examples: [{ billing: 20455931 }],
      }),
    ),
    fields: Type.Optional(
      Type.Record(Type.String({ minLength: 1 }), Type.Integer({ minimum: 1 }), {
        title: 'Custom fields',
        description: 'Names for ticket fields, so that the fields of a mapping need not use their numbers.',
        examples: [{ order: 360041112233 }],
      }),
    ),
    callsPerMinute: Type.Optional(
      Type.Integer({
        title: 'Calls per minute',
        description: 'Zendesk publishes no number for messaging; it asks to wait when there are too many.',
        default: 600,
        minimum: 10,
        examples: [600],
      }),
    ),
  },
  {
    additionalProperties: false,
    title: 'Messaging',
    description:
      'The role channel: customers write in Zendesk messaging. Without the section "tickets" also the role desk: handoffs go to the agents of messaging.',
  },
)

export const settings = Type.Object(
  {
    subdomain: Type.String({
      title: 'Subdomain',
      description: 'The part before .zendesk.com.',
      pattern: '^[A-Za-z0-9][A-Za-z0-9-]*$',
      examples: ['acme'],
    }),
    url: Type.Optional(
      Type.String({
        title: 'Address',
        description: 'Only where it is not https://<subdomain>.zendesk.com.',
        format: 'uri',
        examples: ['https://help.example.com'],
      }),
    ),
    oauth: Type.Optional(oauth),
    apiToken: Type.Optional(apiToken),
    callsPerMinute: Type.Integer({
      title: 'Calls per minute',
      description:
        'Of the plan: Team 200, Growth and Professional 400, Enterprise 700, with the High Volume add-on 2,500.',
      default: 200,
      minimum: 10,
      examples: [400],
    }),
    tickets: Type.Optional(tickets),
    knowledge: Type.Optional(knowledge),
    survey: Type.Optional(survey),
    messaging: Type.Optional(messaging),
  },
  { additionalProperties: false },
)

export type Settings = Static<typeof settings>
export type TicketSettings = Static<typeof tickets>
export type KnowledgeSettings = Static<typeof knowledge>
export type MessagingSettings = Static<typeof messaging>
export type SurveySettings = Static<typeof survey>

export const baseUrl = (given: Settings): string =>
  (given.url ?? `https://${given.subdomain}.zendesk.com`).replace(/\/+$/, '')
