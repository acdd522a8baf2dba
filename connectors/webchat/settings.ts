import { type Static, Type } from 'typebox'
import { allFiles, largestFile, permittedTypes } from '#hub/file-settings.ts'
import { fileTypes } from '#hub/files.ts'

export const languages = ['en', 'de', 'fr', 'es', 'pt', 'ar'] as const

const identity = Type.Object(
  {
    secret: Type.Optional(
      Type.String({
        title: 'Shared secret',
        description: 'For tokens signed with HS256. At least 32 characters.',
        minLength: 32,
        writeOnly: true,
      }),
    ),
    publicKey: Type.Optional(
      Type.String({ title: 'Public key', description: 'For tokens signed with RS256: the key in PEM (SPKI) form.' }),
    ),
    required: Type.Optional(
      Type.Boolean({
        title: 'Required',
        description: 'Refuse visitors for whom your backend has not signed a token.',
        default: false,
      }),
    ),
  },
  {
    title: 'Identity',
    description:
      'How your backend vouches for a signed-in customer: a JWT with sub, exp and, if known, name and email.',
    additionalProperties: false,
  },
)

const files = Type.Object(
  { maxBytes: largestFile, threadBytes: allFiles('All files of one visitor'), types: permittedTypes },
  { title: 'Files', description: 'What visitors may attach.', additionalProperties: false },
)

export const settings = Type.Object(
  {
    title: Type.Optional(
      Type.String({
        title: 'Title',
        description: 'On top of the chat window.',
        minLength: 1,
        maxLength: 60,
        default: 'Chat',
      }),
    ),
    greeting: Type.Optional(
      Type.String({
        title: 'Greeting',
        description: 'Shown before anything was said. Without it the widget says its own, in the visitor’s language.',
        maxLength: 400,
      }),
    ),
    color: Type.Optional(
      Type.String({
        title: 'Colour',
        description:
          'Accent of launcher and header, as #rrggbb. Text on it turns black or white, whichever reads better.',
        pattern: '^#[0-9a-fA-F]{6}$',
        default: '#0f766e',
      }),
    ),
    languages: Type.Optional(
      Type.Array(Type.Enum([...languages]), {
        title: 'Languages',
        description:
          'The widget’s own words may appear in these; the first one where the page’s language is not among them.',
        minItems: 1,
        default: [...languages],
      }),
    ),
    origins: Type.Optional(
      Type.Array(Type.String({ pattern: '^(\\*|https?://[^/\\s]+)$' }), {
        title: 'Origins',
        description:
          'Web sites that may embed the chat, like https://shop.example. The hub’s own host may always; "*" permits every site.',
        examples: [['https://shop.example']],
        default: [],
      }),
    ),
    sessionDays: Type.Optional(
      Type.Integer({
        title: 'Session',
        description: 'Days without use after which a visitor’s browser must begin anew.',
        minimum: 1,
        maximum: 365,
        default: 30,
      }),
    ),
    messagesPerMinute: Type.Optional(
      Type.Integer({
        title: 'Messages per minute',
        description: 'Of one visitor; more are refused for a while.',
        minimum: 1,
        default: 30,
      }),
    ),
    sessionsPerMinute: Type.Optional(
      Type.Integer({
        title: 'New visitors per minute',
        description: 'From one network address; more are refused for a while.',
        minimum: 1,
        default: 30,
      }),
    ),
    textLength: Type.Optional(
      Type.Integer({
        title: 'Longest text',
        description: 'Characters (UTF-16 units) of one message.',
        minimum: 100,
        maximum: 16_000,
        default: 4000,
      }),
    ),
    identity: Type.Optional(identity),
    files: Type.Optional(files),
  },
  { additionalProperties: false },
)

export type Settings = Static<typeof settings>

/** The settings with every default in place. */
export function complete(given: Settings) {
  return {
    title: given.title ?? 'Chat',
    greeting: given.greeting,
    color: given.color ?? '#0f766e',
    languages: given.languages ?? [...languages],
    origins: given.origins ?? [],
    sessionDays: given.sessionDays ?? 30,
    messagesPerMinute: given.messagesPerMinute ?? 30,
    sessionsPerMinute: given.sessionsPerMinute ?? 30,
    textLength: given.textLength ?? 4000,
    identity: given.identity,
    files: {
      maxBytes: given.files?.maxBytes ?? 10_485_760,
      threadBytes: given.files?.threadBytes ?? 104_857_600,
      types: given.files?.types ?? [...fileTypes],
    },
  }
}

export type CompleteSettings = ReturnType<typeof complete>
