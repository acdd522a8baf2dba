import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aHandoff } from '../../test/conformance/handoff.ts'
import { parse, verify } from './hooks.ts'
import { aStage, type Stage, secret } from './stage.ts'
import { fromEntry, kindOf } from './translate.ts'
import type { Entry } from './wire.ts'

const own = async (name: string) => readFile(join(import.meta.dirname, 'fixtures', name), 'utf8')
const shared = join(
  process.env.BATON_VENDORS ?? join(import.meta.dirname, '../../../shared/vendors'),
  'fixtures/freshdesk',
)
const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

describe('verify', () => {
  it('takes the secret as header, as Basic password, or as the end of the URL', () => {
    expect(verify({ header: secret }, secret)).toBe(true)
    expect(verify({ authorization: basic('anybody', secret) }, secret)).toBe(true)
    expect(verify({ path: secret }, secret)).toBe(true)
  })

  it.for([
    {},
    { header: '' },
    { header: `${secret}x` },
    { header: [secret, secret] },
    { authorization: basic(secret, '') },
    { authorization: secret },
    { path: secret.slice(1) },
  ])('refuses %j', (proof) => {
    expect(verify(proof, secret)).toBe(false)
  })
})

describe('parse', () => {
  it.for([
    ['1207', '{"ticket":{"id":"1207"}}'],
    ['1207', '{"ticket":{"id":1207}}'],
    ['1043', '{"ticket_id":"1043"}'],
    ['1207', '{"subject":"they said "hello"","ticket":{"id":"1207"}}'],
    [undefined, '{"ticket":{"id":""}}'],
    [undefined, '{"ticket":{"id":"../agents"}}'],
    [undefined, ''],
    [undefined, '[]'],
    [undefined, 'null'],
  ])('finds %s in %s', ([ticket, body]) => {
    expect(parse(body!)).toBe(ticket)
  })

  it('reads our payloads', async () => {
    expect(parse(await own('webhook-advanced.json'))).toBe('1207')
    expect(parse(await own('webhook-simple.json'))).toBe('1207')
  })
})

describe('entries', () => {
  it('are public only where all says so', async () => {
    const entries: Entry[] = JSON.parse(await own('conversations.json'))
    expect(entries.map((entry) => kindOf(entry, 501007700001, true))).toEqual([
      'own',
      'public',
      'customer',
      'internal',
      'internal',
      'internal',
    ])
    expect(kindOf({ ...entries[1]!, source: 2 }, 1, false)).toBe('internal')
    expect(kindOf({ ...entries[1]!, auto_response: true }, 1, true)).toBe('other')
  })

  it('keep line breaks and links as text', async () => {
    const entries: Entry[] = JSON.parse(await own('conversations.json'))
    expect(fromEntry(entries[1]!).parts).toEqual([
      { kind: 'text', text: 'Good morning,\nyour parcel & letter are here: track (https://example.com/p?a=1&b=2)' },
    ])
  })

  it('lose the mail they answer, and only where there is one', () => {
    const body = '<div>My answer</div><blockquote>what you wrote</blockquote>'
    const entry = { id: 1, body, user_id: 1, created_at: '2026-05-02T08:00:00Z' }
    expect(fromEntry({ ...entry, has_quoted_text: true }).parts).toEqual([{ kind: 'text', text: 'My answer' }])
    expect(fromEntry(entry).parts).toEqual([{ kind: 'text', text: 'My answer\nwhat you wrote' }])
  })
})

describe('payloads of the vendor', () => {
  const isThere = existsSync(shared)
  const read = async (name: string) => JSON.parse(await readFile(join(shared, name), 'utf8'))
  if (!isThere) console.info(`no payloads at ${shared}: their tests are skipped`)

  it.skipIf(!isThere)('are accepted by each way to prove themselves, and name their ticket', async () => {
    const one = await read('07-webhook-reply-advanced.json')
    expect(verify({ header: one.headers['x-webhook-secret'] }, one.expectedSecret)).toBe(true)
    expect(parse(one.rawBody)).toBe('1042')
    const two = await read('08-webhook-status-simple-basic-auth.json')
    expect(verify({ authorization: two.headers.authorization }, two.expectedBasic.password)).toBe(true)
    expect(parse(two.rawBody)).toBe('1042')
    const three = await read('09-webhook-ticket-created-url-secret.json')
    expect(verify({ path: three.path.split('/').at(-1) }, three.expectedPathSecret)).toBe(true)
    expect(parse(three.rawBody)).toBe('1043')
  })

  it.skipIf(!isThere)('tell agents’ words from notes and from the customer’s', async () => {
    const { body } = await read('04-list-conversations.response.json')
    const kinds = body.map((entry: Entry) => kindOf(entry, 501007700001, true))
    expect(kinds).toEqual(['own', 'public', 'customer', 'internal', 'public'])
    expect(fromEntry(body[2], (id) => `https://hub.example.com/${id}`).parts[1]).toMatchObject({
      kind: 'file',
      name: 'receipt.pdf',
      bytes: 48213,
      url: 'https://hub.example.com/501006600077',
    })
  })
})

describe('webhooks', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await aStage()
  })
  afterAll(async () => stage.close())
  const post = (path: string, headers: Record<string, string>, body: string) =>
    fetch(`${stage.hooksUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    })

  it.for([
    ['no secret', '', {}, 403],
    ['a wrong secret', '', { 'x-webhook-secret': 'wrong' }, 403],
    ['a wrong path', '/wrong', {}, 403],
    ['the header', '', { 'x-webhook-secret': secret }, 204],
    ['the path', `/${secret}`, {}, 204],
  ] as const)('with %s', async ([, path, headers, status]) => {
    const calls = stage.twin.calls.length
    const answer = await post(path, headers, '{"ticket":{"id":"999999"}}')
    expect(answer.status).toBe(status)
    // A ticket that is not ours costs no call.
    expect(stage.twin.calls.length).toBe(calls)
  })

  it.for(['advanced', 'simple', 'broken'] as const)('of the form %s lead to the ticket', async (form) => {
    stage.twin.account.habits.webhook = form
    for (const proof of ['header', 'basic', 'path'] as const) {
      stage.twin.account.habits.proof = proof
      const ticket = await stage.desk.offer(aHandoff(), `${form} ${proof}`)
      await stage.act('reply', ticket, 'I look into it')
      expect(stage.told(ticket).map(({ type }) => type)).toEqual(['desk-accepted', 'agent-message'])
    }
  })
})
