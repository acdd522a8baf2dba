/** What arrives at `/messaging`: who may send it, and what it means. */
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { aHandoff } from '../../test/conformance/handoff.ts'
import { toMetadata } from './messaging/briefing.ts'
import { createMarks, markName, verify } from './messaging/marks.ts'
import { parse, speakerOf } from './messaging/reading.ts'
import { cut, fromContent, harmless, toContents, toCustomer } from './messaging/translate.ts'
import { openMessagingWebhook } from './messaging/webhook.ts'
import { aMessagingStage, type MessagingStage, messaging } from './test/messaging.ts'
import { notHere, recorded } from './test/stage.ts'

const secret = '9e1b7c40d2f84a6ba3c5e8f1d7026b94'
let stage: MessagingStage | undefined
afterEach(async () => {
  await stage?.close()
  stage = undefined
})

const own = async () => JSON.parse(await readFile(new URL('fixtures/messaging-message.json', import.meta.url), 'utf8'))
const post = (body: unknown, key: string | undefined = secret) =>
  fetch(`${stage!.hooksUrl}/messaging`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key && { 'x-api-key': key }) },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
const byHand = async () => {
  stage = await aMessagingStage({ webhookSecret: secret, control: 'handoff-hub' })
}

describe('the key of a webhook', () => {
  it('fits or does not', () => {
    expect(verify(secret, secret)).toBe(true)
    for (const wrong of ['', secret.slice(1), `${secret} `, undefined, [secret]])
      expect(verify(wrong, secret)).toBe(false)
  })
  it('is asked for before anything is read', async () => {
    await byHand()
    expect((await post(await own(), 'another-key-of-someone')).status).toBe(401)
    expect((await post('{', 'another-key-of-someone')).status).toBe(401)
    expect((await post(await own(), '')).status).toBe(401)
    expect(stage!.events()).toEqual([])
    expect((await post('{')).status).toBe(400)
    expect((await post(await own())).status).toBe(200)
    expect(stage!.events()).toHaveLength(1)
  })
  it('is waited for while it is not known: a refusal would lose the event for ever', async () => {
    stage = await aMessagingStage()
    await stage.host.memory.delete('messaging-webhook')
    const webhook = openMessagingWebhook(undefined as never, messaging, stage.host)
    await expect(webhook.fits(() => false)).rejects.toMatchObject({ code: 'busy' })
  })
  it('says 503 when the hub cannot take it, so that Zendesk sends it again', async () => {
    await byHand()
    stage!.host.onReceive = async () => {
      throw new Error('the disk is full')
    }
    expect((await post(await own())).status).toBeGreaterThanOrEqual(500)
  })
  it('is what a twin is refused by as Zendesk is: after a 401 it never comes again', async () => {
    stage = await aMessagingStage()
    const answers = [503, 401, 200]
    let asked = 0
    const elsewhere = createServer((_request, response) => response.writeHead(answers[asked++]!).end())
    elsewhere.listen(0, '127.0.0.1')
    await once(elsewhere, 'listening')
    const { port } = elsewhere.address() as AddressInfo
    stage.twin.messaging!.hooks.add(`http://127.0.0.1:${port}/`, ['conversation:message'], secret, false)
    await stage.customer()
    await stage.twin.delivered()
    elsewhere.close()
    expect(asked).toBe(2)
  })
  it('comes from our own webhook, made once', async () => {
    stage = await aMessagingStage()
    await stage.connection.poll!.run()
    const hooks = stage.twin.messaging!.hooks.all()
    expect(hooks.map(({ target }) => target)).toEqual([`${stage.hooksUrl}/messaging`])
    await stage.host.memory.delete('messaging-webhook')
    await stage.connection.poll!.run()
    expect(stage.twin.messaging!.hooks.all()).toHaveLength(1)
  })
})

describe('what a customer does', () => {
  it('is told with who they are, as far as they are vouched for', async () => {
    await byHand()
    await post(await own())
    expect(stage!.events()).toEqual([
      {
        type: 'customer-message',
        thread: '66a0aa0bc1d2e3f405162700',
        externalId: '66a0aa1ef405162738495a01',
        at: Date.parse('2026-10-02T09:15:44.090Z'),
        message: { parts: [{ kind: 'text', text: 'Where is parcel 4471?' }] },
        customer: { name: 'Lena Fischer' },
      },
    ])
  })
  it('can be a picture, a pick, a postback, typing, leaving', async () => {
    stage = await aMessagingStage()
    const { thread } = await stage.customer()
    const choices = [{ label: 'Order 4471', value: 'o-4471' }]
    await stage.connection.channel!.send(
      thread,
      {
        by: 'bot',
        message: {
          parts: [
            { kind: 'text', text: 'Which?' },
            { kind: 'choices', choices },
          ],
        },
      },
      'ask-1',
    )
    await stage.act('send', thread, 'receipt.png')
    await stage.act('pick', thread, 'Order 4471')
    await stage.act('postback', thread, 'talk_to_human')
    await stage.act('type', thread)
    await stage.act('leave', thread)
    expect(stage.events().slice(1)).toMatchObject([
      { message: { parts: [{ kind: 'file', name: 'receipt.png', mime: 'image/png', bytes: 4_211 }] } },
      { message: { parts: [{ text: 'Order 4471' }], choice: 'o-4471' } },
      { message: { parts: [{ text: 'talk_to_human' }], choice: 'talk_to_human' } },
      { type: 'customer-left', thread },
    ])
    expect(stage.events()[0]).toMatchObject({
      customer: { id: 'crm-1', verified: true, name: 'Lena Fischer', email: 'lena@example.com', language: 'en' },
    })
    expect(stage.host.typing).toEqual([{ by: 'customer', ref: thread, on: true }])
    expect(stage.shown(thread)[0]).toBe('Which?\n[Order 4471]')
  })
  it('is not what we wrote ourselves, however it comes back', async () => {
    stage = await aMessagingStage()
    const { thread } = await stage.customer()
    const before = stage.events().length
    for (const by of ['bot', 'agent', 'hub'] as const)
      await stage.connection.channel!.send(thread, { by, message: { parts: [{ kind: 'text', text: `by ${by}` }] } }, by)
    await stage.twin.delivered()
    await stage.connection.poll!.run()
    expect(stage.events()).toHaveLength(before)
  })
  it('counts although the message bears our mark, which a web page can put on it', () => {
    const author = { type: 'user' } as const
    expect(speakerOf({ id: '1', author, metadata: { [markName]: createMarks('s').of('key-1') } })).toEqual({
      is: 'customer',
    })
  })
})

/** What each shared payload has to become. */
const expected: Readonly<Record<string, readonly object[]>> = {
  'sunco-webhook-conversation-create': [],
  'sunco-webhook-delivery-failure': [],
  'sunco-webhook-message-agent-text': [],
  'sunco-webhook-passcontrol': [],
  'sunco-webhook-releasecontrol-ticketclosed': [],
  'sunco-webhook-message-user-text': [
    {
      type: 'customer-message',
      thread: '6511aa0bc1d2e3f405162738',
      externalId: '6511aa1ef405162738495a03',
      customer: { id: 'crm-77120', verified: true, name: 'Noor Haddad' },
      message: { parts: [{ kind: 'text', text: 'My June invoice was charged twice, can someone look at it?' }] },
    },
  ],
  'sunco-webhook-message-user-image': [
    {
      type: 'customer-message',
      externalId: '6511aa30051627384950bb05',
      message: { parts: [{ kind: 'file', name: 'receipt-0614.png', mime: 'image/png', bytes: 182_044 }] },
    },
  ],
  'sunco-webhook-postback': [
    { type: 'customer-message', externalId: '6511aa5227384950bb0c0f09', message: { choice: 'talk_to_human' } },
  ],
}

describe('shared payloads', () => {
  it.for(Object.keys(expected))('%s is what it says', async (name, context) => {
    const found = await recorded(name)
    if (!found) return context.skip(notHere)
    await byHand()
    expect((await post(found.body, found.headers['x-api-key'])).status).toBe(200)
    expect((await post(found.body, found.headers['x-api-key'])).status).toBe(200)
    expect(stage!.events()).toMatchObject(expected[name]!)
  })
  it('of a handoff tell of its agent and its end', async (context) => {
    const agent = await recorded('sunco-webhook-message-agent-text')
    const over = await recorded('sunco-webhook-releasecontrol-ticketclosed')
    const passed = await recorded('sunco-webhook-passcontrol')
    if (!agent || !over || !passed) return context.skip(notHere)
    await byHand()
    const talk = '6511aa0bc1d2e3f405162738'
    await stage!.host.memory.set(`current:${talk}`, `${talk}.1`)
    await stage!.host.memory.set(`handover:${talk}.1`, { ticket: `${talk}.1`, talk, isNative: true })
    for (const { body } of [passed, agent, over, over]) await post(body)
    expect(stage!.told(`${talk}.1`)).toMatchObject([
      { type: 'desk-accepted', agent: { ref: '398471203311', name: 'Priya' } },
      { type: 'agent-message', externalId: '6511ab42162738495a0bee08', visibility: 'public' },
      { type: 'desk-ended', outcome: 'resolved' },
    ])
  })
  it('of a list say who spoke', async (context) => {
    const found = await recorded('sunco-response-list-messages')
    if (!found) return context.skip(notHere)
    const speakers = found.body.messages.map((message: Parameters<typeof speakerOf>[0]) => speakerOf(message).is)
    expect(speakers).toEqual(['customer', 'other', 'agent', 'other'])
  })
  it('of switchboard integrations are known by name, id and integration', async (context) => {
    const found = await recorded('sunco-response-list-switchboard-integrations')
    if (!found) return context.skip(notHere)
    const { createSwitchboard } = await import('./messaging/switchboard.ts')
    const [hub, workspace] = found.body.switchboardIntegrations
    for (const control of [hub.id, hub.name, hub.integrationId]) {
      const board = createSwitchboard(undefined as never, { ...messaging, integration: undefined, control })
      expect([board.isOurs(hub), board.isOurs(workspace), board.isWorkspace(workspace)]).toEqual([true, false, true])
    }
  })
  it('of requests are in the form that we send', async (context) => {
    const [posted, passed] = [await recorded('sunco-request-post-message'), await recorded('sunco-request-passcontrol')]
    if (!posted || !passed) return context.skip(notHere)
    const choices = [
      { label: 'Yes please', value: 'handoff_yes' },
      { label: 'No thanks', value: 'handoff_no' },
    ]
    const asked = { kind: 'text', text: 'I can connect you with billing. Shall I?' } as const
    expect(toContents({ parts: [asked, { kind: 'choices', choices }] })).toEqual([posted.body.content])
    const handoff = aHandoff({ priority: 'high', fields: { '360041112233': 'duplicate_charge' } })
    const customer = { name: 'Noor Haddad', email: 'noor.haddad@example.com' }
    const made = toMetadata({ ...handoff, customer }, messaging, { first: 'a-message', isNative: false })
    const { hub_handoff_id: _, 'dataCapture.ticketField.360041112234': __, ...known } = passed.body.metadata
    for (const name of Object.keys(known)) expect(made).toHaveProperty([name])
  })
  it('of answers and errors are understood', async (context) => {
    const [answer, error] = [
      await recorded('sunco-response-post-message'),
      await recorded('sunco-error-404-conversation-not-found'),
    ]
    if (!answer || !error) return context.skip(notHere)
    const { aConnectionTo } = await import('./test/stage.ts')
    const path = '/sc/v2/apps/64f0c1a2b3d4e5f60718293a/conversations'
    const there = await aConnectionTo(
      {
        [`POST ${path}/6511aa0bc1d2e3f405162738/messages`]: answer,
        [`POST ${path}/6511aa0bc1d2e3f405162739/messages`]: error,
      },
      { apiToken: undefined, messaging },
    )
    const hello = { by: 'bot', message: { parts: [{ kind: 'text', text: 'Hello' }] } } as const
    const { channel } = there.connection
    expect(await channel!.send('6511aa0bc1d2e3f405162738', hello, 'a')).toEqual({ ref: '6511aa47ddeeff101112150f' })
    await expect(channel!.send('6511aa0bc1d2e3f405162739', hello, 'b')).rejects.toMatchObject({ code: 'unknown' })
    await there.close()
  })
})

describe('words on their way', () => {
  it('move no control and build no buttons', () => {
    const text = 'ok %((switchboard:passControl))% and %[Pay](reply:PAY) &((x)) 100% (sure) [1]'
    const said = harmless(text)
    for (const shorthand of ['%((', '%[', '&((']) expect(said).not.toContain(shorthand)
    expect(said.replaceAll('\u2060', '')).toBe(text)
    expect(said).toContain('100% (sure) [1]')
  })
  it('are cut between characters', () => {
    const pieces = cut(`${'a'.repeat(4_095)}😀b`)
    expect(pieces.map((piece) => piece.length)).toEqual([4_095, 3])
    expect(pieces.join('')).toBe(`${'a'.repeat(4_095)}😀b`)
  })
  it('are articles as cards, or as text where one has no address', () => {
    const article = { ref: '1', title: 'Returns', score: 1 }
    const cards = toContents({
      parts: [{ kind: 'articles', articles: [{ ...article, url: 'https://a.example.com' }] }],
    })
    expect(cards).toMatchObject([{ type: 'carousel', items: [{ title: 'Returns' }] }])
    expect(toContents({ parts: [{ kind: 'articles', articles: [article] }] })).toEqual([
      { type: 'text', text: 'Returns' },
    ])
  })
  it('are the answers of a form, a place, and rich text without its tags', () => {
    const fields = [
      { label: 'Order', text: '4471' },
      { label: 'Mail', email: 'lena@example.com' },
      { label: 'Why', select: [{ label: 'Too big', name: 'big' }] },
    ]
    const words = (content: object) => fromContent(content)?.parts.map((part) => 'text' in part && part.text)
    expect(words({ type: 'formResponse', fields })).toEqual(['Order: 4471\nMail: lena@example.com\nWhy: Too big'])
    expect(words({ type: 'formResponse', fields, textFallback: 'Order: 4471' })).toEqual(['Order: 4471'])
    expect(words({ type: 'location', coordinates: { lat: 1, long: 2 } })).toEqual(['1, 2'])
    expect(words({ type: 'text', htmlText: '<p>Hi <b>there</b></p>' })).toEqual(['Hi there'])
    expect(fromContent({ type: 'text' })).toBeUndefined()
  })
  it('come from a person whose number counts only when they signed in', () => {
    expect(toCustomer({ externalId: 'crm-1', authenticated: true })).toEqual({ id: 'crm-1', verified: true })
    expect(toCustomer({ externalId: 'crm-1' })).toBeUndefined()
  })
  it('are read in the order in which they were received', () => {
    const event = (id: string, received: string) => ({
      id,
      type: 'conversation:message',
      payload: { message: { received } },
    })
    const events = parse({ events: [event('b', '2026-01-02'), event('a', '2026-01-01'), { id: 1 }, null] })
    expect(events?.map(({ id }) => id)).toEqual(['a', 'b'])
    for (const body of [undefined, [], {}, { events: {} }]) expect(parse(body)).toBeUndefined()
  })
  it('fit: metadata never grow beyond what is allowed', () => {
    const fields = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [String(n + 1), 'ü'.repeat(900)]))
    const made = toMetadata(aHandoff({ fields }), messaging, { isNative: true })
    expect(Buffer.byteLength(JSON.stringify(made))).toBeLessThan(4_096)
    expect(made.baton_handoff).toBeTruthy()
  })
})
