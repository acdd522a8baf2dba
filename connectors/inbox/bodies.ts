/** What the page may send. */
import { type Static, Type } from 'typebox'

const closed = { additionalProperties: false } as const
const words = Type.String({ minLength: 1, maxLength: 10_000, pattern: '\\S' })
const line = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' })
const presence = Type.Union([Type.Literal('online'), Type.Literal('away'), Type.Literal('offline')])

export const presenceBody = Type.Object({ presence }, closed)
export const writeBody = Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }), text: words }, closed)
export const typingBody = Type.Object({ on: Type.Boolean() }, closed)
export const resolveBody = Type.Object({ topic: Type.Optional(line), digest: Type.Optional(words) }, closed)
export const returnBody = Type.Object({ digest: Type.Optional(words), intent: Type.Optional(line) }, closed)
export const demoBody = Type.Object({ name: line }, closed)
export const transferBody = Type.Object(
  {
    to: Type.Union([
      Type.Object({ agent: line }, closed),
      Type.Object({ skills: Type.Array(line, { minItems: 1, maxItems: 10 }) }, closed),
    ]),
    note: Type.Optional(words),
  },
  closed,
)
export const ticketParams = Type.Object({ id: Type.String({ maxLength: 64 }) })

/** Frames of the socket. */
export const hello = Type.Object({
  t: Type.Literal('hello'),
  token: Type.String({ maxLength: 512 }),
  presence: Type.Optional(presence),
})
export const frame = Type.Union([
  Type.Object({ t: Type.Literal('ping') }),
  Type.Object({ t: Type.Literal('typing'), ticket: Type.String({ maxLength: 64 }), on: Type.Boolean() }),
])

export type WriteBody = Static<typeof writeBody>
export type TransferBody = Static<typeof transferBody>
