/** The twin's public side: whoever has a collector's link may answer. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Account, TwinCollector } from './account.ts'
import type { Callbacks } from './callbacks.ts'
import { answersIn, type Fields, missingIn, notePage, surveyPage } from './page.ts'

type Visit = FastifyRequest<{ Params: { code: string }; Querystring: Record<string, string> }>

export function publicRoutes(account: Account, callbacks: Callbacks) {
  const named = (code: string) => [...account.collectors.values()].find((one) => one.code === code)
  const refusalOf = (collector: TwinCollector | undefined, { headers }: Visit): [number, string] | undefined => {
    if (collector?.body.type !== 'weblink') return [404, notePage('Nothing here', 'No survey has this link.')]
    if (collector.status === 'closed') return [200, notePage('Closed', 'This survey is currently closed.')]
    const isRepeat = (headers.cookie ?? '').includes(`taken-${collector.code}=`)
    return isRepeat && collector.body.allow_multiple_responses !== true
      ? [200, notePage('Already taken', 'You have already taken this survey.')]
      : undefined
  }
  const sendPage = (reply: FastifyReply, status: number, page: string) =>
    reply.code(status).header('content-type', 'text/html; charset=utf-8').header('cache-control', 'no-store').send(page)

  return async (app: FastifyInstance): Promise<void> => {
    app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
      done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    )

    app.get('/r/:code', async (request: Visit, reply) => {
      const refusal = refusalOf(named(request.params.code), request)
      return sendPage(reply, ...(refusal ?? [200, surveyPage(account.survey)]))
    })

    app.post('/r/:code', async (request: Visit, reply) => {
      const collector = named(request.params.code)
      const refusal = refusalOf(collector, request)
      if (refusal) return sendPage(reply, ...refusal)
      const fields = (request.body ?? {}) as Fields
      const answers = answersIn(account.questions(), fields)
      const missing = missingIn(account.questions(), answers)
      if (missing.length > 0) return sendPage(reply, 400, surveyPage(account.survey, { fields, missing }))
      const response = account.begin(collector!, request.query)
      callbacks.response('response_created', response)
      for (const [question, given] of answers) account.answer(response, question, given)
      callbacks.response('response_updated', response)
      account.complete(response)
      callbacks.response('response_completed', response)
      return thank(reply, collector!)
    })
  }

  function thank(reply: FastifyReply, { code, body }: TwinCollector) {
    reply.header('set-cookie', `taken-${code}=1; HttpOnly; SameSite=Lax`)
    if (body.redirect_type === 'url' && typeof body.redirect_url === 'string')
      return reply.redirect(body.redirect_url, 303)
    return sendPage(reply, 200, notePage('Thank you!', 'Thank you for completing our survey!'))
  }
}
