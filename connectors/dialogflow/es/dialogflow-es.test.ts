/** The shared promises, and what only Dialogflow ES does: on real sockets, through Google's own library. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Bot } from '#hub/connector.ts'
import { text } from '#hub/message.ts'
import { botConformance } from '../../../test/conformance/bot.ts'
import { knowledgeConformance } from '../../../test/conformance/knowledge.ts'
import { trainingConformance } from '../../../test/conformance/training.ts'
import { vendorConformance } from '../../../test/conformance/vendor.ts'
import type { HostOptions } from '../../../test/host.ts'
import { aVendorStage, type VendorStage } from '../../../test/vendor-stage.ts'
import { fromStruct, type Struct } from '../struct.ts'
import { orderIntent, taughtConformance } from '../test/taught.ts'
import dialogflowEs from './index.ts'
import type { EsTwin } from './twin.ts'

const yaml = { project: 'acme-demo', location: 'europe-west1', learningCallsPerMinute: 1_000 }

const stage = (over: object = {}, options: HostOptions = {}): Promise<VendorStage<EsTwin>> =>
  aVendorStage<EsTwin>(dialogflowEs, { ...yaml, timeoutSeconds: 20, ...over }, options)

/** What the twin heard of the customer in the hub's conversation. */
const heard = (twin: EsTwin, inside: string) =>
  twin.talks.filter(({ conversation }) => conversation === inside).flatMap(({ lines }) => lines.filter(isCustomers))
const isCustomers = ({ by }: { by: string }) => by === 'customer'

botConformance('dialogflow-es', async () => {
  const { connection, twin, close } = await stage({ returnEvent: 'HUMAN_DONE' })
  return {
    bot: connection.bot!,
    known: text('hello'),
    otherKnown: text('how do returns work'),
    unknown: text('blorp the frobnicator'),
    seenByVendor: async (inside) => heard(twin, inside).length,
    close,
  }
})

trainingConformance('dialogflow-es', async () => {
  const { connection, close } = await stage()
  return { training: connection.training!, intent: 'order.status', close }
})

knowledgeConformance('dialogflow-es', async () => {
  const { connection, twin, close } = await stage({ knowledgeBases: ['MTIz'], drafts: 'OTg3' })
  return {
    knowledge: connection.knowledge!,
    question: 'how long do refunds take',
    best: 'How long do refunds take?',
    nonsense: 'zzyzx',
    drafts: async () => twin.documents.length,
    close,
  }
})

const noKey =
  'detectIntent takes no idempotency key and what a session answered cannot be read, so an unclear turn may be heard twice'

vendorConformance(
  'dialogflow-es',
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

describe('a bot of Dialogflow ES', () => {
  let on: VendorStage<EsTwin>
  let bot: Bot
  let count = 0
  beforeAll(async () => {
    on = await stage({ parameters: { site: 'shop' }, languages: ['de'] }, { now: 1_800_000_000_000 })
    bot = on.connection.bot!
  })
  afterAll(async () => on?.close())

  const session = () => `hub-${++count}`
  const say = (words: string, inside: string, language?: string) =>
    bot.turn({ ...text(words), language }, inside, `key-${++count}`)
  const talk = (inside: string) => on.twin.talks.find(({ conversation }) => conversation === inside)!
  interface Sent {
    session: string
    queryInput: { text?: { text: string; languageCode: string } }
    queryParams: {
      contexts: { name: string; lifespanCount: number; parameters: Struct }[]
      payload: Struct
      sentimentAnalysisRequestConfig: object
    }
  }
  const sent = () => on.twin.calls.at(-1)!.body as Sent

  it('fills a slot over two turns', async () => {
    const inside = session()
    const asked = await say('where is my order', inside)
    expect(asked).toMatchObject({ intent: 'order.status', noMatch: false, slots: { open: 1, filled: {} } })
    const told = await say('it is 88121', inside)
    expect(told).toMatchObject({ noMatch: false, slots: { open: 0, filled: { order_no: '88121' } } })
    expect(told.messages).toEqual([text('Parcel 88121 leaves the depot today.')])
  })

  it('names sessions by a UUID of their own, and tells webhooks the conversation', async () => {
    const inside = session()
    await say('hello', inside)
    const { session: path, queryParams } = sent()
    expect(path).toMatch(/^projects\/acme-demo\/locations\/europe-west1\/agent\/sessions\/[0-9a-f-]{36}$/)
    expect(fromStruct(queryParams.payload)).toEqual({ hub: { conversationId: inside } })
    expect(queryParams.sentimentAnalysisRequestConfig).toMatchObject({ analyzeQueryTextSentiment: true })
  })

  it('sends the parameters of the start once, as a context', async () => {
    const inside = session()
    await say('hello', inside)
    expect(sent().queryParams.contexts.map(({ parameters }) => fromStruct(parameters))).toEqual([{ site: 'shop' }])
    expect(sent().queryParams.contexts[0]!.name).toMatch(/\/contexts\/hub$/)
    await say('hello', inside)
    expect(sent().queryParams.contexts).toEqual([])
  })

  it('speaks the customer’s language where the agent has it', async () => {
    await say('hello', session(), 'de-AT')
    expect(sent().queryInput.text!.languageCode).toBe('de')
    await say('hello', session(), 'pl')
    expect(sent().queryInput.text!.languageCode).toBe('en')
  })

  it('reads a fallback as a miss, though its confidence is 1', async () => {
    const turn = await say('blorp', session())
    expect(turn).toMatchObject({ noMatch: true })
    expect(turn).not.toHaveProperty('confidence')
    expect(turn).not.toHaveProperty('intent')
  })

  it('hands over once when flag and end come together, and brings back what the bot knew after its time', async () => {
    const inside = session()
    await say('track order 12345 please', inside)
    expect((await say('i want to talk to a person', inside)).wants).toBe('human')
    await bot.inform!(inside, { what: 'accepted' })
    on.host.advance(40 * 60_000)
    await bot.inform!(inside, { what: 'ended', outcome: 'resolved', digest: 'Ana sent a new parcel.' })
    const next = await say('where is my order', inside)
    expect(next.messages).toEqual([text('Parcel 12345 leaves the depot today.')])
    expect(talk(inside).contexts.get('handoff_result')?.parameters).toEqual({
      outcome: 'resolved',
      digest: 'Ana sent a new parcel.',
    })
    await say('where is my order', inside)
    expect(sent().queryParams.contexts, 'once').toEqual([])
  })

  it('begins anew after the bot said goodbye', async () => {
    const inside = session()
    await say('track order 12345 please', inside)
    expect((await say('bye', inside)).wants).toBe('end')
    await say('where is my order', inside)
    expect(on.twin.talks.filter(({ conversation }) => conversation === inside)).toHaveLength(2)
  })

  it('gives the bot no more than it takes, cut between characters', async () => {
    await say(`${'a'.repeat(255)}😀${'b'.repeat(60)}`, session())
    expect(sent().queryInput.text!.text).toBe('a'.repeat(255))
  })

  it('keeps a hundred sessions at once apart, in the header as in the body', async () => {
    await Promise.all(Array.from({ length: 100 }, (_, index) => say('hello', `many-${index}`)))
    for (const { headers, body } of on.twin.calls.slice(-100))
      expect(decodeURIComponent(String(headers['x-goog-request-params']))).toBe(`session=${(body as Sent).session}`)
  })

  it('reads a failed webhook as a miss', async () => {
    await on.twin.act({ do: 'webhook' })
    expect(await say('how do returns work', session())).toMatchObject({ intent: 'returns', noMatch: true })
    await on.twin.act({ do: 'webhook' })
  })

  it('talks to an environment, and to the project itself where there is no region', async () => {
    const live = await stage({ location: 'global', environment: 'production' })
    await live.connection.bot!.turn(text('hello'), 'live', 'k')
    expect((live.twin.calls.at(-1)!.body as Sent).session).toMatch(
      /^projects\/acme-demo\/agent\/environments\/production\/users\/-\/sessions\//,
    )
    await live.close()
  })

  it('tells an operator what it may read, and refuses a wrong place in plain words', async () => {
    expect(await on.connection.check!()).toBe('May read agent "Shop" of acme-demo, europe-west1')
    const open = (over: object) => dialogflowEs.open({ ...defaults, ...on.twin.settings, ...over } as never, on.host)
    const abroad = await open({ location: 'global' })
    await expect(abroad.check!()).rejects.toMatchObject({ code: 'invalid', message: /another region.*`location`/ })
    const stranger = await open({ project: 'nobody' })
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
  textLength: 256,
  sentiment: true,
  webhookFailure: 'miss',
  callsPerMinute: 600,
  knowledgeBases: [],
}

describe('events to an ES agent', () => {
  it('welcomes before the first answer, once, and the event of a return is heard but not repeated', async () => {
    const { connection, twin, close } = await stage({ welcomeEvent: 'WELCOME', returnEvent: 'HUMAN_DONE' })
    const bot = connection.bot!
    const first = await bot.turn(text('where is my order'), 'one', 'k1')
    expect(first.messages[0]).toEqual(text('Hello! I am the bot of this shop.'))
    await bot.inform!('one', { what: 'ended', outcome: 'returned', digest: 'Done.' })
    expect(heard(twin, 'one').map(({ text: words }) => words)).toEqual([
      '(event WELCOME)',
      'where is my order',
      '(event HUMAN_DONE)',
    ])
    expect(
      fromStruct(
        (twin.calls.at(-1)!.body as { queryInput: { event: { parameters: Struct } } }).queryInput.event.parameters,
      ),
    ).toEqual({
      outcome: 'returned',
      digest: 'Done.',
    })
    const next = await bot.turn(text('88121'), 'one', 'k2')
    expect(next.messages).toEqual([text('Parcel 88121 leaves the depot today.')])
    await bot.inform!('one', { what: 'ended', outcome: 'returned', intent: 'orders' })
    const resumed = await bot.turn(text('how do returns work'), 'one', 'k3')
    expect(resumed.messages[0]).toEqual(text('Is there anything else?'))
    await close()
  })

  it('does not take the fallback of an event that nobody handles for a welcome', async () => {
    const { connection, close } = await stage({ welcomeEvent: 'NOBODY_KNOWS' })
    const turn = await connection.bot!.turn(text('hello'), 'one', 'k1')
    expect(turn.messages[0]).toEqual(text('Hello! I am the bot of this shop.'))
    await close()
  })
})

describe('knowledge bases of ES', () => {
  it('answer where the agent falls back', async () => {
    const { connection, close } = await stage({ knowledgeBases: ['MTIz'] })
    const turn = await connection.bot!.turn(text('how long do refunds take'), 'kb', 'k1')
    expect(turn).toMatchObject({ noMatch: false, articles: [{ title: 'How long do refunds take?', score: 1 }, {}] })
    expect(turn.messages[0]!.parts).toMatchObject([
      { kind: 'articles', articles: [{ title: 'How long do refunds take?' }] },
    ])
    expect((await connection.bot!.turn(text('blorp'), 'kb', 'k2')).noMatch).toBe(true)
    await close()
  })

  it('take no drafts that customers would be shown', async () => {
    await expect(stage({ knowledgeBases: ['MTIz'], drafts: 'MTIz' })).rejects.toMatchObject({ code: 'invalid' })
  })
})

taughtConformance('an ES agent', {
  stage,
  environment: 'production',
  annotated: {
    name: 'phrase-5',
    type: 'EXAMPLE',
    parts: [
      { text: 'track order ' },
      { text: '12345', entityType: '@order_no', alias: 'order_no', userDefined: true },
      { text: ' please' },
    ],
  },
})

describe('limits of teaching an ES agent', () => {
  it('keeps within the quota of a minute by itself', async () => {
    const { connection, twin, close } = await stage({ learningCallsPerMinute: 6 })
    const training = connection.training!
    const { ref } = await orderIntent(training)
    await training.addPhrases(ref, ['one more phrase'], 'k')
    await expect(training.addPhrases(ref, ['and another'], 'k')).rejects.toMatchObject({ code: 'busy' })
    expect(twin.calls).toHaveLength(6)
    await close()
  })

  it('refuses a phrase that is too long', async () => {
    const { connection, close } = await stage()
    const { ref } = await orderIntent(connection.training!)
    await expect(connection.training!.addPhrases(ref, ['x'.repeat(769)], 'k')).rejects.toMatchObject({
      code: 'invalid',
    })
    await close()
  })
})
