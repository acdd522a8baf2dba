import { expect, test } from 'vitest'
import type { Line, OwnBoard } from './desk.ts'
import { inOrder, newsOf } from './news.ts'

const line = (id: string, fromCustomer = 0) => ({ id, fromCustomer }) as Line
const board = (over: Partial<OwnBoard>) =>
  ({ offers: [], mine: [], queue: [], tickets: [], others: [], ...over }) as unknown as OwnBoard
const none = new Set<string>()
const ids = (lines: readonly Line[]) => lines.map(({ id }) => id)

test('what rings is new once, also on the first board', () => {
  const first = board({ offers: [line('a')] })
  expect(ids(newsOf(undefined, first, none).offers)).toEqual(['a'])
  expect(ids(newsOf(first, board({ offers: [line('a'), line('b')] }), none).offers)).toEqual(['b'])
})

test('more words of the customer are new; what was there when one came is not', () => {
  const first = board({ mine: [line('a', 2)] })
  expect(newsOf(undefined, first, none).messages).toEqual([])
  expect(ids(newsOf(first, board({ mine: [line('a', 3), line('b', 4)] }), none).messages)).toEqual(['a'])
})

test('what went back to others by itself is told, what was given away is not', () => {
  const before = board({ mine: [line('a'), line('b'), line('c')] })
  const next = board({ queue: [line('a')], others: [line('b')] })
  expect(ids(newsOf(before, next, none).lost)).toEqual(['a', 'b'])
  expect(ids(newsOf(before, next, new Set(['a'])).lost)).toEqual(['b'])
})

test('lines stand in the order of the screen', () => {
  const all = board({
    offers: [line('1')],
    mine: [line('2')],
    queue: [line('3')],
    tickets: [line('4')],
    others: [line('5')],
  })
  expect(ids(inOrder(all))).toEqual(['1', '2', '3', '4', '5'])
})
