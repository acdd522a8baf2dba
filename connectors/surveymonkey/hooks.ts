/** SurveyMonkey's webhooks: it looks whether we are there (HEAD), then pings us with ids only (surveymonkey.md 5). */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { HubError } from '#hub/errors.ts'
import type { Answers } from './answers.ts'
import { callbacks } from './registration.ts'
import type { Settings } from './settings.ts'
import type { Structures } from './structure.ts'

export interface Ping {
  readonly event: string
  readonly objectId: string
  readonly survey?: string
}

/** The client id in the header must be ours before anything is computed with it. Throws `refused`. */
export function verify(
  headers: IncomingHttpHeaders,
  raw: Buffer,
  { clientId, clientSecret }: Pick<Settings, 'clientId' | 'clientSecret'>,
): void {
  const [app, signature] = [oneOf(headers['sm-apikey']), oneOf(headers['sm-signature'])]
  if (!app || !signature) throw new HubError('refused', 'The webhook is not signed')
  if (!isSame(app, clientId)) throw new HubError('refused', 'The webhook comes from another app: compare `clientId`')
  const expected = createHmac('sha1', `${clientId}&${clientSecret}`).update(raw).digest('base64')
  if (!isSame(signature, expected)) throw new HubError('refused', 'The signature of the webhook is wrong')
}

const oneOf = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? undefined : header

function isSame(given: string, expected: string): boolean {
  const [one, two] = [Buffer.from(given), Buffer.from(expected)]
  return one.length === two.length && timingSafeEqual(one, two)
}

/** Throws `invalid`. Ids are text: they exceed what a number can hold. */
export function parse(raw: Buffer): Ping {
  const body = jsonOf(raw)
  const { event_type: event, object_id: objectId, resources } = body
  if (typeof event !== 'string' || typeof objectId !== 'string' || !/^\d{1,30}$/.test(objectId))
    throw new HubError('invalid', 'The webhook lacks event_type or object_id, both text')
  const survey = (resources as { survey_id?: unknown } | undefined)?.survey_id
  return { event, objectId, ...(typeof survey === 'string' ? { survey } : {}) }
}

function jsonOf(raw: Buffer): Record<string, unknown> {
  try {
    const body = JSON.parse(raw.toString('utf8'))
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body
  } catch {}
  throw new HubError('invalid', 'The webhook is not JSON')
}

const bodyLimit = 65_536

export function surveyHooks(settings: Settings, answers: Answers, structures: Structures): FastifyPluginAsync {
  async function take({ event, objectId, survey }: Ping): Promise<void> {
    if (survey !== undefined && survey !== settings.survey) return
    if (event === 'response_completed') await answers.read(objectId)
    else if (event === 'survey_updated') await structures.forget()
  }

  return async (app) => {
    // The type is application/vnd.surveymonkey.response.v1+json, and the signature is of the bytes.
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) => done(null, body))

    const hear = async ({ headers, body }: FastifyRequest, reply: FastifyReply) => {
      const raw = Buffer.isBuffer(body) ? body : Buffer.alloc(0)
      verify(headers, raw, settings)
      await take(parse(raw))
      return reply.send({})
    }
    for (const path of Object.keys(callbacks)) {
      app.head(`/${path}`, (_request, reply) => reply.code(200).send())
      app.post(`/${path}`, { bodyLimit }, hear)
    }
  }
}
