/** Values of the routes on people and their ways in. */
import { Type } from 'typebox'
import { actions, roles } from '../../access.ts'

/** Wide: the text of a password is judged by its own rules, which say what is wrong with it. */
export const password = Type.String({
  minLength: 1,
  maxLength: 1_024,
  description: 'At least 12 characters',
  writeOnly: true,
})
export const email = Type.String({
  minLength: 3,
  maxLength: 254,
  pattern: '^[^@\\s\\u0000]+@[^@\\s\\u0000]+$',
  description: 'What they sign in with',
})
export const personName = Type.String({
  minLength: 1,
  maxLength: 80,
  pattern: '^[^\\u0000]*\\S[^\\u0000]*$',
  description: 'What colleagues and customers read',
})
export const role = Type.Union(
  roles.map((one) => Type.Literal(one)),
  { description: 'agent, viewer or admin' },
)
export const scope = Type.Union(actions.map((one) => Type.Literal(one)))
export const linkSecret = Type.String({ minLength: 20, maxLength: 128, pattern: '^[\\w-]+$', writeOnly: true })

const word = Type.String({ minLength: 1, maxLength: 64, pattern: '^[^\\u0000]*$' })
export const seat = Type.Object(
  {
    skills: Type.Array(word, {
      maxItems: 40,
      description: 'A handoff that needs skills goes only to agents who have all of them',
    }),
    languages: Type.Array(Type.String({ minLength: 2, maxLength: 35, pattern: '^[A-Za-z0-9-]+$' }), {
      maxItems: 40,
      description: 'BCP 47 codes, such as en or de. Empty: every language',
    }),
    capacity: Type.Integer({ minimum: 1, maximum: 50, description: 'Live conversations at a time' }),
  },
  { additionalProperties: false },
)
export const desks = Type.Record(Type.String({ maxLength: 64 }), seat, {
  description: 'Connection of a desk of our own to what they are there',
})

export const preferences = Type.Object(
  {
    theme: Type.Optional(Type.Union(['light', 'dark', 'auto'].map((one) => Type.Literal(one)))),
    density: Type.Optional(Type.Union(['compact', 'comfortable'].map((one) => Type.Literal(one)))),
    shortcuts: Type.Optional(Type.Boolean({ description: 'Single keys and sequences of them' })),
    language: Type.Optional(Type.String({ minLength: 2, maxLength: 35, pattern: '^[A-Za-z0-9-]+$' })),
  },
  { additionalProperties: false },
)
