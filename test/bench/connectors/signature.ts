/** The wire's signature: HMAC-SHA256 over the raw bytes. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { HubError } from '#hub/errors.ts'

/** Throws `refused` unless the body was signed with the secret. */
export function verify(body: Buffer, given: unknown, secret: string): void {
  const right = createHmac('sha256', secret).update(body).digest()
  const found = Buffer.from(typeof given === 'string' ? given : '', 'hex')
  if (found.length !== right.length || !timingSafeEqual(found, right))
    throw new HubError('refused', 'x-signature: does not fit the body')
}

/** JSON is parsed only after its signature was checked. */
export function takeSigned(app: FastifyInstance, secret: string): void {
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    try {
      verify(body, request.headers['x-signature'], secret)
      done(null, JSON.parse(body.toString('utf8')))
    } catch (error) {
      done(error as Error)
    }
  })
}
