/** Who did what. */
import type { FastifyPluginAsync } from 'fastify'
import { Type } from 'typebox'
import { type AuditEntry, type AuditFilter, readAudit } from '../../staff/audit.ts'
import type { PeopleParts } from './session.ts'
import { number } from './words.ts'

const word = Type.String({ minLength: 1, maxLength: 80, pattern: '^[\\w:.-]+$' })
const listing = Type.Object(
  {
    before: Type.Optional(number),
    who: Type.Optional(Type.String({ ...word, description: 'user:<id>, token:<id> or hub' })),
    action: Type.Optional(Type.String({ ...word, description: 'As users.invite' })),
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  },
  { additionalProperties: false },
)

export interface AuditAnswer {
  readonly entries: readonly AuditEntry[]
  /** `before` of the next page; null at the end. */
  readonly next: number | null
}

export const auditLog =
  ({ door: { pool } }: PeopleParts): FastifyPluginAsync =>
  async (app) => {
    const schema = { querystring: listing, summary: 'Who did what, newest first' }
    app.get('/audit', { schema, config: { may: 'audit.read' } }, async (request): Promise<AuditAnswer> => {
      const filter = request.query as AuditFilter
      const found = await readAudit(pool, { ...filter, limit: filter.limit + 1 })
      const entries = found.slice(0, filter.limit)
      return { entries, next: found.length > filter.limit ? entries.at(-1)!.id : null }
    })
  }
