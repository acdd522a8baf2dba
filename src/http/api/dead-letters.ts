/** What failed for good, and what a person can do about it. */

import type { FastifyPluginAsync } from 'fastify'
import { type Static, Type } from 'typebox'
import { HubError } from '../../errors.ts'
import type { Hub } from '../../hub.ts'
import { dismissDeadLetter, listDeadLetters, replayable, replayDeadLetter } from '../../postgres/dead-letters.ts'
import { line, number } from './words.ts'

const name = Type.Object({ conversation: number, lane: line, n: number }, { additionalProperties: false })
const listing = Type.Object(
  { limit: Type.Integer({ minimum: 1, maximum: 500, default: 100 }) },
  { additionalProperties: false },
)

export const deadLetters =
  (hub: Hub): FastifyPluginAsync =>
  async (app) => {
    app.get(
      '/dead-letters',
      { schema: { querystring: listing, summary: 'Effects that failed for good' } },
      async (request) => ({
        deadLetters: await listDeadLetters(hub.pool, (request.query as Static<typeof listing>).limit),
      }),
    )

    app.post(
      '/dead-letters/replay',
      { schema: { body: name, summary: 'Send it again, marked as late' } },
      async (request, reply) => {
        const letter = request.body as Static<typeof name>
        const replayed = await replayDeadLetter(hub.pool, letter)
        if (!replayed) throw none(letter)
        hub.wake([{ conversation: letter.conversation, lane: letter.lane }])
        return reply.code(202).send(replayed)
      },
    )

    app.post(
      '/dead-letters/dismiss',
      { schema: { body: name, summary: 'Leave it undone' } },
      async (request, reply) => {
        const letter = request.body as Static<typeof name>
        if (!(await dismissDeadLetter(hub.pool, letter))) throw none(letter)
        return reply.code(204).send()
      },
    )
  }

const none = ({ conversation, lane, n }: Static<typeof name>): HubError =>
  new HubError(
    'unknown',
    `There is no dead letter ${conversation} ${lane} ${n} to act on. Only words (${replayable.join(', ')}) can be sent again.`,
  )
