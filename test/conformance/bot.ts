/** The promises of a bot, written once and run over every connector that plays this role. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Bot, BotTurn, HandoffNews, Message, Part, Ref } from '#hub/connector.ts'

export interface BotHarness {
  readonly bot: Bot
  /** Understood with confidence, answered with words. */
  readonly known: Message
  /** Understood too, and answered differently. */
  readonly otherKnown: Message
  /** Not understood. */
  readonly unknown: Message
  /** How many messages of the customer the vendor keeps for this session; absent where there is no vendor. */
  seenByVendor?(inside: Ref): Promise<number>
  close?(): Promise<void>
}

const kinds: ReadonlyArray<Part['kind']> = ['text', 'choices', 'file', 'articles', 'survey']

export function botConformance(name: string, open: () => Promise<BotHarness>): void {
  describe(`${name} keeps the promises of a bot`, () => {
    let harness: BotHarness
    let count = 0
    beforeAll(async () => {
      harness = await open()
    })
    afterAll(async () => harness?.close?.())

    const session = (): Ref => `session-${++count}`
    const key = () => `key-${++count}`
    const turn = (said: Message, inside = session(), by = key()) => harness.bot.turn(said, inside, by)

    it('answers what it understands with words and a confidence', async () => {
      const answer = await turn(harness.known)
      expect(answer.messages.length).toBeGreaterThan(0)
      expect(answer.noMatch ?? false).toBe(false)
      expect(answer.confidence ?? 1).toBeGreaterThan(0)
      expectWellFormed(answer)
    })

    it('says that it did not understand, instead of guessing', async () => {
      const answer = await turn(harness.unknown)
      expect(answer.noMatch).toBe(true)
      expectWellFormed(answer)
    })

    it('gives the same turn for the same key, and nobody sees it twice', async () => {
      const [inside, same] = [session(), key()]
      const first = await turn(harness.known, inside, same)
      expect(await turn(harness.known, inside, same)).toEqual(first)
      if (harness.seenByVendor) expect(await harness.seenByVendor(inside)).toBe(1)
    })

    it('takes the same words twice when they were said twice', async () => {
      const inside = session()
      await turn(harness.known, inside)
      await turn(harness.known, inside)
      if (harness.seenByVendor) expect(await harness.seenByVendor(inside)).toBe(2)
    })

    it('keeps sessions apart that talk at the same time', async () => {
      const says = [harness.known, harness.otherKnown, harness.unknown]
      const alone = await Promise.all(says.map((said) => turn(said)))
      expect(words(alone[0]!)).not.toBe(words(alone[1]!))
      const rounds = Array.from({ length: 4 }, () => says.map((said) => turn(said)))
      for (const round of rounds) expect((await Promise.all(round)).map(words)).toEqual(alone.map(words))
    })

    it('hears every kind of news about a handoff, and answers afterwards', async (context) => {
      const inform = harness.bot.inform?.bind(harness.bot)
      if (!inform) return context.skip('this bot cannot be told anything')
      const news: HandoffNews[] = [
        { what: 'failed' },
        { what: 'accepted' },
        { what: 'ended', outcome: 'returned', digest: 'The second charge was taken back.' },
        { what: 'ended', outcome: 'resolved' },
      ]
      const inside = session()
      await turn(harness.known, inside)
      for (const one of news) await inform(inside, one)
      const answer = await turn(harness.otherKnown, inside)
      expect(answer.messages.length).toBeGreaterThan(0)
      expectWellFormed(answer)
    })

    it('hears news about a conversation it never spoke in', async (context) => {
      const inform = harness.bot.inform?.bind(harness.bot)
      if (!inform) return context.skip('this bot cannot be told anything')
      await expect(inform(session(), { what: 'accepted' })).resolves.toBeUndefined()
    })
  })
}

/** Numbers within their scale, parts of a known kind, no empty words, nothing marked internal. */
export function expectWellFormed(turn: BotTurn): void {
  for (const share of [turn.confidence, turn.nextConfidence, ...(turn.articles ?? []).map(({ score }) => score)]) {
    if (share === undefined) continue
    expect(share).toBeGreaterThanOrEqual(0)
    expect(share).toBeLessThanOrEqual(1)
  }
  expect(Math.abs(turn.sentiment ?? 0)).toBeLessThanOrEqual(1)
  expect([undefined, 'human', 'end']).toContain(turn.wants)
  for (const message of turn.messages) {
    expect(message).not.toHaveProperty('visibility', 'internal')
    expect(message.parts.length).toBeGreaterThan(0)
    for (const part of message.parts) {
      expect(kinds).toContain(part.kind)
      if (part.kind === 'text') expect(part.text.trim()).not.toBe('')
    }
  }
}

const words = (turn: BotTurn): string => JSON.stringify(turn.messages)
