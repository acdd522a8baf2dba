/** Webhooks of automation rules. Nothing signs their body: it says only which ticket to read again. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { HubError, type Ref } from '#hub/connector.ts'

export interface Proof {
  readonly header?: string | string[]
  readonly authorization?: string
  /** The end of the URL. */
  readonly path?: string
}

/** As the account permits: a header of its own, a Basic password, or the end of the URL (freshdesk.md 5.3). */
export function verify({ header, authorization, path }: Proof, secret: string): boolean {
  const given = [header, passwordOf(authorization), path]
  // All are compared, so that the time says nothing of which.
  return given.map((one) => typeof one === 'string' && one !== '' && isSame(one, secret)).some(Boolean)
}

const isSame = (given: string, secret: string): boolean => timingSafeEqual(sha256(given), sha256(secret))
const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()

function passwordOf(authorization: string | undefined): string | undefined {
  const basic = /^Basic\s+([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '')?.[1]
  if (basic === undefined) return undefined
  const pair = Buffer.from(basic, 'base64').toString('utf8')
  return pair.slice(pair.indexOf(':') + 1)
}

/** The ticket it speaks of; found also in a body whose JSON an unescaped quote has broken (freshdesk.md 5.2). */
export function parse(body: string): Ref | undefined {
  const found = idIn(read(body)) ?? /"(?:ticket_)?id"\s*:\s*"?(\d{1,15})/.exec(body)?.[1]
  return found !== undefined && /^\d{1,15}$/.test(found) ? found : undefined
}

function idIn(body: unknown): string | undefined {
  const { ticket, ticket_id, freshdesk_webhook } = asObject(body)
  const id = asObject(ticket).id ?? ticket_id ?? asObject(freshdesk_webhook).ticket_id
  return id === undefined || id === null || id === '' ? undefined : String(id)
}

const asObject = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

function read(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

export function createHooks(secret: string, readTicket: (ticket: Ref) => Promise<void>): FastifyPluginAsync {
  return async (app) => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))

    const take = async (request: FastifyRequest, reply: FastifyReply) => {
      const proof = {
        header: request.headers['x-webhook-secret'],
        authorization: request.headers.authorization,
        path: (request.params as { secret?: string }).secret,
      }
      if (!verify(proof, secret)) throw new HubError('refused', 'The webhook does not carry the secret')
      const ticket = parse(typeof request.body === 'string' ? request.body : '')
      // What names no ticket is answered all the same: sent again, it would name none either.
      if (ticket !== undefined) await readTicket(ticket)
      return reply.code(204).send()
    }
    app.post('/', take)
    app.post('/:secret', take)
  }
}
