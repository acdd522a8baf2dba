/** Mounts each connection's own routes under `/hooks/<connection>`, encapsulated: its parsers and hooks stay its own. */
import type { FastifyPluginAsync } from 'fastify'
import type { Connection } from '../connector.ts'

export const hooks =
  (connections: ReadonlyMap<string, Connection>): FastifyPluginAsync =>
  async (app) => {
    for (const [name, connection] of connections) {
      if (connection.hooks) await app.register(connection.hooks, { prefix: `/${name}` })
    }
  }
