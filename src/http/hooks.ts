/** Mounts each connection's own routes under `/hooks/<connection>`, encapsulated: its parsers and hooks stay its own. */
import { STATUS_CODES } from 'node:http'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import type { Connection } from '../connector.ts'
import { HubError } from '../errors.ts'
import type { Traffic } from '../traffic.ts'

/** `isFull`: more came in than could be recorded yet. */
export const hooks =
  (connections: ReadonlyMap<string, Connection>, isFull: () => boolean, traffic?: Traffic): FastifyPluginAsync =>
  async (app) => {
    // Before anything is read or checked: what cannot be carried must cost almost nothing. Reading goes on.
    app.addHook('onRequest', async ({ method }) => {
      if (method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS' && isFull())
        throw new HubError('busy', 'More comes in than can be recorded right now', { retryAfterMs: 1_000 })
    })
    for (const [name, connection] of connections) {
      const own = connection.hooks
      if (!own) continue
      const mount: FastifyPluginAsync = async (mounted) => {
        if (traffic) watch(mounted, name, traffic)
        await mounted.register(own)
      }
      await app.register(mount, { prefix: `/${name}` })
    }
  }

/** Counts what came in, and keeps why something was refused. Of a path it keeps the route's pattern, which names nobody. */
function watch(app: FastifyInstance, name: string, traffic: Traffic): void {
  const reasons = new WeakMap<object, string>()
  app.addHook('onRoute', ({ method, url }) => {
    if ([method].flat().includes('POST')) traffic.hookPaths.set(name, [...(traffic.hookPaths.get(name) ?? []), url])
  })
  app.addHook('onError', async (request, _reply, error) => {
    const isOurs = error instanceof HubError || (error.statusCode ?? 500) < 500
    reasons.set(request, isOurs ? error.message : 'Internal error')
  })
  app.addHook('onResponse', async (request, { statusCode: status }) => {
    const { method, routeOptions } = request
    if (status >= 400) {
      const why = reasons.get(request) ?? STATUS_CODES[status] ?? 'refused'
      traffic.refused(name, { method, path: routeOptions.url ?? '', status, why })
    } else if (method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS') traffic.came(name)
  })
}
