/** Webhooks: is it the desk, what does it say? Answered only when it is on disk. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { FastifyPluginAsync } from 'fastify'
import { type Host, HubError } from '#hub/connector.ts'
import type { Settings } from './settings.ts'
import { fromTold, type Told } from './translate.ts'

export const signatureOf = (body: string, secret: string): string =>
  createHmac('sha256', secret).update(body).digest('hex')

/** Takes the same time whatever is wrong. */
export function verify(body: string, signature: unknown, secret: string): boolean {
  const right = Buffer.from(signatureOf(body, secret))
  const given = Buffer.from(typeof signature === 'string' ? signature : '')
  return given.length === right.length && timingSafeEqual(given, right)
}

/** Throws HubError `invalid` with what was found. */
export function parse(body: string): Told {
  let told: Partial<Told> | null
  try {
    told = JSON.parse(body)
  } catch {
    throw new HubError('invalid', 'The webhook is no JSON')
  }
  for (const field of ['id', 'type', 'ticket'] as const)
    if (typeof told?.[field] !== 'string') throw new HubError('invalid', `The webhook has no text as "${field}"`)
  if (typeof told?.at !== 'number') throw new HubError('invalid', 'The webhook has no number as "at"')
  return told as Told
}

export const hooks =
  ({ webhookSecret }: Settings, host: Host): FastifyPluginAsync =>
  async (app) => {
    // Signed are the bytes, so they are kept as they came.
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
    app.post('/', async (request, reply) => {
      const body = (request.body as string | undefined) ?? ''
      if (!verify(body, request.headers['x-signature'], webhookSecret))
        throw new HubError('refused', 'The signature is not right: is webhookSecret the one that is set in the desk?')
      await host.receive(fromTold(parse(body)))
      return reply.code(204).send()
    })
  }
