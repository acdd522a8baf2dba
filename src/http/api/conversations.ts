/** Conversations: the list, one with its whole story, and what staff may ask for. */
import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Clock } from '../../clock.ts'
import { controls } from '../../conversation.ts'
import { HubError } from '../../errors.ts'
import type { Hub } from '../../hub.ts'
import { listConversations, readTimeline } from '../../postgres/timeline.ts'
import { number } from './words.ts'

const byId = Type.Object({ id: number })
const listing = Type.Object(
  {
    control: Type.Optional(Type.Union(controls.map((one) => Type.Literal(one)))),
    before: Type.Optional(
      Type.String({ pattern: '^\\d{1,18}\\.\\d{1,18}$', description: 'The `cursor` of the last one seen' }),
    ),
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  },
  { additionalProperties: false },
)
const closed = { additionalProperties: false } as const
const outcome = Type.Union([Type.Literal('resolved'), Type.Literal('abandoned'), Type.Literal('expired')])
const command = Type.Union([
  Type.Object({ do: Type.Literal('move') }, closed),
  Type.Object({ do: Type.Literal('escalate') }, closed),
  Type.Object({ do: Type.Literal('end'), outcome }, closed),
])

export const conversations =
  (hub: Hub, clock: Clock): FastifyPluginAsync =>
  async (app) => {
    const list = { querystring: listing, summary: 'Conversations, newest first' }
    app.get('/conversations', { schema: list }, async (request) => ({
      conversations: await listConversations(hub.pool, request.query as Static<typeof listing>),
    }))

    const one = { params: byId, summary: 'One conversation with its timeline' }
    app.get('/conversations/:id', { schema: one }, async (request) => {
      const { id } = request.params as Static<typeof byId>
      const conversation = await hub.conversation(id)
      return { conversation, timeline: await readTimeline(hub.pool, id) }
    })

    const asked = { params: byId, body: command, summary: 'Escalate, ask the next desk, or end the handoff' }
    app.post('/conversations/:id/commands', { schema: asked }, async (request, reply) => {
      const { id } = request.params as Static<typeof byId>
      await hub.conversation(id)
      const fate = await hub.append({
        connection: 'hub',
        externalId: `command:${id}:${keyOf(request)}`,
        event: { type: 'staff-command', at: clock.now(), command: request.body as Static<typeof command>, by: 'staff' },
        at: id,
      })
      return reply.code(202).send({ recorded: fate.is === 'stored' })
    })
  }

/** The same key again is the same command. Without one, each request is a command of its own. */
function keyOf({ headers }: FastifyRequest): string {
  const key = headers['idempotency-key']
  if (key === undefined || key === '') return randomUUID()
  if (typeof key === 'string' && key.length <= 200) return key
  throw new HubError('invalid', `Idempotency-Key: found ${key.length} characters; right is one key of at most 200`)
}
