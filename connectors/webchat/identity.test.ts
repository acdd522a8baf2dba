import { generateKeyPairSync } from 'node:crypto'
import { SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { aHost } from '../../test/host.ts'
import { webchatAt } from './index.ts'
import { aSite, database, inAnHour, pace, secret, sign, useSites } from './site.ts'

useSites()

describe('a signed identity', () => {
  it('names the customer, on every device the same thread', async () => {
    const site = await aSite({ identity: { secret } })
    const identity = await sign({ sub: 'c-7', name: 'Lena', email: 'lena@example.com', locale: 'de' })
    const [phone, laptop] = [await site.begin({ identity }), await site.begin({ identity })]
    expect(laptop.thread).toBe(phone.thread)
    expect(laptop.token).not.toBe(phone.token)
    const body = { id: 'client-01', text: 'Hallo' }
    await site.call('/messages', { method: 'POST', token: phone.token, body })
    const customer = { id: 'c-7', name: 'Lena', email: 'lena@example.com', language: 'de', verified: true }
    expect(site.host.received[0]).toMatchObject({ customer, message: { language: 'de' } })
  })

  it('takes a public key too', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const site = await aSite({ identity: { publicKey: pem } })
    const identity = await new SignJWT({ sub: 'c-7', exp: inAnHour() })
      .setProtectedHeader({ alg: 'RS256' })
      .sign(privateKey)
    await site.begin({ identity })
    // The classic confusion: the public key, known to all, used as if it were a shared secret.
    const response = await site.call('/sessions', { method: 'POST', body: { identity: await sign({ sub: 'x' }, pem) } })
    expect(response.status).toBe(401)
  })

  it.each([
    ['expired', () => sign({ sub: 'c-7', exp: Math.floor(Date.now() / 1000) - 120 }), 'has expired'],
    ['signed by somebody else', () => sign({ sub: 'c-7' }, 'another secret, also long enough…'), 'signature'],
    ['unsigned', async () => `${btoa('{"alg":"none"}')}.${btoa('{"sub":"c-7"}')}.`, 'identity:'],
    ['about nobody', () => sign({ name: 'Lena' }), '"sub"'],
    ['good for ever', () => sign({ sub: 'c-7', exp: undefined }), '"exp"'],
    ['strange inside', () => sign({ sub: 'c-7', name: { first: 'Lena' } }), '"name"'],
    ['no token', async () => 'hello', 'no signed token'],
  ])('is refused when it is %s', async (_what, token, sentence) => {
    const site = await aSite({ identity: { secret } })
    const response = await site.call('/sessions', { method: 'POST', body: { identity: await token() } })
    expect(response.status).toBe(401)
    expect(((await response.json()) as { message: string }).message).toContain(sentence)
    expect((await site.host.pool.query('select 1 from webchat_threads')).rowCount).toBe(0)
  })

  it('can be required', async () => {
    const site = await aSite({ identity: { secret, required: true } })
    expect((await site.call('/sessions', { method: 'POST', body: {} })).status).toBe(401)
    await site.begin({ identity: await sign({ sub: 'c-7' }) })
  })

  it('joins a running anonymous chat, and the hub hears who it is', async () => {
    const site = await aSite({ identity: { secret } })
    const anonymous = await site.begin()
    site.host.record.putState(anonymous.thread, { control: 'bot' })
    const known = await site.begin({ identity: await sign({ sub: 'c-7', name: 'Lena' }) }, anonymous.token)
    expect([known.thread, known.token]).toEqual([anonymous.thread, anonymous.token])
    expect(site.host.received).toEqual([
      expect.objectContaining({ type: 'customer-identified', customer: expect.objectContaining({ id: 'c-7' }) }),
    ])
  })

  it('never shows the chat of one person to the next at the same browser', async () => {
    const site = await aSite({ identity: { secret } })
    const lena = await site.begin({ identity: await sign({ sub: 'lena' }) })
    const omar = await site.begin({ identity: await sign({ sub: 'omar' }) }, lena.token)
    expect(omar.thread).not.toBe(lena.thread)
    expect(omar.token).not.toBe(lena.token)
  })

  it.each([
    ['neither key', {}],
    ['both keys', { secret, publicKey: 'x' }],
    ['no PEM', { publicKey: 'x' }],
    ['a short secret', { secret: 'short' }],
  ])('needs settings that can work: %s', async (_what, identity) => {
    const host = await aHost({ name: 'site', database })
    await expect(webchatAt(pace).open({ identity }, host)).rejects.toMatchObject({ code: 'invalid' })
    await host.stop()
  })
})
