/** The twin's API v3: the few endpoints that a survey connector needs, and their refusals (surveymonkey.md 3 to 6). */
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify'
import { type Account, allScopes, type TwinResponse, type TwinWebhook } from './account.ts'
import { collectorBody, detailsBody, responseBody, surveyBody, webhookBody } from './bodies.ts'
import { filtered, paged } from './listing.ts'
import { Refusal, toAnswer } from './refusal.ts'
import { checkWebhook, collectorOf, found, isPlainObject } from './requests.ts'
import { applyRules, type Counts } from './rules.ts'

export interface ApiParts {
  readonly account: Account
  readonly counts: Counts
  readonly token: string
  /** Its own address, once it listens. */
  url(): string
}

type Named = FastifyRequest<{ Params: { id: string; response: string }; Querystring: Record<string, string> }>
const scope = (name: string): { config: object } => ({ config: { scope: name } })

export function apiRoutes(parts: ApiParts) {
  const { account, url } = parts
  const { quirks, survey, collectors, webhooks } = account

  return async (app: FastifyInstance): Promise<void> => {
    app.addHook('onRequest', applyRules(account, parts.counts, parts.token))
    app.addHook('preHandler', async (_request, reply) => {
      if (quirks.revokedOddly) return reply.send({ status: 1, errmsg: 'Client revoked access grant' })
    })
    app.setErrorHandler((error: FastifyError, _request, reply) => {
      const refusal = error instanceof Refusal ? error : new Refusal(error.statusCode === 400 ? 'notJson' : 'internal')
      const { status, body } = toAnswer(refusal, quirks.numericErrorIds)
      return reply.code(status).send(body)
    })
    app.setNotFoundHandler(() => {
      throw new Refusal('missing')
    })

    app.get('/users/me', scope('users_read'), async () => ({
      id: '88001234',
      username: 'fennel-and-finch',
      first_name: null,
      last_name: null,
      language: 'en',
      email: 'surveys@example.com',
      account_type: 'advantage_annual',
      date_created: '2025-01-10T08:00:00+00:00',
      scopes: { available: allScopes, granted: quirks.scopes },
      href: `${url()}/v3/users/me`,
    }))

    app.get('/surveys/:id', scope('surveys_read'), async ({ params }: Named) => {
      found(params.id === survey.id)
      return surveyBody(account, url())
    })
    app.get('/surveys/:id/details', scope('surveys_read'), async ({ params }: Named) => {
      found(params.id === survey.id)
      return detailsBody(account, url())
    })
    app.patch('/surveys/:id', scope('surveys_write'), async ({ params, body }: Named) => {
      found(params.id === survey.id)
      const { custom_variables: variables } = isPlainObject(body) ? body : {}
      if (!isPlainObject(variables) || Object.values(variables).some((label) => typeof label !== 'string'))
        throw new Refusal('schema')
      survey.custom_variables = variables as Record<string, string>
      return surveyBody(account, url())
    })

    app.get('/surveys/:id/collectors', scope('collectors_read'), async ({ params, query }: Named) => {
      found(params.id === survey.id)
      const wanted = new Set((query.include ?? '').split(',').filter(Boolean))
      const list = [...collectors.values()].map((collector) => {
        const body: Record<string, unknown> = collectorBody(collector, survey.id, url())
        const also = Object.fromEntries(Object.entries(body).filter(([name]) => wanted.has(name)))
        return { id: body.id, name: body.name, href: body.href, ...also }
      })
      return paged(list, query, `${url()}/v3/surveys/${survey.id}/collectors`, 1000)
    })
    app.post('/surveys/:id/collectors', scope('collectors_write'), async ({ params, body }: Named, reply) => {
      found(params.id === survey.id)
      return reply.code(201).send(collectorBody(account.addCollector(collectorOf(body)), survey.id, url()))
    })
    app.get('/collectors/:id', scope('collectors_read'), async ({ params }: Named) =>
      collectorBody(found(collectors.get(params.id)), survey.id, url()),
    )
    app.patch('/collectors/:id', scope('collectors_write'), async ({ params, body }: Named) => {
      const collector = found(collectors.get(params.id))
      const { status } = isPlainObject(body) ? body : {}
      if (status !== 'open' && status !== 'closed') throw new Refusal('schema')
      collector.status = status
      return collectorBody(collector, survey.id, url())
    })

    app.get('/webhooks', scope('webhooks_read'), async ({ query }: Named) => {
      const list = [...webhooks.values()].map((webhook) => {
        const whole = webhookBody(webhook, url()) as Record<string, unknown>
        return quirks.shortLists ? { id: whole.id, name: whole.name, href: whole.href } : whole
      })
      return paged(list, query, `${url()}/v3/webhooks`, 1000)
    })
    app.post('/webhooks', scope('webhooks_write'), async ({ body }: Named, reply) => {
      const wanted = await checkWebhook(body, account)
      const webhook: TwinWebhook = { id: account.nextId('90'), body: wanted }
      webhooks.set(webhook.id, webhook)
      return reply.code(201).send(webhookBody(webhook, url()))
    })
    app.get('/webhooks/:id', scope('webhooks_read'), async ({ params }: Named) =>
      webhookBody(found(webhooks.get(params.id)), url()),
    )
    app.patch('/webhooks/:id', scope('webhooks_write'), async ({ params, body }: Named) => {
      const webhook = found(webhooks.get(params.id))
      webhook.body = await checkWebhook({ ...webhook.body, ...(isPlainObject(body) ? body : {}) }, account, webhook)
      return webhookBody(webhook, url())
    })
    app.delete('/webhooks/:id', scope('webhooks_write'), async ({ params }: Named) => {
      const webhook = found(webhooks.get(params.id))
      webhooks.delete(webhook.id)
      return webhookBody(webhook, url())
    })

    const read = (response: TwinResponse) => {
      const isLate = response.reads++ < quirks.storeLag
      if (isLate && quirks.lagsAs === 'missing') throw new Refusal('missing')
      return responseBody(account, isLate ? { ...response, status: 'partial' } : response, url())
    }
    app.get('/surveys/:id/responses/:response/details', scope('responses_read_detail'), async ({ params }: Named) => {
      found(params.id === survey.id)
      return read(found(account.responses.get(params.response)))
    })
    app.get(
      '/collectors/:id/responses/:response/details',
      scope('responses_read_detail'),
      async ({ params }: Named) => {
        const response = found(account.responses.get(params.response))
        found(response.collector.id === params.id)
        return read(response)
      },
    )
    app.get('/collectors/:id/responses/bulk', scope('responses_read_detail'), async ({ params, query }: Named) => {
      const collector = found(collectors.get(params.id))
      const responses = [...account.responses.values()].filter((response) => response.collector === collector)
      const list = filtered(responses, query).map((response) => responseBody(account, response, url()))
      return paged(list, query, `${url()}/v3/collectors/${collector.id}/responses/bulk`, 100)
    })
  }
}
