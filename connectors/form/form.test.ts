import Fastify from 'fastify'
import { Type } from 'typebox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Message } from '#hub/connector.ts'
import { anInvitation, surveyConformance } from '../../test/conformance/survey.ts'
import { aDatabase, type TestDatabase } from '../../test/engines.ts'
import { aHost } from '../../test/host.ts'
import { countGuesses } from './guesses.ts'
import form from './index.ts'
import type { Settings } from './settings.ts'
import { formLanguages, wordsIn } from './words.ts'

let database: TestDatabase
let connections = 0
beforeAll(async () => {
  database = await aDatabase()
  await aHost({ name: 'form', migrations: form.migrations, database })
})
afterAll(() => database.drop())

/** A connection of its own, so that tests can share the tables. */
async function aForm(settings: Partial<Settings> = {}) {
  const host = await aHost({ name: `form-${++connections}`, database, now: Date.UTC(2026, 5, 1) })
  const connection = await form.open({ scale: 5, ...settings }, host)
  const app = Fastify()
  await app.register(connection.hooks!, { prefix: `/hooks/${host.name}` })
  const survey = connection.survey!
  const post = async (path: string, payload: unknown, headers: Record<string, string> = {}) => {
    const json = { 'content-type': 'application/json', ...headers }
    const reply = await app.inject({ method: 'POST', url: path, payload: payload as object, headers: json })
    return { status: reply.statusCode, body: reply.body, headers: reply.headers }
  }
  const unknownPath = `/hooks/${host.name}/answers/${'x'.repeat(43)}`
  return {
    host,
    unknownPath,
    app,
    connection,
    survey,
    post,
    get: (path: string, headers = {}) => app.inject({ url: path, headers }),
    sendForm: (path: string, payload: string) =>
      app.inject({
        method: 'POST',
        url: path,
        payload,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }),
    invite: async (given = {}, key = 'key-1') =>
      pathOf(host.name, (await survey.invite(anInvitation(given), 'lena', key))!),
    async close() {
      await app.close()
      await host.stop()
    },
  }
}

function pathOf(connection: string, message: Message): string {
  const part = message.parts[0]
  if (part?.kind !== 'survey') throw new Error('no survey in this message')
  // The hub answers at the short address as this does here.
  return new URL(part.url).pathname.replace('/survey/', `/hooks/${connection}/answers/`)
}

surveyConformance('form', async () => {
  const { survey, host, post, close, unknownPath } = await aForm()
  return {
    survey,
    visitor: 'lena',
    scale: 5,
    answer: (invitation, answer) => post(pathOf(host.name, invitation), answer),
    answerUnknown: (answer) => post(unknownPath, answer),
    events: () => host.received,
    close,
  }
})

describe('the form page', () => {
  it('asks in the language of the conversation, works without a script and lets nothing foreign run', async () => {
    const { invite, get, close } = await aForm()
    for (const language of formLanguages) {
      const page = await get(await invite({ language }, `key-${language}`))
      expect(page.statusCode).toBe(200)
      expect(page.body).toContain(`<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">`)
      expect(page.body).toContain(wordsIn(language).question)
      expect(page.body).not.toContain('<script')
      expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+';/)
      expect(page.headers['referrer-policy']).toBe('no-referrer')
      expect(page.headers['cache-control']).toBe('no-store')
    }
    await close()
  })

  it('falls back on the browser’s language, then on English', async () => {
    const { invite, get, close } = await aForm()
    const path = await invite({ language: undefined })
    expect((await get(path, { 'accept-language': 'xx, pt-BR;q=0.8' })).body).toContain('lang="pt"')
    expect((await get(path)).body).toContain('lang="en"')
    await close()
  })

  it('shows the company’s own question as text, whatever is in it', async () => {
    const { invite, get, close } = await aForm({
      question: { de: 'Wie <b>war</b> "es" & so?', ar: 'كيف كانت خدمتنا؟' },
      scale: 10,
    })
    const page = (await get(await invite({ language: 'de-AT' }))).body
    expect(page).toContain('Wie &lt;b&gt;war&lt;/b&gt; &quot;es&quot; &amp; so?')
    expect(page.match(/type="radio"/g)).toHaveLength(10)
    expect((await get(await invite({ language: 'fr' }, 'key-2'))).body).toContain(wordsIn('fr').question)
    expect((await get(await invite({ language: 'ar' }, 'key-3'))).body).toContain('كيف كانت خدمتنا؟')
    await close()
  })

  it('takes a form, thanks, and says later that it was answered', async () => {
    const { invite, get, sendForm, host, close } = await aForm()
    const path = await invite()
    const thanks = await sendForm(path, 'score=4&comment=Line+one%0D%0ALine+two')
    expect([thanks.statusCode, thanks.body]).toEqual([200, expect.stringContaining('Thank you!')])
    expect(host.received).toMatchObject([{ feedback: { score: 4, comment: 'Line one\nLine two' } }])
    expect((await get(path)).body).toContain('already answered')
    const again = await sendForm(path, 'score=1')
    expect([again.statusCode, again.body]).toEqual([409, expect.stringContaining('already answered')])
    await close()
  })

  it('shows the form again with what was typed when the score is missing', async () => {
    const { invite, sendForm, host, close } = await aForm()
    const page = await sendForm(await invite(), 'comment=%3C%2Ftextarea%3Ehello')
    expect(page.statusCode).toBe(400)
    expect(page.body).toContain('role="alert"')
    expect(page.body).toContain('&lt;/textarea&gt;hello')
    expect(host.received).toEqual([])
    await close()
  })
})

describe('a link', () => {
  it.each([
    ['unknown', 'x'.repeat(43)],
    ['too short', 'abc'],
    ['strange', '%00%27--'],
  ])('that is %s leads to a page that says so', async (_, token) => {
    const { get, host, close } = await aForm()
    const page = await get(`/hooks/${host.name}/answers/${token}`)
    expect([page.statusCode, page.body]).toEqual([404, expect.stringContaining('does not lead to a question any more')])
    await close()
  })

  it('is valid for 14 days', async () => {
    const { invite, get, post, host, close } = await aForm()
    const path = await invite()
    host.advance(14 * 86_400_000 - 1)
    expect((await get(path)).statusCode).toBe(200)
    host.advance(1)
    expect((await get(path)).statusCode).toBe(404)
    expect((await post(path, { score: 5 })).status).toBe(404)
    await close()
  })

  it('is not stored: the tables hold only its hash', async () => {
    const { invite, host, close } = await aForm()
    const token = (await invite()).split('/').at(-1)!
    const rows = await host.database
      .selectFrom('form_invitations')
      .selectAll()
      .where('connection', '=', host.name)
      .execute()
    expect(rows).toHaveLength(1)
    expect(JSON.stringify(rows)).not.toContain(token)
    await close()
  })

  it('is refused for a while after many wrong guesses from one address', async () => {
    const { invite, get, host, unknownPath, close } = await aForm()
    const path = await invite()
    for (let guess = 0; guess < 20; guess++) await get(unknownPath)
    const refused = await get(path)
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '60'])
    host.advance(60_000)
    expect((await get(path)).statusCode).toBe(200)
    await close()
  })
})

describe('an answer', () => {
  it.each([
    ['a score above the scale', { score: 9 }, '"score" must be a whole number from 1 to 5; found 9.'],
    ['a score in words', { score: 'many' }, 'found "many".'],
    ['no score', { comment: 'no score' }, 'found nothing.'],
    [
      'a long comment',
      { score: 3, comment: 'x'.repeat(2001) },
      '"comment" must be at most 2000 characters; found 2001.',
    ],
    ['a comment that is no text', { score: 3, comment: 7 }, '"comment" must be text'],
  ])('with %s is refused with what is right', async (_, answer, message) => {
    const { invite, post, host, close } = await aForm()
    const reply = await post(await invite(), answer)
    expect(reply.status).toBe(400)
    expect(JSON.parse(reply.body)).toEqual({ error: 'invalid', message: expect.stringContaining(message) })
    expect(host.received).toEqual([])
    await close()
  })

  it('counts once for a handoff that was invited twice', async () => {
    const { invite, post, host, close } = await aForm()
    const [one, two] = [await invite({}, 'key-1'), await invite({}, 'key-2')]
    expect((await post(one, { score: 5 })).status).toBe(200)
    expect((await post(two, { score: 1 })).status).toBe(409)
    expect(host.received).toHaveLength(1)
    await close()
  })

  it('is kept when the hub cannot take it at this moment, and given to it later, once', async () => {
    const { invite, post, host, connection, close } = await aForm()
    host.onReceive = async () => {
      throw new Error('the record is away')
    }
    expect((await post(await invite(), { score: 2, comment: 'kept' })).status).toBe(200)
    expect(host.received).toEqual([])
    await expect(connection.poll!.run()).rejects.toThrow('the record is away')
    host.onReceive = undefined
    await connection.poll!.run()
    await connection.poll!.run()
    expect(host.received).toMatchObject([{ feedback: { score: 2, comment: 'kept' } }])
    const row = await host.database
      .selectFrom('form_invitations')
      .selectAll()
      .where('connection', '=', host.name)
      .executeTakeFirstOrThrow()
    expect(row.comment, 'our copy of the words is gone').toBeNull()
    await close()
  })

  it('may be handed in from a page of the company', async () => {
    const { invite, app, close } = await aForm()
    const reply = await app.inject({
      method: 'OPTIONS',
      url: await invite(),
      headers: { origin: 'https://shop.example.com' },
    })
    expect([reply.statusCode, reply.headers['access-control-allow-origin']]).toEqual([204, '*'])
    await close()
  })
})

it('guesses: other addresses are not held up', () => {
  const guesses = countGuesses()
  for (let guess = 0; guess < 25; guess++) guesses.miss('203.0.113.9', 1_000_000)
  expect(guesses.waitMs('203.0.113.9', 1_010_000)).toBe(50_000)
  expect(guesses.waitMs('203.0.113.10', 1_010_000)).toBe(0)
})

it('two connections of the form do not see each other’s links', async () => {
  const one = await aForm()
  const path = await one.invite()
  const connection = await form.open({ scale: 5 }, await aHost({ name: 'other', database, now: one.host.clock.now() }))
  const app = Fastify()
  await app.register(connection.hooks!, { prefix: `/hooks/${one.host.name}` })
  expect((await app.inject({ url: path })).statusCode).toBe(404)
  await app.close()
  await one.close()
})

it('names every field of its settings', () => {
  for (const field of Object.values(form.settings.properties)) {
    expect(Type.IsSchema(field) && 'title' in field && 'description' in field).toBe(true)
  }
})
