/** Recorded conversations with a bot that goes wrong in each named way: nothing lost, nothing seen twice, in order, and the customer told. */
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { type Trouble, troubles } from '../../src/twin.ts'
import { languages } from '../../src/words.ts'
import type { Visitor } from '../app.ts'
import { aBotHub, type BotHub, bots, type PlayedBot } from './bots.ts'
import { caseWith, until } from './stage.ts'

const real = join(
  process.env.BATON_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url)),
  'uss-sgd.jsonl',
)
if (!existsSync(real)) console.warn(`skipped: no conversations at ${real}; set BATON_DATA to their folder`)

/** What a customer said and what a bot answered. */
interface Exchange {
  readonly said: string
  readonly answered: string
}

/** Of the first conversation, as many as a test has time for. */
async function exchangesOf(file: string, most: number): Promise<Exchange[]> {
  const [line] = (await readFile(file, 'utf8')).split('\n')
  const { turns } = JSON.parse(line!) as { turns: { by: string; text: string }[] }
  return turns
    .flatMap(({ by, text }, index) => {
      const next = turns[index + 1]
      return by === 'customer' && next?.by === 'bot' ? [{ said: text, answered: next.text }] : []
    })
    .slice(0, most)
}

/** Once, and it is over. Refused credentials are nobody's to try again: the first refusal is for good. */
const passes = (way: Trouble): boolean => way !== 'expired'
/** An answer that comes late is an answer; a bot that heard and is silent is to the customer as one that did not hear. */
const lasts = (way: Trouble): boolean => way !== 'slow' && way !== 'hangsAfter'

describe.skipIf(!existsSync(real)).each(bots)('$name', (bot) => {
  let hub: BotHub
  let exchanges: Exchange[]
  beforeAll(async () => {
    exchanges = await exchangesOf(real, 7)
    expect(exchanges).toHaveLength(7)
    // Silence costs this long each time; a good answer needs far less.
    hub = await aBotHub(bot, { timeoutSeconds: 3 })
  }, 180_000)
  afterAll(() => hub?.stop())

  it('answers a plain WebSocket', async () => {
    const { token } = await hub.visitor()
    const socket = new WebSocket(`${hub.app.url.replace('http', 'ws')}/hooks/site/socket`, { origin: hub.app.url })
    const heard: string[] = []
    socket.on('message', (data) => heard.push(String(data)))
    await once(socket, 'open')
    socket.send(JSON.stringify({ t: 'hello', token }))
    socket.send(JSON.stringify({ t: 'say', id: 'message-1', text: 'hello' }))
    await until('the bot’s answer', () => heard.some((frame) => frame.includes('I am the bot of this shop.')))
    socket.close()
  })

  it.for(troubles)('keeps every word while it goes wrong: %s', { timeout: 120_000 }, async (way) => {
    const play = await aPlay(hub, bot, exchanges, way)
    await play.say(0)
    await play.hears(0)
    if (passes(way)) {
      const before = hub.bot.misbehaved
      hub.bot.misbehave({ ways: [way], times: 1, delayMs: 300 })
      // Three at once: the second and the third must wait for the first, which needs another try.
      for (const index of [1, 2, 3]) await play.say(index)
      await play.hears(3)
      expect(hub.bot.misbehaved - before).toBe(1)
    }
    const answered = passes(way) ? [0, 1, 2, 3] : [0]
    expect(await play.heardByCustomer()).toEqual(answered)
    expect(await play.deadLetters()).toEqual([])
    if (!lasts(way)) return

    hub.bot.misbehave({ ways: [way] })
    await play.say(4)
    await play.say(5)
    const ticket = await until('a ticket', () => caseWith(hub.desk, play.mark(5)))
    const told = async () =>
      (await play.visitor.entries()).filter(({ message }) => JSON.stringify(message).includes(languages.en.botDown))
    await until('the customer told', async () => (await told()).length > 0)
    expect(await told()).toHaveLength(1)
    expect(await play.heardByCustomer(), 'of a bot that is down').toEqual(answered)
    const { conversation, timeline } = await play.record()
    expect(conversation).toMatchObject({ control: 'waiting', handoff: { reason: { criterion: 'bot_down' } } })
    expect(JSON.stringify(timeline)).toContain('the bot did not answer')
    expect(await play.deadLetters()).toMatchObject([{ connection: 'first-line', kind: 'turn' }])

    hub.bot.misbehave()
    await hub.desk.act({ do: 'accept', case: ticket.id })
    await hub.desk.act({ do: 'say', case: ticket.id, input: `A person is here ${play.mark(6)}` })
    await play.hears(6)
    const said = passes(way) ? [0, 1, 2, 3, 4, 5] : [0, 4, 5]
    expect(play.readByAgent(ticket.id), 'by the agent').toEqual(said)
    await hub.desk.act({ do: 'resolve', case: ticket.id })
    await until('the end', async () => (await play.record()).conversation.control !== 'agent')

    // The bot is there again, and so is the conversation.
    await play.say(7)
    await play.hears(7)
    expect(await play.heardByCustomer()).toEqual([...answered, 6, 7])
  })
})

/** Each text is marked with the play and its place, so that a repeated text is not taken for a doubled one. */
async function aPlay(hub: BotHub, bot: PlayedBot, exchanges: readonly Exchange[], name: string) {
  const visitor: Visitor = await hub.visitor()
  const mark = (index: number) => `#${name}-${index}#`
  const at = (index: number) => exchanges[index % exchanges.length]!
  hub.bot.answerBy((words) => {
    const index = placesIn(words)[0]
    return index === undefined ? undefined : bot.answer(`${mark(index)} ${at(index).answered}`)
  })
  /** In the order of reading, as often as they are read. */
  const placesIn = (text: string): number[] =>
    [...text.matchAll(new RegExp(`#${name}-(\\d+)#`, 'g'))].map(([, index]) => Number(index))
  const heardByCustomer = async () =>
    (await visitor.entries()).flatMap(({ by, message }) => (by === 'customer' ? [] : placesIn(JSON.stringify(message))))
  const record = async () => {
    const { conversations } = (await hub.staff('/api/v1/conversations')).json
    const id = Math.max(...conversations.map((one: { id: number }) => one.id))
    return { id, ...(await hub.staff(`/api/v1/conversations/${id}`)).json }
  }
  return {
    visitor,
    mark,
    record,
    heardByCustomer,
    async say(index: number): Promise<void> {
      expect((await visitor.say(`${mark(index)} ${at(index).said}`)).status).toBe(200)
    },
    hears: (index: number) =>
      until(`what belongs to ${mark(index)}`, async () => (await heardByCustomer()).includes(index)),
    /** The customer's words in their case. */
    readByAgent: (id: string) =>
      hub.desk
        .view()
        .cases.find((one) => one.id === id)!
        .lines.filter(({ by }) => by === 'customer')
        .flatMap(({ text }) => placesIn(text)),
    async deadLetters() {
      const { id } = await record()
      const { deadLetters } = (await hub.staff('/api/v1/dead-letters')).json
      return deadLetters.filter(({ conversation }: { conversation: number }) => conversation === id)
    },
  }
}
