/** Recorded payloads of the vendor, each with what we make of it. They lie outside of this repository. */
import { AxiosError, AxiosHeaders } from 'axios'
import { expect, it } from 'vitest'
import { shared } from './fixtures/gallery.ts'
import { parse, verify } from './hooks.ts'
import { toFailure } from './refusals.ts'
import { callbacks, isAsWanted } from './registration.ts'
import { kindOf } from './scoring.ts'
import { type Settings, settings } from './settings.ts'
import { aReadyStage } from './stage.ts'
import { chooseQuestions, fromDetails, type SurveyDetails } from './structure.ts'
import { fromResponse, isCounted, type Response, tokenIn, toLink } from './translate.ts'
import { collectorOf } from './twin/requests.ts'

interface Recorded<T = Record<string, unknown>> {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: T
  readonly rawBody: string
  readonly derived: Record<string, unknown>
  readonly signedWith: { readonly apiKey: string; readonly apiSecret: string }
}

/** Not there: skipped, with where it was looked for. */
const recorded = <T = Record<string, unknown>>(
  title: string,
  name: string,
  check: (it: Recorded<T>) => void | Promise<void>,
) =>
  it(`${name}: ${title}`, async (context) => {
    const fixture = shared<Recorded<T>>(name)
    if (!fixture) return context.skip('no collection of recorded payloads here; BATON_VENDORS says where one is')
    await check(fixture)
  })

const structure = () => fromDetails(shared<Recorded<SurveyDetails>>('01-survey-details.response')!.body)
const scoreWith = (response: Response, scoreQuestion: string) => {
  const given = { scoreQuestion } as Settings
  const event = fromResponse(response, { conversation: 1, handoff: 1 }, chooseQuestions(structure(), given), given)
  return typeof event === 'object' && event.type === 'feedback' ? event.feedback : event
}

recorded<SurveyDetails>('stars, NPS, a choice and a text box', '01-survey-details.response', ({ body }) => {
  const { questions, variables } = fromDetails(body)
  expect(questions.map(kindOf)).toEqual(['rating', 'nps', 'choice', 'text'])
  expect(variables).toEqual({ hub_ref: 'hub_ref' })
  const { score, comment } = chooseQuestions({ questions, variables }, {} as Settings)
  expect([score.id, comment?.id]).toEqual(['702000001', '702000004'])
})

recorded('is what we send, and the twin takes it', '02-create-weblink-collector.request', async ({ body }) => {
  expect(collectorOf(body)).toEqual(body)
  const stage = await aReadyStage({ thanksUrl: body.redirect_url as string })
  const sent = stage.twin.calls.find(({ method, path }) => method === 'POST' && path.endsWith('/collectors'))
  expect(sent!.body).toEqual({ ...body, name: 'Baton test' })
  await stage.close()
})

recorded<{ url: string }>('gives the link', '03-create-weblink-collector.response', ({ body, derived }) => {
  expect(toLink(body.url, 'hub_ref', 'q7Xb2mK9tR4v')).toBe(derived.surveyLinkForCustomer)
})

recorded('is what we send, but for names', '04-create-webhook.request', async ({ body }) => {
  const stage = await aReadyStage({ survey: (body.object_ids as string[])[0]! })
  const sent = stage.twin.calls.find(({ method, path }) => method === 'POST' && path === '/v3/webhooks')
  const subscription_url = `${stage.hooksUrl}/response-completed`
  expect(sent!.body).toEqual({ ...body, name: 'Baton test response_completed', subscription_url })
  await stage.close()
})

recorded('is as we want it, and for another survey is not', '05-create-webhook.response', ({ body }) => {
  const wanted = { event_type: callbacks['response-completed'], object_ids: ['400500600'] }
  expect(isAsWanted(body as never, wanted)).toBe(true)
  expect(isAsWanted(body as never, { ...wanted, object_ids: ['1'] })).toBe(false)
})

recorded('is answered with 200', '06-webhook-url-check-head', async ({ headers }) => {
  const stage = await aReadyStage()
  const { status } = await fetch(`${stage.hooksUrl}/response-completed`, { method: 'HEAD', headers })
  expect(status).toBe(200)
  await stage.close()
})

for (const [name, event] of [
  ['07-webhook-response-completed', 'response_completed'],
  ['08-webhook-response-updated', 'response_updated'],
] as const)
  recorded('is signed and read', name, ({ headers, rawBody, signedWith }) => {
    const keys = { clientId: signedWith.apiKey, clientSecret: signedWith.apiSecret }
    expect(() => verify(headers, Buffer.from(rawBody), keys)).not.toThrow()
    expect(parse(Buffer.from(rawBody))).toEqual({ event, objectId: '118800112233', survey: '400500600' })
  })

recorded<Response>('has the scores that were derived', '09-response-details.response', ({ body, derived }) => {
  const comment = derived.comment
  expect(scoreWith(body, '702000001')).toEqual({ handoff: 1, score: derived.star, scale: 5, comment })
  expect(scoreWith(body, '702000002')).toEqual({ handoff: 1, score: derived.nps, scale: 10, comment })
  expect(scoreWith(body, '702000003'), 'Yes, the first of three').toEqual({ handoff: 1, score: 1, scale: 3, comment })
  expect(tokenIn(body, 'hub_ref')).toBe('q7Xb2mK9tR4v')
})

recorded<{ data: Response[]; links: { next?: string } }>(
  'has one that counts',
  '10-responses-bulk-page.response',
  ({ body }) => {
    expect(body.data.map(isCounted)).toEqual([true, false])
    expect(body.links.next).toBeDefined()
  },
)

const failureOf = ({ status, headers, body }: Recorded) => {
  const config = { headers: new AxiosHeaders() }
  const response = { status, statusText: '', headers, data: body, config }
  return toFailure(new AxiosError('failed', 'ERR', config, {}, response), 'responses_read_detail', 0)
}

recorded('names the scope', '11-scope-not-granted.error', (fixture) => {
  expect(failureOf(fixture)).toMatchObject({
    code: 'refused',
    message: expect.stringContaining('responses_read_detail'),
  })
})

recorded('waits for the minute', '12-rate-limit-minute.error', (fixture) => {
  expect(failureOf(fixture)).toMatchObject({ code: 'busy', retryAfterMs: 17_000 })
})

recorded<{ survey_link: string }>(
  'is of e-mail invitations, which we do not send',
  '13-add-recipient.response',
  ({ body }) => {
    expect(new URL(body.survey_link).searchParams.has('hub_ref')).toBe(false)
  },
)

recorded<{ access_url: string }>('names the region, as the setting does', '14-oauth-token.response', ({ body }) => {
  expect(settings.properties.url).toMatchObject({ description: expect.stringContaining(body.access_url) })
})
