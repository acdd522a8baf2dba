/** There and back again: to the identity provider, and in by what it says. */
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { inTransaction } from '../../postgres/transaction.ts'
import { takeIn } from '../../staff/arrival.ts'
import { type Errand, type Provider, ProviderTrouble } from '../../staff/provider.ts'
import { errandCookie } from '../session.ts'
import { enter, type PeopleParts } from './session.ts'

const wish = Type.Object({
  place: Type.Optional(Type.String({ maxLength: 2_000, description: 'Where in the console to go afterwards' })),
})

/** Where the provider sends people back to; to be named in its settings. */
export const callbackPath = '/api/v1/session/provider/callback'

export const providerDoor =
  (parts: PeopleParts, provider: Provider): FastifyPluginAsync =>
  async (app) => {
    const { door, throttle } = parts
    const cookie = errandCookie(door.url)
    const failed = (request: FastifyRequest, reply: FastifyReply, error: unknown) => {
      if (!(error instanceof ProviderTrouble)) throw error
      const cause = error.cause as { code?: string; error?: string } | undefined
      request.log.warn(
        { trouble: error.trouble, code: cause?.code, error: cause?.error },
        'sign-in by the identity provider',
      )
      return reply.redirect(`${door.url}/console/login?problem=${error.trouble}`)
    }

    const schema = { querystring: wish, summary: 'Sign in at the identity provider' }
    app.get('/session/provider', { schema }, async (request, reply) => {
      await throttle.takeAt(request.ip, 'provider', 100)
      const { place = '/' } = request.query as Static<typeof wish>
      try {
        const { url, errand } = await provider.begin(/^\/(?![/\\])/.test(place) ? place : '/')
        cookie.give(reply, Buffer.from(JSON.stringify(errand)).toString('base64url'))
        return reply.redirect(url)
      } catch (error) {
        return failed(request, reply, error)
      }
    })

    app.get('/session/provider/callback', { schema: { hide: true } }, async (request, reply) => {
      await throttle.takeAt(request.ip, 'provider', 100)
      try {
        const errand = readErrand(cookie.read(request))
        const arrival = await provider.finish(new URL(request.url, door.url), errand)
        const user = await inTransaction(door.pool, (tx) => takeIn(tx, arrival, provider.settings))
        await enter(parts, request, reply, user, 'provider')
        cookie.take(reply)
        return reply.redirect(`${door.url}/console${errand.place}`)
      } catch (error) {
        cookie.take(reply)
        return failed(request, reply, error)
      }
    })
  }

function readErrand(kept: string | undefined): Errand {
  try {
    const errand = JSON.parse(Buffer.from(kept ?? '', 'base64url').toString()) as Errand
    if (errand.state && errand.nonce && errand.verifier && errand.place.startsWith('/')) return errand
  } catch {
    // As if there was none.
  }
  throw new ProviderTrouble('expired')
}
