/**
 * A recorded conversation in Zendesk messaging, channel and switchboard in one, which goes wrong in each named way: nothing
 * lost, nothing seen twice, in order, and the customer told.
 */
import { existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { ZendeskTwin } from '../../connectors/zendesk/twin.ts'
import { isAfter, type Trouble, troubles, type WebhookTrouble, webhookTroubles } from '../../src/twin.ts'
import { languages } from '../../src/words.ts'
import { seeded } from '../simulation/random.ts'
import { aTwinHub, type TwinHub, until } from './stage.ts'

const real = join(
  process.env.BATON_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url)),
  'abcd-sample.jsonl',
)
if (!existsSync(real)) console.warn(`skipped: no conversations at ${real}; set BATON_DATA to their folder`)

const example = new URL('../../config/examples/zendesk-messaging--faq--zendesk.yaml', import.meta.url)
const botName = 'Shop assistant'
const customerName = 'Lena'
const words = languages.en

type Way = Trouble | WebhookTrouble
const isOfWebhooks = (way: Way): way is WebhookTrouble => (webhookTroubles as readonly string[]).includes(way)
/** Silence costs ten seconds each time. */
const dose = (way: Way): number => (way.startsWith('hangs') ? 1 : 2)
/**
 * Webhooks of messaging carry no number, so the record and the bot have the words as they were told. The screens of customer
 * and agents are Zendesk's own and keep their order whatever becomes of webhooks.
 */
const keepsOrder = (way: Way): boolean => !['disorder', 'late', 'lost'].includes(way)
/** A refusal is for good, and so the handoff has failed: what becomes of that is a test of its own. */
const isForGood = (way: Way): boolean => way === 'expired'
/** The others pass control, however late or badly they say so: a later look finds the agents to have it. */
const failsToPass = troubles.filter((way) => way !== 'slow' && !isAfter(way))

interface Turn {
  readonly by: 'customer' | 'agent'
  readonly text: string
}

/** The customer's and the agent's words of the first conversation. */
async function turnsOf(file: string): Promise<Turn[]> {
  const [line] = (await readFile(file, 'utf8')).split('\n')
  const { turns } = JSON.parse(line!) as { turns: { by: string; text: string }[] }
  return turns.filter((turn): turn is Turn => turn.by !== 'action')
}

describe.skipIf(!existsSync(real))('zendesk messaging', () => {
  let hub: TwinHub
  let turns: Turn[]
  beforeAll(async () => {
    turns = await turnsOf(real)
    const { connections, mappings } = parse(readFileSync(example, 'utf8'))
    const mapping = { ...mappings[0], knowledge: undefined, limits: { surveyDelaySeconds: 0 } }
    hub = await aTwinHub(
      JSON.stringify({ connections: { ...connections, 'first-line': { use: 'echo' } }, mappings: [mapping] }),
    )
    await until('its webhook', () => twinOf(hub).messaging!.hooks.all().length > 0)
  }, 60_000)
  afterAll(() => hub?.stop())

  it.for([...troubles, ...webhookTroubles])(
    'keeps every word while it goes wrong: %s',
    { timeout: 300_000 },
    async (way) => {
      const play = await aPlay(hub, turns, way)
      const { goWrong } = play
      await play.hears(0)

      // Three at once: the second and the third must wait for the first, which needs another try.
      await goWrong(/POST .*messages/, async () => {
        for (const index of [1, 2, 3]) await play.customerSays(index)
        for (const index of [1, 2, 3]) await play.hears(index)
      })

      const pass = async () => {
        await play.act('write', 'I would like to talk to a person, please')
        await play.until('the agents to have it', () => play.view().state === 'zd-agentWorkspace')
        await play.until('the hub to know', async () => (await hub.pending()) === 0)
      }
      await (isForGood(way) ? pass() : goWrong(/passControl/, pass))

      const people = turns.flatMap((_, index) => (index > 3 && index < 14 ? [index] : []))
      await play.act('take', 'Ana')
      // The agent's first word is what tells the hub that somebody is there, and that is said by a call.
      await goWrong(/POST .*messages/, async () => {
        for (const index of people) await play.says(index)
        await play.until('the colleague announced', () => play.timesShown('Ana has joined') > 0)
        await play.until('all their words on record', async () => {
          const known = (await play.recorded()).marks
          return people.every((index) => known.includes(index))
        })
      })

      await goWrong(/GET .*messages/, async () => {
        await play.act('close')
        await play.until('the survey', () => play.timesShown('[Answer]') > 0)
      })
      await play.customerSays(14)
      await play.hears(14)
      await play.rest()

      const all = [0, 1, 2, 3, ...people, 14]
      const isOf = (by: Turn['by']) => (index: number) => play.speakerOf(index) === by
      const ofCustomer = all.filter(isOf('customer'))
      expect(play.shown(customerName), 'the customer').toEqual(ofCustomer)
      expect(play.shown('Ana'), 'the agent').toEqual(all.filter(isOf('agent')))
      const inOrder = (marks: readonly number[]) => (keepsOrder(way) ? marks : marks.toSorted((a, b) => a - b))
      expect(inOrder(play.shown(botName)), 'the bot').toEqual([0, 1, 2, 3, 14])
      for (const once of ['Ana has joined', words.connecting, words.ended, '[Answer]'])
        expect(play.timesShown(once), once).toBe(1)
      const { marks, types } = await play.recorded()
      expect(inOrder(marks), 'the record').toEqual(all)
      expect(types.filter((type) => type === 'desk-accepted' || type === 'desk-ended')).toEqual([
        'desk-accepted',
        'desk-ended',
      ])
      expect(await play.deadLetters()).toEqual([])
    },
  )

  it.for(failsToPass)(
    'tells the customer that nobody could be reached while control cannot be passed: %s',
    { timeout: 300_000 },
    async (way) => {
      const play = await aPlay(hub, turns, `no-${way}`)
      await play.hears(0)
      twinOf(hub).misbehave({ ways: [way], only: /passControl/ })
      await play.act('write', 'I would like to talk to a person, please')
      await play.until('the customer told', () => play.timesShown(words.apology) > 0)
      const letters = (await play.deadLetters()).map(({ kind, error }: Letter) => ({ kind, vendor: error.vendor }))
      // Silence outlasts the limit of the mapping: nobody is asked any more before there is a failure for good.
      const expected = way === 'hangs' ? [] : [{ kind: 'open', vendor: vendorsWords[way] }]
      expect(letters).toEqual(expected)

      // The bot goes on, and so does the vendor in the end.
      await play.customerSays(1)
      await play.hears(1)
      twinOf(hub).misbehave()
      await play.act('write', 'I would like to talk to a person, please')
      await play.until('the agents to have it', () => play.view().state === 'zd-agentWorkspace')
      await play.act('reply', `A person is here ${play.mark(2)}`)
      await play.until('the colleague announced', () => play.timesShown('Ana has joined') > 0)
      await play.rest()
      expect(play.timesShown(words.apology)).toBe(1)
      expect(play.shown(botName)).toEqual([0, 1])
      expect(await play.deadLetters()).toHaveLength(expected.length)
      await play.act('close')
      await play.until('the end', () => play.timesShown(words.ended) > 0)
    },
  )

  it('knows a customer whose very first webhooks are lost with their next word: Zendesk lists conversations only by user', async () => {
    const twin = twinOf(hub)
    const before = twin.misbehaved
    twin.misbehave({ ways: ['lost'], only: /^conversation:(create|message)$/, times: 2 })
    const play = await aPlay(hub, turns, 'first')
    expect(twin.misbehaved - before).toBe(2)
    await hub.poll('zendesk')
    await play.customerSays(1)
    await play.hears(1)
    await play.rest()
    expect(play.shown(botName)).toEqual([1])
    expect((await play.recorded()).marks).toEqual([1])
  })

  it('keeps what a full conversation has no room for as a dead letter, with Zendesk’s own words', async () => {
    const play = await aPlay(hub, turns, 'full')
    await play.hears(0)
    const { quirks } = twinOf(hub).account as { quirks: { mostMessages?: number } }
    quirks.mostMessages = play.view().lines.length + 1
    await play.customerSays(1)
    await until('the dead letter', async () => (await play.deadLetters()).length > 0)
    quirks.mostMessages = undefined
    expect(await play.deadLetters()).toMatchObject([
      {
        connection: 'zendesk',
        kind: 'say',
        error: { code: 'conflict', vendor: 'Message limit of 30000 per conversation reached.' },
      },
    ])
    await play.customerSays(2)
    await play.hears(2)
    expect(play.shown(botName)).toEqual([0, 2])
  })
})

interface Letter {
  readonly kind: string
  readonly error: { readonly vendor?: string }
}

/** As the twin answers; of a call that was cut off there are none. */
const vendorsWords: Partial<Record<Trouble, string>> = {
  limits: 'Too many requests',
  errors: 'Something went wrong',
  expired: 'Authorization is required',
}

const twinOf = (hub: TwinHub): ZendeskTwin => hub.twin('zendesk') as ZendeskTwin

/** Each text is marked with the play and its place, so that a repeated text is not taken for a doubled one. */
async function aPlay(hub: TwinHub, turns: readonly Turn[], name: string) {
  const twin = twinOf(hub)
  const random = seeded(7)
  const mark = (index: number) => `#${name}-${index}#`
  const placesIn = (text: string): number[] =>
    [...text.matchAll(new RegExp(`#${name}-(\\d+)#`, 'g'))].map(([, index]) => Number(index))
  // To the bot the customer says their own words one after the other, as they did to the agent.
  const own = turns.filter(({ by }) => by === 'customer')
  const turnAt = (index: number) => (index < 4 ? own[index]! : turns[index]!)
  const textAt = (index: number) => `${turnAt(index).text} ${mark(index)}`

  await twin.act({ do: 'begin', input: textAt(0) })
  const thread = twin.view().cases.find(({ lines }) => lines.some(({ text }) => text.includes(mark(0))))!.id
  const view = () => twin.view().cases.find(({ id }) => id === thread)!
  const act = (what: string, input?: string) => twin.act({ do: what, case: thread, input })
  const shown = (by: string): number[] => view().lines.flatMap((line) => (line.by === by ? placesIn(line.text) : []))
  const speakerOf = (index: number): Turn['by'] => turnAt(index).by
  const recorded = async () => {
    const { events } = (await hub.recorded(thread))!
    const said = events.filter(({ type }) => type === 'customer-message' || type === 'agent-message')
    return {
      marks: said.flatMap(({ body }) => placesIn(JSON.stringify(body.message))),
      types: events.map(({ type }) => type),
    }
  }
  /** What no webhook told is found by looking. */
  const waits = (what: string, look: () => boolean | Promise<boolean>): Promise<boolean> =>
    until(`${what} (${name})`, async () => {
      if (await look()) return true
      if (name === 'lost') await hub.poll('zendesk')
      return false
    })
  return {
    mark,
    view,
    act,
    shown,
    speakerOf,
    recorded,
    until: waits,
    customerSays: (index: number) => act('write', textAt(index)),
    says: (index: number) => act(speakerOf(index) === 'customer' ? 'write' : 'reply', textAt(index)),
    /** From the bot. */
    hears: (index: number) => waits(`the bot’s answer to ${index}`, () => shown(botName).includes(index)),
    timesShown: (text: string) => view().lines.filter((line) => line.text.includes(text)).length,
    /** Goes wrong until what is played has come to its end; at least once. */
    async goWrong(only: RegExp, scene: () => Promise<unknown>): Promise<void> {
      const way = name as Way
      const before = twin.misbehaved
      twin.misbehave(
        isOfWebhooks(way)
          ? { ways: [way], share: 0.5, delayMs: 300, random: () => random.float() }
          : { ways: [way], only, times: dose(way), delayMs: 300 },
      )
      await scene()
      expect(twin.misbehaved, 'calls or webhooks that went wrong').toBeGreaterThan(before)
      twin.misbehave()
    },
    /** Copies may still be on their way, and another look must find nothing new. */
    async rest(): Promise<void> {
      await Promise.race([twin.delivered(), sleep(2_000)])
      await hub.poll('zendesk')
      await until('rest', async () => (await hub.pending()) === 0)
    },
    async deadLetters() {
      const { id } = (await hub.recorded(thread))!
      const { deadLetters } = (await hub.staff('/api/v1/dead-letters')).json
      return deadLetters.filter(({ conversation }: { conversation: number }) => conversation === id)
    },
  }
}
