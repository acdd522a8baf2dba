/** What keeps a hub running: connections, dead letters, suggestions, mappings. */
import type { FastifyPluginAsync } from 'fastify'
import type { Logger } from 'pino'
import type { BesideOptions } from '../../config/beside.ts'
import { checkStrictly } from '../bodies.ts'
import { connections, type Operated } from './connections.ts'
import { deadLetters } from './dead-letters.ts'
import { mappings } from './mappings.ts'
import { suggestions } from './suggestions.ts'

export const operations =
  (parts: Operated, options: BesideOptions, log: Logger): FastifyPluginAsync =>
  async (app) => {
    const { hub, clock } = parts
    checkStrictly(app)
    app.addHook('onSend', async (_request, reply) => {
      reply.header('cache-control', 'no-store')
    })
    await app.register(connections(parts))
    await app.register(deadLetters(hub, clock, log))
    await app.register(suggestions(hub, clock, log))
    await app.register(mappings(parts, options))
  }
