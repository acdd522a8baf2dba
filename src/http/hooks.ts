/** Mounts each connection's own routes under `/hooks/<connection>`, encapsulated: its parsers and hooks stay its own. */
import type { FastifyPluginAsync } from 'fastify'
import type { Connection } from '../connector.ts'
import { HubError } from '../errors.ts'

/** `isFull`: more came in than could be recorded yet. */
export const hooks =
  (connections: ReadonlyMap<string, Connection>, isFull: () => boolean): FastifyPluginAsync =>
  async (app) => {
    // Before anything is read or checked: what cannot be carried must cost almost nothing. Reading goes on.
    app.addHook('onRequest', async ({ method }) => {
      if (method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS' && isFull())
        throw new HubError('busy', 'More comes in than can be recorded right now', { retryAfterMs: 1_000 })
    })
    for (const [name, connection] of connections) {
      if (connection.hooks) await app.register(connection.hooks, { prefix: `/${name}` })
    }
  }
