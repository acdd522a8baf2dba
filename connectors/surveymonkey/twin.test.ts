/** The twin refuses what the vendor would: else the tests over it would prove little. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { anInvitation } from '../../test/conformance/survey.ts'
import { aReadyStage, linkIn, type Stage, yaml } from './stage.ts'

let stage: Stage
let link: string
beforeAll(async () => {
  stage = await aReadyStage()
  link = linkIn(await stage.connection.survey!.invite(anInvitation(), 'lena', 'key-1'))
})
afterAll(() => stage.close())

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${stage.twin.settings.url}/v3${path}`, {
    method,
    headers: {
      authorization: `Bearer ${yaml.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: response.status, headers: response.headers, body: await response.json() }
}

const webhook = (over: object = {}) => ({
  name: 'mine',
  event_type: 'response_completed',
  object_type: 'survey',
  object_ids: [yaml.survey],
  subscription_url: `${stage.hooksUrl}/response-completed`,
  ...over,
})
const idOfCollector = () => [...stage.twin.account.collectors.keys()][0]
const collectors = `/surveys/${yaml.survey}/collectors`

describe('a call', () => {
  it.each([
    ['without a token', '1010', 401, () => call('GET', '/users/me', undefined, { authorization: '' })],
    ['with a wrong token', '1011', 401, () => call('GET', '/users/me', undefined, { authorization: 'bearer x' })],
    ['for nothing', '1020', 404, () => call('GET', '/nothing')],
    ['for another survey', '1020', 404, () => call('GET', '/surveys/1/details')],
    ['with broken JSON', '1001', 400, () => call('POST', collectors, '{')],
    ['with another type', '1004', 400, () => call('POST', collectors, '{}', { 'content-type': 'text/plain' })],
    ['for a collector of no type', '1002', 400, () => call('POST', collectors, { name: 'x' })],
    [
      'for a collector with a wrong word',
      '1002',
      400,
      () => call('POST', collectors, { type: 'weblink', redirect_type: 'x' }),
    ],
    [
      'for a page too large',
      '1003',
      400,
      () => call('GET', `/collectors/${idOfCollector()}/responses/bulk?per_page=101`),
    ],
    ['for a webhook of no event', '1002', 400, () => call('POST', '/webhooks', webhook({ event_type: 'x' }))],
    ['for a webhook of another survey', '1020', 404, () => call('POST', '/webhooks', webhook({ object_ids: ['1'] }))],
    ['for a webhook with ids as numbers', '1020', 404, () => call('POST', '/webhooks', webhook({ object_ids: [1] }))],
    ['for a URL that is used', '1026', 409, () => call('POST', '/webhooks', webhook())],
    [
      'for a URL where nobody is',
      '1000',
      400,
      () => call('POST', '/webhooks', webhook({ subscription_url: 'http://127.0.0.1:9/x' })),
    ],
  ] as const)('%s is refused with %s', async (_, id, status, make) => {
    const answer = await make()
    expect(answer).toMatchObject({
      status,
      body: { error: { id, http_status_code: status, message: expect.any(String) } },
    })
  })

  it('says what is left of the minute and the day, and which scopes there are', async () => {
    const { headers } = await call('GET', '/users/me')
    expect(headers.get('x-ratelimit-app-global-minute-limit')).toBe('120')
    expect(Number(headers.get('x-ratelimit-app-global-day-remaining'))).toBeLessThan(500)
    expect(Number(headers.get('x-ratelimit-app-global-minute-reset'))).toBeLessThanOrEqual(60)
    expect(headers.get('x-oauth-scopes-granted')).toContain('responses_read_detail')
    expect(headers.get('retry-after')).toBeNull()
  })
})

describe('the public page', () => {
  it('is one that everybody can use, without a script', async () => {
    const response = await fetch(link)
    const page = await response.text()
    expect(response.status).toBe(200)
    expect(page).toContain('<html lang="en">')
    expect(page).not.toContain('<script')
    expect(page.match(/<legend>/g)).toHaveLength(3)
    expect(page.match(/<h1>/g)).toHaveLength(1)
    expect(page).toMatch(/<label for="q613000004">Anything else\?<\/label>\s*<textarea id="q613000004"/)
    expect(page).toContain('> 4 stars</label>')
  })

  it('comes back with what was typed when a required question has no answer', async () => {
    const body = new URLSearchParams({ q613000004: '</textarea>"hello"' })
    const response = await fetch(link, { method: 'POST', body })
    const page = await response.text()
    expect(response.status).toBe(400)
    expect(page).toContain('role="alert"')
    expect(page).toContain('&lt;/textarea&gt;&quot;hello&quot;')
    expect(stage.twin.account.responses.size).toBe(0)
  })

  it('drops a parameter that the survey does not declare', async () => {
    const { choices } = stage.twin.account.questions()[0]!.answers!
    await fetch(`${link}&source=mail`, { method: 'POST', body: new URLSearchParams({ q613000001: choices![4]!.id }) })
    await stage.twin.delivered()
    const [response] = stage.twin.account.responses.values()
    expect(Object.keys(response!.variables)).toEqual(['hub_ref'])
  })

  it('says that there is nothing where no collector has the link', async () => {
    expect((await fetch(`${stage.twin.settings.url}/r/NOTHERE`)).status).toBe(404)
  })
})

describe('the stand', () => {
  it.each([
    [{ do: 'open', input: 'https://example.com/r/ABC' }, 'no link of a collector'],
    [{ do: 'nonsense' }, 'no such button'],
    [{ do: 'complete', case: '1' }, 'no response 1'],
  ])('answers %j with words for a person', async (act, words) => {
    await expect(stage.twin.act(act)).rejects.toThrow(words)
  })

  it('offers the choices that a question has', async () => {
    await stage.twin.act({ do: 'open', input: link })
    const { id, buttons, state } = stage.twin.view().cases[0]!
    expect(state).toBe('partial')
    expect(buttons.find((button) => button.do === 'answer-613000003')!.input!.choices).toEqual(['Yes', 'Partly', 'No'])
    await expect(stage.twin.act({ do: 'answer-613000003', case: id, input: 'Perhaps' })).rejects.toThrow(
      'Yes, Partly, No',
    )
    await stage.twin.act({ do: 'answer-613000003', case: id, input: 'Partly' })
    expect(stage.twin.view().cases[0]!.lines.map(({ text }) => text)).toEqual(['Was your question answered? Partly'])
  })
})
