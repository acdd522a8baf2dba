/** What is left to do until customers can come: read from the configuration that runs and from the record. */
import type { FastifyPluginAsync } from 'fastify'
import type { Config } from '../../config.ts'
import type { Hub } from '../../hub.ts'
import type { PeopleParts } from './session.ts'

export interface ChecklistAnswer {
  readonly url: string
  readonly isSandbox: boolean
  readonly file: string
  /** Epoch milliseconds. */
  readonly readAt: number
  readonly connections: number
  readonly mappings: number
  /** The connection whose script tag a site includes, where a channel has one. */
  readonly channel: string | null
  readonly done: {
    /** Somebody at a desk accepted a handoff. */
    readonly handoff: boolean
    readonly bot: boolean
    readonly desk: boolean
    /** A customer wrote. */
    readonly customer: boolean
    /** Somebody but the first admin has an account. */
    readonly team: boolean
  }
}

export const checklist =
  ({ door }: PeopleParts, hub: Hub, config: Config, readAt: number): FastifyPluginAsync =>
  async (app) => {
    const schema = { summary: 'What is left to set up' }
    app.get('/setup', { schema, config: { may: 'settings.change' } }, async (): Promise<ChecklistAnswer> => {
      const { rows } = await hub.pool.query<Record<'handoff' | 'customer' | 'team', boolean>>(
        `SELECT EXISTS (SELECT 1 FROM handoffs WHERE agent IS NOT NULL) AS handoff,
           EXISTS (SELECT 1 FROM conversations) AS customer,
           (SELECT count(*) > 1 FROM users WHERE active AND NOT demo) AS team`,
      )
      const { handoff, customer, team } = rows[0]!
      // In the sandbox every vendor is played, so what stands there is nobody's own yet.
      const isOwn = !door.isSandbox
      return {
        url: door.url,
        isSandbox: door.isSandbox,
        file: config.file,
        readAt,
        connections: config.connections.length,
        mappings: config.mappings.length,
        channel: config.mappings[0]?.channel ?? null,
        done: { handoff, bot: isOwn, desk: isOwn, customer: isOwn && customer, team },
      }
    })
  }
