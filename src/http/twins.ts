/** The vendors' side in the sandbox: a page for each twin, where a person looks at it, plays it and makes it misbehave. */
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync } from 'fastify'
import { type Static, Type } from 'typebox'
import { HubError } from '../errors.ts'
import { type Twin, troubles, webhookTroubles } from '../twin.ts'
import { guard } from './pages.ts'

export type Twins = ReadonlyMap<string, Twin>

const root = fileURLToPath(new URL('../../console/twins/', import.meta.url))

const short = Type.String({ maxLength: 200 })
const actBody = Type.Object(
  { do: short, case: Type.Optional(short), input: Type.Optional(Type.String({ maxLength: 10_000 })) },
  { additionalProperties: false },
)
const misbehaveBody = Type.Object(
  {
    way: Type.Union([...troubles, ...webhookTroubles, 'none'].map((way) => Type.Literal(way))),
    /** How many calls or webhooks; none: from now on. */
    times: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
  },
  { additionalProperties: false },
)

/** Only JSON is taken, which a page from elsewhere cannot send without being asked first. */
export const twinPages =
  (twins: Twins): FastifyPluginAsync =>
  async (app) => {
    const named = (params: unknown): Twin => {
      const { name } = params as { name: string }
      const twin = twins.get(name)
      if (!twin)
        throw new HubError('unknown', `No vendor is played as "${name}". There are: ${[...twins.keys()].join(', ')}`)
      return twin
    }
    app.addHook('onRoute', (route) => {
      route.schema = { ...route.schema, hide: true }
    })
    await app.register(fastifyStatic, { root, serve: false })

    for (const file of ['twins.js', 'twins.css'])
      app.get(`/${file}`, (_request, reply) => guard(reply).sendFile(file, { maxAge: 0 }))
    app.get('/', (_request, reply) => reply.redirect(`/twins/${[...twins.keys()][0]}`))
    app.get('/:name', (request, reply) => {
      named(request.params)
      return guard(reply).sendFile('index.html', { maxAge: 0 })
    })
    app.get('/:name/view', async (request) => {
      const twin = named(request.params)
      return {
        ...twin.view(),
        all: [...twins].map(([name, one]) => ({ name, title: one.view().title })),
        ways: { calls: troubles, webhooks: webhookTroubles },
        misbehaved: twin.misbehaved,
      }
    })
    app.post('/:name/act', { schema: { body: actBody } }, async (request) => {
      await named(request.params).act(request.body as Static<typeof actBody>)
      return {}
    })
    app.post('/:name/misbehave', { schema: { body: misbehaveBody } }, async (request) => {
      const { way, times } = request.body as Static<typeof misbehaveBody>
      named(request.params).misbehave(way === 'none' ? undefined : { ways: [way as never], times })
      return {}
    })
  }
