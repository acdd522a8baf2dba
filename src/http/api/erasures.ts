/** Erasure of one customer, by conversation or by what identifies them. */
import type { FastifyPluginAsync } from 'fastify'
import { type Static, Type } from 'typebox'
import { HubError } from '../../errors.ts'
import type { Hub } from '../../hub.ts'
import { eraseCustomer } from '../../postgres/erasure.ts'
import { audit } from '../../staff/audit.ts'
import { line, number } from './words.ts'

const whom = Type.Object(
  {
    id: Type.Optional(line),
    email: Type.Optional(line),
    phone: Type.Optional(line),
    conversation: Type.Optional(number),
  },
  { additionalProperties: false, minProperties: 1 },
)

export const erasures =
  (hub: Hub): FastifyPluginAsync =>
  async (app) => {
    const summary = 'Erase a customer: words, names and files go, figures stay'
    app.post('/erasures', { schema: { body: whom, summary }, config: { may: 'customers.erase' } }, async (request) => {
      const given = request.body as Static<typeof whom>
      const erased = await eraseCustomer(hub, given)
      const { conversations } = erased
      if (conversations === 0) throw new HubError('unknown', 'No conversation belongs to this customer')
      // By what they were found, not what it says: the audit must not keep what was just erased.
      const by = Object.keys(given)
      await audit(hub.pool, request.staff!, 'customers.erase', given.conversation ?? by.join('+'), {
        by,
        conversations,
      })
      return erased
    })
  }
