/** Conversations: the list, one with its whole story, what staff may ask for, and erasure. */
import { Type, type Static } from 'typebox'
import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsync } from 'fastify'
import { HubError } from '../../errors.ts'
import type { Hub } from '../../hub.ts'
import { eraseCustomer } from '../../postgres/erasure.ts'
import { listConversations, readTimeline } from '../../postgres/timeline.ts'

const byId = Type.Object({ id: Type.Integer({ minimum: 1 }) })
const listing = Type.Object({
  control: Type.Optional(Type.Union(['bot', 'waiting', 'agent', 'closed'].map((one) => Type.Literal(one)))),
  before: Type.Optional(Type.Integer({ description: 'The `updatedAt` of the last one seen' })),
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
})
const command = Type.Union([
  Type.Object({ do: Type.Literal('move') }, { additionalProperties: false }),
  Type.Object({ do: Type.Literal('escalate') }, { additionalProperties: false }),
  Type.Object(
    { do: Type.Literal('end'), outcome: Type.Union([Type.Literal('resolved'), Type.Literal('abandoned'), Type.Literal('expired')]) },
    { additionalProperties: false },
  ),
])
const whom = Type.Object(
  { id: Type.Optional(Type.String()), email: Type.Optional(Type.String()), phone: Type.Optional(Type.String()), conversation: Type.Optional(Type.Integer()) },
  { additionalProperties: false, minProperties: 1 },
)

export const conversations =
  (hub: Hub): FastifyPluginAsync =>
  async (app) => {
    app.get('/conversations', { schema: { querystring: listing, summary: 'Conversations, newest first' } }, async (request) => ({
      conversations: await listConversations(hub.pool, request.query as Static<typeof listing>),
    }))

    app.get('/conversations/:id', { schema: { params: byId, summary: 'One conversation with its timeline' } }, async (request) => {
      const { id } = request.params as Static<typeof byId>
      const conversation = await hub.conversation(id)
      return { conversation, timeline: await readTimeline(hub.pool, id) }
    })

    app.post(
      '/conversations/:id/commands',
      { schema: { params: byId, body: command, summary: 'Escalate, ask the next desk, or end the handoff' } },
      async (request, reply) => {
        const { id } = request.params as Static<typeof byId>
        await hub.conversation(id)
        const key = request.headers['idempotency-key']
        const fate = await hub.append({
          connection: 'hub',
          externalId: `command:${typeof key === 'string' && key ? key.slice(0, 200) : randomUUID()}`,
          event: { type: 'staff-command', at: Date.now(), command: request.body as Static<typeof command>, by: 'staff' },
          at: id,
        })
        return reply.code(202).send({ recorded: fate.is === 'stored' })
      },
    )

    app.post('/erasures', { schema: { body: whom, summary: 'Erase a customer: words, names and files go, figures stay' } }, async (request) => {
      const erased = await eraseCustomer(hub, request.body as Static<typeof whom>)
      if (erased.conversations === 0) throw new HubError('unknown', 'No conversation belongs to this customer')
      return erased
    })
  }
