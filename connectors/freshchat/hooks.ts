/** Conversation webhooks: signed over the bytes as they came. */
import { createHash, type KeyObject, timingSafeEqual, verify as verifyBytes } from 'node:crypto'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { HubError } from '#hub/connector.ts'
import type { Webhook } from './wire.ts'

/** No time is signed, so what was sent once can be sent again: ids make that harmless (freshchat.md 3.2). */
export function verify(body: Buffer, signed: string | string[] | undefined, key: KeyObject): boolean {
  if (typeof signed !== 'string' || signed === '') return false
  try {
    return verifyBytes('RSA-SHA256', body, key, Buffer.from(signed, 'base64'))
  } catch {
    return false
  }
}

/** Undefined for what is no event of ours; the payload's version is never looked at, only its form. */
export function parse(body: Buffer): Webhook | undefined {
  try {
    const read: unknown = JSON.parse(body.toString('utf8'))
    const { action, data } = (read ?? {}) as Partial<Webhook>
    return typeof action === 'string' && typeof data === 'object' && data !== null ? (read as Webhook) : undefined
  } catch {
    return undefined
  }
}

export interface HookOptions {
  readonly key: KeyObject
  readonly pathSecret?: string
  take(webhook: Webhook): Promise<void>
}

export function createHooks({ key, pathSecret, take }: HookOptions): FastifyPluginAsync {
  return async (app) => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    const accept = async (request: FastifyRequest) => {
      const { secret } = request.params as { secret?: string }
      if (pathSecret !== undefined && !isSame(secret ?? '', pathSecret))
        throw new HubError('refused', 'The webhook came to an address without the secret')
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      if (!verify(body, request.headers['x-freshchat-signature'], key))
        throw new HubError('refused', 'The webhook is not signed by Freshchat')
      const webhook = parse(body)
      if (webhook) await take(webhook)
      return {}
    }
    app.post('/', accept)
    if (pathSecret !== undefined) app.post('/:secret', accept)
  }
}

const isSame = (given: string, expected: string): boolean => timingSafeEqual(sha256(given), sha256(expected))
const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()
