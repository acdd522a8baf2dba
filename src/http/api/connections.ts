/** Connections: their health in a word, pause and resume. */

import type { FastifyPluginAsync } from 'fastify'
import { type Static, Type } from 'typebox'
import { rolesOf } from '../../config/roles.ts'
import { HubError } from '../../errors.ts'
import type { Hub } from '../../hub.ts'

const byName = Type.Object({ name: Type.String() })

export const connections =
  (hub: Hub): FastifyPluginAsync =>
  async (app) => {
    app.get('/connections', { schema: { summary: 'Connections and their health' } }, async () => {
      await hub.gates.refresh()
      return {
        connections: [...hub.connections].map(([name, connection]) => {
          const { health, gate } = hub.gates.health(name)
          return {
            name,
            roles: rolesOf(connection),
            health,
            pausedBy: gate?.pausedBy ?? null,
            lastError: gate?.lastText ?? null,
            lastErrorAt: gate?.lastAt ?? null,
          }
        }),
      }
    })

    app.post(
      '/connections/:name/pause',
      { schema: { params: byName, summary: 'Hold everything back' } },
      async (request, reply) => {
        await hub.gates.pause(known(hub, request.params as Static<typeof byName>), 'staff')
        return reply.code(204).send()
      },
    )

    app.post(
      '/connections/:name/resume',
      { schema: { params: byName, summary: 'Go on with what was held back' } },
      async (request, reply) => {
        await hub.gates.resume(known(hub, request.params as Static<typeof byName>))
        await hub.sweepNow()
        return reply.code(204).send()
      },
    )
  }

function known(hub: Hub, { name }: Static<typeof byName>): string {
  if (!hub.connections.has(name))
    throw new HubError(
      'unknown',
      `There is no connection "${name}". There are: ${[...hub.connections.keys()].join(', ')}`,
    )
  return name
}
