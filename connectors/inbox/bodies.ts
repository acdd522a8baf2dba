/** What the page may send. */
import { type Static, Type } from 'typebox'

const closed = { additionalProperties: false } as const
const words = Type.String({ minLength: 1, maxLength: 10_000, pattern: '\\S' })
const line = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' })
const kind = Type.Union([Type.Literal('reply'), Type.Literal('note')])
const mode = Type.Union([Type.Literal('live'), Type.Literal('ticket'), Type.Literal('callback')])
const presence = Type.Union([Type.Literal('online'), Type.Literal('away'), Type.Literal('offline')])

export const presenceBody = Type.Object({ presence }, closed)
const ownId = Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' })
/** Words, files that were attached before, or both. */
export const sayBody = Type.Object(
  {
    id: ownId,
    text: Type.Optional(words),
    files: Type.Optional(Type.Array(ownId, { maxItems: 20, uniqueItems: true })),
  },
  closed,
)
export const typingBody = Type.Object({ on: Type.Boolean() }, closed)
export const resolveBody = Type.Object({ topic: Type.Optional(line), digest: Type.Optional(words) }, closed)
export const returnBody = Type.Object({ digest: Type.Optional(words), intent: Type.Optional(line) }, closed)
export const demoBody = Type.Object({ name: line }, closed)
export const transferBody = Type.Object(
  {
    to: Type.Union([
      Type.Object({ agent: line }, closed),
      Type.Object({ skills: Type.Array(line, { minItems: 1, maxItems: 10 }) }, closed),
      Type.Object({ desk: line, mode }, closed),
    ]),
    note: Type.Optional(words),
  },
  closed,
)
/** An empty text forgets the draft. */
export const draftBody = Type.Object({ kind, text: Type.String({ maxLength: 10_000 }) }, closed)
export const replyBody = Type.Object(
  {
    name: Type.String({ pattern: '^[\\p{L}\\p{N}_-]{1,40}$', description: 'What it is found by after a slash' }),
    text: words,
    shared: Type.Optional(Type.Boolean({ description: 'Everybody’s; only an admin may say so' })),
  },
  closed,
)
export const replyParams = Type.Object({ id: Type.Integer({ minimum: 1 }) })
export const fileParams = Type.Object({ id: Type.String({ maxLength: 64 }), file: ownId })
export const ticketParams = Type.Object({ id: Type.String({ maxLength: 64 }) })

/** Frames of the socket. */
export const hello = Type.Object({
  t: Type.Literal('hello'),
  /** Missing: the session of the console that opened the socket. */
  token: Type.Optional(Type.String({ maxLength: 512 })),
  presence: Type.Optional(presence),
  /** They have just signed in: who was offline is online from now on. */
  arrives: Type.Optional(Type.Boolean()),
})
export const frame = Type.Union([
  Type.Object({ t: Type.Literal('ping') }),
  /** The whole state once more. */
  Type.Object({ t: Type.Literal('sync') }),
  Type.Object({ t: Type.Literal('typing'), ticket: Type.String({ maxLength: 64 }), on: Type.Boolean() }),
  /** What the customer said up to this moment, by its `at`, is in sight of the agent. */
  Type.Object({
    t: Type.Literal('seen'),
    ticket: Type.String({ maxLength: 64 }),
    until: Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 }),
  }),
  /** Which conversation the page shows, and whether something is being written there. Told again while it lasts. */
  Type.Object({
    t: Type.Literal('here'),
    ticket: Type.Union([Type.String({ maxLength: 64 }), Type.Null()]),
    writing: Type.Boolean(),
  }),
  /** Words of the page's outbox: answered by `ack` once they are on disk, or by `error` with the same id. */
  Type.Object({ t: Type.Literal('say'), ticket: Type.String({ maxLength: 64 }), kind, ...sayBody.properties }),
])

export type DraftBody = Static<typeof draftBody>
export type ReplyBody = Static<typeof replyBody>
export type SayBody = Static<typeof sayBody>
export type TransferBody = Static<typeof transferBody>
