import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BotTurn } from '../connector.ts'
import { type Message, text } from '../message.ts'
import {
  hearBot,
  hearCustomer,
  hearFailure,
  type Measures,
  noMeasures,
  noteDecline,
  noteOffer,
  noteReturn,
  repeats,
} from './signals.ts'

const minute = 60_000
const answers = (body: string, rest: Partial<BotTurn> = {}): BotTurn => ({
  messages: body ? [text(body)] : [],
  ...rest,
})
const say = (m: Measures, body: string, at = (m.lastAt ?? 0) + 10_000) => hearCustomer(m, text(body), at, {})
const reply = (m: Measures, body: string, rest: Partial<BotTurn> = {}) =>
  hearBot(m, answers(body, rest), (m.lastAt ?? 0) + 1_000)
const sayAll = (...bodies: string[]) => bodies.reduce((m, body) => say(m, body), noMeasures)

describe('time', () => {
  it('counts conversation, not the pauses of the customer', () => {
    let m = say(noMeasures, 'where is my parcel', 1_000)
    m = hearBot(m, answers('On its way'), 1_000 + minute)
    m = say(m, 'since when', 1_000 + 2 * minute)
    expect(m.activeMs).toBe(2 * minute)
    m = say(m, 'hello', 1_000 + 62 * minute)
    expect(m.activeMs).toBe(2 * minute)
    expect(m.turns).toBe(3)
  })

  it('is not turned back by events that arrive late', () => {
    const m = say(say(noMeasures, 'one', 100_000), 'two', 40_000)
    expect([m.activeMs, m.lastAt]).toEqual([0, 100_000])
  })

  it.each(['Perfect, thank you', 'No, that is all', 'Danke, alles klar'])(
    'starts the goal anew when the customer sounds content: %s',
    (words) => {
      const m = say(sayAll('book a table', 'for four', 'at seven'), words)
      expect([m.goalTurns, m.goalMs, m.turns]).toEqual([0, 0, 4])
    },
  )

  it('starts the goal anew when the bot reports success', () => {
    expect(reply(sayAll('book a table'), 'Your table has been booked.').goalTurns).toBe(0)
    expect(reply(sayAll('book a table'), 'I could not book it.').goalTurns).toBe(1)
  })
})

describe('repetition', () => {
  const times = (...bodies: string[]) => repeats(sayAll(...bodies), 0.85, 5)

  it('counts the same wish in other small words and with a slip of the pen', () => {
    expect(times('Where is my refund?', 'I would like to know where my refund is', 'where is my refundd')).toBe(3)
  })
  it.each([
    ['numbers', 'book a table at 5 pm', 'book a table at 6 pm'],
    ['names', 'play it on the kitchen speaker', 'play it on the bedroom speaker'],
    ['nods', 'yes please', 'yes please'],
  ])('takes other %s for something new', (_, one, other) => {
    expect(times(one, other)).toBe(1)
  })
  it('forgets what lies outside the window', () => {
    expect(times('my refund', 'parcel one', 'parcel two', 'parcel three', 'parcel four', 'my refund')).toBe(1)
  })
  it('hears a real answer given again, but no closing phrase and no report of success', () => {
    const again = (body: string) => reply(say(reply(sayAll('a'), body), 'b'), body).sameAnswer
    expect(again('Please restart your router and wait.')).toBe(true)
    expect(again('Is there anything else I can help you with?')).toBe(false)
    expect(again('Your booking is confirmed for tonight.')).toBe(false)
    expect(say(reply(reply(noMeasures, 'Restart your router now'), 'Restart your router now'), 'ok').sameAnswer).toBe(
      false,
    )
  })
})

describe('the bot', () => {
  it('counts turns not understood, in a row and in all', () => {
    let m = reply(reply(sayAll('a'), 'Sorry?', { noMatch: true }), 'Sorry?', { noMatch: true })
    expect(m.noMatch).toEqual({ running: 2, total: 2 })
    m = reply(m, 'Here you are', { noMatch: false })
    expect(m.noMatch).toEqual({ running: 0, total: 2 })
  })
  it('believes a bot that only says in words that it did not understand', () => {
    expect(reply(sayAll('a'), "Sorry, I didn't understand that.").noMatch.running).toBe(1)
    expect(reply(sayAll('a'), 'Das habe ich leider nicht verstanden.').noMatch.running).toBe(1)
    expect(reply(sayAll('a'), 'Sorry, there are no hotels like that.').noMatch.running).toBe(0)
    expect(reply(sayAll('a'), "Sorry, I didn't understand that.", { noMatch: false }).noMatch.running).toBe(0)
  })
  it('replaces our sentiment of the turn by its own', () => {
    expect(reply(sayAll('this is useless'), 'ok', { sentiment: 0.2 }).felt.map((felt) => felt.score)).toEqual([0.2])
  })
  it('keeps the best article of each search, and nothing where none was made', () => {
    const article = { ref: 'a', title: 'A' }
    let m = reply(noMeasures, 'x', { articles: [] })
    m = reply(m, 'y', {
      articles: [
        { ...article, score: 0.2 },
        { ...article, score: 0.7 },
      ],
    })
    expect(reply(m, 'z').searches).toEqual([0, 0.7])
  })
  it('counts failures in a row until it answers', () => {
    let m = hearFailure(hearFailure(noMeasures, 1, 'error'), 2, 'timeout')
    expect(m.botFailures).toEqual({ running: 2, total: 2, last: 'timeout' })
    m = reply(m, 'back again')
    expect(m.botFailures).toMatchObject({ running: 0, total: 2 })
  })
  it('remembers its wish for a person for this turn only', () => {
    const m = reply(noMeasures, 'I will get somebody', { wants: 'human', need: { skills: ['billing'] } })
    expect(m.botWants).toEqual({ skills: ['billing'] })
    expect(reply(m, 'hm').botWants).toBeUndefined()
  })
})

describe('feedback', () => {
  it.each([
    ['Did this help?', 'No'],
    ['War das hilfreich?', 'nein, leider nicht'],
    ['¿Te ha servido?', 'no'],
  ])('counts a no to "%s"', (question, answer) => {
    expect(say(reply(noMeasures, question), answer).downs).toBe(1)
  })
  it('counts a thumb down, but not any no', () => {
    expect(say(noMeasures, '👎').downs).toBe(1)
    expect(hearCustomer(noMeasures, { parts: [], choice: 'thumbs_down' }, 1, {}).downs).toBe(1)
    expect(say(reply(noMeasures, 'Do you need a receipt?'), 'no').downs).toBe(0)
    expect(say(reply(noMeasures, 'Did this help?'), 'yes').downs).toBe(0)
  })
})

it('notes offers and declines, and begins anew after a return, with what is known of the customer', () => {
  let m = hearCustomer(noMeasures, text('agent'), 1, { segment: 'gold', value: 7 })
  m = noteDecline(noteOffer(m))
  expect([m.offers, m.offeredAt, m.declined]).toEqual([1, 1, 1])
  m = noteReturn(m)
  expect(m).toMatchObject({ turns: 0, offers: 0, declined: 0, wishes: 0, returned: true, segment: 'gold', value: 7 })
})

it('does not take the name of a file or the labels of buttons for the customer’s words', () => {
  const file: Message = {
    parts: [
      { kind: 'file', name: 'useless shit.pdf', mime: 'application/pdf', bytes: 1, url: 'https://x' },
      { kind: 'choices', choices: [{ label: 'talk to an agent', value: 'a' }] },
    ],
  }
  const m = hearCustomer(noMeasures, file, 1, {})
  expect(m.felt[0]).toMatchObject({ score: 0, loud: false })
  expect(m.wish.score).toBe(0)
  expect(m.files).toEqual(['application/pdf'])
})

it('stays JSON and small whatever is said', () => {
  const body = fc.string({ unit: 'grapheme', maxLength: 3_000 })
  const turn = fc.record({
    confidence: fc.double({ min: 0, max: 1, noNaN: true }),
    filled: fc.dictionary(fc.string(), body, { maxKeys: 60 }),
  })
  fc.assert(
    fc.property(fc.array(fc.tuple(body, turn), { minLength: 1, maxLength: 12 }), (talk) => {
      let m: Measures = noMeasures
      for (const [said, { confidence, filled }] of talk) {
        m = say(m, said)
        m = reply(m, said, { confidence, slots: { open: 1, filled }, articles: [], intent: said })
      }
      expect(JSON.parse(JSON.stringify(m))).toEqual(m)
      expect(JSON.stringify(m).length).toBeLessThan(60_000)
    }),
    { numRuns: 30 },
  )
})
