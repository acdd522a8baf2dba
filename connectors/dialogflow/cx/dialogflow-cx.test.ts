/** The shared promises, and what only Dialogflow CX does: on real sockets, through Google's own library. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Bot } from '#hub/connector.ts'
import { text } from '#hub/message.ts'
import { botConformance } from '../../../test/conformance/bot.ts'
import { trainingConformance } from '../../../test/conformance/training.ts'
import { vendorConformance } from '../../../test/conformance/vendor.ts'
import type { HostOptions } from '../../../test/host.ts'
import { aVendorStage, type VendorStage } from '../../../test/vendor-stage.ts'
import { fromStruct, type Struct } from '../struct.ts'
import { taughtConformance } from '../test/taught.ts'
import dialogflowCx from './index.ts'
import type { CxTwin } from './twin.ts'

const yaml = { project: 'acme-demo', location: 'europe-west3', agent: '3a1f0b52-8c43-4a11-9c2e-77a0d3c10001' }

const stage = (over: object = {}, options: HostOptions = {}): Promise<VendorStage<CxTwin>> =>
  aVendorStage<CxTwin>(dialogflowCx, { ...yaml, timeoutSeconds: 20, ...over }, options)

/** What the twin heard of the customer in the hub's conversation. */
const heard = (twin: CxTwin, inside: string) =>
  twin.talks.filter(({ conversation }) => conversation === inside).flatMap(({ lines }) => lines.filter(isCustomers))
const isCustomers = ({ by }: { by: string }) => by === 'customer'

botConformance('dialogflow-cx', async () => {
  const { connection, twin, close } = await stage({ returnEvent: 'agent_finished' })
  return {
    bot: connection.bot!,
    known: text('hello'),
    otherKnown: text('how do returns work'),
    unknown: text('blorp the frobnicator'),
    seenByVendor: async (inside) => heard(twin, inside).length,
    close,
  }
})

trainingConformance('dialogflow-cx', async () => {
  const { connection, close } = await stage()
  return { training: connection.training!, intent: 'order.status', close }
})

const noKey =
  'detectIntent takes no idempotency key and its sessions cannot be read, so an unclear turn may be heard twice'

vendorConformance(
  'dialogflow-cx',
  async () => {
    const { connection, twin, host, close } = await stage({ timeoutSeconds: 2 })
    const bot = connection.bot!
    await bot.turn(text('hello'), 'warm', 'warm')
    return {
      twin,
      write: (key) => bot.turn(text(`my number is ${key}`), `conversation ${key}`, key),
      timesSeen: async (key) => heard(twin, `conversation ${key}`).length,
      events: () => host.received,
      secrets: ['my number is'],
      close,
    }
  },
  { mayDouble: noKey },
)

describe('a bot of Dialogflow CX', () => {
  let on: VendorStage<CxTwin>
  let bot: Bot
  let count = 0
  beforeAll(async () => {
    on = await stage(
      { sessionMinutes: 30, parameters: { site: 'shop' }, languages: ['de'] },
      { now: 1_800_000_000_000 },
    )
    bot = on.connection.bot!
  })
  afterAll(async () => on?.close())

  const session = () => `hub-${++count}`
  const say = (words: string, inside: string, language?: string) =>
    bot.turn({ ...text(words), language }, inside, `key-${++count}`)
  const talk = (inside: string) => on.twin.talks.find(({ conversation }) => conversation === inside)!
  interface Sent {
    session: string
    queryInput: { languageCode: string; text?: { text: string }; event?: { event: string } }
    queryParams: { parameters?: Struct; payload: Struct; currentPage?: string; sessionTtl: { seconds: string } }
  }
  const sent = () => on.twin.calls.at(-1)!.body as Sent

  it('fills a slot over two turns', async () => {
    const inside = session()
    const asked = await say('where is my order', inside)
    expect(asked).toMatchObject({
      intent: 'order.status',
      confidence: 1,
      noMatch: false,
      slots: { open: 1, filled: {} },
    })
    const told = await say('it is 88121', inside)
    expect(told).toMatchObject({ noMatch: false, slots: { open: 0, filled: { order_no: '88121' } } })
    expect(told.messages).toEqual([text('Parcel 88121 leaves the depot today.')])
    expect(told.confidence).toBeUndefined()
  })

  it('names sessions by a UUID of their own, and tells webhooks the conversation', async () => {
    const inside = session()
    await say('hello', inside)
    const { session: path, queryParams } = sent()
    expect(path).toMatch(/\/agents\/3a1f0b52-8c43-4a11-9c2e-77a0d3c10001\/sessions\/[0-9a-f-]{36}$/)
    expect(fromStruct(queryParams.payload)).toEqual({ hub: { conversationId: inside } })
    expect(queryParams.sessionTtl.seconds).toBe('1800')
  })

  it('sends the parameters of the start once, as a Struct', async () => {
    const inside = session()
    await say('hello', inside)
    expect(fromStruct(sent().queryParams.parameters)).toEqual({ site: 'shop' })
    await say('hello', inside)
    expect(sent().queryParams.parameters ?? null).toBeNull()
  })

  it('speaks the customer’s language where the agent has it', async () => {
    await say('hello', session(), 'de-AT')
    expect(sent().queryInput.languageCode).toBe('de')
    await say('hello', session(), 'pl')
    expect(sent().queryInput.languageCode).toBe('en')
  })

  it('hands over once when a handoff and an end come together, and goes on afterwards with what it knew', async () => {
    const inside = session()
    await say('track order 12345 please', inside)
    const asked = await say('i want to talk to a person', inside)
    expect(asked).toMatchObject({ wants: 'human', need: { skills: ['orders'] } })
    await bot.inform!(inside, { what: 'accepted' })
    await bot.inform!(inside, { what: 'ended', outcome: 'resolved', digest: 'Ana sent a new parcel.' })
    await say('thanks, where is my order', inside)
    expect(talk(inside).parameters).toMatchObject({
      order_no: '12345',
      handoff_result: 'resolved',
      handoff_digest: 'Ana sent a new parcel.',
    })
    expect(sent().queryParams.currentPage ?? '').toBe('')
  })

  it('begins anew after the bot said goodbye', async () => {
    const inside = session()
    await say('track order 12345 please', inside)
    expect((await say('bye', inside)).wants).toBe('end')
    await say('where is my order', inside)
    expect(on.twin.talks.filter(({ conversation }) => conversation === inside)).toHaveLength(2)
    expect(fromStruct(sent().queryParams.parameters)).toEqual({ site: 'shop' })
  })

  it('gives back page and parameters when the session’s time is over, which nobody says', async () => {
    const inside = session()
    await say('where is my order', inside)
    on.host.advance(31 * 60_000)
    const answer = await say('88121', inside)
    expect(answer.messages).toEqual([text('Parcel 88121 leaves the depot today.')])
    expect(talk(inside)).toMatchObject({ starts: 2, page: 'order-status' })
    expect(sent().queryParams.currentPage).toMatch(/pages\/order-status$/)
  })

  it('gives the bot no more than it takes, cut between characters', async () => {
    const inside = session()
    const long = `${'a'.repeat(255)}😀${'b'.repeat(60)}`
    await say(long, inside)
    const words = sent().queryInput.text!.text
    expect(words).toBe('a'.repeat(255))
  })

  it('keeps two hundred sessions at once apart, in the header as in the body', async () => {
    const before = on.twin.calls.length
    await Promise.all(Array.from({ length: 200 }, (_, index) => say('hello', `many-${index}`)))
    const calls = on.twin.calls.slice(-200)
    expect(on.twin.calls.length - before).toBeGreaterThanOrEqual(200)
    for (const { headers, body } of calls)
      expect(decodeURIComponent(String(headers['x-goog-request-params']))).toBe(`session=${(body as Sent).session}`)
  })

  it('reads a failed webhook as a miss', async () => {
    await on.twin.act({ do: 'webhook' })
    expect(await say('how do returns work', session())).toMatchObject({ intent: 'returns', noMatch: true })
    await on.twin.act({ do: 'webhook' })
  })

  it('counts a slow quota answer without advice as busy all the same', async () => {
    const other = await dialogflowCx.twin!({
      name: 'other',
      settings: { ...yaml, language: 'en' },
      hooksUrl: '',
      ...{ advisesWait: false },
    })
    const connection = await dialogflowCx.open({ ...defaults, ...other.settings } as never, on.host)
    other.misbehave({ ways: ['limits'], times: 1 })
    await expect(connection.bot!.turn(text('hello'), session(), 'quota')).rejects.toMatchObject({
      code: 'busy',
      retryAfterMs: undefined,
    })
    await connection.close?.()
    await other.close()
  })

  it('tells an operator who it may talk to, and refuses a wrong place in plain words', async () => {
    expect(await on.connection.check!()).toBe(
      'May talk to the draft of agent 3a1f0b52-8c43-4a11-9c2e-77a0d3c10001 in acme-demo, europe-west3',
    )
    const open = (over: object) => dialogflowCx.open({ ...defaults, ...on.twin.settings, ...over } as never, on.host)
    const abroad = await open({ location: 'us-central1' })
    await expect(abroad.check!()).rejects.toMatchObject({ code: 'invalid', message: /another region.*`location`/ })
    const stranger = await open({ agent: 'nobody' })
    await expect(stranger.check!()).rejects.toMatchObject({ code: 'unknown' })
    await Promise.all([abroad.close?.(), stranger.close?.()])
  })

  it('forgets a session when the customer is erased', async () => {
    const inside = session()
    await say('hello', inside)
    await on.connection.erase!({ conversation: 1, thread: inside })
    await say('hello', inside)
    expect(on.twin.talks.filter(({ conversation }) => conversation === inside)).toHaveLength(2)
  })
})

const defaults = {
  ...yaml,
  language: 'en',
  languages: [],
  timeoutSeconds: 20,
  sessionMinutes: 30,
  textLength: 256,
  sentiment: true,
  webhookFailure: 'miss',
  flows: ['00000000-0000-0000-0000-000000000000'],
}

describe('events to a CX agent', () => {
  it('welcomes before the first answer, once, and the event of a return is heard but not repeated', async () => {
    const { connection, twin, close } = await stage({ welcomeEvent: 'WELCOME', returnEvent: 'agent_finished' })
    const bot = connection.bot!
    const first = await bot.turn(text('how do returns work'), 'one', 'k1')
    expect(first.messages[0]).toEqual(text('Hi, what can I do for you?'))
    await bot.inform!('one', { what: 'ended', outcome: 'returned', digest: 'Done.' })
    expect(heard(twin, 'one').map(({ text: words }) => words)).toEqual([
      '(event WELCOME)',
      'how do returns work',
      '(event agent_finished)',
    ])
    const next = await bot.turn(text('how do returns work'), 'one', 'k2')
    expect(next.messages).toEqual(first.messages.slice(1))
    await bot.inform!('one', { what: 'ended', outcome: 'returned', intent: 'orders' })
    const resumed = await bot.turn(text('how do returns work'), 'one', 'k3')
    expect(resumed.messages[0]).toEqual(text('Is there anything else?'))
    await close()
  })

  it('presses a button by its event', async () => {
    const { connection, twin, close } = await stage()
    await connection.bot!.turn({ parts: [], choice: 'event:agent_finished' }, 'two', 'k1')
    expect(heard(twin, 'two')[0]!.text).toBe('(event agent_finished)')
    await close()
  })
})

taughtConformance('a CX agent', {
  stage,
  environment: '5c1e1b1a-2f6b-4f0e-9d55-0a1f44c10002',
  annotated: {
    id: 'phrase-5',
    parts: [{ text: 'track order ' }, { text: '12345', parameterId: 'order_no' }, { text: ' please' }],
  },
})
