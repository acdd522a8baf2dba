/** Every refusal in one shape: `{ error, message }`. What is not ours to explain is "Internal error", and logged whole. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { HubError, httpStatus } from '../errors.ts'
import { isDatabaseAway } from '../postgres/database.ts'

export function answerError(error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): void {
  if (isDatabaseAway(error))
    return answerError(
      new HubError('unreachable', 'The record cannot be reached right now', { retryAfterMs: 1_000 }),
      request,
      reply,
    )
  if (error instanceof HubError) {
    const status = httpStatus[error.code]
    if (status === 503) void reply.header('retry-after', Math.max(1, Math.ceil((error.retryAfterMs ?? 1_000) / 1_000)))
    void reply.code(status).send({ error: error.code, message: error.message })
    return
  }
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500
  if (status < 500) {
    const code = refusals[status] ?? 'invalid'
    if ('retryAfterS' in error) void reply.header('retry-after', String(error.retryAfterS))
    void reply.code(status).send({ error: code, message: error.message })
    return
  }
  request.log.error({ err: error }, 'a request failed')
  void reply.code(500).send({ error: 'internal', message: 'Internal error' })
}

const refusals: Readonly<Record<number, string>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'unknown',
  429: 'busy',
}

/** What has no route because its address cannot be read. The address itself is not repeated. */
export function answerUnreadable(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const isBadAddress = error.code === 'FST_ERR_BAD_URL' || error.code === 'FST_ERR_MAX_PARAM_LENGTH'
  answerError(isBadAddress ? new HubError('unknown', 'There is nothing at this address') : error, request, reply)
}
