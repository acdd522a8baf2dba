import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isNews, leftOf } from './line.ts'
import { assign, type Seat, type Waiting } from './routing.ts'

const now = 1_000_000
const rest = 30_000
const seat = (id: string, over: Partial<Seat> = {}): Seat => ({
  id,
  skills: [],
  languages: [],
  free: 1,
  idleSince: 0,
  ...over,
})
const waiting = (id: string, over: Partial<Waiting> = {}): Waiting => ({ id, skills: [], passed: {}, ...over })
const pairs = (tickets: Waiting[], seats: Seat[]) =>
  assign(tickets, seats, now, rest).map((ring) => `${ring.ticket}→${ring.agent}`)

describe('assign', () => {
  it.each<[string, Waiting[], Seat[], string[]]>([
    ['the longest idle', [waiting('t')], [seat('ana', { idleSince: 9 }), seat('ben', { idleSince: 3 })], ['t→ben']],
    [
      'only who has all skills',
      [waiting('t', { skills: ['a', 'b'] })],
      [seat('ana', { skills: ['a'] }), seat('ben', { skills: ['b', 'a'], idleSince: 9 })],
      ['t→ben'],
    ],
    ['nobody without the skills', [waiting('t', { skills: ['a'] })], [seat('ana')], []],
    ['nobody who is full', [waiting('t')], [seat('ana', { free: 0 }), seat('ben', { free: -1 })], []],
    ['one free place is given once', [waiting('t1'), waiting('t2')], [seat('ana')], ['t1→ana']],
    [
      'two at once go to two agents',
      [waiting('t1'), waiting('t2')],
      [seat('ana', { free: 2 }), seat('ben', { free: 2, idleSince: 9 })],
      ['t1→ana', 't2→ben'],
    ],
    [
      'who speaks the language',
      [waiting('t', { language: 'de-AT' })],
      [seat('ana', { languages: ['en'] }), seat('ben', { languages: ['de'], idleSince: 9 })],
      ['t→ben'],
    ],
    [
      'who named no language was not asked',
      [waiting('t', { language: 'de' })],
      [seat('ana', { languages: ['en'] }), seat('ben', { idleSince: 9 })],
      ['t→ben'],
    ],
    [
      'a speaker who is busy is waited for',
      [waiting('t', { language: 'de' })],
      [seat('ana', { languages: ['en'] }), seat('ben', { languages: ['de'], free: 0 })],
      [],
    ],
    [
      'anybody, when nobody speaks it',
      [waiting('t', { language: 'de' })],
      [seat('ana', { languages: ['en'] })],
      ['t→ana'],
    ],
    [
      'a speaker without the skills does not count',
      [waiting('t', { language: 'de', skills: ['a'] })],
      [seat('ana', { languages: ['en'], skills: ['a'] }), seat('ben', { languages: ['de'] })],
      ['t→ana'],
    ],
    [
      'who passed comes after who did not',
      [waiting('t', { passed: { ana: 1 } })],
      [seat('ana'), seat('ben', { idleSince: 9 })],
      ['t→ben'],
    ],
    ['who passed just now rests', [waiting('t', { passed: { ana: now - rest + 1 } })], [seat('ana')], []],
    [
      'who passed is asked again after a rest',
      [waiting('t', { passed: { ana: now - rest } })],
      [seat('ana')],
      ['t→ana'],
    ],
    [
      'who is blocked does not block the next',
      [waiting('t1', { skills: ['x'] }), waiting('t2')],
      [seat('ana')],
      ['t2→ana'],
    ],
  ])('%s', (_what, tickets, seats, expected) => expect(pairs(tickets, seats)).toEqual(expected))

  it('marks what went to somebody who does not speak the language', () => {
    const german = waiting('t', { language: 'de' })
    expect(assign([german], [seat('ana', { languages: ['en'] })], now, rest)[0]?.otherLanguage).toBe(true)
    expect(assign([german], [seat('ana', { languages: ['de'] })], now, rest)[0]?.otherLanguage).toBe(false)
  })

  it('never gives a ticket twice, more than there is room for, or to somebody without the skills', () => {
    const skills = fc.subarray(['a', 'b', 'c'])
    const seats = fc.uniqueArray(
      fc.record({
        id: fc.constantFrom('ana', 'ben', 'cem', 'dora'),
        skills,
        languages: fc.subarray(['en', 'de']),
        free: fc.integer({ min: -1, max: 3 }),
        idleSince: fc.nat(9),
      }),
      { selector: (one) => one.id },
    )
    const tickets = fc
      .array(
        fc.record({
          skills,
          language: fc.option(fc.constantFrom('en', 'de', 'fr'), { nil: undefined }),
          passed: fc.constant({}),
        }),
        { maxLength: 12 },
      )
      .map((list) => list.map((one, index) => ({ ...one, id: `t${index}` })))
    fc.assert(
      fc.property(tickets, seats, (line, people) => {
        const rings = assign(line, people, now, rest)
        expect(new Set(rings.map((ring) => ring.ticket)).size).toBe(rings.length)
        for (const one of people)
          expect(rings.filter((ring) => ring.agent === one.id).length).toBeLessThanOrEqual(Math.max(0, one.free))
        for (const ring of rings) {
          const needed = line.find((ticket) => ticket.id === ring.ticket)!.skills
          expect(people.find((one) => one.id === ring.agent)!.skills).toEqual(expect.arrayContaining(needed))
        }
      }),
    )
  })
})

describe('the line', () => {
  it.each([
    [null, 40, true],
    [3, 3, false],
    [3, 2, true],
    [12, 11, false],
    [11, 10, true],
    [40, 38, false],
    [40, 36, true],
    [40, 9, true],
  ])('told %s, now %s: news is %s', (told, position, expected) => expect(isNews(told, position)).toBe(expected))

  it.each([
    [60_000, 20_000, 40_000],
    [60_000, 60_000, undefined],
    [undefined, 5, undefined],
  ])('usually %s ms, waited %s ms: %s ms left', (usual, waited, left) => expect(leftOf(usual, waited)).toBe(left))
})
