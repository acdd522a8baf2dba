/** Lets nobody further than they may go: every route of staff names its action, and a request that may not is refused before it is read. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Action, type Reach, reachOf, type Staff } from '../access.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks. Set on every route of staff. */
    staff?: Staff
  }
  interface FastifyContextConfig {
    /** What a request to this route does: asked of the table in `src/access.ts`. */
    may?: Action
  }
}

/** Resolves to who asks, or throws `Unauthorized`. `again`: of a socket that is open already; it keeps no session alive. */
export type Recognise = (request: FastifyRequest, again?: 'again') => Promise<Staff>

/** Refuses to add a route that names no action, so that none is open by being forgotten. */
export function guardRoutes(app: FastifyInstance, recognise: Recognise): void {
  app.decorateRequest('staff')
  app.addHook('onRoute', (route) => {
    const { url, method, config } = route
    if (!config?.may) throw new Error(`${method} ${url} does not say who may ask: give it config.may`)
    // So that the API's description says which right an operation needs.
    route.schema = { ...route.schema, 'x-may': config.may } as typeof route.schema
  })
  app.addHook('onRequest', async (request) => {
    request.staff = await recognise(request)
    const action = request.routeOptions.config.may!
    if (reachOf(request.staff, action) === undefined) throw new Forbidden(request.staff, action)
  })
}

/** How far the request's own action reaches for who asks. */
export const reach = (request: FastifyRequest): Reach => reachOf(request.staff!, request.routeOptions.config.may!)!

export class Forbidden extends Error {
  readonly statusCode = 403
  override readonly name = 'Forbidden'
  constructor({ role }: Staff, action: Action) {
    super(`This needs the right "${action}", which the role "${role}" (or this token) does not have.`)
  }
}
