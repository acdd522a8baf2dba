import { createHmac } from 'node:crypto'
import { AxiosError, AxiosHeaders, type AxiosResponse } from 'axios'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { anInvitation } from '../../test/conformance/survey.ts'
import { own } from './fixtures/gallery.ts'
import { parse, verify } from './hooks.ts'
import { toFailure } from './refusals.ts'
import { answer, aReadyStage, callsTo, linkIn, type Stage, yaml } from './stage.ts'

interface Recorded {
  readonly headers: Record<string, string>
  readonly rawBody: string
  readonly signedWith: { readonly clientId: string; readonly clientSecret: string }
}

describe('a signature', () => {
  const { headers, rawBody, signedWith } = own<Recorded>('webhook-response-completed')
  const raw = Buffer.from(rawBody)

  it('of the bytes as they came is right', () => {
    expect(() => verify(headers, raw, signedWith)).not.toThrow()
  })

  it.each([
    ['without a signature', { ...headers, 'sm-signature': undefined }, raw, 'not signed'],
    ['without a client id', { ...headers, 'sm-apikey': undefined }, raw, 'not signed'],
    ['of another app', { ...headers, 'sm-apikey': 'another' }, raw, 'another app'],
    ['with one changed byte', headers, Buffer.from(rawBody.replace('"0"', '"1"')), 'wrong'],
    ['in other bytes of the same JSON', headers, Buffer.from(JSON.stringify(JSON.parse(rawBody))), 'wrong'],
    ['with a short signature', { ...headers, 'sm-signature': 'AAAA' }, raw, 'wrong'],
  ])('%s is refused', (_, given, bytes, words) => {
    expect(() => verify(given, bytes, signedWith)).toThrow(words)
  })

  it('made with the other secret is refused', () => {
    expect(() => verify(headers, raw, { ...signedWith, clientSecret: 'another' })).toThrow('wrong')
  })

  it('is not computed with the client id that the header names', () => {
    const forged = createHmac('sha1', `mallory&${signedWith.clientSecret}`).update(raw).digest('base64')
    const given = { ...headers, 'sm-apikey': 'mallory', 'sm-signature': forged }
    expect(() => verify(given, raw, signedWith)).toThrow('another app')
  })
})

describe('a ping', () => {
  it('is read with its ids as text', () => {
    const { rawBody } = own<Recorded>('webhook-response-completed')
    expect(parse(Buffer.from(rawBody))).toEqual({
      event: 'response_completed',
      objectId: '9900112233445566778899',
      survey: '512000111',
    })
  })

  it.each([
    ['nothing', ''],
    ['no JSON', '<html>'],
    ['a list', '[]'],
    ['no event', '{"object_id":"1"}'],
    ['an id that is a number', '{"event_type":"response_completed","object_id":1}'],
    ['an id that is a path', '{"event_type":"response_completed","object_id":"../users/me"}'],
  ])('of %s is refused', (_, body) => {
    expect(() => parse(Buffer.from(body))).toThrow(expect.objectContaining({ code: 'invalid' }))
  })
})

describe('the address of the webhooks', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await aReadyStage()
  })
  afterAll(() => stage.close())

  const send = (body: string, over: Record<string, string> = {}, path = 'response-completed') =>
    fetch(`${stage.hooksUrl}/${path}`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/vnd.surveymonkey.response.v1+json',
        'sm-apikey': yaml.clientId,
        'sm-signature': createHmac('sha1', `${yaml.clientId}&${yaml.clientSecret}`).update(body).digest('base64'),
        ...over,
      },
    })
  const ping = (over: object = {}) =>
    JSON.stringify({ event_type: 'response_completed', object_id: '1', resources: { survey_id: yaml.survey }, ...over })

  it.each(['response-completed', 'survey-updated'])('answers HEAD at %s without a signature', async (path) => {
    const { status } = await fetch(`${stage.hooksUrl}/${path}`, { method: 'HEAD' })
    expect(status).toBe(200)
  })

  it.each([
    ['a wrong signature', ping(), { 'sm-signature': 'AAAA' }, 403],
    ['a signed nonsense', 'nonsense', {}, 400],
    ['a signed flood', ping({ name: 'x'.repeat(70_000) }), {}, 413],
  ] as const)('refuses %s and asks nothing', async (_, body, headers, status) => {
    const before = stage.twin.calls.length
    expect((await send(body, headers)).status).toBe(status)
    expect(stage.twin.calls.length).toBe(before)
    expect(stage.host.received).toEqual([])
  })

  it.each([
    ['another survey', ping({ resources: { survey_id: '1' } })],
    ['another event', ping({ event_type: 'response_updated' })],
  ])('takes %s without a word and asks nothing', async (_, body) => {
    const before = stage.twin.calls.length
    expect((await send(body)).status).toBe(200)
    expect(stage.twin.calls.length).toBe(before)
  })

  it('asks once for what is pinged three times at the same moment', async () => {
    const link = linkIn(await stage.connection.survey!.invite(anInvitation(), 'lena', 'key-1'))
    stage.twin.misbehave({ ways: ['lost'], times: 10 })
    await answer(stage, link, { score: 5 })
    stage.twin.misbehave()
    const [response] = stage.twin.account.responses.values()
    const body = ping({ object_id: response!.id })
    const answers = await Promise.all([send(body), send(body), send(body)])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(stage.host.received).toMatchObject([{ feedback: { score: 5 } }])
    expect(callsTo(stage, /\/responses\/.*details/)).toHaveLength(1)
  })
})

interface RecordedError {
  readonly says: string
  readonly status: number
  readonly headers?: Record<string, string>
  readonly body: unknown
  readonly code: string
  readonly words: string
  readonly retryAfterMs?: number
  readonly certain?: boolean
}

describe('an error', () => {
  it.each(own<RecordedError[]>('errors').map((error): [string, RecordedError] => [error.says, error]))(
    'that says %s',
    (_, { status, headers = {}, body, code, words, retryAfterMs, certain = true }) => {
      const config = { headers: new AxiosHeaders() }
      const response: AxiosResponse = { status, statusText: '', headers, data: body, config }
      const failure = toFailure(new AxiosError('failed', 'ERR', config, {}, response), 'webhooks_write', 0)
      expect(failure).toMatchObject({ code, retryAfterMs, certain, message: expect.stringContaining(words) })
    },
  )
})
