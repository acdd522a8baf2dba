import { describe, expect, test } from 'vitest'
import { carriersOf, deliveryWord } from './delivery.ts'
import { factsInShort, fillIn, isForColleague, joinedAt, openField, overtakenBy, slashAt } from './words.ts'

test.each<[string, number, object | undefined]>([
  ['/ref', 4, { from: 0, word: 'ref' }],
  ['Hello /Re', 9, { from: 6, word: 're' }],
  ['Hello /re and more', 9, { from: 6, word: 're' }],
  ['24/7', 4, undefined],
  ['/two words', 10, undefined],
])('after a slash: %s', (text, caret, found) => {
  expect(slashAt(text, caret)).toEqual(found)
})

test('fields that are known are filled; the first that is not is found', () => {
  const filled = fillIn('Dear {{ customer.name }}, {{order number}}: {{toString}}', { 'customer.name': 'Lena' })
  expect(filled).toBe('Dear Lena, {{order number}}: {{toString}}')
  expect(openField(filled)).toEqual({ at: 11, words: '{{order number}}' })
  expect(openField('{{constructor.constructor("x")()}} and {{ }}')).toBeUndefined()
})

test.each([
  ['@Ben: look', true],
  ['@ben look', true],
  ['@Carla look', false],
  ['Write to me @ben', false],
])('meant for a colleague: %s', (text, is) => {
  expect(isForColleague(text, ['Ana', 'Ben Miller'])).toBe(is)
})

test('an agent joined before their first words, and before what came after', () => {
  const said = (by: 'customer' | 'agent', at: number) => ({ by, at }) as never
  expect(joinedAt([said('customer', 1), said('customer', 5)], 3)).toBe(1)
  expect(joinedAt([said('customer', 1), said('agent', 2)], 3)).toBe(1)
  expect(joinedAt([said('customer', 1)], 3)).toBe(1)
})

describe('what became of words', () => {
  const effect = (over: object) =>
    ({
      kind: 'say',
      status: 'done',
      attempts: 1,
      doubtful: false,
      retryAt: null,
      body: { by: 'agent' },
      ...over,
    }) as never
  test.each([
    [effect({}), 'Sent'],
    [effect({ doubtful: true }), 'Sent; nobody can say whether it arrived'],
    [effect({ status: 'pending', attempts: 0 }), 'On its way'],
    [effect({ status: 'pending', attempts: 2 }), 'Not delivered yet'],
    [effect({ status: 'dead' }), 'Not delivered'],
    [undefined, 'On its way'],
  ])('%#: %s', (given, word) => {
    expect(deliveryWord({ seq: 7, effect: given })).toBe(word)
  })

  test('what has arrived is read once the customer has read so far, and nothing else is', () => {
    const words = (given: object, read: number) => deliveryWord({ seq: 7, effect: effect(given) }, read)
    expect([words({}, 6), words({}, 7), words({ status: 'pending' }, 9), words({ status: 'dead' }, 9)]).toEqual([
      'Sent',
      'Read',
      'Not delivered yet',
      'Not delivered',
    ])
  })

  test('only public words of this ticket count', () => {
    const entry = (ticket: string, visibility: string, effects: object[]) =>
      ({ type: 'agent-message', connection: 'people', body: { ticket, visibility }, effects, seq: 3 }) as never
    const mine = effect({})
    const timeline = [entry('a', 'public', [mine]), entry('a', 'internal', []), entry('b', 'public', [effect({})])]
    expect(carriersOf(timeline, 'a')).toEqual([{ seq: 3, effect: mine }])
  })
})

test('a draft is overtaken by what a colleague said to the customer after it, not by notes or own words', () => {
  const said = (at: number, more: object) =>
    ({
      n: at,
      at,
      by: 'agent',
      visibility: 'public',
      name: 'Ben',
      message: { parts: [] },
      state: 'sent',
      ...more,
    }) as never
  const messages = [
    said(10, {}),
    said(20, { id: 'own' }),
    said(30, { visibility: 'internal' }),
    said(40, { by: 'customer' }),
  ]
  expect(overtakenBy(messages, 5)).toMatchObject({ at: 10 })
  expect(overtakenBy(messages, 10)).toBeUndefined()
})

test('who it is to the company fits in a line', () => {
  expect(factsInShort({})).toBe('')
  expect(factsInShort({ segment: 'gold', facts: { Orders: '3', Since: '2019', Region: 'north' } })).toBe(
    'gold · Orders: 3 · Since: 2019',
  )
})
