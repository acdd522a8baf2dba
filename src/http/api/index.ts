/** `/api/v1`: what staff and their programs may ask. Every route needs the token. */
import type { FastifyPluginAsync } from 'fastify'
import type { Clock } from '../../clock.ts'
import type { Hub } from '../../hub.ts'
import type { Mapping } from '../../mapping.ts'
import { checkStrictly } from '../bodies.ts'
import type { Unwell } from '../live.ts'
import { conversations } from './conversations.ts'
import { erasures } from './erasures.ts'
import { lookups } from './lookups.ts'
import { queue } from './queue.ts'
import { reports } from './reports.ts'

export const api =
  (hub: Hub, clock: Clock, mappings: readonly Mapping[], unwell: () => Promise<Unwell>): FastifyPluginAsync =>
  async (app) => {
    checkStrictly(app)
    app.addHook('onSend', async (_request, reply) => {
      reply.header('cache-control', 'no-store')
    })
    await app.register(conversations(hub, clock))
    await app.register(lookups(hub, clock))
    await app.register(queue(hub, clock, mappings, unwell))
    await app.register(erasures(hub))
    await app.register(reports(hub, clock))
  }
