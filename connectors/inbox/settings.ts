/** What the YAML of an inbox says: its agents and its times. */
import { type Static, Type } from 'typebox'
import { allFiles, largestFile, permittedTypes } from '#hub/file-settings.ts'

const agent = Type.Object(
  {
    name: Type.String({
      title: 'Name',
      description: 'What colleagues and customers read.',
      minLength: 1,
      maxLength: 80,
      examples: ['Ana'],
    }),
    email: Type.String({
      title: 'E-mail',
      description: 'Names the agent for good: tickets and reports keep it.',
      minLength: 3,
      maxLength: 254,
      pattern: '^[^@\\s]+@[^@\\s]+$',
      examples: ['ana@example.com'],
    }),
    token: Type.Optional(
      Type.String({
        title: 'Access token',
        description:
          'For a program that answers as this agent: at least 16 characters, best taken from the environment. Only its hash is stored. People sign in at the console.',
        minLength: 16,
        writeOnly: true,
        examples: ['${env:ANA_TOKEN}'],
      }),
    ),
    skills: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        title: 'Skills',
        description: 'A handoff that needs skills goes only to agents who have all of them.',
        default: [],
        examples: [['billing', 'returns']],
      }),
    ),
    languages: Type.Optional(
      Type.Array(Type.String({ minLength: 2, maxLength: 35 }), {
        title: 'Languages',
        description: 'BCP 47 codes, such as en or de. Empty: not asked about, so every language is fine.',
        default: [],
        examples: [['en', 'de']],
      }),
    ),
    capacity: Type.Optional(
      Type.Integer({
        title: 'Capacity',
        description: 'Live conversations at a time.',
        default: 3,
        minimum: 1,
        maximum: 50,
      }),
    ),
  },
  { additionalProperties: false, title: 'Agent' },
)

const files = Type.Object(
  { maxBytes: largestFile, ticketBytes: allFiles('All files of one conversation'), types: permittedTypes },
  { title: 'Files', description: 'What agents may attach.', additionalProperties: false },
)

export const settings = Type.Object(
  {
    agents: Type.Optional(
      Type.Array(agent, {
        title: 'Agents',
        description:
          'Agents that are programs, and people whose skills, languages and capacity shall stand here instead of in the console. Who has a seat here in the console needs no entry.',
        default: [],
      }),
    ),
    ringSeconds: Type.Optional(
      Type.Integer({
        title: 'Ring',
        description: 'Seconds a conversation rings at one agent before it is passed on to the next.',
        default: 30,
        minimum: 5,
        maximum: 600,
      }),
    ),
    returnAfterSeconds: Type.Optional(
      Type.Integer({
        title: 'Return after',
        description:
          'Seconds without a sign of life of the agent’s browser after which their live conversations go back to the queue.',
        default: 90,
        minimum: 60,
        maximum: 3600,
      }),
    ),
    files: Type.Optional(files),
    demo: Type.Optional(
      Type.Boolean({
        title: 'Demo agents',
        description:
          'Adds two agents, Ana and Ben, whom the sandbox and `baton replay` sign in without a token. It answers only on the loopback address, to a caller on the same machine. Never switch it on where customers write.',
        default: false,
      }),
    ),
  },
  { additionalProperties: false },
)

export type InboxSettings = Static<typeof settings>
export type AgentSettings = Static<typeof agent>
