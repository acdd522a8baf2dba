/**
 * `/survey/<token>`: the address of an invitation, short enough for a text message. The survey that knows the token answers, as
 * it would at its own hook; which one that is need not be in the link.
 */
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { survey } from '../../console/pages.ts'
import type { Config } from '../config.ts'
import { HubError } from '../errors.ts'

type TokenRequest = FastifyRequest<{ Params: { token: string } }>

const bodyLimit = 32_768

export const surveyLinks =
  ({ connections }: Pick<Config, 'connections'>): FastifyPluginAsync =>
  async (app) => {
    const names = connections.filter(({ connector }) => connector.name === survey.use).map(({ name }) => name)
    if (names.length === 0) return
    // What is sent is read where it is answered.
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) => done(null, body))
    app.route({
      method: ['GET', 'POST', 'OPTIONS'],
      url: `${survey.path}/:token`,
      schema: { hide: true },
      async handler(request: TokenRequest, reply) {
        const { token } = request.params
        if (!/^[\w-]{1,100}$/.test(token)) throw new HubError('unknown', 'There is no such survey')
        let answer = await ask(request, names[0]!, token)
        for (const name of names.slice(1)) if (answer.statusCode === 404) answer = await ask(request, name, token)
        return reply.code(answer.statusCode).headers(answer.headers).send(answer.rawPayload)
      },
    })

    const ask = ({ method, headers, body, ip }: TokenRequest, name: string, token: string) =>
      app.inject({
        method: method as 'GET',
        url: `/hooks/${name}/${survey.hook}/${token}`,
        headers,
        remoteAddress: ip,
        ...(body === undefined ? {} : { payload: body as Buffer }),
      })
  }
