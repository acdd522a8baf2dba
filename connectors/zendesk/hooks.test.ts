/** What comes in: signatures, the reading of each webhook, and what the hub is told of it. */
import { createHmac } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HubError } from '#hub/errors.ts'
import { parse, verify } from './hooks.ts'
import { testSecret } from './support/signature.ts'
import { vendors } from './test/openapi.ts'
import { aStage, type Stage, said, withOauth } from './test/stage.ts'

const own = async (name: string) =>
  JSON.parse(await readFile(join(import.meta.dirname, 'fixtures', `${name}.json`), 'utf8'))
const shared = join(vendors, 'fixtures/zendesk')
const me = '21870040000017'

describe('a signature', () => {
  const raw = Buffer.from('{"id":"1"}')
  const timestamp = '2026-10-05T10:15:31Z'
  const now = Date.parse(timestamp)
  const sign = (secret: string, message: string) => createHmac('sha256', secret).update(message).digest('base64')
  const signature = sign('a secret', timestamp + raw)

  it('is of timestamp and raw body, with the secret as it is', () => {
    expect(verify({ timestamp, signature, raw }, 'a secret', now)).toBe(true)
    expect(verify({ timestamp, signature, raw }, 'another secret', now)).toBe(false)
    expect(verify({ timestamp, signature, raw: Buffer.from('{"id":"2"}') }, 'a secret', now)).toBe(false)
    expect(verify({ timestamp, signature: sign('a secret', raw + timestamp), raw }, 'a secret', now)).toBe(false)
    const hex = createHmac('sha256', 'a secret')
      .update(timestamp + raw)
      .digest('hex')
    expect(verify({ timestamp, signature: hex, raw }, 'a secret', now)).toBe(false)
  })
  it('is refused when it is missing, old, or made with the secret of test webhooks', () => {
    expect(verify({ timestamp, signature: undefined, raw }, 'a secret', now)).toBe(false)
    expect(verify({ timestamp: undefined, signature, raw }, 'a secret', now)).toBe(false)
    expect(verify({ timestamp: 'yesterday', signature, raw }, 'a secret', now)).toBe(false)
    expect(verify({ timestamp, signature, raw }, 'a secret', now + 25 * 60 * 60_000)).toBe(false)
    expect(verify({ timestamp, signature: sign(testSecret, timestamp + raw), raw }, testSecret, now)).toBe(false)
  })
})

describe('a webhook', () => {
  it('with a comment is an agent’s message, and asks for the words with their files', async () => {
    expect(parse(await own('comment-added'), me)).toEqual({
      ticket: '60001',
      externalId: 'baton:people:k1',
      tags: ['baton', 'baton_live'],
      look: 'words',
      person: { id: 400000000001, role: 'agent', name: 'Ana' },
      events: [
        {
          type: 'agent-message',
          externalId: 'comment:7000001',
          ticket: '60001',
          at: Date.parse('2026-10-05T10:15:30.250Z'),
          agent: { ref: '400000000001', name: 'Ana' },
          visibility: 'public',
          message: { parts: [{ kind: 'text', text: 'Tom & Lena,\n\nboth charges go back.' }] },
        },
      ],
    })
  })
  it.for([false, null, undefined, 'true', 1])(
    'with a comment whose is_public is %s is internal, whatever the ticket is',
    async (is_public) => {
      const body = await own('comment-added')
      body.event.comment.is_public = is_public
      expect(parse(body, me)).toMatchObject({ events: [{ visibility: 'internal' }] })
      expect(parse(body, me).look).toBeUndefined()
    },
  )
  it('with our own comment, a customer’s, or one of nobody known to be staff, says nothing', async () => {
    const body = await own('comment-added')
    expect(parse(body, '400000000001').events).toEqual([])
    for (const author of [{ id: '400000000001', is_staff: false }, { id: '400000000001' }, {}, null]) {
      const other = { ...body, event: { comment: { ...body.event.comment, author } } }
      expect(parse(other, me).events).toEqual([])
    }
    const inOurName = { ...body, detail: { ...body.detail, actor_id: me } }
    expect(parse(inOurName, me).events).toEqual([])
  })
  it('with an end asks for the whole story, since the last words may come later', async () => {
    const body = await own('status-changed')
    expect(parse(body, me)).toMatchObject({
      ticket: '60001',
      events: [],
      look: 'whole',
      tags: ['baton', 'back_to_bot'],
    })
    for (const current of ['OPEN', 'PENDING', 'HOLD', 'ARCHIVED', 'SOMETHING'])
      expect(parse({ ...body, event: { current } }, me).look).toBeUndefined()
    expect(parse({ ...body, event: { current: 'DELETED' } }, me).events).toMatchObject([{ type: 'desk-declined' }])
  })
  it('with anything else says nothing', () => {
    for (const body of [
      null,
      [],
      'text',
      7,
      {},
      { type: 'zen:event-type:user.created', detail: { id: '1' } },
      { type: 'zen:event-type:ticket.created' },
    ])
      expect(parse(body, me).events).toEqual([])
    expect(parse({ ticket_id: '12; DROP' }, me).look).toBeUndefined()
  })

  const expected: Record<string, (told: ReturnType<typeof parse>) => void> = {
    'support-webhook-agent-assignment-changed': (told) =>
      expect(told.events).toMatchObject([
        {
          type: 'desk-accepted',
          ticket: '48213',
          agent: { ref: '398471203311' },
          externalId: 'assigned:48213:nobody>398471203311',
        },
      ]),
    'support-webhook-comment-added': (told) =>
      expect(told).toMatchObject({
        look: 'words',
        events: [{ type: 'agent-message', visibility: 'public', externalId: 'comment:31877001200399' }],
      }),
    // Zendesk relays messaging itself: nothing of it is told twice.
    'support-webhook-messaging-message-added': (told) => expect(told).toEqual({ events: [] }),
    'support-webhook-trigger-conditional': (told) =>
      expect(told).toEqual({ ticket: '48213', externalId: 'ho_01J7QWZ4T8', events: [], look: 'whole' }),
  }
  it.for(Object.keys(expected))('%s is verified and read', async (name, context) => {
    const file = join(shared, `${name}.json`)
    if (!existsSync(file)) return context.skip(`no ${name} here: BATON_VENDORS names the place of shared fixtures`)
    const { headers, rawBody, signing_secret, body } = JSON.parse(await readFile(file, 'utf8'))
    const timestamp = headers['x-zendesk-webhook-signature-timestamp']
    const signed = { timestamp, signature: headers['x-zendesk-webhook-signature'], raw: Buffer.from(rawBody) }
    expect(verify(signed, signing_secret, Date.parse(timestamp))).toBe(true)
    expect(verify({ ...signed, raw: Buffer.from(`${rawBody} `) }, signing_secret, Date.parse(timestamp))).toBe(false)
    expected[name]!(parse(body, me))
  })
})

describe('the door for webhooks', () => {
  let stage: Stage
  beforeEach(async () => {
    stage = await aStage()
  })
  afterEach(async () => stage.close())

  const post = async (body: string, headers: Record<string, string>) => {
    const response = await fetch(`${stage.hooksUrl}/support`, { method: 'POST', body, headers })
    return { status: response.status, retryAfter: response.headers.get('retry-after'), body: await response.text() }
  }
  const signedPost = async (body: string) => {
    const { secret } = (await stage.host.memory.get<{ secret: string }>('webhook'))!
    const timestamp = new Date(stage.host.clock.now()).toISOString()
    const signature = createHmac('sha256', secret)
      .update(timestamp + body)
      .digest('base64')
    return post(body, { 'x-zendesk-webhook-signature-timestamp': timestamp, 'x-zendesk-webhook-signature': signature })
  }

  it('refuses what is not signed, and nothing happens', async () => {
    const body = JSON.stringify(await own('comment-added'))
    expect(await post(body, {})).toMatchObject({ status: 401 })
    expect(
      await post(body, { 'content-type': 'application/json', 'x-zendesk-webhook-signature': 'bm9wZQ==' }),
    ).toMatchObject({ status: 401 })
    expect(stage.events()).toEqual([])
  })
  it('refuses what is signed and cannot be read', async () => {
    expect(await signedPost('{"half')).toMatchObject({ status: 400 })
    expect(await signedPost('')).toMatchObject({ status: 400 })
  })
  it('takes no notice of tickets that others made', async () => {
    expect(await signedPost(JSON.stringify(await own('comment-added')))).toMatchObject({ status: 200 })
    expect(stage.events()).toEqual([])
  })
  it('says 503 and a short wait when the hub cannot take it, so that Zendesk sends it again', async () => {
    const ticket = await stage.offer()
    let refused = 0
    stage.host.onReceive = async () => {
      if (refused++ === 0) throw new HubError('unreachable', 'The record cannot be reached right now')
    }
    await stage.twin.act({ do: 'take', case: ticket, input: 'Ana' })
    await stage.twin.delivered()
    expect(refused).toBe(2)
    expect(stage.told(ticket).map(({ type }) => type)).toEqual(['desk-accepted'])
  })
  it('asks Zendesk to wait while an end cannot be read whole', async () => {
    const ticket = await stage.offer()
    const body = await own('status-changed')
    const external_id = stage.twin.account.tickets.get(Number(ticket))!.external_id
    const told = { ...body, detail: { ...body.detail, id: ticket, external_id } }
    stage.twin.misbehave({ ways: ['errors'] })
    expect(await signedPost(JSON.stringify(told))).toMatchObject({ status: 503, retryAfter: '1' })
  })
})

describe('what the hub is told', () => {
  let stage: Stage
  beforeEach(async () => {
    stage = await aStage()
  })
  afterEach(async () => stage.close())
  const types = (ticket: string) => stage.told(ticket).map(({ type }) => type)

  it('is nothing of our own doing', async () => {
    const ticket = await stage.offer()
    await stage.connection.desk!.send(ticket, said('mine'), 'echo-1')
    await stage.connection.desk!.end(ticket, 'resolved', 'echo-2')
    await stage.twin.delivered()
    await stage.catchUp()
    expect(stage.told(ticket)).toEqual([])
  })
  it('is the last words before the end, although both come in one update', async () => {
    const ticket = await stage.offer()
    await stage.act('take', ticket)
    stage.twin.misbehave({ ways: ['disorder'], times: 1, only: /comment_added/ })
    await stage.act('solve', ticket, 'Both are back')
    expect(types(ticket)).toEqual(['desk-accepted', 'agent-message', 'desk-ended'])
    expect(stage.told(ticket).at(-1)).toMatchObject({
      outcome: 'resolved',
      digest: 'Both are back',
      agent: { name: 'Ana' },
    })
  })
  it('is the same by webhook and by looking', async () => {
    const ticket = await stage.offer()
    await stage.act('take', ticket)
    await stage.act('reply', ticket, 'one')
    await stage.act('note', ticket, 'two')
    await stage.act('solve', ticket)
    const before = stage.told(ticket).map(({ externalId }) => externalId)
    await stage.catchUp()
    expect(stage.told(ticket).map(({ externalId }) => externalId)).toEqual(before)

    const missed = await stage.offer()
    stage.twin.misbehave({ ways: ['lost'] })
    await stage.act('take', missed)
    await stage.act('reply', missed, 'one')
    await stage.act('note', missed, 'two')
    await stage.act('solve', missed)
    await stage.catchUp()
    expect(types(missed)).toEqual(types(ticket))
    expect(stage.told(missed).map((event) => ('visibility' in event ? event.visibility : ''))).toEqual([
      '',
      'public',
      'internal',
      '',
    ])
  })
  it('is an assignment when somebody else gave the ticket to the agent', async () => {
    const ticket = await stage.offer()
    await stage.act('assign', ticket, 'Ben')
    await stage.act('unassign', ticket)
    expect(stage.told(ticket)).toMatchObject([
      { type: 'desk-assigned', agent: { name: 'Ben' } },
      { type: 'agent-left', agent: { name: 'Ben' } },
    ])
  })
  it('has an agent’s files', async () => {
    const ticket = await stage.offer()
    await stage.act('file', ticket, 'label.pdf')
    expect(stage.told(ticket)).toMatchObject([
      { visibility: 'public', message: { parts: [{ kind: 'text', text: 'Here it is.' }] } },
      {
        visibility: 'public',
        message: { parts: [{ kind: 'file', name: 'label.pdf', mime: 'application/pdf', bytes: 4_211 }] },
      },
    ])
  })
  it('has the words at once when they cannot be fetched, and the files later', async () => {
    const ticket = await stage.offer()
    stage.twin.misbehave({ ways: ['errors'], only: /comments/ })
    await stage.act('file', ticket, 'label.pdf')
    expect(types(ticket)).toEqual(['agent-message'])
    stage.twin.misbehave()
    await stage.catchUp()
    expect(stage.told(ticket).map(({ externalId }) => externalId.split(':')[0])).toEqual(['comment', 'files'])
  })
  it('is that nobody will answer, when the ticket is deleted', async () => {
    const [ticket, missed] = [await stage.offer(), await stage.offer()]
    await stage.act('delete', ticket)
    stage.twin.misbehave({ ways: ['lost'] })
    await stage.act('delete', missed)
    await stage.catchUp()
    expect([...types(ticket), ...types(missed)]).toEqual(['desk-declined', 'desk-declined'])
  })
  it('is that nobody will answer, when the ticket is merged into another: closed so, nothing was resolved', async () => {
    const [ticket, missed, solved] = [await stage.offer(), await stage.offer(), await stage.offer()]
    for (const one of [ticket, missed, solved]) await stage.act('reply', one, 'I am looking')
    await stage.act('merge', ticket, '48000')
    await stage.act('solve', solved)
    await stage.act('merge', solved, '48000')
    stage.twin.misbehave({ ways: ['lost'] })
    await stage.act('merge', missed, '48000')
    await stage.catchUp()
    const reasons = (one: string) => stage.told(one).flatMap((event) => ('reason' in event ? [event.reason] : []))
    for (const one of [ticket, missed]) {
      expect(types(one)).not.toContain('desk-ended')
      expect(reasons(one)).toEqual(['the ticket was merged into another'])
    }
    expect(stage.told(solved).find(({ type }) => type === 'desk-ended')).toMatchObject({ outcome: 'resolved' })
  })
  it('is a second end after a second time open, and words reach the agent again', async () => {
    const ticket = await stage.offer()
    await stage.connection.desk!.end(ticket, 'expired', 'again-1')
    await expect(stage.connection.desk!.send(ticket, said('too late'), 'again-2')).rejects.toMatchObject({
      code: 'conflict',
    })
    await stage.act('reply', ticket, 'I am here now')
    await stage.connection.desk!.send(ticket, said('good'), 'again-3')
    await stage.act('solve', ticket)
    await stage.act('open', ticket)
    await stage.act('solve', ticket)
    await stage.act('close', ticket)
    expect(types(ticket)).toEqual(['agent-message', 'desk-ended', 'desk-ended'])
  })
  it('is all of it by looking alone, where Zendesk makes no webhook for us', async () => {
    const polled = await aStage({ ...withOauth, tickets: { webhookSecret: 'nobody-ever-signs-with-it' } })
    polled.twin.misbehave({ ways: ['lost'] })
    const ticket = await polled.offer()
    await polled.act('take', ticket)
    await polled.act('reply', ticket, 'slow but sure')
    await polled.catchUp()
    expect(polled.told(ticket).map(({ type }) => type)).toEqual(['desk-accepted', 'agent-message'])
    await polled.close()
  })
})
