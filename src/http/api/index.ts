/** `/api/v1`: what staff and their programs may ask. Every route needs the token. */
import type { FastifyPluginAsync } from 'fastify'
import type { Clock } from '../../clock.ts'
import type { Hub } from '../../hub.ts'
import { checkStrictly } from '../bodies.ts'
import { connections } from './connections.ts'
import { conversations } from './conversations.ts'
import { deadLetters } from './dead-letters.ts'
import { erasures } from './erasures.ts'

export const api =
  (hub: Hub, clock: Clock): FastifyPluginAsync =>
  async (app) => {
    checkStrictly(app)
    app.addHook('onSend', async (_request, reply) => {
      reply.header('cache-control', 'no-store')
    })
    await app.register(conversations(hub, clock))
    await app.register(connections(hub))
    await app.register(deadLetters(hub))
    await app.register(erasures(hub))
  }
