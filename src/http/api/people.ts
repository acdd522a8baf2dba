/** The routes on people and their ways in, in two halves: those that anybody may knock at, and those behind the guard. */
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import type { Config } from '../../config.ts'
import type { Hub } from '../../hub.ts'
import { checkStrictly } from '../bodies.ts'
import { auditLog } from './audit.ts'
import { checklist } from './checklist.ts'
import { me } from './me.ts'
import { providerDoor } from './provider.ts'
import { type PeopleParts, sessions } from './session.ts'
import { setup } from './setup.ts'
import { tokens } from './tokens.ts'
import { users } from './users.ts'

export const waysIn =
  (parts: PeopleParts): FastifyPluginAsync =>
  async (app) => {
    prepare(app)
    await app.register(sessions(parts))
    await app.register(setup(parts))
    if (parts.provider) await app.register(providerDoor(parts, parts.provider))
  }

export const people =
  (parts: PeopleParts, hub: Hub, config: Config, readAt: number): FastifyPluginAsync =>
  async (app) => {
    prepare(app)
    await app.register(users(parts))
    await app.register(tokens(parts))
    await app.register(me(parts))
    await app.register(auditLog(parts))
    await app.register(checklist(parts, hub, config, readAt))
  }

function prepare(app: FastifyInstance): void {
  checkStrictly(app)
  app.addHook('onSend', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })
}
