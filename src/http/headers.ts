/** Headers that every answer carries, whoever gives it. */
import type { FastifyInstance } from 'fastify'

/** Nothing is guessed to be another type, and whoever is told to come back is told when. */
export function protect(app: FastifyInstance): void {
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff')
    if (reply.statusCode === 503 && !reply.hasHeader('retry-after')) reply.header('retry-after', 1)
  })
}
