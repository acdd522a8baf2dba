/** How routes of the twin are told: with or without `.json`, and refusals in Zendesk’s shapes. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Account } from './account.ts'
import { Refusal } from './refusal.ts'

export type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown

/** Support takes both forms of a path (zendesk.md 7); an id at the end loses its `.json` in `idIn`. */
export function both(app: FastifyInstance, method: 'GET' | 'POST' | 'PUT', path: string, handler: Handler): void {
  app.route({ method, url: path, handler })
  if (!/:\w+$/.test(path)) app.route({ method, url: `${path}.json`, handler })
}

export const idIn = (request: FastifyRequest, name: string): string =>
  String((request.params as Record<string, string>)[name]).replace(/\.json$/, '')
export const queryIn = (request: FastifyRequest): Record<string, string | undefined> =>
  request.query as Record<string, string | undefined>
export const bodyIn = (request: FastifyRequest): Record<string, unknown> =>
  typeof request.body === 'object' && request.body !== null && !Buffer.isBuffer(request.body)
    ? (request.body as Record<string, unknown>)
    : {}

export function answerRefusals(app: FastifyInstance, account: Account): void {
  app.setErrorHandler((error, _request, reply) => {
    if (!(error instanceof Refusal))
      return void reply.code(500).send({ error: 'InternalServerError', description: String(error) })
    void reply.code(error.status).headers(error.headers)
    if (account.quirks.plainErrors) return void reply.type('text/plain').send(`Error ${error.status}`)
    return void reply.send(error.body)
  })
}

/** Cursor paging over a list that has its order (zendesk.md 7.5). */
export function page<T>(all: readonly T[], query: Record<string, string | undefined>, most = 100) {
  const size = Math.min(most, Number(query['page[size]'] ?? most))
  const from = Number(Buffer.from(query['page[after]'] ?? '', 'base64').toString() || 0)
  const items = all.slice(from, from + size)
  const hasMore = from + size < all.length
  const after_cursor = hasMore ? Buffer.from(String(from + size)).toString('base64') : null
  return { items, meta: { has_more: hasMore, after_cursor, before_cursor: null }, links: { next: null, prev: null } }
}
