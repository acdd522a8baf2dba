/** The queues' own pages for admins, at `/console/queues`: to look at, not to change. Loaded with the first request, since few ever ask. */

import type { Queue } from 'bullmq'
import Fastify, { type FastifyInstance, type FastifyPluginAsync } from 'fastify'
import type { QueueEngine } from '../queue/engine.ts'

const base = '/console/queues'

/** The pages carry styles of their own making, and ask for fonts elsewhere, which they do not get. */
const policy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ')

/** Jobs only say which lanes have something to do: no words and no names are in them. */
export const queuePages =
  (engine: QueueEngine, names: () => readonly string[]): FastifyPluginAsync =>
  async (app) => {
    const opened: Queue[] = []
    let board: Promise<FastifyInstance> | undefined
    app.addHook('onClose', async () => {
      await (await board?.catch(() => undefined))?.close()
      await Promise.all(opened.map((queue) => queue.close()))
    })
    const config = { may: 'queues.read' } as const
    for (const path of [base, `${base}/*`]) {
      app.get(path, { schema: { hide: true }, config }, async (request, reply) => {
        board ??= openBoard(engine, names(), opened).catch((error: unknown) => {
          board = undefined
          throw error
        })
        const inner = await board
        reply.hijack()
        reply.raw.setHeader('content-security-policy', policy)
        reply.raw.setHeader('x-content-type-options', 'nosniff')
        reply.raw.setHeader('referrer-policy', 'same-origin')
        inner.routing(request.raw, reply.raw)
      })
    }
  }

async function openBoard(engine: QueueEngine, names: readonly string[], opened: Queue[]): Promise<FastifyInstance> {
  const [{ createBullBoard }, { BullMQAdapter }, { FastifyAdapter }] = await Promise.all([
    import('@bull-board/api'),
    import('@bull-board/api/bullMQAdapter'),
    import('@bull-board/fastify'),
  ])
  const queues = names.map((name) => {
    const queue = engine.queue(name)
    opened.push(queue)
    return new BullMQAdapter(queue as never, { readOnlyMode: true })
  })
  const pages = new FastifyAdapter()
  pages.setBasePath(base)
  createBullBoard({
    queues,
    serverAdapter: pages,
    options: { uiConfig: { boardTitle: `Baton on ${engine.name === 'redis' ? 'Redis' : 'PostgreSQL'}` } },
  })
  const inner = Fastify({ logger: false })
  await inner.register(pages.registerPlugin() as never, { prefix: base })
  await inner.ready()
  return inner
}
