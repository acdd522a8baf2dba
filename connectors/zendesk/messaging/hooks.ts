/** The route `/messaging`: checked, read and on disk before it is answered. */
import type { FastifyInstance } from 'fastify'
import { HubError } from '#hub/connector.ts'
import { verify } from './marks.ts'
import { parse } from './reading.ts'
import type { MessagingReporting } from './reporting.ts'
import type { MessagingWebhook } from './webhook.ts'

export interface MessagingHooks {
  readonly webhook: MessagingWebhook
  readonly reporting: MessagingReporting
}

export function takeMessaging(app: FastifyInstance, { webhook, reporting }: MessagingHooks): void {
  app.post('/messaging', async (request, reply) => {
    const given = request.headers['x-api-key']
    if (!(await webhook.fits((secret) => verify(given, secret))))
      return reply.code(401).send({ error: 'unauthorized', message: 'The key does not fit' })
    const events = parse(readJson(request.body))
    if (!events) return reply.code(400).send({ error: 'invalid', message: 'The body is no webhook' })
    await reporting.take(events).catch(comeAgain)
    return {}
  })
}

/** What Zendesk itself kept us from reading is no fault of the webhook: after a 4xx the event would be lost for ever (zendesk.md 4.2). */
function comeAgain(thrown: unknown): never {
  if (!(thrown instanceof HubError) || thrown.code === 'busy' || thrown.code === 'unreachable') throw thrown
  throw new HubError('unreachable', thrown.message, { cause: thrown })
}

function readJson(body: unknown): unknown {
  try {
    return JSON.parse(Buffer.isBuffer(body) ? body.toString('utf8') : '')
  } catch {
    return undefined
  }
}
