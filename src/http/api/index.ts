/** `/api/v1`: what staff and their programs may ask. Every route needs the token. */
import type { FastifyPluginAsync } from 'fastify'
import type { Hub } from '../../hub.ts'
import { connections } from './connections.ts'
import { conversations } from './conversations.ts'
import { deadLetters } from './dead-letters.ts'

export const api =
  (hub: Hub): FastifyPluginAsync =>
  async (app) => {
    await app.register(conversations(hub))
    await app.register(connections(hub))
    await app.register(deadLetters(hub))
  }
