import { generateKeyPairSync, sign } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aHandoff } from '../../test/conformance/handoff.ts'
import { parse, verify } from './hooks.ts'
import { readPublicKey } from './keys.ts'
import { aStage, type Stage } from './stage.ts'
import { fromMessage, kindOf } from './translate.ts'
import type { VendorMessage } from './wire.ts'

const own = async (name: string) => readFile(join(import.meta.dirname, 'fixtures', name))
const shared = join(
  process.env.BATON_VENDORS ?? join(import.meta.dirname, '../../../shared/vendors'),
  'fixtures/freshchat',
)
const plain = { systemMessages: false, botMessages: false }
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const signed = (body: Buffer) => sign('RSA-SHA256', body, privateKey).toString('base64')
const pem = (type: 'spki' | 'pkcs1') => publicKey.export({ type, format: 'pem' }).toString()
const bare = (type: 'spki' | 'pkcs1') => publicKey.export({ type, format: 'der' }).toString('base64')

describe('the public key', () => {
  const relabelled = (text: string) => text.replaceAll('PUBLIC KEY', 'RSA PUBLIC KEY').replaceAll('RSA RSA', '')
  it.for([
    ['as PEM', pem('spki')],
    ['of the other type', pem('pkcs1')],
    ['on one line', pem('spki').replaceAll('\n', '')],
    ['on one line with spaces', pem('spki').replaceAll('\n', ' ')],
    ['with line breaks written out', pem('spki').replaceAll('\n', '\\n')],
    ['without its lines', bare('spki')],
    ['of the other type without its lines', bare('pkcs1')],
    ['under the wrong label', relabelled(pem('spki'))],
    ['of the other type under the wrong label', pem('pkcs1').replaceAll('RSA PUBLIC', 'PUBLIC')],
  ])('is read %s', ([, text]) => {
    const body = Buffer.from('{"some":"thing"}')
    expect(verify(body, signed(body), readPublicKey(text!))).toBe(true)
  })

  it('that cannot be read is refused at once', () => {
    expect(() => readPublicKey('no key')).toThrowError(expect.objectContaining({ code: 'invalid' }))
  })
})

describe('verify', () => {
  it('is about the bytes as they came, also beyond ASCII', async () => {
    const body = await own('agent-message.json')
    expect(verify(body, signed(body), publicKey)).toBe(true)
    expect(verify(Buffer.from(JSON.stringify(JSON.parse(body.toString()))), signed(body), publicKey)).toBe(false)
  })

  it.for([undefined, '', 'bm8gc2lnbmF0dXJl', ['a', 'b']])('refuses %j', (given) => {
    expect(verify(Buffer.from('{}'), given, publicKey)).toBe(false)
  })
})

describe('messages', () => {
  const read = async (name: string) => parse(await own(name))!.data!.message!

  it('become text and files, without blank parts', async () => {
    expect(fromMessage(await read('agent-message.json')).parts).toEqual([
      { kind: 'text', text: 'Good morning,\ngrüße 👋 & welcome' },
      { kind: 'file', name: 'label.png', mime: 'image/png', bytes: 0, url: 'https://files.example.com/a/label.png' },
    ])
    expect(fromMessage(await read('agent-message-of-2018.json')).parts).toEqual([
      { kind: 'text', text: 'An old form of words' },
    ])
  })

  it('of plain text stay as they were typed', () => {
    const parts = [{ text: { content: '1 < 2 &amp; 3 > 2\nnext line' } }]
    const message = { id: '1', conversation_id: '2', actor_type: 'agent', created_time: '', message_parts: parts }
    expect(fromMessage(message).parts).toEqual([{ kind: 'text', text: '1 < 2 &amp; 3 > 2\nnext line' }])
  })

  it.for<[string, Partial<VendorMessage>, string]>([
    ['a normal one', { message_type: 'normal' }, 'public'],
    ['one without a type', {}, 'public'],
    ['one without a type that is restricted', { restrictResponse: true }, 'internal'],
    ['a private one', { message_type: 'private' }, 'internal'],
    ['a bot’s private note', { message_type: 'normal', botsPrivateNote: true }, 'internal'],
    ['one of an unknown type', { message_type: 'whisper' }, 'internal'],
    ['the user’s', { actor_type: 'user', message_type: 'normal' }, 'other'],
    ['the system’s', { actor_type: 'system', message_type: 'normal' }, 'other'],
    ['a bot’s', { actor_type: 'bot', message_type: 'normal' }, 'other'],
    ['our own', { actor_id: 'ours', message_type: 'normal' }, 'other'],
  ])('are told apart: %s', ([, over, kind]) => {
    const message = { id: '1', conversation_id: '2', actor_type: 'agent', actor_id: 'a', created_time: '', ...over }
    expect(kindOf(message, { ...plain, agent: 'ours' })).toBe(kind)
  })
})

describe('payloads of the vendor', () => {
  const isThere = existsSync(shared)
  const read = async (name: string) => JSON.parse(await readFile(join(shared, name), 'utf8'))
  if (!isThere) console.info(`no payloads at ${shared}: their tests are skipped`)
  const names = [
    '07-webhook-message-create-agent-text.json',
    '08-webhook-message-create-agent-file.json',
    '09-webhook-message-create-user-echo.json',
    '10-webhook-conversation-assignment.json',
    '11-webhook-conversation-resolution.json',
    '12-webhook-conversation-reopen.json',
  ]

  it.skipIf(!isThere).for(names)('are signed, and not once a byte is changed: %s', async (name) => {
    const { rawBody, headers, publicKeyPem, body } = await read(name)
    const key = readPublicKey(publicKeyPem)
    const signature = headers['x-freshchat-signature']
    expect(verify(Buffer.from(rawBody), signature, key)).toBe(true)
    expect(verify(Buffer.from(rawBody.replace('2026', '2027')), signature, key)).toBe(false)
    expect(parse(Buffer.from(rawBody))).toEqual(body)
  })

  it.skipIf(!isThere)('say what an agent said, with files', async () => {
    const text = (await read(names[0]!)).body.data.message
    expect([kindOf(text, plain), fromMessage(text)]).toEqual([
      'public',
      { parts: [{ kind: 'text', text: 'Hello Ada, Grace here. Let me check your refund.' }] },
    ])
    const files = fromMessage((await read(names[1]!)).body.data.message).parts
    expect(files.map(({ kind }) => kind)).toEqual(['text', 'file', 'file'])
    expect(files[1]).toMatchObject({ name: 'credit-note.pdf', mime: 'application/pdf', bytes: 48213 })
    expect(kindOf((await read(names[2]!)).body.data.message, plain)).toBe('other')
    const listed = (await read('13-list-messages.response.json')).body.messages
    expect(listed.map((message: VendorMessage) => kindOf(message, plain))).toEqual(['public', 'internal', 'other'])
  })
})

describe('webhooks', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await aStage({ pathSecret: 'a-secret-of-the-path' })
  })
  afterAll(async () => stage.close())
  const path = '/a-secret-of-the-path'
  const post = (where: string, signature: string, body: string) =>
    fetch(`${stage.hooksUrl}${where}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-freshchat-signature': signature },
      body,
    })
  const message = (conversation_id: string, id: string) =>
    JSON.stringify({
      action: 'message_create',
      action_time: '2026-05-02T08:01:00.450Z',
      data: {
        message: {
          id,
          conversation_id,
          actor_type: 'agent',
          actor_id: 'fba1873d-67d6-4d63-be97-0000000000f1',
          message_type: 'normal',
          message_parts: [{ text: { content: 'Forged?' } }],
          created_time: '2026-05-02T08:01:00.450Z',
        },
      },
    })

  it('need the signature and the secret of the path', async () => {
    const ticket = await stage.desk.offer(aHandoff(), 'key')
    const body = message(ticket, 'm1')
    expect((await post(path, 'bm8=', body)).status).toBe(403)
    expect((await post(path, stage.twin.signed(`${body} `), body)).status).toBe(403)
    expect((await post('', stage.twin.signed(body), body)).status).toBe(403)
    expect((await post('/another-secret-here', stage.twin.signed(body), body)).status).toBe(403)
    expect(stage.told(ticket)).toEqual([])
    expect((await post(path, stage.twin.signed(body), body)).status).toBe(200)
    expect((await post(path, stage.twin.signed(body), body)).status).toBe(200)
    expect(stage.told(ticket).filter(({ type }) => type === 'agent-message')).toHaveLength(1)
  })

  it.for(['not JSON', '[]', 'null', '{"action":"conversation_update","data":{}}', message('of-somebody-else', 'm2')])(
    'that are nothing to us are answered and change nothing: %s',
    async (body) => {
      const before = stage.host.received.length
      expect((await post(path, stage.twin.signed(body), body)).status).toBe(200)
      expect(stage.host.received.length).toBe(before)
    },
  )

  it('are answered with a failure when the hub cannot take them, so that they come again', async () => {
    const ticket = await stage.desk.offer(aHandoff(), 'another key')
    const body = message(ticket, 'm3')
    stage.host.onReceive = async () => Promise.reject(new Error('the hub falls'))
    expect((await post(path, stage.twin.signed(body), body)).status).toBe(500)
    stage.host.onReceive = undefined
    expect((await post(path, stage.twin.signed(body), body)).status).toBe(200)
    expect(stage.told(ticket).map(({ type }) => type)).toEqual(['desk-accepted', 'agent-message'])
  })
})
