/** API tokens: what programs come in with. */
import type { FastifyPluginAsync } from 'fastify'
import { type Static, Type } from 'typebox'
import { type Action, type Role, reachOf } from '../../access.ts'
import { HubError } from '../../errors.ts'
import { inTransaction } from '../../postgres/transaction.ts'
import { audit } from '../../staff/audit.ts'
import { type ApiToken, addToken, listTokens, revokeToken } from '../../staff/tokens.ts'
import type { PeopleParts } from './session.ts'
import { role, scope } from './staff-words.ts'
import { refuseScoped } from './users.ts'
import { number } from './words.ts'

const byId = Type.Object({ id: number })
const newToken = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      maxLength: 80,
      pattern: '^[^\\u0000]*\\S[^\\u0000]*$',
      description: 'What it is for, for whoever reads the audit',
    }),
    role,
    scopes: Type.Optional(
      Type.Array(scope, {
        minItems: 1,
        uniqueItems: true,
        description: 'Rights it has of its role. Missing: all of them',
      }),
    ),
    days: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 3_650, description: 'Days until it ends by itself. Missing: never' }),
    ),
  },
  { additionalProperties: false },
)

export interface TokensAnswer {
  readonly tokens: readonly ApiToken[]
}
/** The only answer that holds the token. */
export interface TokenMade {
  readonly id: number
  readonly token: string
}

const may = { may: 'settings.change' } as const

export const tokens =
  ({ door: { pool } }: PeopleParts): FastifyPluginAsync =>
  async (app) => {
    app.addHook('preHandler', refuseScoped)

    const list = { summary: 'API tokens in use, without their secrets' }
    app.get(
      '/tokens',
      { schema: list, config: may },
      async (): Promise<TokensAnswer> => ({ tokens: await listTokens(pool) }),
    )

    const make = { body: newToken, summary: 'Make an API token: the answer is the only place it is shown' }
    app.post('/tokens', { schema: make, config: may }, async (request, reply) => {
      const given = request.body as Static<typeof newToken> & { role: Role; scopes?: Action[] }
      const beyond = (given.scopes ?? []).filter((action) => reachOf({ role: given.role }, action) === undefined)
      if (beyond.length > 0)
        throw new HubError(
          'invalid',
          `scopes: ${beyond.join(', ')} is not among the rights of the role "${given.role}"`,
        )
      const made = await inTransaction(pool, async (tx): Promise<TokenMade> => {
        const { id, secret } = await addToken(tx, { ...given, name: given.name.trim() }, request.staff!)
        const { role, scopes, days } = given
        const limits = { ...(scopes ? { scopes } : {}), ...(days ? { days } : {}) }
        await audit(tx, request.staff!, 'tokens.make', `token:${id}`, { role, ...limits })
        return { id, token: secret }
      })
      return reply.code(201).send(made)
    })

    const revoke = { params: byId, summary: 'Revoke an API token, at once and for good' }
    app.delete('/tokens/:id', { schema: revoke, config: may }, async (request, reply) => {
      const { id } = request.params as Static<typeof byId>
      await inTransaction(pool, async (tx) => {
        if (!(await revokeToken(tx, id))) throw new HubError('unknown', `There is no API token ${id} in use`)
        await audit(tx, request.staff!, 'tokens.revoke', `token:${id}`)
      })
      return reply.code(204).send()
    })
  }
