/** Where Zendesk’s webhooks arrive: `/support` for tickets, `/messaging` for conversations. Each is checked, read, and on disk before it is answered. */
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { Host } from '#hub/connector.ts'
import type { Client } from './client.ts'
import { type MessagingHooks, takeMessaging } from './messaging/hooks.ts'
import { parse } from './support/events.ts'
import type { Reporting } from './support/reporting.ts'
import { verify } from './support/signature.ts'
import type { OwnWebhook } from './support/webhook.ts'

export { parse } from './support/events.ts'
export { verify } from './support/signature.ts'

export interface HooksParts {
  readonly host: Host
  /** Where the connection is about tickets. */
  readonly support?: SupportHooks
  /** Where it is about messaging. */
  readonly messaging?: MessagingHooks
}

export interface SupportHooks {
  readonly client: Client
  readonly webhook: OwnWebhook
  readonly reporting: Reporting
}

export const createHooks =
  ({ host, support, messaging }: HooksParts): FastifyPluginAsync =>
  async (app) => {
    // Signatures are of the bytes, so nothing may touch them before.
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

    if (support) takeSupport(app, support, host)
    if (messaging) takeMessaging(app, messaging)
  }

function takeSupport(app: FastifyInstance, { client, webhook, reporting }: SupportHooks, host: Host): void {
  app.post('/support', async (request, reply) => {
    const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const signed = signedBy(request, raw)
    if (!(await webhook.fits((secret) => verify(signed, secret, host.clock.now()))))
      return reply.code(401).send({ error: 'unauthorized', message: 'The signature does not fit' })
    const body = readJson(raw)
    if (body === undefined) return reply.code(400).send({ error: 'invalid', message: 'The body is not JSON' })
    await reporting.take(parse(body, String((await client.me()).id)))
    return {}
  })
}

const signedBy = ({ headers }: FastifyRequest, raw: Buffer) => ({
  timestamp: headers['x-zendesk-webhook-signature-timestamp'],
  signature: headers['x-zendesk-webhook-signature'],
  raw,
})

function readJson(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'))
  } catch {
    return undefined
  }
}
